package workflow_test

import (
	"context"
	"testing"
	"time"

	"cloudimage/workflow"
)

// who is a person with a request of its own.
func who(user workflow.UserID, request string) workflow.Who {
	return workflow.Who{User: user, Request: workflow.RequestID(request)}
}

func TestServiceAway(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	chatham := time.FixedZone("Chatham", 12*60*60+45*60)
	o.profiles[olu] = workflow.Profile{Zone: chatham}
	o.profiles[hal] = workflow.Profile{Deactivated: true}
	r := o.opened(t, ana)

	for what, tt := range map[string]struct {
		by     workflow.UserID // who says so
		cover  workflow.UserID
		until  workflow.Date
		kind   workflow.Kind
		person workflow.UserID
	}{
		"by somebody else":            {ned, omar, "2026-03-10", workflow.Denied, olu},
		"by one of another team":      {ana, omar, "2026-03-10", workflow.Denied, olu},
		"by a guest":                  {gil, omar, "2026-03-10", workflow.Denied, gil},
		"until 30 February":           {olu, omar, "2026-02-30", workflow.Invalid, olu},
		"until yesterday":             {olu, omar, "2026-03-01", workflow.Invalid, olu},
		"covered by nobody":           {olu, "", "2026-03-10", workflow.Invalid, olu},
		"covered by a guest":          {olu, gil, "2026-03-10", workflow.Invalid, olu},
		"covered by one who has left": {olu, hal, "2026-03-10", workflow.Invalid, olu},
		"covered by themselves":       {olu, olu, "2026-03-10", workflow.Invalid, olu},
	} {
		if err := o.SetAway(ctx, who(tt.by, what), tt.person, tt.cover, tt.until); workflow.KindOf(err) != tt.kind {
			t.Errorf("away %s: %v", what, err)
		}
	}
	if len(o.office.Away) > 0 {
		t.Fatalf("away are %v", o.office.Away)
	}

	if err := o.SetAway(ctx, who(olu, "away"), olu, omar, "2026-03-10"); err != nil {
		t.Fatal(err)
	}
	want := workflow.Cover{By: omar, Since: monday, Until: time.Date(2026, 3, 10, 11, 15, 0, 0, time.UTC), Day: "2026-03-10", Set: olu}
	if got := o.office.Away[olu]; got != want {
		t.Errorf("Olu is away %+v, want %+v", got, want)
	}
	if got := o.run(r.ID).Covers[olu]; got != want {
		t.Errorf("in a run Olu is away %+v, want %+v", got, want)
	}
	later := o.another(t, sam)
	if got := later.Covers[olu]; got != want {
		t.Errorf("in a later run Olu is away %+v, want %+v", got, want)
	}
	for _, e := range o.events[later.ID] {
		if e.Type == workflow.CoverBegan && e.Actor != workflow.Bot {
			t.Errorf("%s is said to have sent Olu away", e.Actor)
		}
	}

	wantKind(t, o.Back(ctx, who(ned, "back?"), olu), workflow.Denied)
	if err := o.Back(ctx, who(omar, "back"), olu); err != nil { // who leads the team
		t.Fatal(err)
	}
	if r := o.run(r.ID); r.Covers != nil || len(o.office.Away) > 0 {
		t.Errorf("away are %v, and in a run %v", o.office.Away, r.Covers)
	}
	wantKind(t, o.Back(ctx, who(ada, "again"), olu), workflow.Conflict)
}

// another is a further run that a person has started.
func (o *office) another(t *testing.T, by workflow.UserID) *workflow.Run {
	t.Helper()
	r, err := o.Service.Begin(context.Background(), who(by, "open another"), "first-time-image",
		workflow.Start{Partner: "Hetzner", Provider: workflow.Manual, Listings: []workflow.Listing{ceImage()}, Target: launchDay})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A run that was over follows the office again when it is reopened or undone.
func TestServiceFollowsAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, verb := range []workflow.Verb{workflow.VerbReopen, workflow.VerbUndo} {
		o := newOffice()
		r := o.opened(t, ana)
		live := key("go-live@ce-image")
		_, err := o.Do(ctx, who(ana, "all"), r.ID, workflow.Ask{Verb: workflow.VerbNote}, func(act workflow.Act, r *workflow.Run) error {
			p := &play{t, r, act.At}
			for again := true; again; {
				again = false
				for _, n := range p.Nodes() {
					if p.Doable(n.Key) && !n.Step.Optional {
						again = true
						p.must(p.Done(act, n.Key, 0, evidenceFor(n.Step)))
					}
				}
			}
			return nil
		})
		if err != nil || o.run(r.ID).State != workflow.Complete {
			t.Fatalf("the run is %s, %v", o.run(r.ID).State, err)
		}
		o.profiles[olu] = workflow.Profile{Zone: time.UTC}
		if err := o.SetAway(ctx, who(olu, "away"), olu, omar, "2026-03-10"); err != nil {
			t.Fatal(err)
		}
		if o.run(r.ID).Covers != nil {
			t.Error("a run that is over followed")
		}
		after, err := o.Do(ctx, who(ana, "again"), r.ID, workflow.Ask{Verb: verb, Step: live}, func(act workflow.Act, r *workflow.Run) error {
			if verb == workflow.VerbUndo {
				return r.Undo(act, live, 0)
			}
			return r.Reopen(act, live, 0)
		})
		if err != nil || after.Acting(olu) != omar {
			t.Errorf("%s: %s acts for Olu, %v", verb, after.Acting(olu), err)
		}
	}
}

