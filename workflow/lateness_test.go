package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

func TestPromise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind workflow.CatalystKind
		at   string
		want workflow.Date
	}{
		{workflow.CatalystRelease, "2026-02-27 10:00", "2026-03-04"},
		{workflow.CatalystFix, "2026-02-27 10:00", "2026-03-04"},
		{workflow.CatalystSecurity, "2026-02-27 10:00", "2026-03-02"}, // the next business day, across a weekend
		{workflow.CatalystRelease, "2026-02-28 10:00", "2026-03-04"},  // on a Saturday
		{workflow.CatalystSecurity, "2026-02-28 23:59", "2026-03-02"},
		{workflow.CatalystRelease, "2026-03-01 20:00", "2026-03-04"},
	} {
		p := maintained(t, tt.kind, on(tt.at))
		if want := (week{}).At(om, tt.want); !p.Promise.Equal(want) {
			t.Errorf("a %s of %s is promised for %s, want %s", tt.kind, tt.at, p.Promise, want)
		}
		if at, promised := p.Deadline(key("update-image@ce-image")); !promised || !at.Equal(p.Promise) {
			t.Errorf("the image is due %s, promised: %v", at, promised)
		}
		if at, promised := p.Deadline(key("create-issue")); promised || !at.Equal(p.Steps[key("create-issue")].Due) {
			t.Errorf("the issue is due %s, promised: %v", at, promised)
		}
	}
	if p := begin(t); !p.Promise.IsZero() {
		t.Errorf("a launch is promised for %s", p.Promise)
	}
	if at, promised := begin(t).Deadline(key("no-step")); promised || !at.IsZero() {
		t.Errorf("no step is due %s", at)
	}
}

// Whose days a listing is late: the promise, which is until Wednesday, 4 March,
// never pauses.
func TestLateness(t *testing.T) {
	t.Parallel()
	image := key("update-image@ce-image")
	wait := func(at string, promised workflow.Date) func(*play) {
		return func(p *play) {
			p.must(p.Wait(p.at(at, olu), image, 0, workflow.Question{Asked: "please publish it", Promised: promised}))
		}
	}
	answered := func(at string) func(*play) {
		return func(p *play) { p.must(p.PartnerAnswered(p.at(at, olu), image, 0, "")) }
	}
	done := func(at string) func(*play) {
		return func(p *play) { p.must(p.Done(p.at(at, olu), image, 0, nil)) }
	}
	for name, tt := range map[string]struct {
		acts []func(*play)
		now  string
		want workflow.Lateness
	}{
		"in time":                        {now: "2026-03-04 17:00"},
		"an hour late":                   {now: "2026-03-04 18:00"},
		"ours":                           {now: "2026-03-10 10:00", want: workflow.Lateness{Days: 4, Ours: 4}},
		"on a Sunday":                    {now: "2026-03-08 10:00", want: workflow.Lateness{Days: 2, Ours: 2}},
		"theirs, who promised nothing":   {acts: []func(*play){wait("2026-03-03 10:00", "")}, now: "2026-03-10 10:00", want: workflow.Lateness{Days: 4, Partners: 4}},
		"nobody's, while a promise runs": {acts: []func(*play){wait("2026-03-03 10:00", "2026-03-11")}, now: "2026-03-10 10:00", want: workflow.Lateness{Days: 4, Nobodys: 4}},
		"nobody's, then theirs":          {acts: []func(*play){wait("2026-03-03 10:00", "2026-03-06")}, now: "2026-03-10 10:00", want: workflow.Lateness{Days: 4, Nobodys: 2, Partners: 2}},
		"ours, until we asked":           {acts: []func(*play){wait("2026-03-06 10:00", "")}, now: "2026-03-10 10:00", want: workflow.Lateness{Days: 4, Ours: 2, Partners: 2}},
		"ours again, since they answered": {acts: []func(*play){wait("2026-03-03 10:00", ""), answered("2026-03-06 10:00")}, now: "2026-03-10 10:00",
			want: workflow.Lateness{Days: 4, Partners: 2, Ours: 2}},
		"of two waits": {acts: []func(*play){wait("2026-03-03 10:00", ""), answered("2026-03-06 10:00"), wait("2026-03-09 10:00", "2026-03-10")}, now: "2026-03-11 10:00",
			want: workflow.Lateness{Days: 5, Partners: 3, Ours: 1, Nobodys: 1}},
		"until it was done": {acts: []func(*play){wait("2026-03-03 10:00", ""), done("2026-03-06 10:00")}, now: "2026-03-30 10:00",
			want: workflow.Lateness{Days: 2, Partners: 2}},
		"done in time": {acts: []func(*play){done("2026-03-04 10:00")}, now: "2026-03-30 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := maintained(t, workflow.CatalystRelease, on("2026-02-27 10:00"))
			for _, act := range tt.acts {
				act(p)
			}
			got := p.LatenessOf(image, on(tt.now))
			if got != tt.want {
				t.Errorf("it is late %+v, want %+v", got, tt.want)
			}
			if got.Ours+got.Partners+got.Nobodys != got.Days {
				t.Errorf("not all days are somebody's: %+v", got)
			}
		})
	}
}

