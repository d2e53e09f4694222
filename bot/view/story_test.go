package view

import (
	"slices"
	"testing"

	"cloudimage/workflow"
)

// tell is the story of the last event of a type, with what came after it.
func tell(t testing.TB, r *workflow.Run, kind workflow.EventType) Message {
	t.Helper()
	all := r.Emitted()
	for i, e := range slices.Backward(all) {
		// Steps that are late at one moment are one story, which begins with the first.
		first := kind != workflow.StepOverdue || i == 0 || all[i-1].Type != kind || !all[i-1].At.Equal(e.At)
		if e.Type == kind && first {
			m, ok := named.Story(r, all[i:])
			if !ok {
				t.Fatalf("%s is not told", kind)
			}
			return m
		}
	}
	t.Fatalf("there is no %s", kind)
	return Message{}
}

// stories are stories, by name.
func stories(t testing.TB) map[string]Message {
	out := map[string]Message{}
	p := begin(t, start()).uploading()
	out["opened"] = tell(t, p.Run, workflow.StageOpened)
	out["completed"] = tell(t, p.Run, workflow.StageCompleted)
	late := begin(t, start()).stage1().later(33)
	out["late"] = tell(t, late.Run, workflow.StepOverdue)
	late.later(20)
	out["late-many"] = tell(t, late.Run, workflow.StepOverdue)

	waits := &play{Run: silentRun(t), t: t, at: p.at.AddDate(0, 0, 8)}
	out["asked"] = tell(t, waits.Run, workflow.PartnerAsked)
	out["silent"] = tell(t, waits.Run, workflow.SilenceTold)
	waits.must(waits.PartnerWrote(waits.act(ana), stepKey("partner-testing@ce-image"), 0, "We look at it & come back", "2025-12-12"))
	out["wrote"] = tell(t, waits.Run, workflow.PartnerWrote)
	waits.must(waits.PartnerAnswered(waits.act(ana), stepKey("partner-testing@ce-image"), 0, "It <boots>, with one finding"))
	out["answered"] = tell(t, waits.Run, workflow.PartnerAnswered)
	waits.must(waits.Wait(waits.act(omar), stepKey("create-listing@ee-image"), 0, workflow.Question{Asked: "Which sizes"}))
	waits.must(waits.Escalate(waits.act(omar), stepKey("create-listing@ee-image"), 0, "They do not answer the phone."))
	out["escalated"] = tell(t, waits.Run, workflow.ActionTaken)

	moved := begin(t, start()).uploading()
	moved.must(moved.MoveLaunch(moved.act(ana), "2026-01-20"))
	out["launch"] = tell(t, moved.Run, workflow.LaunchMoved)
	moved.done("align-release", nil)
	act := moved.act(ana)
	act.Reason = "Their keynote is on that day."
	moved.must(moved.MoveLaunch(act, "2026-01-22"))
	out["launch-agreed"] = tell(t, moved.Run, workflow.LaunchMoved)

	people := peopleRun(t)
	out["cover"] = tell(t, people, workflow.CoverBegan)
	out["standin"] = tell(t, people, workflow.StandinBegan)
	people.Follow(workflow.Act{Actor: omar, At: p.at.AddDate(0, 0, 1)}, &workflow.Office{})
	out["handback"] = tell(t, people, workflow.StandinEnded)
	people.Left(workflow.Act{At: p.at.AddDate(0, 0, 2)}, maya, nil)
	out["left"] = tell(t, people, workflow.PersonLeft)
	out["cancelled"] = tell(t, cancelledRun(t), workflow.RunCancelled)
	out["launched"] = tell(t, begin(t, start()).finish().Run, workflow.RunCompleted)

	nasty := begin(t, workflow.Start{ID: "run_x", Number: 1, Partner: oneLine(hostile(80)), Provider: workflow.Manual, Channel: "C1", Owner: ana,
		Listings: start().Listings, Target: "2026-01-15", Leads: start().Leads}).uploading()
	nasty.must(nasty.Wait(nasty.act(omar), stepKey("create-listing@ce-image"), 0, workflow.Question{Asked: hostile(2000), Ticket: hostile(90), Contact: hostile(90), Promised: "2025-12-02"}))
	out["hostile"] = tell(t, nasty.Run, workflow.PartnerAsked)
	return out
}

func TestStory(t *testing.T) {
	t.Parallel()
	all := stories(t)
	for name, m := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMessage(t, m, 4096)
		})
	}
	golden(t, "stories", all)
}

func TestStoryIsTakenBackWithWhatItTells(t *testing.T) {
	t.Parallel()
	p := begin(t, start())
	p.stage1()
	all := p.Emitted()
	i := slices.IndexFunc(all, func(e workflow.Event) bool { return e.Type == workflow.StageCompleted })
	if _, ok := named.Story(p.Run, all[i:]); !ok {
		t.Fatal("a stage is complete, and it is not told")
	}
	p.must(p.Undo(workflow.Act{Actor: ana, At: p.at}, stepKey("introduce-marketing"), 0))
	if m, ok := named.Story(p.Run, all[i:]); ok {
		t.Errorf("it was undone, and is told still: %s", m.Text)
	}
	if _, ok := named.Story(p.Run, nil); ok {
		t.Error("nothing happened, and it is told")
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Message{
		"trouble": Trouble("The morning message of <@U1> was not sent: 500 & more", false),
		"over":    Trouble("The morning message of <@U1> was not sent: 500 & more", true),
		"empty":   Trouble("", false),
		"hostile": Trouble(hostile(5000), true),
	} {
		checkMessage(t, m, 8192)
		golden(t, "trouble-"+name, m)
	}
}
