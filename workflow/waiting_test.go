package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

// uploading is a run that waits to see its image through partner testing.
func uploading(t testing.TB) *play {
	p := begin(t)
	p.stage1()
	p.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	return p
}

func TestWaitingForThePartner(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	testing := key("partner-testing@ce-image")
	s := p.Steps[testing]
	if actions := p.ActionsFor(testing); len(actions) > 0 {
		t.Errorf("actions exist before anybody waits: %v", actions)
	}
	wantKind(t, p.Take(p.by(olu), testing, 0, "follow-up", "wrote to them"), workflow.Conflict)
	wantKind(t, p.PartnerAnswered(p.by(olu), testing, 0, "yes"), workflow.Conflict)

	p.must(p.Wait(p.by(olu), testing, 0, workflow.Question{Asked: " please test the image ", Ticket: "T-1", Promised: "2026-03-09"}))
	if w := s.Waiting; w.For != "please test the image" || w.Ticket != "T-1" || w.Promised != "2026-03-09" || w.By != olu || w.Chaser != olu || !w.Since.Equal(p.now) {
		t.Errorf("it waits: %+v", w)
	}
	wantMoves(t, p, olu, workflow.Move{Kind: workflow.MoveChase, Key: testing}, workflow.Move{Kind: workflow.MoveDo, Key: key("documentation-mr")})
	if err := p.Wait(p.by(olu), testing, 0, workflow.Question{Asked: "again", Ticket: "", Promised: ""}); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("it waits twice: %v", err)
	}

	var ids []workflow.StepID
	for _, a := range p.ActionsFor(testing) {
		ids = append(ids, a.ID)
	}
	if len(ids) != 2 || ids[0] != "follow-up" || ids[1] != "escalate" {
		t.Fatalf("the actions are %v", ids)
	}
	p.must(p.Take(p.by(olu), testing, 0, "follow-up", "wrote to their support"))
	if s.Waiting.Chaser != olu {
		t.Errorf("%s chases after a follow-up", s.Waiting.Chaser)
	}
	p.must(p.Take(p.by(omar), testing, 0, "escalate", "no answer in a week"))
	if w := s.Waiting; w.Chaser != ana || len(w.Taken) != 2 || w.Taken[1].By != omar || w.Taken[1].Note != "no answer in a week" {
		t.Errorf("after the escalation: %+v", w)
	}
	wantMoves(t, p, ana, workflow.Move{Kind: workflow.MoveChase, Key: testing})
	if err := p.Take(p.by(olu), testing, 0, "go-live", ""); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("a step was taken as an action: %v", err)
	}

	p.must(p.PartnerAnswered(p.by(ana), testing, 0, "they test it tomorrow"))
	if s.Waiting != nil || len(p.ActionsFor(testing)) > 0 {
		t.Error("it waits although they answered")
	}
	wantMoves(t, p, ana)

	p.must(p.Wait(p.by(olu), testing, 0, workflow.Question{Asked: "and now?", Ticket: "", Promised: ""}))
	p.done(olu, "partner-testing@ce-image")
	if s.Waiting != nil {
		t.Error("it waits although it is done")
	}
}

// A step that is locked again while it waits has no actions until it is open.
func TestWaitingAndLockedAgain(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	testing := key("partner-testing@ce-image")
	p.must(p.Wait(p.by(olu), testing, 0, workflow.Question{Asked: "please test the image", Ticket: "", Promised: ""}))
	p.must(p.Reopen(p.by(olu), key("create-listing@ce-image"), 0))
	p.is(workflow.Locked, "partner-testing@ce-image")
	if actions := p.ActionsFor(testing); len(actions) > 0 {
		t.Errorf("a locked step has actions: %v", actions)
	}
	for _, m := range p.Moves()[olu] {
		if m.Key == testing {
			t.Errorf("somebody is asked to %s a locked step", m.Kind)
		}
	}
	p.done(olu, "create-listing@ce-image")
	if len(p.ActionsFor(testing)) != 2 {
		t.Error("open again, it waits no more")
	}
}

func TestWordsAreChecked(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	step := key("partner-testing@ce-image")
	for name, act := range map[string]func(text string) error{
		"note": func(text string) error { return p.Note(p.by(olu), workflow.StepKey{}, text) },
		"wait": func(text string) error {
			return p.Wait(p.by(olu), step, 0, workflow.Question{Asked: text, Ticket: "", Promised: ""})
		},
		"ticket": func(text string) error {
			return p.Wait(p.by(olu), step, 0, workflow.Question{Asked: "ask", Ticket: text, Promised: ""})
		},
		"waive":          func(text string) error { return p.Waive(p.because(ana, text), step, 0) },
		"cancel":         func(text string) error { return p.Cancel(p.because(ana, text)) },
		"partner's text": func(text string) error { return p.PartnerAnswered(p.by(olu), step, 0, text) },
		"action":         func(text string) error { return p.Take(p.by(olu), step, 0, "follow-up", text) },
	} {
		if name == "partner's text" || name == "action" {
			p.must(p.Wait(p.by(olu), step, 0, workflow.Question{Asked: "ask", Ticket: "", Promised: ""}))
		}
		before := p.Clone()
		for _, text := range []string{"password: hunter2", string(make([]byte, 3001))} {
			if err := act(text); workflow.KindOf(err) != workflow.Invalid {
				t.Errorf("%s takes %.20q: %v", name, text, err)
			}
		}
		if diff := differ(before, p.Run); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if p.Steps[step].Waiting != nil {
			p.must(p.PartnerAnswered(p.by(olu), step, 0, ""))
		}
	}
	wantKind(t, p.Wait(p.by(olu), step, 0, workflow.Question{Asked: "ask", Ticket: "", Promised: "next week"}), workflow.Invalid)
	wantKind(t, p.Wait(p.by(olu), step, 0, workflow.Question{Asked: " ", Ticket: "", Promised: ""}), workflow.Invalid)
	wantKind(t, p.Note(p.by(olu), key("nothing"), "text"), workflow.NotFound)
}

