package commands_test

import (
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// sent notes a form that is opened by a command and sent with answers.
func (s *sheet) sent(who, line string, answers ...string) {
	s.t.Helper()
	form := s.must(who, line).Form
	if form == nil {
		s.t.Fatalf("%s, %s: no form", who, line)
	}
	s.WriteString("### " + who + " sends " + line + ": " + strings.Join(answers, ", ") + "\n")
	s.WriteString(print(s.sends(who, form, answers...)) + "\n")
}

func (s *sheet) after(d time.Duration) { s.now = s.now.Add(d) }

// What is done can be taken back for ten minutes, from wherever it is offered;
// after that the same button opens the form that reopens it.
func TestUndo(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newOffice(t)}
	s.starts("ana", "DigitalOcean")
	s.sent("ana", "done DigitalOcean 1.1", "issue=https://example.com/1")
	run := s.run("DigitalOcean")
	button := commands.Target{Run: run.ID, Step: key("create-issue"), Version: run.Steps[key("create-issue")].Version}
	s.after(4 * time.Minute)
	for _, line := range []string{"update DigitalOcean", "step DigitalOcean 1.1"} {
		s.asks("ana", line)
		s.asks("lee", line)
	}
	s.clicks("lee", "undo", button)
	s.asks("omar", "undo DigitalOcean 1.1")
	s.asks("lee", "undo")
	s.asks("ana", "undo")
	s.clicks("ana", "undo", button)
	s.asks("ana", "undo")
	s.sent("ana", "done DigitalOcean 1.1")
	s.sent("ana", "done DigitalOcean 1.2")
	s.asks("ana", "undo DigitalOcean")
	s.after(workflow.UndoWithin)
	button.Version = s.run("DigitalOcean").Steps[key("create-issue")].Version
	s.clicks("ana", "undo", button)
	s.asks("ana", "undo DigitalOcean 1.2")
	s.asks("ana", "step DigitalOcean 1.2")
	s.asks("ana", "history DigitalOcean")
	golden(t, "undo", s.String())
}

func TestSnoozing(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	for _, line := range []string{
		"snooze DigitalOcean 2.4.1",
		"snooze DigitalOcean 2.4.1 2",
		"snooze DigitalOcean 2.4.1 Their lawyers read it",
		"snooze DigitalOcean 2.4.1 2 waiting for the lawyers",
		"step DigitalOcean 2.4.1",
		"snooze DigitalOcean 2.4.1",
		"snooze DigitalOcean 2.4.1 off",
		"snooze DigitalOcean 2.4.1 off",
		"snooze DigitalOcean 2.4.1 tomorrow They write back",
		"snooze DigitalOcean 2.4.1 2026-12-01 They write back",
		"snooze DigitalOcean 2.3.2 CE 1 They said so on the phone",
		"snooze DigitalOcean",
	} {
		s.asks("omar", line)
	}
	s.sent("omar", "snooze DigitalOcean 2.4.1", "when=date", "until=2026-12-02", "reason=They are away")
	s.sent("omar", "snooze DigitalOcean 2.4.1", "when=off", "reason=")
	s.sent("omar", "snooze DigitalOcean 2.4.1", "reason=")
	s.sent("omar", "snooze DigitalOcean 2.4.1", "when=date", "reason=They are away")
	s.asks("ana", "snooze DigitalOcean 2.4.1 2 I think that it can wait")
	s.asks("ana", "history DigitalOcean")
	golden(t, "snooze", s.String())
}

// A partner is silent, is asked again, writes, and answers in the end.
func TestSilence(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.must("ana", "people DigitalOcean")
	for _, line := range []string{"wrote DigitalOcean 2.3.2 CE We look into it.", "silent DigitalOcean 2.3.2 CE", "escalate DigitalOcean 2.3.2", "silent DigitalOcean 2.4.1", "silent", "wait DigitalOcean 2.4.1"} {
		s.asks("omar", line)
	}
	s.sent("omar", "silent DigitalOcean 2.3.2 CE Rang them up")
	s.after(24 * 4 * time.Hour)
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE We look into it.", "means=promise")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE We look into it.", "means=later", "promised=2026-11-30")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE We look into it.", "means=promise", "promised=2026-11-20")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE Our password: hunter2secret", "means=later")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE We look into it.", "means=")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE We look into it.", "means=promise", "promised=2026-11-30")
	s.sent("omar", "wrote DigitalOcean 2.3.2 CE Still with the lawyers.", "means=later")
	s.after(24 * 3 * time.Hour)
	s.must("omar", "done DigitalOcean 2.4.1")
	s.sent("omar", "act DigitalOcean 2.3.2 CE", "text=Wrote to their support once more")
	s.asks("omar", "escalate DigitalOcean 2.3.2 CE They need to hear it from you")
	s.sent("omar", "escalate DigitalOcean 2.3.2 CE They need to hear it from you")
	s.asks("ana", "mine")
	s.sent("ana", "wrote DigitalOcean 2.3.2 CE Send us the logo.", "means=need")
	s.asks("ana", "wrote DigitalOcean 2.3.2 CE Send us the logo.")
	s.asks("ana", "history DigitalOcean")
	golden(t, "silence", s.String())
}

