package commands

import "cloudimage/workflow"

// This file draws one move of a person as a row with the buttons that settle it.

func (d *Desk) moveRow(r *workflow.Run, m workflow.Move) Row {
	out := row(workflow.Text{})
	switch m.Kind {
	case workflow.MoveAccept:
		t := Target{Run: r.ID}
		out = row(workflow.Say("%s is proposed by %s", workflow.Strong(r.Partner), r.Opener),
			Button{Label: "Accept", Verb: "accept", Primary: true, Target: t}, Button{Label: "Decline…", Verb: "cancel", Target: t})
	case workflow.MoveConfirm:
		stage, _ := r.Definition().StageByID(m.Stage)
		out = row(workflow.Say("%s: stage %s, %s, is planned for %s. Does that hold?", workflow.Strong(r.Partner), stage.Number, stage.Title, r.Stages[m.Stage].Due),
			stageButtons(r, stage)...)
	case workflow.MoveFact:
		out = factMove(r, m)
	case workflow.MoveClassify:
		out = row(workflow.Say("%s: is it a security update? Nothing settles it, so it counts as one until somebody says.", workflow.Strong(r.Partner)),
			ClassifyButton(r, workflow.CatalystSecurity), ClassifyButton(r, workflow.CatalystRelease), ClassifyButton(r, ""))
	case workflow.MoveSign:
		out = row(workflow.Say("%s: your signature is wanted before it goes live", workflow.Strong(r.Partner)),
			Button{Label: "Review and sign…", Verb: string(workflow.VerbSign), Primary: true, Target: Target{Run: r.ID}})
	default:
		out = d.stepMove(r, m)
	}
	if m.For != "" {
		out.Text = workflow.Say("%s\nfor %s, who is away", out.Text, m.For)
	}
	return out
}

// stepMove is moveRow for what is wanted of a step.
func (d *Desk) stepMove(r *workflow.Run, m workflow.Move) Row {
	n, _ := r.Node(m.Key)
	text := workflow.Say("%s: %s", workflow.Strong(r.Partner), r.StepName(n))
	if s := n.State; s.Overdue {
		text = workflow.Say("%s, late since %s", text, s.Due)
	} else if !s.Due.IsZero() && !s.Status.Closed() {
		text = workflow.Say("%s, due %s", text, s.Due)
	}
	t := targetOf(r, n)
	button := func(verb workflow.Verb) Button {
		v := d.stepVerb(verb)
		return Button{Label: v.label(n), Verb: string(verb), Target: t}
	}
	// with are the buttons of those verbs that fit, and one that opens the step.
	with := func(verbs ...workflow.Verb) (out []Button) {
		for _, verb := range verbs {
			if d.stepVerb(verb).fits(r, n) {
				out = append(out, button(verb))
			}
		}
		return append(out, Button{Label: "Open", Verb: "step", Target: t})
	}
	switch m.Kind {
	case workflow.MoveAsk:
		return row(workflow.Say("%s\n%s", text, n.Step.Question), button(workflow.VerbWant), button(workflow.VerbSkip))
	case workflow.MoveChase:
		text = workflow.Say("%s\nwaits for the partner since %s", text, n.State.Waiting.Since)
		return row(text, with(workflow.VerbPartner, workflow.VerbWrote, workflow.VerbSilent, workflow.VerbEscalate)...)
	case workflow.MoveSilent:
		return row(workflow.Say("%s\nthe partner is silent since %s; %s follows up", text, n.State.Waiting.Since, r.Acting(r.Chaser(n.Key))),
			with(workflow.VerbEscalate)...)
	case workflow.MoveLate:
		if who := r.Acting(r.Responsible(n.Key)); who != "" {
			text = workflow.Say("%s\nwith %s, who was reminded %d times", text, who, n.State.Reminded[who].Times)
		} else {
			text = workflow.Say("%s\nwith nobody yet", text)
		}
		return row(text, with(workflow.VerbAssign)...)
	case workflow.MoveAnswer:
		t.Field = m.Field
		f, _ := n.Step.Field(m.Field)
		return row(workflow.Say("%s\nyou were asked for this: %s", text, f.Label), Button{Label: "Write it…", Verb: string(workflow.VerbAnswer), Target: t})
	case workflow.MoveTick:
		by := d.tickText(r, n, r.Acting(r.TickHolder(n)))
		return row(workflow.Say("%s\n%s", text, by), button(workflow.VerbDone), button(workflow.VerbDecline))
	case workflow.MoveEarly:
		return row(workflow.Say("%s\n%s", text, d.earlyText(r)), d.openMerge(r)...)
	case workflow.MoveLaunch:
		date, _ := r.Launch()
		return row(workflow.Say("%s, launch on %s: %s\n%s", workflow.Strong(r.Partner), date, n.Step.LaunchDay, r.StepName(n)), button(workflow.VerbLaunched))
	}
	return row(text, button(workflow.VerbDone))
}

// factMove asks for what every run is to know.
func factMove(r *workflow.Run, m workflow.Move) Row {
	res, _ := r.Definition().Resource(workflow.FactName(m.Field))
	return row(workflow.Say("%s: where is this? It is said once, for every run.\n%s", workflow.Strong(res.Title), res.Text),
		Button{Label: "Tell…", Verb: string(workflow.VerbResource), Target: Target{Run: r.ID, Field: m.Field}})
}

// earlyText says that the merge request was merged before the launch.
func (d *Desk) earlyText(r *workflow.Run) workflow.Text {
	t, m := r.MergeRequest()
	if m == nil {
		return workflow.Text{}
	}
	date, _ := r.Launch()
	return workflow.Say("%s was merged %s, before the launch on %s", r.ItemName(t.Fact), m.Merged, date)
}

// openMerge is the button that opens the merge request of a run.
func (d *Desk) openMerge(r *workflow.Run) []Button {
	t, m := r.MergeRequest()
	if m == nil {
		return nil
	}
	return []Button{{Label: "Open MR", URL: r.Items[t.Fact].URL}}
}
