package commands

import "cloudimage/workflow"

// tickVerbs answer that somebody ticked the box of a step in the issue tracker.
// That it is done is said with `done`, as ever.
func tickVerbs() []*stepVerb {
	return []*stepVerb{{
		verb: workflow.VerbDecline, usage: "[partner] [step]", help: "a step is not done, though its box was ticked", phrase: "say that it is not done yet", group: Unlisted, button: "Not yet",
		fits: func(r *workflow.Run, n workflow.Node) bool {
			return r.State == workflow.Running && n.State.Tick != nil && !n.State.Status.Closed()
		},
		do: func(act workflow.Act, r *workflow.Run, t Target, _ Values) error {
			return r.DeclineTick(act, t.Step)
		},
		said: said("Not done yet: %s. Its box is open again."),
	}}
}

// tickText says who ticked the box of a step, and what is asked because of it; no
// text when nobody did.
func (d *Desk) tickText(r *workflow.Run, n workflow.Node, reader workflow.UserID) workflow.Text {
	t := n.State.Tick
	if t == nil {
		return workflow.Text{}
	}
	by := t.By.Text(d.tracker())
	if reader != "" && t.By.User == reader {
		by = workflow.Say("you")
	}
	text := workflow.Say("%s ticked it in %s %s", by, d.tracker(), t.At)
	if t.Own {
		var lacks []workflow.Text
		for _, f := range n.LacksEvidence() {
			lacks = append(lacks, workflow.Say("%s", f.Label))
		}
		if len(lacks) == 0 {
			return text
		}
		return workflow.Say("%s. To be done it needs: %s", text, firstOf(lacks, 4))
	}
	switch who := r.Acting(r.TickHolder(n)); who {
	case "":
		return workflow.Say("%s. Nobody is known who says whether it is done", text)
	case reader:
		return workflow.Say("%s. Is it done?", text)
	default:
		return workflow.Say("%s, and %s says whether it is done", text, who)
	}
}