func TestStages(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.starts("ana", "Exoscale 2")
	old := commands.StageTarget(s.run("DigitalOcean"), stageOf(t, s.run("DigitalOcean"), "marketing"))
	for _, line := range []string{
		"confirm", "confirm DigitalOcean", "confirm DigitalOcean 7", "confirm nobody 2", "confirm 3", "due Exoscale 2", "due Exoscale 2 1",
		"due DigitalOcean 3", "due DigitalOcean 3 soon", "due DigitalOcean 3 2026-02-30", "due DigitalOcean 3 2026-11-19",
		"confirm DigitalOcean 1",
	} {
		s.asks("maya", line)
	}
	s.clicks("omar", "confirm", old)
	s.clicks("ines", "confirm", old)
	s.clicks("maya", "confirm", commands.Target{Run: old.Run, Field: old.Field, Version: old.Version - 86400})
	s.clicks("maya", "confirm", old)
	s.clicks("maya", "confirm", old)
	s.asks("maya", "due DigitalOcean 3 2027-01-08")
	s.asks("maya", "due DigitalOcean 3 2027-01-08")
	s.asks("maya", "due DigitalOcean 3 @noor 2027-01-11")
	s.sent("maya", "due DigitalOcean 3", "assignee=")
	s.asks("omar", "confirm DigitalOcean 2 2027-01-12")
	// A date that is over cannot be confirmed.
	late := &sheet{office: opened(t)}
	late.now = late.now.AddDate(0, 2, 0)
	late.clicks("maya", "confirm", old)
	s.WriteString(late.String())
	golden(t, "stages", s.String())
}

func stageOf(t *testing.T, r *workflow.Run, id workflow.StageID) *workflow.Stage {
	stage, ok := r.Definition().StageByID(id)
	if !ok {
		t.Fatalf("no stage %s", id)
	}
	return stage
}

func TestLaunchDay(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.does("maya", "DigitalOcean", "3.2.1", "3.2.2", "3.4")
	s.asks("maya", "launched DigitalOcean 3.2.1")
	s.asks("maya", "launched DigitalOcean 3.1")
	if _, err := s.service.Do(t.Context(), workflow.Who{User: id("ana"), Request: "launch", Reason: "Their shop is closed that week"}, s.run("DigitalOcean").ID,
		workflow.Ask{Verb: workflow.VerbLaunch}, func(act workflow.Act, r *workflow.Run) error { return r.MoveLaunch(act, "2027-01-18") }); err != nil {
		t.Fatal(err)
	}
	s.now = workflow.Date("2027-01-18").Time().Add(9 * time.Hour)
	s.asks("maya", "mine")
	s.asks("maya", "launched")
	s.asks("maya", "launched DigitalOcean 3.2.1")
	s.asks("maya", "launched DigitalOcean 3.2.1")
	s.asks("maya", "history DigitalOcean")
	golden(t, "launched", s.String())
}

// Who covers for somebody acts in their place, and both names are kept.
func TestCovering(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	if err := s.service.SetAway(t.Context(), workflow.Who{User: id("omar"), Request: "away"}, id("omar"), id("tom"), "2026-12-03"); err != nil {
		t.Fatal(err)
	}
	s.asks("tom", "mine")
	s.asks("ana", "assign DigitalOcean 2.4.1 @omar")
	s.asks("tom", "snooze DigitalOcean 2.4.1 2 I am new to this")
	s.sent("tom", "done DigitalOcean 2.4.1")
	s.sent("tom", "escalate DigitalOcean 2.3.2 CE")
	s.asks("ana", "due DigitalOcean 2 @omar 2027-01-12")
	if err := s.service.Back(t.Context(), workflow.Who{User: id("omar"), Request: "back"}, id("omar")); err != nil {
		t.Fatal(err)
	}
	if err := s.service.SetStandin(t.Context(), workflow.Who{User: id("lena"), Request: "standin"}, workflow.Standin{Team: "omnibus", User: id("tom"), Reason: "The release comes first", Condition: "17.6 is out", Review: "2026-12-10"}); err != nil {
		t.Fatal(err)
	}
	if err := s.service.Left(t.Context(), id("wei"), "left"); err != nil {
		t.Fatal(err)
	}
	s.asks("ana", "history DigitalOcean")
	golden(t, "covering", s.String())
}