func TestServiceStandin(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	r := o.opened(t, ana)
	good := workflow.Standin{Team: om, User: ned, Reason: " all on holiday ", Until: "2026-03-10"}
	for what, tt := range map[string]struct {
		by     workflow.UserID
		change func(*workflow.Standin)
		kind   workflow.Kind
	}{
		"by nobody in particular":     {ned, func(*workflow.Standin) {}, workflow.Denied},
		"by another team":             {maya, func(*workflow.Standin) {}, workflow.Denied},
		"of no team":                  {ana, func(s *workflow.Standin) { s.Team = "packers" }, workflow.NotFound},
		"by a guest":                  {ana, func(s *workflow.Standin) { s.User = gil }, workflow.Invalid},
		"by nobody":                   {ana, func(s *workflow.Standin) { s.User = "" }, workflow.Invalid},
		"until 30 February":           {ana, func(s *workflow.Standin) { s.Until = "2026-02-30" }, workflow.Invalid},
		"reviewed on 30 February":     {ana, func(s *workflow.Standin) { s.Until, s.Condition, s.Review = "", "we hire", "2026-02-30" }, workflow.Invalid},
		"for a secret":                {ana, func(s *workflow.Standin) { s.Reason = "password: hunter2" }, workflow.Invalid},
		"until a secret has come out": {ana, func(s *workflow.Standin) { s.Until, s.Condition, s.Review = "", "password: hunter2", launchDay }, workflow.Invalid},
	} {
		s := good
		tt.change(&s)
		if err := o.SetStandin(ctx, who(tt.by, what), s); workflow.KindOf(err) != tt.kind || len(o.office.Standins) > 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := o.SetStandin(ctx, who(olu, "standin"), good); err != nil { // one of the team
		t.Fatal(err)
	}
	s := o.office.Standins[0]
	if s.Set != olu || !s.Since.Equal(monday) || !s.Ends.Equal((week{}).At(om, "2026-03-10")) || s.Reason != "all on holiday" {
		t.Errorf("the standin is %+v", s)
	}
	if got := o.run(r.ID).Lead(om); got != ned {
		t.Errorf("Omnibus is led by %s", got)
	}
	wantKind(t, o.HandBack(ctx, who(maya, "back?"), om, ned), workflow.Denied)
	wantKind(t, o.PutOffReview(ctx, who(ned, "when?"), om, ned, "2026-02-30"), workflow.Invalid)
	wantKind(t, o.PutOffReview(ctx, who(maya, "who?"), om, ned, launchDay), workflow.Denied)
	if err := o.PutOffReview(ctx, who(ned, "later"), om, ned, launchDay); err != nil {
		t.Error(err)
	}
	if err := o.HandBack(ctx, who(ned, "back"), om, ned); err != nil || o.run(r.ID).Lead(om) != omar {
		t.Errorf("Omnibus is led by %s, %v", o.run(r.ID).Lead(om), err)
	}
}

// TestServiceStandinMeanwhile widens what a standin is for after somebody asked to
// end it and before that is written: who has no say in all of it is refused.
func TestServiceStandinMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	first, later := firstTime(), maintenance() // sp owns one, om the other
	standin := workflow.Standin{Team: pm, User: ned, Reason: "all on holiday", Until: "2026-03-10", Scope: []workflow.ProcessName{first.Name}}
	for _, widened := range []bool{false, true} {
		store := &meanwhile{memory: newMemory(first), before: func(o *workflow.Office) {
			if widened {
				o.Standins[0].Scope = nil
			}
		}}
		store.office.Standins = []workflow.Standin{standin}
		s := workflow.NewService(workflow.Options{
			Store: store, Library: store, Directory: &town{roster: roster()}, Calendars: week{},
			Processes: map[workflow.ProcessName]*workflow.Definition{first.Name: first, later.Name: later},
			Now:       func() time.Time { return monday },
		})
		err := s.HandBack(ctx, who(ana, "back"), pm, ned)
		if !widened {
			if err != nil || len(store.office.Standins) > 0 {
				t.Errorf("what is hers to end: %v", err)
			}
			continue
		}
		wantKind(t, err, workflow.Denied)
		wantKind(t, s.PutOffReview(ctx, who(ana, "later"), pm, ned, launchDay), workflow.Denied)
	}
}

