package view

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

// directs are people's messages, by name.
func directs(t testing.TB) map[string]Message {
	asked := begin(t, start())
	wanted := begin(t, start())
	wanted.must(wanted.Want(wanted.act(omar), workflow.ParseStepKey("technical-call"), 0))
	open := begin(t, start()).stage1()
	waits := waitingRun(t)
	escalated := begin(t, start()).uploading()
	key := workflow.ParseStepKey("create-listing@ee-image")
	escalated.must(escalated.Wait(escalated.act(omar), key, 0, workflow.Question{Asked: "Their <portal> refuses the image", Ticket: "DO-8812"}))
	escalated.must(escalated.Take(escalated.act(omar), key, 0, "follow-up", "Wrote to support & the vendor desk"))
	escalated.must(escalated.Take(escalated.act(omar), key, 0, "escalate", "Five days without an answer"))
	ended := begin(t, start()).finish()
	helped := begin(t, start()).uploading()
	helped.must(helped.Ask(helped.act(maya), stepKey("image-description@ce-image"), 0, wei, "short", "2025-11-28", "Customers who look for <a> registry"))
	helped.must(helped.Answer(helped.act(wei), stepKey("image-description@ce-image"), "short", "A complete platform."))
	launch := launchDayRun(t)
	moved := begin(t, start()).uploading()
	why := moved.act(ana)
	why.Reason = "Their fair is later."
	moved.must(moved.MoveLaunch(why, "2026-01-29"))
	vain := begin(t, start()).uploading().later(45)
	vain.reminded(maya, "marketing-issue", 3)
	vain.later(7)
	quiet := peopleRun(t)
	stood := maintenance(t)
	stood.Follow(stood.act(omar), &workflow.Office{Standins: []workflow.Standin{standin("Nobody is left in the team", "two engineers are hired")}})
	return map[string]Message{
		"do":         named.Direct(asked.Run, ana, asked.at),
		"ask":        named.Direct(asked.Run, omar, asked.at),
		"wanted":     named.Direct(wanted.Run, ana, wanted.at),
		"brief":      named.Direct(open.Run, omar, open.at),
		"marketing":  named.Direct(open.Run, maya, open.at),
		"chase":      drawn(waits, omar),
		"helper":     drawn(waits, wei),
		"escalated":  named.Direct(escalated.Run, ana, escalated.at),
		"late":       drawn(lateRun(t), omar),
		"lanes":      drawn(lanesRun(t), omar),
		"hostile":    drawn(hostileRun(t), omar),
		"accept":     drawn(proposedRun(t), ana),
		"nothing":    named.Direct(open.Run, ana, open.at),
		"stranger":   named.Direct(open.Run, wei, open.at),
		"complete":   named.Direct(ended.Run, omar, ended.at),
		"cancelled":  drawn(cancelledRun(t), omar),
		"sentback":   named.Direct(helped.Run, wei, helped.at),
		"helpcame":   named.Direct(helped.Run, maya, helped.at),
		"answered":   answeredRun(t),
		"moved":      named.Direct(moved.Run, omar, moved.at),
		"movedlong":  named.Direct(moved.Run, omar, moved.at.Add(movedFor)),
		"silent":     drawn(silentRun(t), ana),
		"silenttold": drawn(toldRun(t), omar),
		"told":       named.Direct(vain.Run, ana, vain.at),
		"chaseday":   named.Direct(chaseDay(t), omar, time.Date(2025, 11, 25, 9, 30, 0, 0, time.UTC)),
		"standin":    drawn(stood.Run, eli),
		"cover":      drawn(quiet, lena),
		"snoozed":    drawn(quiet, omar),
		"launchday":  named.Direct(launch.Run, maya, launch.at),
		"security":   drawn(maintenance(t).Run, omar),
		"undo":       undoRun(t),
		"proposed":   drawn(proposedRun(t), omar),
	}
}

// chaseDay is a run of which the partner is to be asked again.
func chaseDay(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.must(p.Wait(p.act(omar), stepKey("create-listing@ce-image"), 0, workflow.Question{Asked: "Whether <our> pricing model is right", Ticket: "DO-8812", Contact: "Lee"}))
	p.later(5)
	return p.Run
}

// launchDayRun is at the day of its launch, with nothing left but that.
func launchDayRun(t testing.TB) *play {
	p := begin(t, start()).uploading()
	p.done("marketing-issue", nil)
	p.done("joint-blog-posts", nil)
	p.done("social-burst", nil)
	p.done("align-release", nil)
	p.at = time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	p.Tick(p.at)
	return p
}

// undoRun is a message to somebody who has just done two steps.
func undoRun(t testing.TB) Message {
	p := begin(t, start()).stage1()
	p.at = p.at.Add(-time.Hour + time.Minute)
	p.done("scope-effort", nil)
	p.at = p.at.Add(-time.Hour + 3*time.Minute)
	p.done("documentation-mr", nil)
	return named.Direct(p.Run, omar, p.at.Add(5*time.Minute))
}

func TestDirectFadesWhenItHasToBeDrawnAnew(t *testing.T) {
	t.Parallel()
	p := begin(t, start()).stage1()
	p.done("scope-effort", nil)
	fades := Fades(p.Run, omar, p.at)
	if want := p.at.Add(workflow.UndoWithin); !fades.Equal(want) {
		t.Errorf("fades %s, want %s, when it cannot be undone any more", fades, want)
	}
	before, after := named.Direct(p.Run, omar, fades.Add(-time.Millisecond)), named.Direct(p.Run, omar, fades)
	if before.Digest() == after.Digest() {
		t.Error("the message is the same after it faded")
	}
	for at := fades; !at.IsZero(); at = Fades(p.Run, omar, at) {
		if next := Fades(p.Run, omar, at); !next.IsZero() && !next.After(at) {
			t.Fatalf("at %s the message fades %s", at, next)
		}
	}
}

func TestDirect(t *testing.T) {
	t.Parallel()
	for name, m := range directs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Logf("%d bytes in %d blocks", m.size(), len(m.Blocks))
			checkMessage(t, m, MaxDirect)
			golden(t, "direct-"+name, m)
		})
	}
}

// drawn is a person's message an hour after the last thing that was done.
func drawn(r *workflow.Run, who workflow.UserID) Message {
	last := r.Started
	for _, s := range r.Steps {
		if s.At.After(last) {
			last = s.At
		}
	}
	return named.Direct(r, who, last.Add(time.Hour))
}

// answeredRun is a step that is the team's again, with what the partner needs.
func answeredRun(t testing.TB) Message {
	p := begin(t, start()).uploading()
	step := stepKey("create-listing@ce-image")
	p.must(p.Wait(p.act(omar), step, 0, workflow.Question{Asked: "To open the listing"}))
	p.later(2)
	p.must(p.PartnerAnswered(p.act(ana), step, 0, "They need something of us: <the size>"))
	return named.Direct(p.Run, omar, p.at)
}
