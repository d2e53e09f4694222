package workflow_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// unled is a run in which nobody answers for the first stage.
func unled(t *testing.T) *play {
	p := begin(t)
	p.must(p.SetLead(p.by(ana), sp, ""))
	return p
}

// TestSentences keeps what people are told when something cannot be done, so
// that it can be read, and judged, in one place: testdata/sentences.golden.
func TestSentences(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	part := func(title string) { fmt.Fprintf(&out, "\n# %s\n", title) }
	says := func(what string, err error) {
		t.Helper()
		var e *workflow.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: not refused: %v", what, err)
		}
		fmt.Fprintf(&out, "%s (%s)\n    %s\n", what, e.Kind, e.Message)
		for _, f := range slices.Sorted(maps.Keys(e.Fields)) {
			fmt.Fprintf(&out, "    %s: %s\n", f, e.Fields[f])
		}
	}

	part("Starting")
	for _, tt := range []struct {
		what   string
		change func(*workflow.Start)
	}{
		{"with nothing", func(s *workflow.Start) { *s = workflow.Start{} }},
		{"with a name that is too long", func(s *workflow.Start) { s.Partner = strings.Repeat("x", 81) }},
		{"with a name on two lines", func(s *workflow.Start) { s.Partner = "Digital\nOcean" }},
		{"with a listing twice", func(s *workflow.Start) { s.Listings = append(s.Listings, s.Listings[0]) }},
		{"with a listing that has no id", func(s *workflow.Start) { s.Listings = []workflow.Listing{{Edition: "CE"}} }},
		{"with too many listings", func(s *workflow.Start) {
			for i := range 21 {
				s.Listings = append(s.Listings, workflow.NewListing(fmt.Sprint(i), workflow.Image, workflow.AWS))
			}
		}},
		{"with a target in the past", func(s *workflow.Start) { s.Target = "2026-03-01" }},
		{"with a target that is no date", func(s *workflow.Start) { s.Target = "soon" }},
	} {
		start := startWith(ceImage())
		tt.change(&start)
		_, err := workflow.Begin(workflow.Act{Actor: ana, At: monday}, firstTime(), week{}, start)
		says(tt.what, err)
	}

	for _, tt := range []struct {
		what     string
		def      *workflow.Definition
		catalyst *workflow.Catalyst
	}{
		{"a launch with a release", firstTime(), &workflow.Catalyst{Kind: workflow.CatalystRelease, At: monday}},
		{"maintenance of nothing", maintenance(), nil},
		{"maintenance of what is nothing", maintenance(), &workflow.Catalyst{Kind: "rumour", At: monday}},
		{"maintenance of a release to come", maintenance(), &workflow.Catalyst{Kind: workflow.CatalystRelease, At: monday.AddDate(0, 0, 1)}},
	} {
		start := startWith(ceImage())
		start.Catalyst = tt.catalyst
		_, err := workflow.Begin(workflow.Act{Actor: ana, At: monday}, tt.def, week{}, start)
		says(tt.what, err)
	}

	part("A step that is locked")
	p := begin(t)
	says("by a stage", p.Done(p.by(olu), key("scope-effort"), 0, nil))
	says("by a step of another stage as well", p.Done(p.by(olu), key("go-live@ce-image"), 0, nil))
	p.stage1()
	says("by a step", p.Done(p.by(olu), key("merge-documentation"), 0, nil))
	says("by the step above it", p.Done(p.by(olu), key("create-listing@ce-image"), 0, nil))
	p.done(olu, "scope-effort", "update-issue")
	says("in a lane", p.Done(p.by(olu), key("partner-testing@ce-image"), 0, nil))

	part("A step that is open")
	says("and is not there", p.Done(p.by(ana), key("no-step"), 0, nil))
	says("and has parts", p.Done(p.by(olu), key("documentation"), 0, nil))
	says("and is needed: skip", p.Skip(p.by(ana), key("marketing-issue"), 0))
	says("and is needed: want", p.Want(p.by(ana), key("marketing-issue"), 0))
	says("and is waived without a reason", p.Waive(p.by(ana), key("customer-story"), 0))
	says("and is not closed: reopen", p.Reopen(p.by(ana), key("marketing-issue"), 0))
	says("and asks for evidence", p.Done(p.by(maya), key("social-burst"), 0, nil))
	p.must(p.Assign(p.by(maya), key("marketing-issue"), 0, mo))
	says("and is theirs already", p.Assign(p.by(maya), key("marketing-issue"), 0, mo))
	says("and is nobody's already", p.Assign(p.by(maya), key("social-burst"), 0, ""))
	says("with a date in the past", p.SetDue(p.by(maya), key("marketing-issue"), 0, "2026-02-27"))
	says("with a date that is none", p.SetDue(p.by(maya), key("marketing-issue"), 0, "Friday"))

	part("A step with needs")
	p.done(olu, "create-listing@ce-image", "partner-testing@ce-image")
	says("both unmet", p.Done(p.by(olu), key("go-live@ce-image"), 0, nil))
	p.done(maya, "image-description@ce-image")
	says("one unmet", p.Done(p.by(olu), key("go-live@ce-image"), 0, nil))

	part("A step that changed since it was drawn")
	version := func(s string) int64 { return p.Steps[key(s)].Version }
	seen := version("marketing-issue")
	p.must(p.Assign(p.by(maya), key("marketing-issue"), 0, maya))
	says("somebody else has it now", p.Done(p.by(mo), key("marketing-issue"), seen, nil))
	seen = version("marketing-issue")
	p.done(maya, "marketing-issue")
	says("it is done", p.Done(p.by(mo), key("marketing-issue"), seen, nil))
	p.done(maya, "joint-blog-posts", "social-burst")
	says("it was done by itself", p.Waive(p.because(ana, "too late"), key("joint-activities"), 0))
	p.must(p.Waive(p.because(ana, "no customer wants to be named."), key("customer-story"), 0))
	says("it was waived", p.Done(p.by(maya), key("customer-story"), 0, nil))
	says("nobody asked for it in time", p.Want(p.by(omar), key("technical-call"), 0))
	seen = version("documentation-mr")
	p.must(p.Reopen(p.by(ana), key("create-issue"), 0))
	says("it is locked again", p.Done(p.by(olu), key("documentation-mr"), seen, nil))
	p.done(ana, "create-issue")
	other := begin(t)
	other.must(other.Skip(other.by(omar), key("technical-call"), 0))
	says("it was skipped", other.Want(other.by(omar), key("technical-call"), 0))

	part("A group")
	says("that was done in parts: reopen", p.Reopen(p.by(maya), key("joint-activities"), 0))
	p.must(p.Waive(p.because(ana, "there is nothing to upload"), key("upload-image"), 0))
	says("that was waived: do a part", p.Done(p.by(olu), key("go-live@ce-image"), 0, nil))
	says("that was waived: reopen a part", p.Reopen(p.by(olu), key("partner-testing@ce-image"), 0))
	p.must(p.Reopen(p.by(ana), key("upload-image"), 0))

	part("Waiting for the partner")
	live := key("go-live@ce-image")
	says("with nothing asked", p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "", Ticket: "", Promised: ""}))
	says("until a day that is none", p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "please review", Ticket: "", Promised: "soon"}))
	says("with a secret", p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "log in, password: hunter2", Ticket: "", Promised: ""}))
	says("with a text that is too long", p.Wait(p.by(olu), live, 0, workflow.Question{Asked: strings.Repeat("x", 3001), Ticket: "", Promised: ""}))
	says("an answer nobody waits for", p.PartnerAnswered(p.by(olu), live, 0, "yes"))
	says("an action while nobody waits", p.Take(p.by(olu), live, 0, "escalate", ""))
	p.must(p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "please review", Ticket: "", Promised: ""}))
	says("twice", p.Wait(p.by(olu), live, 0, workflow.Question{Asked: "please review", Ticket: "", Promised: ""}))
	says("a mail without a word", p.PartnerWrote(p.by(olu), live, 0, " ", ""))
	says("a mail that promises a day that is over", p.PartnerWrote(p.by(olu), live, 0, "by then", "2026-03-01"))
	says("a mail that promises 30 February", p.PartnerWrote(p.by(olu), live, 0, "by then", "2026-02-30"))
	says("a mail with a secret", p.PartnerWrote(p.by(olu), live, 0, "password: hunter2", ""))
	says("a mail nobody waits for", p.PartnerWrote(p.by(olu), key("documentation-mr"), 0, "we look", ""))
	says("silence nobody waits through", p.StillSilent(p.by(olu), key("documentation-mr"), 0, ""))
	p.must(p.Escalate(p.by(olu), live, 0, ""))
	says("an escalation to who has it", p.Escalate(p.by(ana), live, 0, ""))
	p.must(p.SetLead(p.by(ana), sp, ""))
	says("an escalation to nobody", p.Escalate(p.by(ana), live, 0, ""))
	p.must(p.SetLead(p.by(ana), sp, ana))

	part("Asking for help")
	text := key("image-description@ce-image")
	p.must(p.Reopen(p.by(maya), text, 0))
	says("of nobody", p.Ask(p.by(maya), text, 0, "", "long", "", ""))
	says("with what is not asked for", p.Ask(p.by(maya), text, 0, hal, "nothing", "", ""))
	says("until yesterday", p.Ask(p.by(maya), text, 0, hal, "long", "2026-03-01", ""))
	p.must(p.Ask(p.by(maya), text, 0, hal, "long", "", ""))
	says("twice", p.Ask(p.by(maya), text, 0, hal, "long", "", ""))
	says("an empty answer", p.Answer(p.by(hal), text, "long", " "))
	p.must(p.Answer(p.by(hal), text, "long", "GitLab, ready to run."))
	says("an answer too late", p.Answer(p.by(hal), text, "long", "GitLab"))

	part("Undo")
	says("of what is open", p.Undo(p.by(maya), text, 0))
	p.done(maya, "image-description@ce-image")
	says("by somebody else", p.Undo(p.by(mo), text, 0))
	undone := p.by(maya)
	undone.At = undone.At.Add(workflow.UndoWithin)
	says("after ten minutes", p.Undo(undone, text, 0))
	says("of a group", p.Undo(p.by(maya), key("joint-activities"), 0))
	byItself := begin(t)
	byItself.stage1()
	byItself.must(byItself.AssignStage(byItself.by(omar), "technical", olu))
	byItself.must(byItself.SetStageDue(byItself.by(omar), "technical", launchDay))
	byItself.done(olu, "scope-effort")
	says("of what was done by itself", byItself.Undo(byItself.by(omar), key("update-issue"), 0))

	part("Snooze")
	says("of what is with somebody else", p.Snooze(p.because(omar, "later"), key("documentation-mr"), 0, workflow.SnoozeFor{Days: 1}))
	says("of what is with nobody", unled(t).Snooze(p.because(ana, "later"), key("create-issue"), 0, workflow.SnoozeFor{Days: 1}))
	says("without a reason", p.Snooze(p.by(olu), key("documentation-mr"), 0, workflow.SnoozeFor{Days: 1}))
	says("that is none", p.Snooze(p.by(olu), key("documentation-mr"), 0, workflow.SnoozeFor{}))
	for _, until := range []workflow.SnoozeFor{{On: "2026-03-02"}, {On: "2026-03-01"}, {On: "2026-02-30"}, {Days: -1}, {Days: 21}} {
		says(fmt.Sprintf("for %d days, until %q", until.Days, until.On), p.Snooze(p.because(olu, "later"), key("documentation-mr"), 0, until))
	}
	security := maintained(t, workflow.CatalystSecurity, monday)
	says("past a security deadline", security.Snooze(security.because(omar, "later"), key("update-image@ce-image"), 0, workflow.SnoozeFor{Days: 2}))

	part("A stage")
	says("that is not there", p.AssignStage(p.by(ana), "packing", olu))
	says("that is complete", p.SetStageDue(p.by(ana), "introduction", launchDay))
	says("that is theirs already", p.AssignStage(p.by(omar), "technical", olu))
	says("that is nobody's already", p.AssignStage(p.by(maya), "marketing", ""))
	says("with a date in the past", p.SetStageDue(p.by(maya), "marketing", "2026-03-01"))

	part("The run")
	says("its owner already", p.SetOwner(p.by(ana), ana))
	says("no owner", p.SetOwner(p.by(ana), ""))
	says("the lead of no team", p.SetLead(p.by(ana), "packers", olu))
	says("an empty note", p.Note(p.by(ana), workflow.StepKey{}, " "))
	says("a note on no step", p.Note(p.by(ana), key("no-step"), "text"))
	says("a listing that is there", p.Join(p.by(ana), ceImage()))
	says("no listing", p.Join(p.by(ana), workflow.Listing{}))
	says("accept what runs", p.Accept(p.by(sam)))
	says("cancel without a reason", p.Cancel(p.by(ana)))
	says("cancel with a secret for a reason", p.Cancel(p.because(ana, "token=abc123def")))
	p.must(p.Cancel(p.because(ana, "they were bought.")))
	says("cancel what is cancelled", p.Cancel(p.because(ana, "again")))
	says("do a step of what is cancelled", p.Done(p.by(olu), key("documentation-mr"), 0, nil))

	complete := begin(t)
	complete.rest()
	says("cancel what is complete", complete.Cancel(complete.because(ana, "too late")))
	says("waive a step of what is complete", complete.Waive(complete.because(ana, "late"), key("create-issue"), 0))

	part("The launch")
	launch := begin(t)
	says("on the same day", launch.MoveLaunch(launch.by(ana), launchDay))
	says("in the past", launch.MoveLaunch(launch.by(ana), "2026-03-01"))
	says("on 30 February", launch.MoveLaunch(launch.by(ana), "2026-02-30"))
	says("of a release", security.MoveLaunch(security.by(omar), launchDay))
	launch.stage1()
	launch.done(maya, "joint-blog-posts")
	says("its day, without a date", launch.LaunchStep(launch.by(maya), key("joint-blog-posts"), 0))
	launch.done(maya, "align-release")
	says("an agreed date, without a reason", launch.MoveLaunch(launch.by(ana), "2026-07-01"))
	says("its day, too early", launch.LaunchStep(launch.by(maya), key("joint-blog-posts"), 0))
	says("its day, of another step", launch.LaunchStep(launch.by(maya), key("marketing-issue"), 0))
	says("its day, not done", launch.LaunchStep(launch.by(maya), key("social-burst"), 0))
	launch.must(launch.Waive(launch.because(ana, "no time"), key("social-burst"), 0))
	says("its day, given up", launch.LaunchStep(launch.by(maya), key("social-burst"), 0))
	launch.now = launchDay.Time()
	launch.must(launch.LaunchStep(launch.by(maya), key("joint-blog-posts"), 0))
	says("its day, twice", launch.LaunchStep(launch.by(maya), key("joint-blog-posts"), 0))

	part("Away")
	o := newOffice()
	o.profiles[olu] = workflow.Profile{Zone: time.UTC}
	o.profiles[omar] = workflow.Profile{Zone: time.UTC}
	asked := 0
	setAway := func(by, person, cover workflow.UserID, until workflow.Date) error {
		asked++
		return o.SetAway(t.Context(), who(by, fmt.Sprint("away", asked)), person, cover, until)
	}
	says("of somebody else", setAway(ned, olu, omar, "2026-03-10"))
	says("until yesterday", setAway(olu, olu, omar, "2026-03-01"))
	says("until 30 February", setAway(olu, olu, omar, "2026-02-30"))
	says("for too long", setAway(olu, olu, omar, "2026-12-01"))
	says("covered by nobody", setAway(olu, olu, "", "2026-03-10"))
	says("covered by themselves", setAway(olu, olu, olu, "2026-03-10"))
	says("covered by a guest", setAway(olu, olu, gil, "2026-03-10"))
	says("back, and was not away", o.Back(t.Context(), who(olu, "back"), olu))
	if err := setAway(olu, olu, omar, "2026-03-10"); err != nil {
		t.Fatal(err)
	}
	says("in a circle", setAway(omar, omar, olu, "2026-03-05"))
	says("a time that is none", o.Prefer(t.Context(), who(olu, "prefer"), func(p *workflow.Preferences) { p.Morning = "early" }))
	says("a channel of others", o.PreferIn(t.Context(), who(ned, "channel"), "C0CARDS", func(*workflow.ChannelPreferences) {}))

	part("An acting maintainer")
	stand := func(by workflow.UserID, change func(*workflow.Standin)) error {
		asked++
		s := workflow.Standin{Team: om, User: ned, Reason: "all on holiday", Until: "2026-03-10"}
		change(&s)
		return o.SetStandin(t.Context(), who(by, fmt.Sprint("standin", asked)), s)
	}
	says("of a team that does not exist", stand(ana, func(s *workflow.Standin) { s.Team = "packers" }))
	says("of another team", stand(maya, func(*workflow.Standin) {}))
	says("who is nobody", stand(ana, func(s *workflow.Standin) { s.User = "" }))
	says("without a reason", stand(ana, func(s *workflow.Standin) { s.Reason = " " }))
	says("without an end", stand(ana, func(s *workflow.Standin) { s.Until = "" }))
	says("with two ends", stand(ana, func(s *workflow.Standin) { s.Condition = "we hire" }))
	says("until yesterday", stand(ana, func(s *workflow.Standin) { s.Until = "2026-03-01" }))
	says("until 30 February", stand(ana, func(s *workflow.Standin) { s.Until = "2026-02-30" }))
	says("never reviewed", stand(ana, func(s *workflow.Standin) { s.Until, s.Condition = "", "we hire" }))
	says("reviewed yesterday", stand(ana, func(s *workflow.Standin) { s.Until, s.Condition, s.Review = "", "we hire", "2026-03-01" }))
	says("reviewed, who does not stand in", o.PutOffReview(t.Context(), who(ana, "review"), om, ned, launchDay))
	says("handed back, who does not stand in", o.HandBack(t.Context(), who(ana, "handback"), om, ned))
	if err := stand(ana, func(*workflow.Standin) {}); err != nil {
		t.Fatal(err)
	}
	says("reviewed today", o.PutOffReview(t.Context(), who(ned, "today"), om, ned, "2026-03-02"))

	part("A proposal")
	proposal := proposed(t)
	says("do a step", proposal.Done(proposal.by(ana), key("create-issue"), 0, nil))
	says("waive a step", proposal.Waive(proposal.because(ana, "no"), key("create-issue"), 0))
	says("add a listing", proposal.Join(proposal.by(ana), eeImage()))
	says("hand it over", proposal.SetOwner(proposal.by(ana), sam))

	golden(t, "sentences.golden", strings.TrimLeft(out.String(), "\n"))
}
