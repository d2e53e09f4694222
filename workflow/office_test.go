package workflow_test

import (
	"slices"
	"testing"
	"time"

	"cloudimage/workflow"
)

// away is an office in which a person is away and covered until the end of a day.
func away(who, by workflow.UserID, until workflow.Date) *workflow.Office {
	return &workflow.Office{Away: map[workflow.UserID]workflow.Cover{who: absence(by, until)}}
}

func absence(by workflow.UserID, until workflow.Date) workflow.Cover {
	return workflow.Cover{By: by, Since: monday, Until: until.Time().AddDate(0, 0, 1), Day: until}
}

func TestAway(t *testing.T) {
	t.Parallel()
	o := &workflow.Office{}
	set := func(who, by workflow.UserID, until workflow.Date) error {
		return o.SetAway(who, absence(by, until), monday)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for what, err := range map[string]error{
		"yesterday":     set(olu, omar, "2026-03-01"),
		"by nobody":     set(olu, "", "2026-03-10"),
		"by themselves": set(olu, olu, "2026-03-10"),
		"for too long":  set(olu, omar, "2026-11-10"),
	} {
		if workflow.KindOf(err) != workflow.Invalid || len(o.Away) > 0 {
			t.Errorf("away %s: %v, %v", what, err, o.Away)
		}
	}
	must(set(olu, omar, "2026-03-02")) // today is a day
	must(set(olu, omar, "2026-03-20"))
	wantKind(t, set(omar, olu, "2026-03-05"), workflow.Invalid) // they would cover for each other
	must(set(omar, maya, "2026-03-10"))
	wantKind(t, set(maya, olu, "2026-03-05"), workflow.Invalid) // in a circle of three
	must(set(maya, mo, "2026-03-05"))                           // a chain has an end
	if o.Away[olu] != absence(omar, "2026-03-20") || len(o.Away) != 3 {
		t.Errorf("away are %v", o.Away)
	}

	// Covers that are over hold nobody, and are forgotten.
	later := monday.AddDate(0, 0, 14)
	if err := o.SetAway(mo, workflow.Cover{By: maya, Until: later.AddDate(0, 0, 1)}, later); err != nil || len(o.Away) != 2 {
		t.Errorf("%v, away are %v", err, o.Away)
	}
	must(o.Back(olu, later))
	wantKind(t, o.Back(olu, later), workflow.Conflict)
	wantKind(t, o.Back(mo, later.AddDate(0, 0, 2)), workflow.Conflict)
}

func TestCover(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	chain := away(olu, omar, "2026-03-10")
	chain.Away[omar] = absence(mo, "2026-03-06")
	before := p.Clone()
	had := p.Moves()[olu]
	p.Follow(p.by(omar), chain)
	if got := p.Acting(olu); got != mo {
		t.Fatalf("%s acts for Olu", got)
	}
	wantMoves(t, p, olu)
	wantMoves(t, p, mo, forOlu(had)...)
	wantNews(t, before, p.Run, omar, workflow.Notice{User: mo})
	version := p.Version
	p.Follow(p.by(omar), chain)
	if p.Version != version {
		t.Error("it followed twice")
	}

	// What the cover does is theirs, for whom they cover: history keeps both.
	leave, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: mo, Verb: workflow.VerbDone, Step: partnerTesting})
	if err != nil || leave != (workflow.Leave{For: olu}) {
		t.Fatalf("Mo may: %+v, %v", leave, err)
	}
	act := p.by(mo)
	act.Leave = leave
	p.must(p.Wait(act, partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	if e := p.Emitted()[len(p.Emitted())-1]; e.Actor != mo || e.For != olu {
		t.Errorf("it was asked by %s for %s", e.Actor, e.For)
	}
	wantMoves(t, p, mo, forOlu([]workflow.Move{{Kind: workflow.MoveChase, Key: partnerTesting}, {Kind: workflow.MoveDo, Key: key("documentation-mr")}})...)

	// One after the other they are back, by themselves, and so is the work.
	if next := p.NextDue(); !next.Equal(chain.Away[omar].Until) && !next.Before(chain.Away[omar].Until) {
		t.Errorf("the next is due %s", next)
	}
	before = p.Clone()
	p.Tick(chain.Away[omar].Until)
	if got := p.Acting(olu); got != omar {
		t.Errorf("%s acts for Olu", got)
	}
	wantNews(t, before, p.Run, workflow.Bot, workflow.Notice{User: omar})
	p.Follow(p.by(olu), &workflow.Office{})
	wantMoves(t, p, olu, workflow.Move{Kind: workflow.MoveChase, Key: partnerTesting}, workflow.Move{Kind: workflow.MoveDo, Key: key("documentation-mr")})
	if p.Covers != nil {
		t.Errorf("covers are %v", p.Covers)
	}
	// A member of the team who covers acts for the other in what is theirs, and
	// for nobody in what is not.
	p.Follow(p.by(omar), away(olu, omar, "2026-03-20"))
	for step, want := range map[string]workflow.UserID{"documentation-mr": olu, "scope-effort": olu, "create-issue": ""} {
		leave, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: omar, Verb: workflow.VerbReopen, Step: key(step)})
		if step != "create-issue" && (err != nil || leave.For != want) {
			t.Errorf("Omar does %s for %q, %v", step, leave.For, err)
		}
	}
	leave, err = workflow.Authorize(p.Run, roster(), workflow.Ask{Who: omar, Verb: workflow.VerbNote})
	if err != nil || leave.For != "" {
		t.Errorf("a note of Omar's is for %q, %v", leave.For, err)
	}
}

