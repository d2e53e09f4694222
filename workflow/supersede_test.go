package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// upkeep is the process of catalysts with dates that are counted from them, a step
// that publishes, and signatures.
func upkeep() *workflow.Definition {
	def := maintenance()
	def.Hash = "upkeep"
	stage := &def.Stages[0]
	stage.Due = workflow.Due{AfterCatalyst: 3, Security: 2}
	for i := range stage.Steps {
		stage.Steps[i].Due = workflow.Due{AfterCatalyst: 3, Security: 1}
	}
	stage.Steps[1].Publishes, stage.Steps[1].Sign = true, workflow.SignOff{People: 2, Teams: []workflow.TeamID{om, sp}}
	return def
}

const (
	ceLane workflow.ListingID = "aws-ce-image"
	eeLane workflow.ListingID = "aws-ee-image"
)

func lane(edition string) workflow.Listing {
	return workflow.Listing{ID: workflow.ListedID("AWS", edition, workflow.Image, ""), Edition: edition, Delivery: workflow.Image, Provider: workflow.AWS, Partner: "AWS"}
}

// released is a run of it about GitLab 17.5.1, with a CE and an EE listing.
func released(t testing.TB, change ...func(*workflow.Start)) *play {
	t.Helper()
	start := startWith(lane("CE"), lane("EE"))
	start.Partner, start.Target = "GitLab 17.5.1", ""
	start.Catalyst = &workflow.Catalyst{Kind: workflow.CatalystRelease, At: monday, Version: workflow.Version{Major: 17, Minor: 5, Patch: 1}}
	for _, c := range change {
		c(&start)
	}
	return beginWith(t, upkeep(), start)
}

var next = workflow.Successor{Run: "run2", Name: "R-18", What: "GitLab 17.5.2"}

// itself is an act of the bot.
func (p *play) itself() workflow.Act { return p.by(workflow.Bot) }

func TestSupersedeGivesUpLanes(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane, "no-listing"}))
	if p.State != workflow.Running || p.Superseded() || p.Next.Run != "run2" {
		t.Errorf("with a lane left it is %s, next %v", p.State, p.Next)
	}
	p.is(workflow.Waived, "update-image@aws-ce-image")
	p.is(workflow.Open, "update-image@aws-ee-image", "create-issue")
	if reason := p.Steps[key("update-image@aws-ce-image")].Reason; reason != "superseded by GitLab 17.5.2" {
		t.Errorf("it was given up: %q", reason)
	}
	version := p.Version
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane}))
	if p.Version != version {
		t.Error("it was given up twice")
	}
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane, eeLane}))
	if p.State != workflow.Cancelled || !p.Superseded() || p.Ended.IsZero() {
		t.Errorf("with no lane left it is %s, since %s", p.State, p.Ended)
	}
	if err := p.Supersede(p.itself(), next, []workflow.ListingID{eeLane}); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("what has ended is superseded: %v", err)
	}
}

func TestLiveLanesAreNotGivenUp(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.done(omar, "update-image@aws-ce-image")
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane, eeLane}))
	p.is(workflow.Done, "update-image@aws-ce-image")
	p.is(workflow.Waived, "update-image@aws-ee-image")
	if !p.Superseded() {
		t.Errorf("with nothing left for any listing it is %s", p.State)
	}
}

// Who ends a run says so of the whole release, whatever another run went on with.
func TestCancelledIsNotSuperseded(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane}))
	p.must(p.Cancel(p.because(omar, "it was a mistake")))
	if p.Superseded() {
		t.Error("it was cancelled by a person, and counts as superseded")
	}
}

func TestGivenUpLanesAreTakenBack(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.must(p.Waive(p.because(omar, "it is going away"), key("update-image@aws-ee-image"), 0))
	p.must(p.Join(p.itself(), func() workflow.Listing { l := lane("EE"); l.ID, l.Partner = "azure-ee-image", "Azure"; return l }()))
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane}))
	if !p.GaveUp(ceLane) || p.GaveUp(eeLane) || p.GaveUp("azure-ee-image") || p.GaveUp("no-listing") {
		t.Error("it is not told what was given up for a newer release, and what by a person")
	}
	p.TakeBack(p.itself(), []workflow.ListingID{ceLane, eeLane, "no-listing"})
	p.is(workflow.Open, "update-image@aws-ce-image")
	p.is(workflow.Waived, "update-image@aws-ee-image")
	version := p.Version
	p.TakeBack(p.itself(), []workflow.ListingID{ceLane, eeLane})
	if p.Version != version {
		t.Error("it was taken back twice")
	}
}