// Reminders are told with their number and their reason.
func TestRemindersInHistory(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	remind := func() {
		t.Helper()
		r := s.run("DigitalOcean")
		if _, err := s.shelf.Update(t.Context(), r.ID, workflow.RequestID("reminders at "+s.now.String()), func(r *workflow.Run) error {
			for _, who := range []string{"omar", "maya", "wei"} {
				for _, m := range r.Moves()[id(who)] {
					r.Remind(s.now, id(who), m)
				}
			}
			r.Tick(s.now)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	remind()
	s.now = s.now.AddDate(0, 1, 23)
	for range 5 {
		remind()
		s.after(24 * time.Hour)
	}
	s.asks("ana", "history DigitalOcean")
	s.asks("ana", "mine")
	s.asks("omar", "mine")
	golden(t, "reminders", s.String())
}

// What makes no sense is answered with what to do instead, and changes nothing.
func TestBadTimes(t *testing.T) {
	t.Parallel()
	base := opened(t)
	before := base.run("DigitalOcean").Version
	for _, tt := range []struct{ who, line, want string }{
		{"omar", "due DigitalOcean 2.4.1 2026-11-19", "choose today or a later day"},
		{"omar", "due DigitalOcean 2.4.1 2026-02-30", "write it as 2026-01-15"},
		{"omar", "assign DigitalOcean 2.4.1 @nobody", "choose the person from the list"},
		{"omar", "snooze DigitalOcean 2.4.1 2026-02-30 It waits", "write it as 2026-01-15"},
		{"omar", "snooze DigitalOcean 2.4.1 2026-11-19 It waits", "choose today or a later day"},
		{"omar", "snooze DigitalOcean 2.4.1 2026-11-20 It waits", "later day than today"},
		{"omar", "snooze DigitalOcean 2.4.1 0 It waits", "1 or more"},
		{"omar", "snooze DigitalOcean 2.4.1 -3 It waits", "1 or more"},
		{"omar", "snooze DigitalOcean 2.4.1 99999999999999999999 It waits", "quiet"}, // no number: it is the reason
		{"omar", "snooze DigitalOcean 2.4.1 21 It waits", "Move the date instead"},
		{"lena", "snooze DigitalOcean 2.4.1 2 It waits", "only they can snooze it"},
		{"noor", "snooze DigitalOcean 2.4.1 2 It waits", "Ask @omar"},
		{"omar", "snooze DigitalOcean 2.4.2 2 It waits", "is locked"},
		{"omar", "snooze DigitalOcean 2.4.1 2 The password: hunter2secret", "looks like a secret"},
		{"maya", "due DigitalOcean 3 2026-11-19", "choose today or a later day"},
		{"maya", "due DigitalOcean 3 2026-02-30", "write it as 2026-01-15"},
		{"maya", "due DigitalOcean 3 @nobody 2026-12-24", "choose the person from the list"},
		{"omar", "due DigitalOcean 3 2026-12-24", "for Partner Marketing team to confirm. Ask @maya"},
		{"ana", "due DigitalOcean 1 2026-12-24", "is complete"},
		{"omar", "silent DigitalOcean 2.4.1", "does not wait for DigitalOcean"},
		{"omar", "escalate DigitalOcean 2.4.1", "does not wait for DigitalOcean"},
		{"omar", "wrote DigitalOcean 2.4.1", "does not wait for DigitalOcean"},
		{"maya", "launched DigitalOcean 3.1", "Nothing is done with"},
		{"omar", "undo DigitalOcean 2.4.1", "nothing to undo"},
	} {
		o := base.again(t)
		reply, err := o.raw(tt.who, tt.line)
		said := print(reply, err)
		if tt.want == "quiet" {
			if reply.Form == nil {
				t.Errorf("%s: %s", tt.line, said)
			}
		} else if err == nil || !strings.Contains(said, tt.want) {
			t.Errorf("%s, %s: %s\nwant: … %s …", tt.who, tt.line, said, tt.want)
		}
		if after := o.run("DigitalOcean").Version; after != before {
			t.Errorf("%s, %s: the run has changed", tt.who, tt.line)
		}
	}
}

// The same of forms: the field that needs another look is named.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	base := opened(t)
	before := base.run("DigitalOcean").Version
	for _, tt := range []struct {
		who, line, field string
		answers          []string
	}{
		{"omar", "wait DigitalOcean 2.4.1", "promised", []string{"promised=2026-11-19"}},
		{"omar", "wait DigitalOcean 2.4.1", "promised", []string{"promised=2026-02-30"}},
		{"omar", "wait DigitalOcean 2.4.1", "contact", []string{"contact=Jo, password: hunter2secret"}},
		{"maya", "ask DigitalOcean 3.3 EE", "until", []string{"until=2026-11-19"}},
		{"maya", "ask DigitalOcean 3.3 EE", "helper", []string{"helper=U0GUS"}},
		{"maya", "ask DigitalOcean 3.3 EE", "for", []string{"for=the token: glpat-abcdefghijklmnopqrst"}},
		{"omar", "assign DigitalOcean 2.4.1", "assignee", []string{"assignee=U0DANA"}},
		{"maya", "due DigitalOcean 3", "assignee", []string{"assignee=U0OSCAR"}},
		{"maya", "due DigitalOcean 3", "due", []string{"due="}},
		{"omar", "snooze DigitalOcean 2.4.1", "when", []string{"when=forever", "reason=It waits"}},
		{"omar", "snooze DigitalOcean 2.4.1", "when", []string{"when=21", "reason=It waits"}},
		{"omar", "snooze DigitalOcean 2.4.1", "until", []string{"when=date", "until=2027-02-01", "reason=It waits"}},
		{"omar", "silent DigitalOcean 2.3.2 CE", "text", []string{"text=password: hunter2secret"}},
		{"omar", "escalate DigitalOcean 2.3.2 CE", "text", []string{"text=password: hunter2secret"}},
	} {
		o := base.again(t)
		_, err := o.sends(tt.who, o.must(tt.who, tt.line).Form, tt.answers...)
		if said := print(commands.Reply{}, err); err == nil || !strings.Contains(said, "\n  "+tt.field+": ") {
			t.Errorf("%s, %s with %s: %s\nwant: %s needs another look", tt.who, tt.line, tt.answers, said, tt.field)
		}
		if after := o.run("DigitalOcean").Version; after != before {
			t.Errorf("%s, %s with %s: the run has changed", tt.who, tt.line, tt.answers)
		}
	}
}

// A security update is not snoozed past its deadline.
func TestSnoozeOfSecurity(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.service.Begin(t.Context(), workflow.Who{User: id("omar"), Request: "begin"}, "image-maintenance", workflow.Start{
		Partner: "GitLab 17.5.1", Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.AWS)},
		Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: o.now},
	})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for who, moves := range r.Moves() {
		for _, m := range moves {
			if m.Kind != workflow.MoveDo {
				continue
			}
			tried++
			_, err := o.do(strings.TrimPrefix(name(who), "@"), commands.Request{Verb: "snooze", Target: commands.Target{Run: r.ID, Step: m.Key},
				Values: commands.Values{"when": {"2"}, "reason": {"It can wait."}}})
			if said := print(commands.Reply{}, err); !strings.Contains(said, "cannot be snoozed past that") || !strings.Contains(said, "  when: ") {
				t.Errorf("%s snoozes %s: %s", who, m.Key, said)
			}
		}
	}
	if tried == 0 {
		t.Error("nobody has anything to snooze")
	}
}