// A cover that ends takes with it what they were allowed.
func TestCoverOfTheOwner(t *testing.T) {
	t.Parallel()
	p := begin(t)
	waive := workflow.Ask{Who: ned, Verb: workflow.VerbWaive, Step: key("create-issue")}
	_, err := workflow.Authorize(p.Run, roster(), waive)
	wantKind(t, err, workflow.Denied)
	p.Follow(p.by(ana), away(ana, ned, "2026-03-05"))
	if leave, err := workflow.Authorize(p.Run, roster(), waive); err != nil || leave.For != ana {
		t.Errorf("leave %+v, %v", leave, err)
	}
	p.Tick(absence(ned, "2026-03-05").Until)
	_, err = workflow.Authorize(p.Run, roster(), waive)
	wantKind(t, err, workflow.Denied)
}

func forOlu(moves []workflow.Move) []workflow.Move {
	out := append([]workflow.Move(nil), moves...)
	for i := range out {
		out[i].For = olu
	}
	return out
}

func TestStandins(t *testing.T) {
	t.Parallel()
	ends := func(d workflow.Date) time.Time { return (week{}).At(om, d) }
	good := workflow.Standin{Team: om, User: ned, Reason: "all on holiday", Until: "2026-03-10", Ends: ends("2026-03-10")}
	for what, change := range map[string]func(*workflow.Standin){
		"by nobody":                    func(s *workflow.Standin) { s.User = "" },
		"without a reason":             func(s *workflow.Standin) { s.Reason = "" },
		"without an end":               func(s *workflow.Standin) { s.Until, s.Ends = "", time.Time{} },
		"until a day that is over":     func(s *workflow.Standin) { s.Until, s.Ends = "2026-02-27", ends("2026-02-27") },
		"with two ends":                func(s *workflow.Standin) { s.Condition, s.Review = "we hire", "2026-03-10" },
		"with a condition, unreviewed": func(s *workflow.Standin) { s.Until, s.Ends, s.Condition = "", time.Time{}, "we hire" },
		"reviewed on a day that is over": func(s *workflow.Standin) {
			s.Until, s.Ends, s.Condition, s.Review = "", time.Time{}, "we hire", "2026-03-01"
		},
	} {
		o, s := &workflow.Office{}, good
		change(&s)
		if err := o.SetStandin(s, monday); workflow.KindOf(err) != workflow.Invalid || len(o.Standins) > 0 {
			t.Errorf("%s: %v", what, err)
		}
	}

	o := &workflow.Office{}
	set := func(s workflow.Standin) {
		t.Helper()
		if err := o.SetStandin(s, monday); err != nil {
			t.Fatal(err)
		}
	}
	set(good)
	again := good
	again.Reason, again.Scope = "still on holiday", []workflow.ProcessName{"image-maintenance"}
	set(again) // takes the place of their own
	other := again
	other.User = mo
	set(other) // and of one for the same processes
	if len(o.Standins) != 1 || o.Standins[0].User != mo {
		t.Fatalf("standins are %+v", o.Standins)
	}
	set(good) // for all processes: the newest wins where both are meant
	p := begin(t)
	p.Follow(p.by(omar), o)
	if p.Lead(om) != ned || p.Lead(pm) != maya {
		t.Errorf("the teams are led by %s and %s", p.Lead(om), p.Lead(pm))
	}
	m := maintained(t, workflow.CatalystRelease, monday)
	m.Follow(m.by(omar), &workflow.Office{Standins: o.Standins[:1]})
	if m.Lead(om) != mo {
		t.Errorf("maintenance is with %s", m.Lead(om))
	}
	if n := begin(t); true {
		n.Follow(n.by(omar), &workflow.Office{Standins: o.Standins[:1]})
		if n.Lead(om) != omar || n.Standins != nil {
			t.Errorf("a launch is with %s, who stands in for maintenance", n.Lead(om))
		}
	}

	// It ends by itself on its last day, or by Hand back.
	p.Tick(good.Ends.Add(-time.Second))
	if p.Lead(om) != ned {
		t.Error("it ended before its time")
	}
	p.Tick(good.Ends)
	if p.Lead(om) != omar {
		t.Errorf("after its last day %s leads", p.Lead(om))
	}
	if err := o.HandBack(om, ned, monday); err != nil || len(o.Standins) != 1 {
		t.Errorf("%v: %v", err, o.Standins)
	}
	wantKind(t, o.HandBack(om, ned, monday), workflow.Conflict)

	open := workflow.Standin{Team: om, User: ned, Reason: "r", Condition: "a maintainer is hired", Review: "2026-03-20"}
	set(open)
	if err := o.Review(om, ned, "2026-04-20", monday); err != nil || o.Standins[1].Review != "2026-04-20" {
		t.Errorf("%v: %v", err, o.Standins)
	}
	wantKind(t, o.Review(om, ned, "2026-03-02", monday), workflow.Invalid)
	wantKind(t, o.Review(om, olu, "2026-04-20", monday), workflow.Conflict)
}

