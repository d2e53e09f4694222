package commands_test

import (
	"strings"
	"testing"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// A lane is named by its id, its name or its edition, in any case, and what is
// typed behind it goes into the form.
func TestLanesByName(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2.3.2 ce-image Test it":  "CE image / Test it",
		"2.3.2 CE Test it":        "CE image / Test it",
		"2.3.2 ce image  Test it": "CE image / Test it",
	} {
		o := newOffice(t)
		o.starts("ana", "DigitalOcean")
		o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6", "2.1", "2.2", "2.3.1 CE", "2.3.1 EE")
		form := o.must("omar", "wait DigitalOcean "+typed).Form
		if form == nil {
			t.Errorf("%q opens no form", typed)
			continue
		}
		l, _ := o.run("DigitalOcean").Listing(form.Target.Step.Listing)
		if got := l.Name() + " / " + strings.Join(form.Fields[0].Initial, ""); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// Of two lanes only one of which can be done, that one is meant.
func TestTheOnlyLane(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6", "2.1", "2.2", "2.3.1 CE")
	form := o.must("omar", "done DigitalOcean 2.3.1").Form
	if form == nil || form.Target.Step.Listing != "ee-image" {
		t.Errorf("%+v", form)
	}
}

// A form that has grown old is offered again with what was written in it; when
// there is nothing left to do, what has happened is said instead.
func TestOldForm(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	form := o.must("ana", "done DigitalOcean 1.1 https://example.com/mine").Form
	o.must("ana", "assign DigitalOcean 1.1 @lee")
	reply, err := o.sends("ana", form)
	if err != nil || reply.Form == nil {
		t.Fatalf("%v, %v", reply, err)
	}
	if got := reply.Form.Fields[0].Initial; len(got) != 1 || got[0] != "https://example.com/mine" {
		t.Errorf("the form holds %q", got)
	}
	if reply.Form.Target.Version <= form.Target.Version {
		t.Errorf("the form is as old as the one before: version %d", reply.Form.Target.Version)
	}
	o.does("lee", "DigitalOcean", "1.1")
	if reply, err = o.sends("ana", reply.Form); workflow.KindOf(err) != workflow.Stale {
		t.Errorf("%v, %v", reply, err)
	}
}

// A request that comes twice is carried out once, and answered both times.
func TestOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	req := commands.Request{ID: "the same", User: id("ana"), Verb: "note", Text: "DigitalOcean Hello"}
	for range 3 {
		if reply, err := o.desk.Do(t.Context(), req); err != nil || reply.Text.IsZero() {
			t.Fatalf("%v, %v", reply, err)
		}
	}
	notes := 0
	for _, e := range o.shelf.events[o.run("DigitalOcean").ID] {
		if e.Type == workflow.NoteAdded {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("%d notes", notes)
	}
}

// What only the team and the owner are to see is in no page that others see.
func TestPrivateEvidence(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	o.does("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6")
	o.fills("maya", "done DigitalOcean 3.5", "customer=Initech", "quote=We were up in an hour.")
	for _, line := range []string{"brief DigitalOcean", "history DigitalOcean", "step DigitalOcean 3.5", "howto DigitalOcean 3.5", "status DigitalOcean", ""} {
		for _, who := range []string{"omar", "wei"} {
			if got := print(o.types(who, line)); strings.Contains(got, "Initech") || strings.Contains(got, "an hour") {
				t.Errorf("%s, %q: %s", who, line, got)
			}
		}
	}
	if _, err := o.types("omar", "reopen DigitalOcean 3.5"); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("omar, who is not of the team, gets the form: %v", err)
	}
}

// A target is read back from the chat and may say anything.
func TestStrangeTargets(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.starts("ana", "DigitalOcean")
	run := o.run("DigitalOcean").ID
	targets := []commands.Target{
		{Run: "nope"}, {Run: run, Step: workflow.StepKey{Step: "nope"}}, {Run: run, Step: workflow.StepKey{Step: "go-live", Listing: "nope"}},
		{Run: run, Step: workflow.StepKey{Step: "upload-image"}}, {Run: run, Step: workflow.StepKey{Step: "escalate"}},
		{Run: run, Step: workflow.StepKey{Step: "create-issue"}, Field: "nope", Version: 1 << 40},
		{Run: run, Field: "nope"}, {Process: "nope"}, {Process: "first-time-image", Step: workflow.StepKey{Step: "nope"}},
	}
	for _, v := range o.desk.Verbs() {
		for _, target := range targets {
			for _, values := range []commands.Values{nil, {}, {"reason": {"because"}, "text": {"x"}, "step": {"nope"}, "assignee": {"nobody"}, "due": {"never"}}} {
				who := "ines"
				if v.Name == "cancel" {
					who = "omar" // it would be over
				}
				reply, err := o.again(t).do(who, commands.Request{Verb: v.Name, Target: target, Values: values})
				said := print(reply, err)
				if strings.HasPrefix(said, "fault") || strings.Contains(said, "%!") || strings.TrimSpace(said) == "" {
					t.Errorf("%q %+v %v: %q", v.Name, target, values, said)
				}
			}
		}
	}
}
