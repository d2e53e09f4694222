package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// sheet collects what people are answered, to be compared with a golden file.
type sheet struct {
	*office
	strings.Builder
}

// asks notes a typed command and its answer.
func (s *sheet) asks(who, line string) {
	fmt.Fprintf(s, "### %s: /cloudimage %s\n", who, line)
	s.WriteString(print(s.types(who, line)) + "\n")
}

// clicks notes a button and its answer.
func (s *sheet) clicks(who, verb string, t commands.Target) {
	fmt.Fprintf(s, "### %s clicks %s %s %s\n", who, verb, t.Step, t.Field)
	s.WriteString(print(s.do(who, commands.Request{Verb: verb, Target: t})) + "\n")
}

// opened is an office with a partnership whose stage 1 is complete, in which
// something waits, somebody is asked for help and something was given up.
func opened(t *testing.T) *office {
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6")
	o.does("omar", "DigitalOcean", "2.1", "2.2", "2.3.1 CE")
	o.fills("omar", "wait DigitalOcean 2.3.2 CE Please test it", "ticket=DO-8812", "promised=2026-11-25")
	o.fills("maya", "ask DigitalOcean 3.3 CE @wei", "what=long", "until=2026-12-01")
	o.must("ana", "waive DigitalOcean 3.5 Nobody uses it there yet")
	return o
}

func TestEmptyOffice(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newOffice(t)}
	for _, line := range []string{"", "status", "mine", "done", "history", "status nobody", "frobnicate", "hlep", "note hello", "accept", "step"} {
		s.asks("ana", line)
	}
	golden(t, "empty", s.String())
}

func TestStarting(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newOffice(t)}
	s.asks("ana", "new DigitalOcean")
	s.asks("maya", "new")
	s.asks("ines", "new")
	start := func(who string, v commands.Values) {
		fmt.Fprintf(s, "### %s sends %v\n", who, v)
		s.WriteString(print(s.do(who, commands.Request{Verb: "new", Target: commands.Target{Channel: "C1"}, Values: v})) + "\n")
	}
	good := func() commands.Values {
		return commands.Values{"partner": {"Linode"}, "provider": {"manual"}, "listings": {"CE/image"}, "target": {"2027-01-15"}}
	}
	start("ana", good())
	start("maya", good())
	other := good()
	other["partner"] = []string{" linode "}
	other["listings"] = []string{"EE/image"}
	start("maya", other)
	start("lee", other)
	for field, bad := range map[workflow.FieldID]string{"partner": " ", "provider": "gcp", "listings": "XX/image", "target": "2026-11-19"} {
		v := good()
		v["partner"] = []string{"Vultr"}
		v[field] = []string{bad}
		if _, err := s.do("ana", commands.Request{Verb: "new", Values: v}); !strings.Contains(print(commands.Reply{}, err), "  "+string(field)+": ") {
			t.Errorf("%s = %q: %v", field, bad, err)
		}
	}
	start("ana", commands.Values{})
	start("ana", commands.Values{"target": {"2026-11-19"}, "process": {"no-such-process"}})
	start("ana", commands.Values{"target": {"2026-11-19"}})
	start("ana", commands.Values{"target": {"9999-12-31"}})
	golden(t, "starting", s.String())
}

func TestReading(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.starts("maya", "Linode")
	s.now = s.now.AddDate(0, 1, 0) // so that things are late
	s.overdue("DigitalOcean")
	for _, line := range []string{
		"", "mine", "status", "status digital", "help", "help done", "help nothing", "people digital", "brief digital", "history digital",
		"process", "process image-maintenance", "process none", "howto digital 2.3", "howto digital 3.5", "howto digital 7.1", "statsu", "digital",
	} {
		s.asks("ana", line)
	}
	for _, who := range []string{"omar", "maya", "wei", "tom"} {
		s.asks(who, "")
	}
	golden(t, "reading", s.String())
}