// Who stands in for a team is asked in place of its lead, and may what the team
// may.
func TestStandinActs(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.Follow(p.by(omar), &workflow.Office{Standins: []workflow.Standin{{Team: om, User: ned, Reason: "all on holiday", Condition: "they are back", Review: launchDay}}})
	if e := p.Emitted()[len(p.Emitted())-1]; e.Type != workflow.StandinBegan || e.User != ned || e.Team != om || e.Text != "all on holiday" {
		t.Errorf("what happened is %+v", e)
	}
	wantMoves(t, p, ned, workflow.Move{Kind: workflow.MoveAsk, Key: key("technical-call")})
	wantMoves(t, p, omar)
	p.stage1()
	if _, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: ned, Verb: workflow.VerbDone, Step: key("scope-effort")}); err != nil {
		t.Error(err)
	}
	p.Follow(p.by(omar), &workflow.Office{})
	_, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: ned, Verb: workflow.VerbDone, Step: key("scope-effort")})
	wantKind(t, err, workflow.Denied)
}

func TestLeft(t *testing.T) {
	t.Parallel()
	leads := map[workflow.TeamID]workflow.UserID{sp: sam, om: olu, pm: maya}
	p := uploading(t)
	text := key("image-description@ce-image")
	p.must(p.Assign(p.by(omar), partnerTesting, 0, ana))
	p.must(p.Assign(p.by(maya), key("marketing-issue"), 0, ana))
	p.must(p.Wait(p.by(ana), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	p.must(p.Ask(p.by(maya), text, 0, ana, "long", "", ""))
	p.must(p.AssignStage(p.by(maya), "marketing", ana))
	p.done(ana, "marketing-issue")

	p.Left(workflow.Act{At: p.now}, ana, leads)
	if p.Owner != sam || p.Leads[sp] != sam || p.Leads[om] != omar {
		t.Errorf("it is owned by %s, and led by %v", p.Owner, p.Leads)
	}
	s := p.Steps[partnerTesting]
	if s.Assignee != "" || s.Waiting.Chaser != "" || p.Chaser(partnerTesting) != olu || p.Steps[text].Helpers != nil || p.Stages["marketing"].Assignee != "" {
		t.Errorf("left behind: %+v, %+v, %+v", s, p.Steps[text], p.Stages["marketing"])
	}
	if got := p.Steps[key("marketing-issue")]; got.Actor != ana || got.Assignee != ana {
		t.Errorf("history forgets who did it: %+v", got)
	}
	wantMoves(t, p, ana)
	version := p.Version
	p.Left(workflow.Act{At: p.now}, ana, leads)
	p.Left(workflow.Act{At: p.now}, "U0NOBODY", leads)
	if p.Version != version {
		t.Error("they left twice")
	}

	over := begin(t)
	over.rest()
	version = over.Version
	over.Left(workflow.Act{At: over.now}, ana, leads)
	if over.Version != version {
		t.Error("a run that is over changed")
	}
}

// What somebody did for others ends when they leave, and so does what others did
// for them.
func TestLeftOthers(t *testing.T) {
	t.Parallel()
	p := withNed(t)
	office := away(ned, hal, "2026-03-20")
	office.Standins = []workflow.Standin{{Team: pm, User: hal, Until: "2026-03-20", Ends: on("2026-03-20 17:00")}}
	p.Follow(p.by(ned), office)
	seen := len(p.Emitted())
	p.Left(workflow.Act{At: p.now}, hal, nil)
	var got []workflow.EventType
	for _, e := range p.Emitted()[seen:] {
		got = append(got, e.Type)
	}
	if want := []workflow.EventType{workflow.PersonLeft, workflow.CoverEnded, workflow.StandinEnded}; !slices.Equal(got, want) {
		t.Errorf("what happened is %v, want %v", got, want)
	}
	if p.Acting(ned) != ned || p.Lead(pm) != maya || len(p.Moves()[hal]) > 0 {
		t.Errorf("%s covers for Ned, %s leads Partner Marketing, Hal has %v", p.Acting(ned), p.Lead(pm), p.Moves()[hal])
	}
	p.Follow(p.by(ned), away(ned, mo, "2026-03-20"))
	p.Left(workflow.Act{At: p.now}, ned, nil)
	if len(p.Covers) > 0 {
		t.Errorf("there are covers of who has left: %v", p.Covers)
	}
}

// Who covers for somebody is followed by the first of those who can.
func TestOfficeLeft(t *testing.T) {
	t.Parallel()
	until := monday.AddDate(0, 0, 7)
	cover := func(by workflow.UserID) workflow.Cover {
		return workflow.Cover{By: by, Since: monday, Until: until, Day: "2026-03-08", Set: olu}
	}
	heirs := func(workflow.UserID) []workflow.UserID { return []workflow.UserID{hal, ned, omar, olu} }
	o := &workflow.Office{Away: map[workflow.UserID]workflow.Cover{olu: cover(hal), omar: cover(olu), ned: cover(olu)}}
	o.Left(hal, heirs, monday) // Ned and Omar are covered by Olu, and he does not cover for himself
	if _, away := o.Away[olu]; away || len(o.Away) != 2 {
		t.Errorf("the covers are %v", o.Away)
	}
	o = &workflow.Office{Away: map[workflow.UserID]workflow.Cover{olu: cover(hal)}}
	o.Left(hal, heirs, monday.Add(time.Hour))
	if c := o.Away[olu]; c.By != ned || c.Day != "2026-03-08" || !c.Since.Equal(monday.Add(time.Hour)) || c.Set != olu {
		t.Errorf("the cover is %+v", c)
	}
}

// What an undo brings back is not for who has left.
func TestLeftAndUndone(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.must(p.Ask(p.by(olu), partnerTesting, 0, hal, "image-id", "", ""))
	p.must(p.Ask(p.by(olu), key("documentation-mr"), 0, hal, "merge-request", "", ""))
	p.done(olu, "partner-testing@ce-image")
	p.Left(workflow.Act{At: p.now}, hal, nil)
	p.must(p.Undo(p.by(olu), partnerTesting, 0))
	wantMoves(t, p, hal)
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	o := &workflow.Office{}
	wantKind(t, o.Prefer(olu, workflow.Preferences{Morning: "half past nine"}), workflow.Invalid)
	if err := o.Prefer(olu, workflow.Preferences{Morning: "08:15", NoNews: true}); err != nil || o.People[olu].Morning != "08:15" {
		t.Errorf("%v: %v", err, o.People)
	}
	o.PreferIn("C0CARDS", workflow.ChannelPreferences{NoDaily: true})
	c := o.Clone()
	if err := c.Prefer(olu, workflow.Preferences{}); err != nil || len(c.People) > 0 { // the defaults are not kept
		t.Errorf("%v: %v", err, c.People)
	}
	c.PreferIn("C0CARDS", workflow.ChannelPreferences{})
	if len(c.Channels) > 0 || len(o.People) != 1 || !o.Channels["C0CARDS"].NoDaily {
		t.Errorf("%+v, %+v", o, c)
	}
}