func TestHelpers(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	step := key("image-description@ce-image")
	s := p.Steps[step]
	p.must(p.Ask(p.by(maya), step, 0, hal, "long", "2026-03-20", ""))
	if h := s.Helpers; len(h) != 1 || h[0] != (workflow.Helper{User: hal, Field: "long", By: maya, At: p.now, Until: "2026-03-20"}) {
		t.Fatalf("the helpers are %+v", h)
	}
	wantMoves(t, p, hal, workflow.Move{Kind: workflow.MoveAnswer, Key: step, Field: "long"})
	wantKind(t, p.Ask(p.by(mo), step, 0, hal, "long", "", ""), workflow.Conflict)
	wantKind(t, p.Ask(p.by(maya), step, 0, "", "long", "", ""), workflow.Invalid)
	wantKind(t, p.Ask(p.by(maya), step, 0, ned, "title", "2026-02-27", ""), workflow.Invalid)
	wantKind(t, p.Ask(p.by(maya), step, 0, ned, "nothing", "", ""), workflow.Invalid)
	wantKind(t, p.Ask(p.by(maya), step, 0, ned, "title", "", "password: hunter2"), workflow.Invalid)
	p.must(p.Ask(p.by(maya), step, 0, ned, "title", "", " customers of the marketplace "))
	if got := s.Helpers[1].For; got != "customers of the marketplace" {
		t.Errorf("it is for %q", got)
	}

	wantKind(t, p.Answer(p.by(hal), step, "nothing", "text"), workflow.Conflict)
	wantKind(t, p.Answer(p.by(hal), step, "long", " "), workflow.Invalid)
	if err := p.Answer(p.by(hal), step, "long", "password: hunter2"); workflow.KindOf(err) != workflow.Invalid {
		t.Error(err)
	}
	before := p.Clone()
	p.must(p.Answer(p.by(hal), step, "long", " GitLab, ready to run. "))
	p.is(workflow.Open, "image-description@ce-image")
	if s.Evidence["long"] != "GitLab, ready to run." || len(s.Helpers) != 1 || s.Helpers[0].User != ned {
		t.Errorf("evidence %v, helpers %v", s.Evidence, s.Helpers)
	}
	if got := p.Fact("listing-long", "ce-image"); got != "" {
		t.Errorf("it is known to be %q before the step is done", got)
	}
	news := workflow.Notices(before, p.Run, hal)
	if len(news) != 1 || news[0] != (workflow.Notice{User: maya, News: true}) {
		t.Errorf("who asked is to hear of it: %v", news)
	}
	wantKind(t, p.Answer(p.by(hal), step, "long", "another"), workflow.Conflict)

	// The text waits for the team, who need not write it again.
	p.must(p.Done(p.by(maya), step, 0, map[workflow.FieldID]string{"title": "GitLab CE"}))
	if got := p.Fact("listing-long", "ce-image"); got != "GitLab, ready to run." {
		t.Errorf("the text is %q", got)
	}
	if len(s.Helpers) > 0 {
		t.Errorf("%v are asked for a step that is done", s.Helpers)
	}
}

// Who covers for a helper, or for two, is asked for one text once.
func TestHelpersAndTheirCover(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	step := key("image-description@ce-image")
	answer := workflow.Move{Kind: workflow.MoveAnswer, Key: step, Field: "long"}
	for _, who := range []workflow.UserID{hal, ned, sam} {
		p.must(p.Ask(p.by(maya), step, 0, who, "long", "", ""))
	}
	o := away(hal, sam, "2026-03-10")
	p.Follow(p.by(hal), o)
	wantMoves(t, p, sam, answer) // it is theirs, too
	o.Away[ned], o.Away[hal] = absence(olu, "2026-03-10"), absence(olu, "2026-03-10")
	p.Follow(p.by(ned), o)
	answer.For = hal
	wantMoves(t, p, olu, answer)
	leave, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: olu, Verb: workflow.VerbAnswer, Step: step, Field: "long"})
	if err != nil || leave.For != hal {
		t.Errorf("leave %+v, %v", leave, err)
	}
}
