package view

import (
	"testing"

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
	escalated.must(escalated.Wait(escalated.act(omar), key, 0, "Their <portal> refuses the image", "DO-8812", ""))
	escalated.must(escalated.Take(escalated.act(omar), key, 0, "follow-up", "Wrote to support & the vendor desk"))
	escalated.must(escalated.Take(escalated.act(omar), key, 0, "escalate", "Five days without an answer"))
	ended := begin(t, start()).finish()
	return map[string]Message{
		"do":        Direct(asked.Run, ana),
		"ask":       Direct(asked.Run, omar),
		"wanted":    Direct(wanted.Run, ana),
		"brief":     Direct(open.Run, omar),
		"marketing": Direct(open.Run, maya),
		"chase":     Direct(waits, omar),
		"helper":    Direct(waits, wei),
		"escalated": Direct(escalated.Run, ana),
		"late":      Direct(lateRun(t), omar),
		"lanes":     Direct(lanesRun(t), omar),
		"hostile":   Direct(hostileRun(t), omar),
		"accept":    Direct(proposedRun(t), ana),
		"nothing":   Direct(open.Run, ana),
		"stranger":  Direct(open.Run, wei),
		"complete":  Direct(ended.Run, omar),
		"cancelled": Direct(cancelledRun(t), omar),
		"proposed":  Direct(proposedRun(t), omar),
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
