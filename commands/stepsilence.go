package commands

import "cloudimage/workflow"

// Form fields of the verbs of a wait, besides those the domain names.
const (
	fieldMeans workflow.FieldID = "means" // what a message of the partner means for us
	fieldChase workflow.FieldID = "chase" // a text to copy; what becomes of it is not kept
)

// What a message of the partner can mean for us.
const (
	meansAnswer  = "answer"
	meansNeed    = "need"
	meansPromise = "promise"
	meansLater   = "later"
)

// silenceVerbs are what people do while the partner does not answer.
func silenceVerbs() []*stepVerb {
	return []*stepVerb{{
		verb: workflow.VerbWrote, group: Steps, usage: "[partner] [step]", help: "the partner wrote: paste it", phrase: "take a message of the partner for", button: "Partner wrote",
		fits: isWaiting, form: wroteForm, intro: waitIntro, prefill: firstText,
		do: wrote,
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			switch w := n.State.Waiting; {
			case w == nil:
				return workflow.Say("%s is ours again.", r.StepName(n))
			case w.Promised != "":
				return workflow.Say("%s waits until %s, as they promise.", r.StepName(n), w.Promised)
			}
			return workflow.Say("%s waits on, and their clock begins anew.", r.StepName(n))
		},
	}, {
		verb: workflow.VerbSilent, group: Steps, usage: "[partner] [step]", help: "I asked again, they are silent", phrase: "ask the partner again for", button: "Still silent",
		fits: isWaiting, form: silentForm, intro: waitIntro, prefill: firstText,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.StillSilent(act, t.Step, t.Version, v.One(workflow.FieldText))
		},
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			if next := r.ChaseAt(n.Key); !next.IsZero() {
				return workflow.Say("Noted. The next time to ask about %s is %s.", r.StepName(n), next)
			}
			return workflow.Say("Noted: they are silent on %s.", r.StepName(n))
		},
	}, {
		verb: workflow.VerbEscalate, group: Steps, usage: "[partner] [step]", help: "hand a silent partner to those above", phrase: "escalate", button: "Escalate now",
		fits: func(r *workflow.Run, n workflow.Node) bool {
			team, _ := r.EscalatesTo(n.Key)
			to := r.Lead(team)
			return isWaiting(r, n) && to != "" && to != r.Chaser(n.Key)
		},
		form: func(*workflow.Run, workflow.Node, Target) []Field {
			return []Field{{ID: workflow.FieldText, Label: "What should they know?", Hint: "What was asked and what was tried is above, and they see it.", Kind: LongText, Optional: true, MaxLength: 500}}
		},
		intro: escalateIntro, prefill: firstText,
		do: func(act workflow.Act, r *workflow.Run, t Target, v Values) error {
			return r.Escalate(act, t.Step, t.Version, v.One(workflow.FieldText))
		},
		said: func(r *workflow.Run, n workflow.Node) workflow.Text {
			return workflow.Say("The follow-up on %s is with %s.", r.StepName(n), r.Acting(r.Chaser(n.Key)))
		},
	}}
}

// wroteForm asks for a message of the partner, and what it means for us.
func wroteForm(r *workflow.Run, _ workflow.Node, _ Target) []Field {
	return []Field{
		{ID: workflow.FieldText, Label: "What did they write?", Hint: "Paste it. Passwords and keys go into the vault.", Kind: LongText, MaxLength: 2900},
		{ID: fieldMeans, Label: "What does it mean?", Kind: Radio, Options: []Option{
			{Value: meansAnswer, Label: "They answered", Note: "Our clock goes on"},
			{Value: meansNeed, Label: "They need something of us", Note: "Our clock goes on; what they need is kept"},
			{Value: meansPromise, Label: "Not yet, they promise a day", Note: "I ask again after it"},
			{Value: meansLater, Label: "Not yet, and no day", Note: "Their clock begins anew"},
		}},
		{ID: workflow.FieldPromised, Label: "The day they promise", Kind: Date, Optional: true},
	}
}

// wrote takes a message of the partner for what it means.
func wrote(act workflow.Act, r *workflow.Run, t Target, v Values) error {
	said, means, day := v.One(workflow.FieldText), v.One(fieldMeans), v.One(workflow.FieldPromised)
	switch {
	case means == meansPromise && day == "":
		return wrong(workflow.FieldPromised, workflow.Say("Choose the day they promise, or say that they promise none."))
	case means != meansPromise && means != "" && day != "":
		return wrong(workflow.FieldPromised, workflow.Say("A day is for an answer that is still to come: choose that they promise one, or clear it."))
	}
	switch means {
	case meansAnswer:
		return r.PartnerAnswered(act, t.Step, t.Version, said)
	case meansNeed:
		if said != "" {
			said = "They need something of us: " + said
		}
		return r.PartnerAnswered(act, t.Step, t.Version, said)
	case meansPromise, meansLater:
		return r.PartnerWrote(act, t.Step, t.Version, said, workflow.Date(day))
	}
	// Nothing is said of a step that does not wait; of one that does, what is missing.
	if err := r.Clone().PartnerWrote(act, t.Step, t.Version, said, ""); err != nil {
		return err
	}
	return wrong(fieldMeans, workflow.Say("Choose what it means for us."))
}

// silentForm has a text that can be sent, and takes what was done.
func silentForm(r *workflow.Run, n workflow.Node, _ Target) []Field {
	return []Field{
		{ID: fieldChase, Label: "A text you can send", Hint: "Copy it. I send nothing to partners, and keep nothing of this.", Kind: LongText, Optional: true, Initial: []string{r.ChaseText(n.Key)}},
		{ID: workflow.FieldText, Label: "What did you do?", Hint: "Whom you asked again, and how.", Kind: LongText, Optional: true, MaxLength: 500},
	}
}

// waitIntro says what the partner was asked, and what has come of it.
func waitIntro(r *workflow.Run, n workflow.Node, t Target) []workflow.Text {
	out := actionIntro(r, n, t)
	if w := n.State.Waiting; w != nil && w.Promised != "" {
		out = append(out, workflow.Say("They promised an answer for %s.", w.Promised))
	}
	return out
}

// escalateIntro says to whom a follow-up goes, what was asked, and what was tried
// when.
func escalateIntro(r *workflow.Run, n workflow.Node, t Target) []workflow.Text {
	w := n.State.Waiting
	if w == nil {
		return nil
	}
	team, _ := r.EscalatesTo(n.Key)
	to := workflow.Say("It goes to %s of %s, who follows up from now on.", r.Lead(team), r.Definition().TeamName(team))
	if also := coveredBy(r, r.Lead(team)); !also.IsZero() {
		to = workflow.Say("%s %s", to, also)
	}
	tried := workflow.Say("Nothing was tried since.")
	for i, taken := range w.Taken {
		line := workflow.Say("Tried %s by %s", taken.At, taken.By)
		if line = because(line, taken.Note); i == 0 {
			tried = line
			continue
		}
		tried = workflow.Say("%s\n%s", tried, line)
	}
	if last := len(w.Taken) - 1; !w.Chased.IsZero() && (last < 0 || w.Chased.After(w.Taken[last].At)) {
		again := workflow.Say("Asked again %s", w.Chased)
		if last >= 0 {
			again = workflow.Say("%s\n%s", tried, again)
		}
		tried = again
	}
	return append([]workflow.Text{to}, append(waitIntro(r, n, t), tried)...)
}