// A release is found by its name, which has a number like a step's; and a listing
// by its cloud, where there are several.
func TestReleaseByName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.service.Begin(t.Context(), workflow.Who{User: id("omar"), Request: "begin"}, "image-maintenance", workflow.Start{
		Partner: "GitLab 17.5.1", Catalyst: &workflow.Catalyst{Kind: workflow.CatalystRelease, At: o.now},
		Listings: []workflow.Listing{
			workflow.NewListing("CE", workflow.Image, workflow.AWS), workflow.NewListing("EE", workflow.Image, workflow.Azure),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"assign GitLab 17.5.1 1.2 azure @lena": "1.2 Update image (EE image on Azure) is with @lena.",
		"assign 17.5.1 1.1 @lena":              "1.1 Create issue is with @lena.",
		"due gitlab 17.5.1 1.3 2026-12-01":     "1.3 Update documentation is due",
		"due GitLab 17.5.1 2 2026-12-01":       "Stage 2 of GitLab 17.5.1, Technical Info, is due",
		"note GitLab 17.5.1 1.1 It is there":   "Noted",
		"assign GitLab 17.5.1 9.9 @lena":       "There is no step 9.9 there.",
	} {
		who := "omar"
		if strings.Contains(line, " 2 ") {
			who = "maya"
		}
		if said := print(o.types(who, line)); !strings.Contains(said, want) {
			t.Errorf("%s: %s\nwant: %s", line, said, want)
		}
	}
}