// meanwhile is a store in which something happens just before each change.
type meanwhile struct {
	*memory
	before func(*workflow.Office)
}

func (m *meanwhile) UpdateOffice(ctx context.Context, request workflow.RequestID, change func(*workflow.Office) error, follow func(*workflow.Office, *workflow.Run)) error {
	m.before(m.office)
	return m.memory.UpdateOffice(ctx, request, change, follow)
}

func TestServiceLeft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	o.profiles[olu] = workflow.Profile{Zone: time.UTC}
	r := o.opened(t, ana)
	for _, err := range []error{
		o.SetAway(ctx, who(olu, "away"), olu, ana, "2026-03-10"),
		o.SetStandin(ctx, who(maya, "standin"), workflow.Standin{Team: pm, User: ana, Reason: "all on holiday", Until: "2026-03-10"}),
		o.Prefer(ctx, who(ana, "prefer"), func(p *workflow.Preferences) { p.NoNews = true }),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Left(ctx, ana, "left"); err != nil {
		t.Fatal(err)
	}
	r = o.run(r.ID)
	if r.Owner != sam || r.Lead(sp) != sam || r.Lead(pm) != maya || r.Acting(olu) != omar {
		t.Errorf("it is owned by %s, led by %v and %s, and %s covers for Olu", r.Owner, r.Leads, r.Lead(pm), r.Acting(olu))
	}
	// The lead of his team covers for Olu from then on.
	want := workflow.Cover{By: omar, Since: o.office.Away[olu].Since, Until: time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC), Day: "2026-03-10", Set: olu}
	if o.office.Away[olu] != want || len(o.office.Away) != 1 || len(o.office.Standins) > 0 || len(o.office.People) > 0 {
		t.Errorf("the office is %+v", o.office)
	}
	n := len(o.events[r.ID])
	if err := o.Left(ctx, ana, "left again"); err != nil || len(o.events[r.ID]) != n {
		t.Errorf("they left twice: %v", err)
	}
	alone := newOffice()
	alone.town.roster.Teams[sp] = workflow.TeamRoster{Members: []workflow.UserID{ana}, Lead: ana}
	r = alone.opened(t, ana)
	if err := alone.Left(ctx, ana, "left"); err != nil {
		t.Fatal(err)
	}
	if r := alone.run(r.ID); r.Owner != "" || r.Lead(sp) != "" || len(r.Moves()[ana]) > 0 {
		t.Errorf("it is owned by %q, led by %v", r.Owner, r.Leads)
	}
}

func TestServicePrefer(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	wantKind(t, o.Prefer(ctx, who(gil, "guest"), func(*workflow.Preferences) {}), workflow.Denied)
	wantKind(t, o.Prefer(ctx, who(ned, "time"), func(p *workflow.Preferences) { p.Morning = "25:00" }), workflow.Invalid)
	if err := o.Prefer(ctx, who(ned, "prefer"), func(p *workflow.Preferences) { p.NoMorning = true }); err != nil || !o.office.People[ned].NoMorning {
		t.Errorf("%v: %v", err, o.office.People)
	}
	if err := o.Prefer(ctx, who(ned, "more"), func(p *workflow.Preferences) { p.NoNews = true }); err != nil || !o.office.People[ned].NoMorning || !o.office.People[ned].NoNews {
		t.Errorf("one switch turned another: %v, %v", err, o.office.People)
	}
	wantKind(t, o.PreferIn(ctx, who(ned, "channel"), "C0CARDS", func(*workflow.ChannelPreferences) {}), workflow.Denied)
	for i, user := range []workflow.UserID{mo, ada} {
		p := workflow.ChannelPreferences{NoDaily: true, NoThread: i == 1}
		if err := o.PreferIn(ctx, who(user, string(user)), "C0CARDS", func(q *workflow.ChannelPreferences) { *q = p }); err != nil || o.office.Channels["C0CARDS"] != p {
			t.Errorf("%v: %v", err, o.office.Channels)
		}
	}
}
