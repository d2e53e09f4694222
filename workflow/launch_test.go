package workflow_test

import (
	"slices"
	"testing"

	"cloudimage/workflow"
)

func TestMoveLaunch(t *testing.T) {
	t.Parallel()
	t.Run("the target", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		p.must(p.SetDue(p.by(maya), key("social-burst"), 0, "2026-05-20"))
		p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
		if d, agreed := p.Launch(); d != "2026-07-01" || agreed {
			t.Errorf("the launch is %s, agreed: %v", d, agreed)
		}
		for step, want := range map[string]workflow.Date{"go-live@ce-image": "2026-06-30", "social-burst": "2026-05-20"} {
			if got := p.Steps[key(step)].Due; p.Day(om, got) != want && p.Day(pm, got) != want {
				t.Errorf("%s is due %s, want %s", step, got, want)
			}
		}
	})
	t.Run("the agreed date, for a reason", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		p.done(maya, "align-release")
		wantKind(t, p.MoveLaunch(p.by(ana), "2026-07-01"), workflow.Invalid)
		p.must(p.MoveLaunch(p.because(ana, "their review takes longer"), "2026-07-01"))
		if d, agreed := p.Launch(); d != "2026-07-01" || !agreed || p.Facts[workflow.FactLaunchTarget] != string(launchDay) {
			t.Errorf("the launch is %s, agreed: %v; the target %s", d, agreed, p.Facts[workflow.FactLaunchTarget])
		}
		if e := p.Emitted()[len(p.Emitted())-2]; e.Type != workflow.LaunchMoved || e.Text != "their review takes longer" || e.Evidence[workflow.FieldLaunch] != string(launchDay) {
			t.Errorf("what happened is %+v", e)
		}
	})
	t.Run("is refused", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		for on, kind := range map[workflow.Date]workflow.Kind{
			"2026-03-01": workflow.Invalid, "2026-02-30": workflow.Invalid, "": workflow.Invalid, launchDay: workflow.Conflict,
		} {
			if err := p.MoveLaunch(p.by(ana), on); workflow.KindOf(err) != kind {
				t.Errorf("to %q: %v", on, err)
			}
		}
		wantKind(t, maintained(t, workflow.CatalystRelease, monday).MoveLaunch(p.by(ana), launchDay), workflow.Conflict)
		p.must(p.Cancel(p.because(ana, "they were bought")))
		wantKind(t, p.MoveLaunch(p.by(ana), "2026-07-01"), workflow.Conflict)
	})
	t.Run("is told to who sees a stage through", func(t *testing.T) {
		t.Parallel()
		p := uploading(t)
		if got := p.LaunchAudience(); !slices.Equal(got, []workflow.UserID{ana, maya, olu}) {
			t.Errorf("the audience is %v", got)
		}
		p.Follow(p.by(maya), away(maya, ana, "2026-03-20"))
		if got := p.LaunchAudience(); !slices.Equal(got, []workflow.UserID{ana, olu}) {
			t.Errorf("while Maya is away, the audience is %v", got)
		}
	})
}