func TestLiveAlreadyAsksForNothing(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.LiveAlready(p.itself(), []workflow.ListingID{ceLane, "no-listing"})
	p.is(workflow.Done, "update-image@aws-ce-image")
	if !p.IsLive(ceLane) || p.IsLive(eeLane) {
		t.Error("it is not told what is live")
	}
	if diff := cmp.Diff([]workflow.ListingID{eeLane}, p.OpenLanes()); diff != "" {
		t.Errorf("open lanes (-want +got): %s", diff)
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.must(p.SetDue(p.by(omar), key("create-issue"), 0, "2026-03-20"))
	p.must(p.SetStageDue(p.by(omar), "implementation", "2026-03-21"))
	chosen, stage := p.Steps[key("create-issue")].Due, p.Stages["implementation"].Due
	was := p.Promise
	c := *p.Catalyst
	c.Kind, c.Unsure = workflow.CatalystSecurity, true
	p.must(p.Classify(p.itself(), c))
	if !p.Promise.Before(was) || p.Catalyst.Kind != workflow.CatalystSecurity || !p.Catalyst.Unsure {
		t.Errorf("it is %+v, promised for %s, and was for %s", p.Catalyst, p.Promise, was)
	}
	if got := p.Steps[key("update-image@aws-ce-image")].Due; !got.Equal(week{}.After(om, monday, 1)) {
		t.Errorf("the lane is due on %s", got)
	}
	if got := p.Steps[key("create-issue")].Due; !got.Equal(chosen) || !p.Stages["implementation"].Due.Equal(stage) {
		t.Errorf("what people chose became %s and %s", got, p.Stages["implementation"].Due)
	}
	version := p.Version
	p.must(p.Classify(p.itself(), c))
	if p.Version != version {
		t.Error("it is classified as what it is")
	}
	c.From = monday.AddDate(0, 0, 7)
	c.Kind = workflow.CatalystRelease
	p.must(p.Classify(p.by(omar), c))
	if want := (week{}).After(om, c.From, 3).UTC(); !p.Promise.Equal(want) {
		t.Errorf("after a quiet time it is promised for %s, want %s", p.Promise, want)
	}
	c.Kind = "rumour"
	if err := p.Classify(p.by(omar), c); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("it is a rumour: %v", err)
	}
	p.must(p.Cancel(p.because(omar, "it is none of ours")))
	c.Kind = workflow.CatalystFix
	if err := p.Classify(p.by(omar), c); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("what has ended is classified: %v", err)
	}
}

func TestTakeOverGoesOnWithWhatWasInHand(t *testing.T) {
	t.Parallel()
	old := released(t)
	old.must(old.AssignStage(old.by(omar), "implementation", omar))
	old.must(old.Assign(old.by(omar), key("create-issue"), 0, olu))
	old.must(old.Assign(old.by(omar), key("update-image@aws-ce-image"), 0, olu))
	old.must(old.Assign(old.by(omar), key("update-image@aws-ee-image"), 0, sam))
	old.must(old.Wait(old.by(olu), key("update-image@aws-ce-image"), 0, workflow.Question{Asked: "a review", Ticket: "T-1"}))
	c := workflow.Carried{}
	old.HandsOn(&c, func(id workflow.ListingID) bool { return id == ceLane })
	p := released(t, func(s *workflow.Start) { s.Carried = c })
	if p.Stages["implementation"].Assignee != omar || p.Steps[key("create-issue")].Assignee != olu || p.Steps[key("update-image@aws-ce-image")].Assignee != olu {
		t.Errorf("it was taken over as %+v", c)
	}
	if who := p.Steps[key("update-image@aws-ee-image")].Assignee; who != "" {
		t.Errorf("of a listing that is not concerned, %s was taken over", who)
	}
	if p.Steps[key("update-image@aws-ce-image")].Waiting != nil {
		t.Error("the partner has something else, and the run waits for them")
	}
	note := c.Notes[key("update-image@aws-ce-image")]
	if note != "GitLab 17.5.1 is with the partner since 2026-03-02: a review (ticket T-1)" {
		t.Errorf("it says %q", note)
	}
	if !slices.ContainsFunc(p.Emitted(), func(e workflow.Event) bool { return e.Type == workflow.NoteAdded && e.Text == note }) {
		t.Error("nobody is told what the partner has")
	}
	p.done(omar, "update-image@aws-ce-image")
	c = workflow.Carried{}
	p.HandsOn(&c, func(workflow.ListingID) bool { return true })
	if _, is := c.Assignees[key("update-image@aws-ce-image")]; is {
		t.Error("what is done is handed on")
	}
}

