package workflow_test

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

func TestSnooze(t *testing.T) {
	t.Parallel()
	const friday = "2026-03-06 16:00"
	snooze := func(p *play, until workflow.SnoozeFor) error {
		act := p.at(friday, ned)
		act.Reason = "they test it then"
		return p.Snooze(act, partnerTesting, 0, until)
	}
	for name, tt := range map[string]struct {
		until workflow.SnoozeFor
		want  string // or refused
	}{
		"to the next morning":       {workflow.SnoozeFor{Days: 1}, "2026-03-09 09:00"},
		"for two business days":     {workflow.SnoozeFor{Days: 2}, "2026-03-10 09:00"},
		"to a day":                  {workflow.SnoozeFor{On: "2026-03-12"}, "2026-03-12 09:00"},
		"to a Saturday":             {workflow.SnoozeFor{On: "2026-03-14"}, "2026-03-16 09:00"},
		"for as long as may be":     {workflow.SnoozeFor{Days: 20}, "2026-04-03 09:00"},
		"for longer":                {workflow.SnoozeFor{Days: 21}, ""},
		"to a day that is too late": {workflow.SnoozeFor{On: "2026-12-24"}, ""},
		"to today":                  {workflow.SnoozeFor{On: "2026-03-06"}, ""},
		"to yesterday":              {workflow.SnoozeFor{On: "2026-03-05"}, ""},
		"to 30 February":            {workflow.SnoozeFor{On: "2026-02-30"}, ""},
		"for less than no time":     {workflow.SnoozeFor{Days: -1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withNed(t)
			err := snooze(p, tt.until)
			s := p.Steps[partnerTesting]
			if tt.want == "" {
				wantKind(t, err, workflow.Invalid)
				if s.Snooze != nil {
					t.Errorf("it is snoozed: %+v", s.Snooze)
				}
				return
			}
			p.must(err)
			if *s.Snooze != (workflow.Snooze{User: ned, Until: on(tt.want), Reason: "they test it then"}) {
				t.Errorf("it is snoozed: %+v, want until %s", s.Snooze, on(tt.want))
			}
			todo := p.todo(ned, workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting})
			if !todo.Snoozed || !todo.Quiet.Equal(on(tt.want)) {
				t.Errorf("the todo is %+v", todo)
			}
		})
	}

	t.Run("of somebody else's step", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		for _, who := range []workflow.UserID{olu, omar, ana} {
			act := p.because(who, "because")
			wantKind(t, p.Snooze(act, partnerTesting, 0, workflow.SnoozeFor{Days: 1}), workflow.Denied)
		}
		p.must(p.Wait(p.by(olu), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
		wantKind(t, snooze(p, workflow.SnoozeFor{Days: 1}), workflow.Denied) // Olu follows up
		p.must(p.Snooze(p.because(olu, "they write tomorrow"), partnerTesting, 0, workflow.SnoozeFor{Days: 1}))
	})
	t.Run("without a reason", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		wantKind(t, p.Snooze(p.by(ned), partnerTesting, 0, workflow.SnoozeFor{Days: 1}), workflow.Invalid)
		wantKind(t, p.Snooze(p.because(ned, "password: hunter2"), partnerTesting, 0, workflow.SnoozeFor{Days: 1}), workflow.Invalid)
	})
	t.Run("until it is ended", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		wantKind(t, p.Snooze(p.by(ned), partnerTesting, 0, workflow.SnoozeFor{}), workflow.Conflict)
		p.must(snooze(p, workflow.SnoozeFor{Days: 2}))
		p.must(p.Snooze(p.by(ned), partnerTesting, 0, workflow.SnoozeFor{}))
		if p.Steps[partnerTesting].Snooze != nil {
			t.Error("it is still snoozed")
		}
	})
	t.Run("ends by itself", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		p.must(snooze(p, workflow.SnoozeFor{Days: 1}))
		version, until := p.Steps[partnerTesting].Version, on("2026-03-09 09:00")
		if next := p.NextDue(); !next.Equal(until) {
			t.Errorf("the next moment is %s, want %s", next, until)
		}
		p.Tick(until.Add(-time.Millisecond))
		if p.Steps[partnerTesting].Snooze == nil {
			t.Error("it ended too early")
		}
		p.Tick(until)
		if s := p.Steps[partnerTesting]; s.Snooze != nil || s.Version != version {
			t.Errorf("it is snoozed still, %+v, or its buttons are out of date", s.Snooze)
		}
		if next := p.NextDue(); !next.IsZero() && !next.After(until) {
			t.Errorf("the next moment is %s", next)
		}
	})
	t.Run("ends when it changes hands, gets a date or waits", func(t *testing.T) {
		t.Parallel()
		for what, act := range map[string]func(*play) error{
			"hands": func(p *play) error { return p.Assign(p.by(ned), partnerTesting, 0, omar) },
			"date":  func(p *play) error { return p.SetDue(p.by(ned), partnerTesting, 0, launchDay) },
			"wait": func(p *play) error {
				return p.Wait(p.by(ned), partnerTesting, 0, workflow.Question{Asked: "please test it"})
			},
		} {
			p := withNed(t)
			p.must(snooze(p, workflow.SnoozeFor{Days: 2}))
			p.must(act(p))
			if p.Steps[partnerTesting].Snooze != nil {
				t.Errorf("%s: it is still snoozed", what)
			}
		}
	})
	t.Run("is not for who covers", func(t *testing.T) {
		t.Parallel()
		p := withNed(t)
		p.must(snooze(p, workflow.SnoozeFor{Days: 2}))
		p.Follow(p.by(ned), away(ned, mo, "2026-03-20"))
		if todo := p.todo(mo, workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting, For: ned}); todo.Snoozed {
			t.Errorf("the todo is %+v", todo)
		}
		p.must(p.Snooze(p.because(mo, "I am new to it"), partnerTesting, 0, workflow.SnoozeFor{Days: 1}))
	})
	t.Run("of a step that nobody is reminded of", func(t *testing.T) {
		t.Parallel()
		p := begin(t)
		p.must(p.SetLead(p.by(ana), sp, ""))
		wantKind(t, p.Snooze(p.because(ana, "later"), key("create-issue"), 0, workflow.SnoozeFor{Days: 1}), workflow.Denied)
	})
	t.Run("not past the deadline of a security update", func(t *testing.T) {
		t.Parallel()
		p := maintained(t, workflow.CatalystSecurity, on("2026-03-02 00:30")) // promised for Tuesday, 17:00
		image := key("update-image@ce-image")
		snooze := func(days int) error {
			act := p.at("2026-03-02 10:00", omar)
			act.Reason = "later"
			return p.Snooze(act, image, 0, workflow.SnoozeFor{Days: days})
		}
		p.must(snooze(1)) // Tuesday morning
		wantKind(t, snooze(2), workflow.Invalid)
		p.must(p.SetDue(p.by(omar), image, 0, "2026-03-02"))
		wantKind(t, snooze(1), workflow.Invalid) // its own date is nearer
		p.must(p.SetDue(p.by(omar), image, 0, "2026-03-20"))
		wantKind(t, snooze(2), workflow.Invalid) // or not
	})
	t.Run("without calendars", func(t *testing.T) {
		t.Parallel()
		r, err := workflow.Begin(workflow.Act{Actor: ana, At: monday}, firstTime(), nil, startWith(ceImage()))
		if err != nil {
			t.Fatal(err)
		}
		p := &play{t, r, monday}
		p.must(p.Snooze(p.because(ana, "later"), key("create-issue"), 0, workflow.SnoozeFor{Days: 1}))
	})
}

// A launch that moves takes back no snooze that ends before the new date, and
// says nothing twice.
func TestMovedLaunchKeepsQuiet(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	doc := key("documentation-mr")
	m := workflow.Move{Kind: workflow.MoveDo, Key: doc}
	p.Remind(p.now, olu, m)
	put := p.by(olu)
	put.Reason = "They write it"
	p.must(p.Snooze(put, doc, 0, workflow.SnoozeFor{Days: 2}))
	until := p.Steps[doc].Snooze.Until
	p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
	if s := p.Steps[doc]; s.Snooze == nil || !s.Snooze.Until.Equal(until) || s.Reminded[olu].Times != 1 {
		t.Errorf("once the launch has moved it is %+v", s)
	}
	p.now = until.AddDate(0, 0, 1)
	if todo := p.todo(olu, m); !todo.Quiet.After(p.now) {
		t.Errorf("it is said again at once: %+v", todo)
	}
}