func TestIsLate(t *testing.T) {
	t.Parallel()
	p := maintained(t, workflow.CatalystSecurity, on("2026-02-27 10:00")) // due Monday, 17:00
	image := key("update-image@ce-image")
	late := func(want bool, at string) {
		t.Helper()
		if got := p.IsLate(image, on(at)); got != want {
			t.Errorf("at %s it is late: %v", at, got)
		}
	}
	late(false, "2026-03-02 17:00")
	late(true, "2026-03-02 17:01")
	p.must(p.Wait(p.at("2026-03-02 10:00", olu), image, 0, workflow.Question{Asked: "please publish it", Promised: "2026-03-20"}))
	late(true, "2026-03-03 10:00") // what was promised does not pause
	p.must(p.Done(p.at("2026-03-03 11:00", olu), image, 0, nil))
	late(false, "2026-03-03 12:00")
	if p.IsLate(key("update-image"), on("2026-03-30 10:00")) || p.IsLate(key("no-step"), on("2026-03-30 10:00")) {
		t.Error("a group, or no step, is late")
	}
	if got := p.LatenessOf(key("no-step"), on("2026-03-30 10:00")); got != (workflow.Lateness{}) {
		t.Errorf("no step is late %+v", got)
	}

	own := withNed(t) // has no promise, and pauses
	own.must(own.SetDue(own.by(ned), partnerTesting, 0, "2026-03-06"))
	own.Tick(on("2026-03-06 17:00"))
	if !own.IsLate(partnerTesting, on("2026-03-06 17:00")) {
		t.Error("it is not late")
	}
	own.must(own.Wait(own.at("2026-03-09 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	if own.IsLate(partnerTesting, own.now) {
		t.Error("it is late while it waits")
	}
}

// The date of a step pauses while it waits for the partner.
func TestDatePauses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asked, answered string
		want            workflow.Date
	}{
		"for an hour, not at all":       {"2026-03-02 10:00", "2026-03-02 16:00", "2026-03-12"},
		"from one day to the next":      {"2026-03-02 16:00", "2026-03-03 10:00", "2026-03-13"},
		"from Friday evening to Monday": {"2026-03-06 20:00", "2026-03-09 10:00", "2026-03-13"},
		"from Friday to Sunday":         {"2026-03-06 20:00", "2026-03-08 10:00", "2026-03-12"},
		"from Saturday to Sunday":       {"2026-03-07 10:00", "2026-03-08 10:00", "2026-03-12"},
		"for two weeks":                 {"2026-03-02 10:00", "2026-03-16 10:00", "2026-03-26"},
		"over its own date":             {"2026-03-11 10:00", "2026-03-16 10:00", "2026-03-17"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withNed(t)
			p.must(p.SetDue(p.by(ned), partnerTesting, 0, "2026-03-12"))
			p.must(p.Wait(p.at(tt.asked, ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
			p.Tick(on(tt.answered))
			s := p.Steps[partnerTesting]
			if s.Overdue {
				t.Error("it is late while it waits")
			}
			p.must(p.PartnerAnswered(p.at(tt.answered, ned), partnerTesting, 0, ""))
			if want := (week{}).At(om, tt.want); !s.Due.Equal(want) {
				t.Errorf("it is due %s, want %s", s.Due, want)
			}
			if len(s.Waits) != 1 || s.Waits[0] != (workflow.Past{Since: on(tt.asked), Until: on(tt.answered)}) {
				t.Errorf("it waited %+v", s.Waits)
			}
		})
	}
	t.Run("and what has none has none", func(t *testing.T) {
		t.Parallel()
		start := startWith(ceImage())
		start.Target = ""
		p := beginWith(t, firstTime(), start)
		issue := key("create-issue")
		p.must(p.Wait(p.at("2026-03-02 10:00", ana), issue, 0, workflow.Question{Asked: "who are you?"}))
		p.must(p.PartnerAnswered(p.at("2026-03-09 10:00", ana), issue, 0, ""))
		if s := p.Steps[issue]; !s.Due.IsZero() {
			t.Errorf("it is due %s", s.Due)
		}
	})
	t.Run("and what was late already is so by as much", func(t *testing.T) {
		t.Parallel()
		p := late(t)
		p.Tick(on("2026-03-06 17:00"))
		p.must(p.Wait(p.at("2026-03-09 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
		p.must(p.PartnerAnswered(p.at("2026-03-11 10:00", ned), partnerTesting, 0, ""))
		s := p.Steps[partnerTesting]
		if want := (week{}).At(om, "2026-03-10"); !s.Due.Equal(want) || s.Reminded != nil {
			t.Errorf("it is due %s, want %s", s.Due, want)
		}
		p.Tick(p.now)
		if !s.Overdue {
			t.Error("it is late no more")
		}
	})
}
