package workflow_test

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestPlanFromTheLaunch(t *testing.T) {
	t.Parallel()
	due := func(t *testing.T, p *play, step string, want time.Time, planned bool) {
		t.Helper()
		if s := p.Steps[key(step)]; !s.Due.Equal(want) || s.Planned != planned {
			t.Errorf("%s is due %s (planned: %v), want %s (%v)", step, s.Due, s.Planned, want, planned)
		}
	}
	const later workflow.Date = "2026-07-01"

	t.Run("back from the target", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		due(t, p, "create-issue", (week{}).Before(sp, launchDay, 28), true)
		due(t, p, "go-live@ce-image", (week{}).Before(om, launchDay, 1), true)
		if s := p.Stages["marketing"]; !s.Due.Equal((week{}).Before(pm, launchDay, 1)) || !s.Planned {
			t.Errorf("stage 3 is due %s", s.Due)
		}
	})
	t.Run("without a target there is no date", func(t *testing.T) {
		t.Parallel()
		start := startWith(ceImage())
		start.Target = ""
		p := beginWith(t, firstTime(), start)
		due(t, p, "create-issue", time.Time{}, false)
		if next := p.NextDue(); !next.IsZero() {
			t.Errorf("the next date is %s", next)
		}
		p.stage1()
		p.must(p.Done(p.by(maya), key("align-release"), 0, map[workflow.FieldID]string{"launch-date": string(later)}))
		due(t, p, "go-live@ce-image", (week{}).Before(om, later, 1), true)
	})
	t.Run("never before the start", func(t *testing.T) {
		t.Parallel()
		start := startWith(ceImage())
		p := beginWith(t, firstTime(), start)
		start.Target = workflow.DateOf(p.Started.AddDate(0, 0, 7))
		p = beginWith(t, firstTime(), start)
		due(t, p, "create-issue", (week{}).After(sp, p.Started, 1), true)
		due(t, p, "go-live@ce-image", (week{}).Before(om, start.Target, 1), true)
	})
	t.Run("anew from the agreed date", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.stage1()
		p.must(p.SetDue(p.by(maya), key("social-burst"), 0, "2026-05-20"))
		version := p.Steps[key("go-live@ce-image")].Version
		p.must(p.Done(p.by(maya), key("align-release"), 0, map[workflow.FieldID]string{"launch-date": string(later)}))

		due(t, p, "go-live@ce-image", (week{}).Before(om, later, 1), true)
		due(t, p, "social-burst", (week{}).At(pm, "2026-05-20"), false)      // a person chose it
		due(t, p, "create-issue", (week{}).Before(sp, launchDay, 28), true)  // it is done, and was due then
		due(t, p, "align-release", (week{}).Before(pm, launchDay, 15), true) // so is this
		if got := p.Steps[key("go-live@ce-image")].Version; got != version { // no button grows stale by it
			t.Errorf("the version went from %d to %d", version, got)
		}
		if s := p.Stages["introduction"]; !s.Due.Equal((week{}).Before(sp, launchDay, 22)) {
			t.Errorf("stage 1, which is complete, is due %s", s.Due)
		}

		p.must(p.Reopen(p.by(maya), key("align-release"), 0))
		due(t, p, "go-live@ce-image", (week{}).Before(om, launchDay, 1), true) // back to the target
	})
	t.Run("what was late is not when the launch is later", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.stage1()
		p.now = launchDay.Time()
		p.Tick(p.now)
		if !p.Steps[key("documentation-mr")].Overdue {
			t.Fatal("the documentation is not late")
		}
		p.must(p.Done(p.by(maya), key("align-release"), 0, map[workflow.FieldID]string{"launch-date": string(later)}))
		if p.Steps[key("documentation-mr")].Overdue {
			t.Error("it is still late")
		}
		if next := p.NextDue(); !next.After(p.now) {
			t.Errorf("the next date is %s", next)
		}
	})
}

// maintenance is a process whose dates count from opening.
func maintenance() *workflow.Definition {
	after := func(days int) workflow.Due { return workflow.Due{AfterOpen: days} }
	def := &workflow.Definition{
		Name: "image-maintenance", Title: "Image maintenance", Subject: workflow.SubjectCatalyst, Owner: om, Teams: teams(), Hash: "maintenance",
		Promise: workflow.Promise{Days: 3, Security: 1}, Silence: silence(), Lateness: lateness(),
		Stages: []workflow.Stage{{ID: "implementation", Title: "Implementation", Team: om, Due: after(3), Steps: []workflow.Step{
			{ID: "create-issue", Title: "Create issue", Due: after(1)},
			{ID: "update-image", Title: "Update image", Due: after(3), PerListing: true},
			{ID: "update-documentation", Title: "Update documentation", Due: after(3), After: []workflow.StepID{"create-issue"}},
		}}},
	}
	settleDefinition(def)
	return def
}