// overdue marks what is late, as the clocks do.
func (o *office) overdue(partner string) {
	r := o.run(partner)
	if _, err := o.shelf.Update(o.t.Context(), r.ID, workflow.RequestID("late at "+o.now.String()), func(r *workflow.Run) error {
		r.Tick(o.now)
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
}

func TestHistoryTellsEverything(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	tick := func() { s.now = s.now.Add(time.Minute) }
	for _, act := range [][2]string{
		{"maya", "note DigitalOcean They like the draft"},
		{"maya", "note DigitalOcean 3.4 Lee Park decides"},
		{"ana", "assign DigitalOcean 3.1 @noor"},
		{"ana", "due DigitalOcean 3.1 2026-12-24"},
		{"ana", "reopen DigitalOcean 1.5 Omar wants it"},
		{"ana", "reopen DigitalOcean 1.2 Their API has changed"},
		{"ines", "waive DigitalOcean 1.2 Ana is on leave"},
	} {
		s.must(act[0], act[1])
		tick()
	}
	s.fills("omar", "act DigitalOcean 2.3.2 CE", "text=Wrote to them again")
	s.fills("omar", "answered DigitalOcean 2.3.2 CE", "text=They passed it")
	s.fills("wei", "answer DigitalOcean 3.3 CE", "long=GitLab, ready in two minutes.")
	s.fills("ines", "assign DigitalOcean 3.2.1 @tom", "reason=Maya is on leave")
	s.fills("ana", "assign DigitalOcean 3.1", "assignee=")
	s.fills("ana", "people DigitalOcean", "owner=U0LEE", "lead-omnibus=U0LENA")
	s.now = s.now.AddDate(0, 2, 0)
	s.overdue("DigitalOcean")
	s.must("lee", "cancel DigitalOcean They closed their marketplace")
	s.asks("ana", "history DigitalOcean")
	s.now = friday
	s.starts("maya", "Linode")
	s.must("ana", "accept Linode")
	s.asks("ana", "history Linode")
	golden(t, "history", s.String())
}

func TestSteps(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	for _, who := range []string{"ana", "omar", "maya", "tom", "ines"} {
		s.asks(who, "update DigitalOcean")
	}
	run := commands.Target{Run: s.run("DigitalOcean").ID}
	for _, list := range []workflow.FieldID{"closed", "other"} {
		t := run
		t.Field = list
		s.clicks("ana", "update", t)
	}
	part := run
	part.Step = workflow.StepKey{Step: "upload-image"}
	s.clicks("omar", "update", part)
	for _, line := range []string{"step DigitalOcean 2.3.2", "step DigitalOcean 1.1", "step DigitalOcean 2.4.1", "step DigitalOcean"} {
		s.asks("ana", line)
	}
	golden(t, "steps", s.String())
}

// Every form of every verb, as it opens.
func TestForms(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	for _, line := range []string{
		"skip DigitalOcean", "waive DigitalOcean 2.4.1", "reopen DigitalOcean 1.1", "reopen DigitalOcean 3.5",
		"assign DigitalOcean 2.4.1", "assign DigitalOcean 2.4.1 @lena", "due DigitalOcean 2.4.1", "due DigitalOcean 2.4.1 soon",
		"ask DigitalOcean 3.3 EE @wei", "ask DigitalOcean 2.4.1", "wait DigitalOcean 2.4.1 Where is the wiki?",
		"answered DigitalOcean 2.3.2 CE", "act DigitalOcean 2.3.2 CE", "note DigitalOcean", "cancel DigitalOcean", "people DigitalOcean",
		"done DigitalOcean 2.3", "done DigitalOcean", "done 9.9",
	} {
		s.asks("ana", line)
	}
	s.asks("wei", "answer DigitalOcean 3.3")
	s.asks("wei", "done DigitalOcean 3.3 CE")
	s.asks("ines", "done DigitalOcean 2.4.1 https://example.com/mr/1")
	s.asks("ines", "skip DigitalOcean")
	s.starts("maya", "Linode")
	s.asks("ana", "cancel Linode")
	s.asks("ines", "accept Linode")
	s.asks("ana", "people Linode")
	golden(t, "forms", s.String())
}

// The evidence of every step of the process that ships, in the order in which it
// is asked for.
func TestEvidence(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newOffice(t)}
	s.starts("ana", "DigitalOcean")
	s.must("ana", "want DigitalOcean 1.5")
	for range 40 {
		r := s.run("DigitalOcean")
		var next workflow.Node
		r.Walk(func(n workflow.Node) bool {
			if r.CanDo(n) && (!n.Step.Optional || n.State.Wanted) {
				next = n
			}
			return next.Step == nil
		})
		if next.Step == nil {
			break
		}
		line := "done DigitalOcean " + next.Number() + " " + string(next.Key.Listing)
		if next.Key.Listing != "ee-image" { // which is asked for the same
			s.asks("ana", line)
		}
		s.does("ana", "DigitalOcean", next.Number()+" "+string(next.Key.Listing))
	}
	if state := s.run("DigitalOcean").State; state != workflow.Complete {
		t.Errorf("when all is done, the run is %s", state)
	}
	s.asks("ana", "status DigitalOcean")
	s.asks("ana", "brief DigitalOcean")
	s.asks("ana", "mine")
	golden(t, "evidence", s.String())
}
