package workflow_test

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// todo is that move of a person's, as a todo.
func (p *play) todo(who workflow.UserID, m workflow.Move) workflow.Todo {
	p.t.Helper()
	for _, todo := range p.Todos() {
		if todo.Person == who && todo.Move == m {
			return todo
		}
	}
	p.t.Fatalf("%s is not asked for %v, but for %v", who, m, p.Moves()[who])
	return workflow.Todo{}
}

// mornings lets a person have a message on each business day, and says when it
// named a move.
func (p *play) mornings(who workflow.UserID, m workflow.Move, from, to workflow.Date) string {
	var days []string
	for d := from.Time(); workflow.DateOf(d) <= to; d = d.AddDate(0, 0, 1) {
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			continue
		}
		p.now = on(d.Format("2006-01-02") + " 09:30")
		p.Tick(p.now)
		for _, todo := range p.Todos() {
			if todo.Person == who && todo.Move == m && !todo.Quiet.After(p.now) {
				p.Remind(p.now, who, m)
				day := d.Format("Mon 2")
				if !todo.Due.IsZero() && !todo.Due.After(p.now) {
					day += " late"
				}
				days = append(days, day)
			}
		}
	}
	return strings.Join(days, ", ")
}

// A person is reminded of something new at once, of what is due on the business
// day before, and of what is late each day: three times at most, and once of
// what is late.
func TestReminders(t *testing.T) {
	t.Parallel()
	doIt := workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting}
	chase := workflow.Move{Kind: workflow.MoveChase, Key: partnerTesting}
	due := func(on workflow.Date) func(*play) {
		return func(p *play) { p.must(p.SetDue(p.by(ned), partnerTesting, 0, on)) }
	}
	wait := func(promised workflow.Date) func(*play) {
		return func(p *play) {
			p.must(p.Wait(p.at("2026-03-02 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it", Promised: promised}))
		}
	}
	for name, tt := range map[string]struct {
		set  func(*play)
		move workflow.Move
		want string
	}{
		"due on a Friday":            {due("2026-03-13"), doIt, "Mon 2, Thu 12, Mon 16 late"},
		"due on a Monday":            {due("2026-03-16"), doIt, "Mon 2, Fri 13, Tue 17 late"},
		"due on a Sunday":            {due("2026-03-15"), doIt, "Mon 2, Fri 13, Mon 16 late"},
		"due tomorrow":               {due("2026-03-03"), doIt, "Mon 2, Wed 4 late, Thu 5 late"},
		"due today":                  {due("2026-03-02"), doIt, "Mon 2, Tue 3 late, Wed 4 late"},
		"due the day after tomorrow": {due("2026-03-04"), doIt, "Mon 2, Tue 3, Thu 5 late"},
		"to be asked of the partner": {wait(""), chase, "Wed 4, Thu 5 late, Fri 6 late"},
		"promised for a day":         {wait("2026-03-10"), chase, "Wed 11, Thu 12 late, Fri 13 late"},
		"promised for a Friday":      {wait("2026-03-13"), chase, "Mon 16, Tue 17 late, Wed 18 late"},
		"and its date is moved meanwhile": {func(p *play) {
			due("2026-03-05")(p)
			if got, want := p.mornings(ned, doIt, "2026-03-02", "2026-03-04"), "Mon 2, Wed 4"; got != want {
				p.t.Errorf("at first on %s, want %s", got, want)
			}
			p.must(p.SetDue(p.by(ned), partnerTesting, 0, "2026-03-20"))
		}, doIt, "Thu 19, Mon 23 late"},
		"and the partner is asked again": {func(p *play) {
			wait("")(p)
			if got, want := p.mornings(ned, chase, "2026-03-02", "2026-03-04"), "Wed 4"; got != want {
				p.t.Errorf("at first on %s, want %s", got, want)
			}
			p.must(p.StillSilent(p.at("2026-03-04 10:00", ned), partnerTesting, 0, ""))
		}, chase, "Fri 6"}, // on Monday it is Ana's
		"and waits no more": {func(p *play) {
			due("2026-03-05")(p)
			p.mornings(ned, doIt, "2026-03-02", "2026-03-06")
			p.must(p.Wait(p.at("2026-03-06 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
			p.must(p.PartnerAnswered(p.at("2026-03-09 08:00", ned), partnerTesting, 0, ""))
		}, doIt, "Mon 9 late, Tue 10 late, Wed 11 late"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withNed(t)
			tt.set(p)
			from := workflow.Date("2026-03-02")
			if d := p.Day(om, p.now); d > from {
				from = d
			}
			if strings.HasPrefix(tt.want, "Thu 19, ") {
				from = "2026-03-05"
			}
			if got := p.mornings(ned, tt.move, from, "2026-03-31"); got != tt.want {
				t.Errorf("reminded on\n\t%s, want\n\t%s", got, tt.want)
			}
		})
	}
}

// Whatever day it is due, one of three reminders is for when it is late.
func TestOneReminderIsForWhenItIsLate(t *testing.T) {
	t.Parallel()
	for days := range 15 {
		due := workflow.DateOf(monday.AddDate(0, 0, days))
		p := withNed(t)
		p.must(p.SetDue(p.by(ned), partnerTesting, 0, due))
		got := p.mornings(ned, workflow.Move{Kind: workflow.MoveDo, Key: partnerTesting}, "2026-03-02", "2026-03-31")
		if !strings.HasSuffix(got, "late") || strings.Count(got, ",") != 2 {
			t.Errorf("due %s: reminded on %s", due, got)
		}
	}
}

func TestRemindersWithoutADate(t *testing.T) {
	t.Parallel()
	p := withNed(t)
	confirm := workflow.Move{Kind: workflow.MoveConfirm, Stage: "marketing"}
	wantTodo := func(who workflow.UserID, m workflow.Move, want string) {
		t.Helper()
		if got := p.mornings(who, m, "2026-03-02", "2026-03-20"); got != want {
			t.Errorf("%s is reminded of %v on %s, want %s", who, m, got, want)
		}
	}
	// The stage has opened on Monday, 22:00, at Partner Marketing.
	wantTodo(maya, confirm, "Mon 2, Wed 4, Thu 5")
	if got := p.Stages["marketing"].Reminded[maya].Times; got != workflow.MostReminders {
		t.Errorf("Maya was reminded %d times", got)
	}
	text := key("image-description@ce-image")
	p.must(p.Ask(p.at("2026-03-03 10:00", maya), text, 0, hal, "long", "", ""))
	answer := workflow.Move{Kind: workflow.MoveAnswer, Key: text, Field: "long"}
	if todo := p.todo(hal, answer); !todo.Since.Equal(p.now) || !todo.Due.IsZero() {
		t.Errorf("asked, Hal has %+v", todo)
	}
	p.must(p.Ask(p.at("2026-03-03 11:00", maya), text, 0, ned, "long", "2026-03-12", ""))
	if todo := p.todo(ned, answer); !todo.Since.Equal(p.now) || !todo.Due.Equal((week{}).At(pm, "2026-03-12")) {
		t.Errorf("asked with a date, Ned has %+v", todo)
	}

	call := begin(t)
	if got := call.mornings(omar, workflow.Move{Kind: workflow.MoveAsk, Key: key("technical-call")}, "2026-03-02", "2026-03-20"); got != "Mon 2" {
		t.Errorf("whether a call is wanted is asked on %s", got)
	}
	proposal := proposed(t)
	if got := proposal.mornings(ana, workflow.Move{Kind: workflow.MoveAccept}, "2026-03-02", "2026-03-20"); got != "Mon 2, Wed 4, Thu 5" {
		t.Errorf("a proposal is told of on %s", got)
	}
}

// Who is told by a ladder is told once.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	p := withNed(t)
	p.must(p.Wait(p.at("2026-03-02 10:00", ned), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	p.climbs(workflow.SilenceTold, "2026-03-05")
	if got := p.mornings(olu, workflow.Move{Kind: workflow.MoveSilent, Key: partnerTesting}, "2026-03-05", "2026-03-20"); got != "Thu 5" {
		t.Errorf("Olu is told on %s", got)
	}
}

// A stage asks for its date to be confirmed until that is done, and again when
// the launch moves it before.
func TestConfirm(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.stage1()
	confirm := workflow.Move{Kind: workflow.MoveConfirm, Stage: "marketing"}
	p.Remind(p.now, maya, confirm)
	if todo := p.todo(maya, confirm); todo.Reminded != 1 || !todo.Since.Equal(p.Stages["marketing"].Opened) {
		t.Errorf("the todo is %+v", todo)
	}
	p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
	if todo := p.todo(maya, confirm); todo.Reminded != 1 || todo.Quiet.After(p.now.AddDate(0, 0, 3)) {
		t.Errorf("with another date the todo is %+v", todo)
	}
	p.must(p.SetStageDue(p.by(maya), "marketing", p.Day(pm, p.Stages["marketing"].Due)))
	for _, m := range p.Moves()[maya] {
		if m == confirm {
			t.Error("it is confirmed, and asked for")
		}
	}
	// The date of stage 2 is set by its own step, and nobody is asked twice.
	for who, moves := range p.Moves() {
		for _, m := range moves {
			if m.Kind == workflow.MoveConfirm {
				t.Errorf("%s is asked to confirm stage %s", who, m.Stage)
			}
		}
	}
}

// A date that follows from a release is nobody's to confirm.
func TestCatalystDateIsNotConfirmed(t *testing.T) {
	t.Parallel()
	asked := func(due workflow.Due) bool {
		def := maintenance()
		def.Stages[0].Due = due
		start := startWith(ceImage())
		start.Target, start.Catalyst = "", &workflow.Catalyst{Kind: workflow.CatalystRelease, At: monday}
		p := beginWith(t, def, start)
		if p.Stages["implementation"].Due.IsZero() {
			t.Errorf("by %+v it has no date", due)
		}
		for _, m := range p.Moves()[omar] {
			if m.Kind == workflow.MoveConfirm {
				return true
			}
		}
		return false
	}
	if asked(workflow.Due{AfterCatalyst: 3}) || !asked(workflow.Due{AfterOpen: 3}) {
		t.Error("a date after the catalyst is to be confirmed, or one after opening is not")
	}
}

// A follow-up that is over by the time the reminder is kept has no day any more.
func TestRemindOfWhatIsOver(t *testing.T) {
	t.Parallel()
	p := withNed(t)
	p.Remind(p.now, ned, workflow.Move{Kind: workflow.MoveChase, Key: partnerTesting})
	if e := p.Emitted()[len(p.Emitted())-1]; e.Type != workflow.StepReminded || !e.Due.IsZero() || !p.ChaseAt(partnerTesting).IsZero() {
		t.Errorf("what happened is %+v", e)
	}
}