// maintained is a run of it, begun on Monday, 2 March, about a catalyst.
func maintained(t testing.TB, kind workflow.CatalystKind, at time.Time) *play {
	t.Helper()
	start := startWith(ceImage(), eeImage())
	start.Target = ""
	start.Catalyst = &workflow.Catalyst{Kind: kind, At: at}
	return beginWith(t, maintenance(), start)
}

func TestDueAfterOpening(t *testing.T) {
	t.Parallel()
	p := maintained(t, workflow.CatalystRelease, monday)
	doc := p.Steps[key("update-documentation")]
	if !doc.Due.IsZero() {
		t.Errorf("a locked step is due %s", doc.Due)
	}
	// Monday 09:00 UTC is early Monday at Omnibus, too.
	if got, want := p.Steps[key("update-image@ce-image")].Due, (week{}).At(om, "2026-03-05"); !got.Equal(want) {
		t.Errorf("the image is due %s, want %s", got, want)
	}
	p.now = monday.AddDate(0, 0, 1)
	p.done(olu, "create-issue")
	if want := (week{}).At(om, "2026-03-06"); !doc.Due.Equal(want) || !doc.Planned {
		t.Errorf("the documentation is due %s, want %s", doc.Due, want)
	}
	p.done(olu, "update-documentation")
	p.now = monday.AddDate(0, 0, 7)
	p.must(p.Reopen(p.by(olu), key("update-documentation"), 0))
	if want := (week{}).At(om, "2026-03-12"); !doc.Due.Equal(want) {
		t.Errorf("open again, the documentation is due %s, want %s", doc.Due, want)
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	p := begin(t)
	issue := p.Steps[key("create-issue")]
	if next := p.NextDue(); !next.Equal(issue.Due) {
		t.Fatalf("the next date is %s, want %s", next, issue.Due)
	}
	p.Tick(issue.Due.Add(-time.Nanosecond))
	if issue.Overdue {
		t.Error("it is late before its time")
	}
	before := p.Version
	p.Tick(issue.Due)
	if !issue.Overdue || p.Version != before+1 {
		t.Errorf("late: %v, after %d events", issue.Overdue, p.Version-before)
	}
	p.Tick(issue.Due.Add(time.Hour))
	if p.Version != before+1 {
		t.Error("it became late twice")
	}
	p.now = issue.Due
	p.must(p.SetDue(p.by(ana), key("create-issue"), 0, launchDay))
	if issue.Overdue || issue.Planned {
		t.Error("it is late, or not confirmed, with a date in the future")
	}

	call := p.Steps[key("technical-call")]
	p.Tick(call.Due)
	if call.Overdue {
		t.Error("a step nobody asked for is late")
	}
	p.must(p.Want(p.by(omar), key("technical-call"), 0))
	p.Tick(call.Due)
	if !call.Overdue {
		t.Error("a step that was asked for is not late")
	}
}

// A day is what it is where the team is: Monday 09:00 in UTC is 01:00 at
// Omnibus and 22:00 at Partner Marketing.
func TestToday(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	p.now = time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC) // Monday, 18:00, at Omnibus
	p.must(p.SetDue(p.by(olu), key("scope-effort"), 0, "2026-03-02"))
	wantKind(t, p.SetDue(p.by(maya), key("marketing-issue"), 0, "2026-03-02"), workflow.Invalid)
	wantKind(t, p.SetDue(p.by(olu), key("scope-effort"), 0, "2026-03-01"), workflow.Invalid)
	wantKind(t, p.SetDue(p.by(olu), key("scope-effort"), 0, "soon"), workflow.Invalid)
	wantKind(t, p.SetDue(p.by(olu), key("scope-effort"), 0, ""), workflow.Invalid)
	if got := p.Day(om, (week{}).At(om, "2026-03-02")); got != "2026-03-02" {
		t.Errorf("Omnibus closes on %s", got)
	}
	if got := p.Day(pm, p.now); got != "2026-03-03" {
		t.Errorf("it is %s at Partner Marketing", got)
	}
}

// A run without calendars has dates, all of them in UTC.
func TestWithoutCalendars(t *testing.T) {
	t.Parallel()
	r, err := workflow.Begin(workflow.Act{Actor: ana, At: monday}, firstTime(), nil, startWith(ceImage()))
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t, r, monday}
	p.must(p.SetDue(p.by(ana), key("create-issue"), 0, "2026-03-02"))
	if got := p.Steps[key("create-issue")].Due; !got.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("it is due %s", got)
	}
	p.rest()
	if p.State != workflow.Complete {
		t.Errorf("the run is %s", p.State)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-2-3", "2026-02-30", "2026-02-03T00:00:00Z", "tomorrow"} {
		if d, err := workflow.ParseDate(s); err == nil {
			t.Errorf("%q is the date %s", s, d)
		}
		if got := workflow.Date(s).Time(); !got.IsZero() {
			t.Errorf("%q is %s", s, got)
		}
	}
	d, err := workflow.ParseDate("2028-02-29")
	if err != nil {
		t.Fatal(err)
	}
	if got := workflow.DateOf(d.Time()); got != d {
		t.Errorf("%s became %s", d, got)
	}
}