// What is done early still has its part on the day of the launch.
func TestLaunchDay(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	posts := key("joint-blog-posts")
	move := workflow.Move{Kind: workflow.MoveLaunch, Key: posts}
	p.done(maya, "joint-blog-posts")
	wantKind(t, p.LaunchStep(p.by(maya), posts, 0), workflow.Conflict) // no day is agreed
	p.done(maya, "align-release")
	todo := p.todo(maya, move)
	if want := (week{}).Opening(pm, launchDay.Time(), 0); !todo.Quiet.Equal(want) || !todo.Due.Equal((week{}).At(pm, launchDay)) {
		t.Errorf("the todo is %+v, want it quiet until %s", todo, want)
	}
	p.must(p.MoveLaunch(p.because(ana, "a weekend"), "2026-06-06")) // a Saturday
	if want := (week{}).At(pm, "2026-06-05").Add(-8 * 60 * 60 * 1e9); !p.todo(maya, move).Quiet.Equal(want) {
		t.Errorf("it is quiet until %s, want %s", p.todo(maya, move).Quiet, want)
	}
	wantKind(t, p.LaunchStep(p.by(maya), posts, 0), workflow.Conflict) // it is too early

	plan := p.Plan()
	ids := func(nodes []workflow.Node) (out []string) {
		for _, n := range nodes {
			out = append(out, n.Key.String())
		}
		return out
	}
	if plan.Date != "2026-06-06" || !plan.Agreed {
		t.Errorf("the launch is %s, agreed: %v", plan.Date, plan.Agreed)
	}
	if got, want := ids(plan.Day), []string{"go-live@ce-image", "merge-documentation", "joint-blog-posts", "social-burst"}; !slices.Equal(got, want) {
		t.Errorf("on the day: %v, want %v", got, want)
	}
	if got, want := ids(plan.Holds), []string{"partner-testing@ce-image", "go-live@ce-image", "documentation-mr", "merge-documentation", "marketing-issue", "image-description@ce-image", "customer-story"}; !slices.Equal(got, want) {
		t.Errorf("it is held by %v, want %v", got, want)
	}
	if got := ids(plan.Ready); !slices.Contains(got, "align-release") || slices.Contains(got, "technical-call") || slices.Contains(got, "upload-image") {
		t.Errorf("ready are %v", got)
	}

	version := p.Steps[posts].Version
	p.now = on("2026-06-06 10:00")
	wantKind(t, p.LaunchStep(p.by(maya), key("social-burst"), 0), workflow.Conflict) // it is not done at all
	wantKind(t, p.LaunchStep(p.by(maya), key("documentation-mr"), 0), workflow.Conflict)
	wantKind(t, p.LaunchStep(p.by(maya), key("no-step"), 0), workflow.NotFound)
	wantKind(t, p.LaunchStep(p.by(maya), posts, version-1), workflow.Stale)
	act := p.by(maya)
	p.must(p.LaunchStep(act, posts, version))
	wantKind(t, p.LaunchStep(p.by(maya), posts, version), workflow.Conflict)
	if s := p.Steps[posts]; !s.Launched.Equal(act.At) || s.Version != version {
		t.Errorf("it is %+v", s)
	}
	// What is done on the day itself needs no second word.
	p.done(maya, "social-burst")
	for _, m := range p.Moves()[maya] {
		if m.Kind == workflow.MoveLaunch {
			t.Errorf("Maya is asked for %v", m)
		}
	}
}

// A step that is done on the day of the launch is named on that day, and not on
// the day before, so that a reminder is left for when it is late.
func TestRemindersOfTheDay(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.done(maya, "image-description@ce-image")
	p.must(p.Done(p.by(maya), key("align-release"), 0, map[workflow.FieldID]string{"launch-date": "2026-03-12"}))
	p.done(olu, "partner-testing@ce-image")
	live := key("go-live@ce-image")
	p.must(p.SetDue(p.by(olu), live, 0, "2026-03-12"))
	if got, want := p.mornings(olu, workflow.Move{Kind: workflow.MoveDo, Key: live}, "2026-03-02", "2026-03-20"), "Mon 2, Thu 12, Fri 13 late"; got != want {
		t.Errorf("reminded on %s, want %s", got, want)
	}
}

// How the launch got its day is kept: when it was moved, and when it was agreed.
func TestLaunchMoved(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	if p.Moved != (workflow.Moved{}) {
		t.Errorf("it was moved from the start: %+v", p.Moved)
	}
	was, _ := p.Launch()
	act := p.because(ana, "their fair")
	p.must(p.MoveLaunch(act, "2026-07-01"))
	if want := (workflow.Moved{At: act.At, By: ana, Was: was, Reason: "their fair"}); p.Moved != want {
		t.Errorf("it was moved: %+v, want %+v", p.Moved, want)
	}
	p.done(maya, "align-release")
	if p.Moved.By != maya || p.Moved.Was != "2026-07-01" || p.Moved.Reason != "" {
		t.Errorf("it was agreed: %+v", p.Moved)
	}
}

// What a helper has sent is kept with who asked for it, until the step is done,
// and comes back with it.
func TestHelpGiven(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.must(p.Ask(p.by(olu), partnerTesting, 0, hal, "image-id", "", ""))
	p.must(p.Answer(p.by(hal), partnerTesting, "image-id", "ami-1"))
	if given := p.Steps[partnerTesting].Given; len(given) != 1 || given[0].User != hal || given[0].By != olu || given[0].Field != "image-id" {
		t.Errorf("given are %+v", given)
	}
	p.done(olu, "partner-testing@ce-image")
	if given := p.Steps[partnerTesting].Given; given != nil {
		t.Errorf("of a step that is done, given are %+v", given)
	}
	p.must(p.Undo(p.by(olu), partnerTesting, 0))
	if given := p.Steps[partnerTesting].Given; len(given) != 1 {
		t.Errorf("of a step that was undone, given are %+v", given)
	}
}