func TestLiveByIsTheSoonestPromise(t *testing.T) {
	t.Parallel()
	friday := monday.AddDate(0, 0, 4)
	promise := week{}.After(om, monday, 3).UTC()
	for name, c := range map[string]struct {
		since, owed, want time.Time
	}{
		"from the start":                         {time.Time{}, time.Time{}, promise},
		"joined later":                           {friday, time.Time{}, week{}.After(om, friday, 3).UTC()},
		"owed sooner":                            {time.Time{}, monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 1)},
		"owed later":                             {time.Time{}, friday, promise},
		"joined later, and owed something since": {friday, friday.AddDate(0, 0, 1), friday.AddDate(0, 0, 1)},
	} {
		l := lane("CE")
		l.Since, l.Owed = c.since, c.owed
		p := released(t, func(s *workflow.Start) { s.Listings = []workflow.Listing{l} })
		if got := p.LiveBy(ceLane); !got.Equal(c.want) {
			t.Errorf("%s: it is to be live by %s, want %s", name, got, c.want)
		}
		if c.since.IsZero() {
			continue
		}
		// A lane that is opened again keeps its own clock.
		p.now = friday.Add(time.Hour)
		p.done(omar, "update-image@aws-ce-image")
		p.must(p.Reopen(p.by(omar), key("update-image@aws-ce-image"), 0))
		if got := p.Steps[key("update-image@aws-ce-image")].Due; !got.Equal(c.want) {
			t.Errorf("%s: opened again, it is due on %s, want %s", name, got, c.want)
		}
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	p := released(t)
	state := func(want string) {
		t.Helper()
		signed, missing := p.Signatures()
		var got []string
		for _, s := range signed {
			got = append(got, string(s.User)+string(s.For))
		}
		if s := strings.Join(got, " ") + " " + string(rune('0'+missing)) + " missing"; s != want {
			t.Errorf("signed: %s, want %s", s, want)
		}
	}
	state(" 2 missing")
	if p.NextSigner() != "" || p.Lapsed() {
		t.Errorf("before anybody signed %s is asked", p.NextSigner())
	}
	if err := p.Sign(p.by(omar), "another plan"); workflow.KindOf(err) != workflow.Stale {
		t.Errorf("another plan was signed: %v", err)
	}
	p.must(p.Sign(p.by(omar), p.SignPlan()))
	state("U0OMAR 1 missing")
	if p.NextSigner() != ana {
		t.Errorf("%s is asked to sign next", p.NextSigner())
	}
	if err := p.Sign(p.by(omar), ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("one person signed twice: %v", err)
	}
	act := p.by(sam)
	act.For = ana
	p.must(p.Sign(act, ""))
	state("U0OMAR U0SAMU0ANA 0 missing")
	if err := p.Sign(p.by(ana), ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("it was signed three times: %v", err)
	}
	azure := lane("EE")
	azure.ID = "azure-ee-image"
	p.must(p.Join(p.itself(), azure))
	state(" 2 missing")
	if !p.Lapsed() {
		t.Error("a listing joined, and what was signed still counts")
	}
	p.must(p.Sign(p.by(omar), ""))
	c := *p.Catalyst
	c.Packages = []workflow.Package{{Edition: "CE", Version: c.Version, SHA256: "1"}}
	p.must(p.Classify(p.itself(), c))
	state(" 2 missing")
	p.must(p.Sign(p.by(omar), ""))
	c.Unsure = true
	p.must(p.Classify(p.itself(), c))
	state("U0OMAR 1 missing") // what goes live is the same
	p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane, eeLane, "azure-ee-image"}))
	if err := p.Sign(p.by(sam), ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("what has ended was signed: %v", err)
	}
	if p.NextSigner() != "" {
		t.Errorf("%s is asked to sign what has ended", p.NextSigner())
	}
}

func TestGivenUpForAReason(t *testing.T) {
	t.Parallel()
	p := released(t)
	p.must(p.GiveUp(p.itself(), []workflow.ListingID{ceLane, "no-listing"}, "it was taken off"))
	p.is(workflow.Waived, "update-image@aws-ce-image")
	p.is(workflow.Open, "update-image@aws-ee-image")
	if !p.GaveUp(ceLane) || p.Steps[key("update-image@aws-ce-image")].Reason != "it was taken off" {
		t.Errorf("it was given up: %+v", p.Steps[key("update-image@aws-ce-image")])
	}
	version := p.Version
	p.must(p.GiveUp(p.itself(), []workflow.ListingID{ceLane}, "it was taken off"))
	if p.Version != version {
		t.Error("it was given up twice")
	}
}

// Who owns a run and is of none of the teams that sign is not asked for what they may
// not do.
func TestOwnerOfAnotherTeamIsNotAskedToSign(t *testing.T) {
	t.Parallel()
	p := released(t, func(s *workflow.Start) { s.Owner = maya })
	p.must(p.Sign(p.by(olu), ""))
	if who := p.NextSigner(); who != omar {
		t.Errorf("%s is asked to sign next", who)
	}
	for who, moves := range p.Moves() {
		for _, m := range moves {
			if m.Kind != workflow.MoveSign {
				continue
			}
			if _, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: who, Verb: workflow.VerbSign}); err != nil {
				t.Errorf("%s is asked to sign: %v", who, err)
			}
		}
	}
}
