package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// ticks does what time has done, as the timers do.
func (o *office) ticks(partner string, days int) {
	o.t.Helper()
	o.now = o.now.AddDate(0, 0, days)
	o.overdue(partner)
}

// reminds notes that a person was reminded of a step.
func (o *office) reminds(who, partner, number string) {
	o.t.Helper()
	r := o.run(partner)
	if _, err := o.shelf.Update(o.t.Context(), r.ID, workflow.RequestID(fmt.Sprint("remind ", who, number, o.now)), func(r *workflow.Run) error {
		for _, m := range r.Moves()[id(who)] {
			if n, ok := r.Node(m.Key); ok && n.Number() == number {
				r.Remind(o.now, id(who), m)
			}
		}
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	for _, line := range []string{"why", "why digital", "why digital 2.1", "why digital 2.3", "why digital 2.3.2", "why digital 2.3.3", "why digital 2.4.2", "why digital 3.1", "why digital 3.3", "why digital 3.5", "why digital 1.5", "why digital 7.1"} {
		s.asks("ana", line)
	}
	s.must("ana", "assign DigitalOcean 3.1 @noor")
	s.must("ana", "due DigitalOcean 3.1 2026-12-24")
	s.must("maya", "away until 2027-02-01 cover @noor")
	s.must("ana", "launch DigitalOcean 2027-01-29 their fair is later")
	s.now = time.Date(2026, time.December, 25, 9, 0, 0, 0, time.UTC)
	s.overdue("DigitalOcean")
	for range 3 {
		s.reminds("noor", "DigitalOcean", "3.1")
		s.now = s.now.AddDate(0, 0, 1)
	}
	for _, line := range []string{"why digital", "why digital 3.1", "why digital 3.2.1", "why digital 2.3.2", "why digital 2.4.1"} {
		s.asks("noor", line)
	}
	golden(t, "why", s.String())
}

func TestLaunchPlan(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	run := s.run("DigitalOcean").ID
	s.asks("ana", "launch")
	s.clicks("ana", "launch", commands.Target{Run: run, Field: "move"})
	for _, line := range []string{"launch digital 2026-11-19", "launch digital 2026-02-30", "launch digital 30 February", "launch digital 2027-01-15", "launch digital 2027-01-20", "launch nobody 2027-01-20"} {
		s.asks("ana", line)
	}
	s.asks("una", "launch digital 2027-01-22")
	s.does("maya", "DigitalOcean", "3.4")
	s.asks("maya", "launch digital")
	s.asks("maya", "launch digital tomorrow")
	s.asks("maya", "launch digital 2027-01-21 Lee Park moved it and knows")
	s.now = time.Date(2027, time.January, 21, 9, 0, 0, 0, time.UTC)
	s.asks("maya", "launch digital")
	golden(t, "launch", s.String())
}

func TestHome(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.starts("maya", "Linode")
	for i := range 12 {
		s.starts("ana", fmt.Sprintf("Partner %d", i))
	}
	s.asks("ana", "")
	for _, mark := range []workflow.FieldID{"mine:2", "mine:9", "team", "all", "all:3", "nonsense:-1"} {
		s.clicks("omar", "home", commands.Target{Field: mark})
	}
	s.clicks("omar", "mine", commands.Target{Field: "mine:2"})
	s.clicks("omar", "status", commands.Target{Field: "find"})
	golden(t, "home", s.String())
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.asks("ana", "settings")
	for _, field := range []workflow.FieldID{"morning-off", "morning-off", "news-off", "daily-off", "thread-off", "morning-on", "time", "nope"} {
		s.clicks("ana", "settings", commands.Target{Field: field, Channel: "C1"})
	}
	s.clicks("una", "settings", commands.Target{Field: "daily-on", Channel: "C1"})
	s.clicks("una", "settings", commands.Target{Channel: "C1"})
	for _, at := range []string{"25:00", "7:15", "soon", "", "09:30"} {
		fmt.Fprintf(s, "### ana sends %s\n", at)
		s.WriteString(print(s.do("ana", commands.Request{Verb: "settings", Target: commands.Target{Field: "time"}, Values: commands.Values{"morning": {at}}})) + "\n")
	}
	golden(t, "settings", s.String())
}

func TestHistoryOfOneStep(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.asks("omar", "history digital 2.3")
	s.asks("omar", "history digital 2.3.2")
	golden(t, "history-step", s.String())
}

func TestReport(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.asks("ana", "report")
	s.ticks("DigitalOcean", 3)
	s.fills("omar", "answered DigitalOcean 2.3.2 CE", "text=Passed")
	s.fills("omar", "wait DigitalOcean 2.3.2 CE And the second time?")
	s.ticks("DigitalOcean", 4)
	s.fills("omar", "answered DigitalOcean 2.3.2 CE", "text=Passed")
	s.fills("omar", "wait DigitalOcean 2.3.1 EE Where is the form?", "ticket=DO-9")
	s.starts("ana", "Linode")
	s.fills("ana", "wait Linode 1.2 Where are your docs?")
	s.ticks("DigitalOcean", 20)
	s.must("ana", "cancel Linode They closed")
	s.asks("ana", "report")
	s.asks("ana", "report linode")
	s.asks("ana", "report nobody")
	golden(t, "report", s.String())
}

// reasons are the calendar's words, as far as a test needs them.
type reasons struct{}

func (reasons) Reason(_ workflow.TeamID, from workflow.Date, n int) string {
	side := "after"
	if n < 0 {
		n, side = -n, "before"
	}
	return fmt.Sprintf("%d business days %s %s, skips a holiday", n, side, from)
}

// Without the calendars' reasons a date is explained all the same.
func TestWhyWithoutReasons(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.desk = commands.New(commands.Options{Service: o.desk.Service, Default: "first-time-image", Command: "/cloudimage"})
	if got := print(o.types("omar", "why digital 2.4.1")); !strings.Contains(got, "5 business days before 2027-01-15.") {
		t.Error(got)
	}
}

// What a person cannot go on with is not among what they do next, and what they
// snoozed comes last.
func TestWaitingOnOthers(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.fills("omar", "answered DigitalOcean 2.3.2 CE", "text=Passed")
	s.does("omar", "DigitalOcean", "2.3.2 CE")
	s.fills("omar", "wait DigitalOcean 2.3.1 EE Where is the form?", "ticket=DO-9")
	s.fills("omar", "snooze DigitalOcean 2.4.1", "reason=The writers are at a fair")
	s.asks("omar", "mine")
	s.asks("omar", "why digital 2.4.1")
	s.asks("omar", "why digital 2.3.3 CE")
	s.must("omar", "due DigitalOcean 2.4.1 2026-11-27")
	s.ticks("DigitalOcean", 10) // the ladder has been climbed
	s.asks("omar", "")
	s.asks("ana", "")
	s.fills("ana", "answered DigitalOcean 2.3.1 EE", "text=Here it is")
	s.asks("omar", "why digital 2.3.1 EE")
	golden(t, "waiting", s.String())
}
