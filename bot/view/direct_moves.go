package view

import (
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file tells one move in full: what is wanted, why, until when, and the
// buttons for it. The button that completes a step has the word Done.

// move is what is wanted, and the buttons for it.
func (d *direct) move(a asked) []slack.Block {
	switch a.Kind {
	case workflow.MoveAccept:
		return d.proposal()
	case workflow.MoveConfirm:
		return d.confirming(a)
	case workflow.MoveChase:
		return d.chasing(a)
	case workflow.MoveSilent, workflow.MoveLate:
		return d.told(a)
	case workflow.MoveTick:
		return d.ticked(a)
	case workflow.MoveFact:
		row, menu := a.settling(d.now)
		res, _ := d.Definition().Resource(workflow.FactName(a.Field))
		return withFirst(strong(res.Title, d.title)+": where is this? It is asked once, for every run.\n"+typedLine(res.Text, d.text)+d.forWhom(a), append(row, menu)...)
	case workflow.MoveEarly:
		row, menu := a.settling(d.now)
		return withRow(upperFirst(d.called.mergedEarly(d.Run, d.title))+".\n"+d.heading(a.node)+d.forWhom(a), append(row, menu)...)
	case workflow.MoveClassify:
		row, menu := a.settling(d.now)
		return withRow("*Is it a security update?* Nothing settles it, so it counts as one until somebody says."+evidence(d.Run, d.text)+d.forWhom(a), append(row, menu)...)
	case workflow.MoveSign:
		row, menu := a.settling(d.now)
		return withFirst("*Go live: your signature is wanted.* "+signWords(d.Run, d.title)+d.forWhom(a), append(row, menu)...)
	case workflow.MoveAnswer:
		row, _ := a.settling(d.now)
		return withFirst(d.wanted(a), append(row, button("How-to", "howto", a.target()))...)
	case workflow.MoveAsk:
		row, _ := a.settling(d.now)
		return withRow(d.heading(a.node)+"\n"+typedLine(a.node.Step.Question, d.text)+" No answer means that it is not needed."+d.forWhom(a),
			append(row, button("How-to", "howto", a.target()))...)
	case workflow.MoveLaunch:
		row, menu := a.settling(d.now)
		return withFirst("*Launch day:* "+strong(a.node.Step.LaunchDay, d.title)+laneLabel(d.Run, a.Key, d.title)+
			"\nIt is the day of "+typedLine(a.node.Number()+" "+short(a.node.Step), d.title)+"."+d.forWhom(a), append(row, menu)...)
	}
	if a.isBuilding() {
		row, menu := a.buildings()
		text := d.heading(a.node) + d.built(a) + d.due(a) + d.forWhom(a)
		if a.isAsked() {
			text = d.heading(a.node) + d.built(a) + d.answered(a) + d.standard(a.node) + d.why(a.node) + d.due(a) + d.forWhom(a)
			row = append(row, button("How-to", "howto", a.target()))
		}
		if a.isUnderWay() {
			return withRow(text, append(row, menu)...)
		}
		return withFirst(text, append(row, menu)...)
	}
	return withFirst(d.heading(a.node)+d.built(a)+d.answered(a)+d.given(a)+d.standard(a.node)+d.why(a.node)+d.due(a)+d.forWhom(a), d.doing(a)...)
}

// withRow is a paragraph with a row of buttons.
func withRow(text string, row ...slack.BlockElement) []slack.Block {
	return []slack.Block{section(text, nil), buttons(row...)}
}

// withFirst is withRow where the first button stands out.
func withFirst(text string, row ...slack.BlockElement) []slack.Block {
	if b, ok := row[0].(*slack.ButtonBlockElement); ok {
		primary(b)
	}
	return withRow(text, row...)
}

// doing are the buttons of a step that is to be done, and the menu of the rest.
func (d *direct) doing(a asked) []slack.BlockElement {
	t := a.target()
	rest := []choice{menuMoveDate(), menuSnooze()}
	if slices.ContainsFunc(a.node.Step.Evidence, func(f workflow.Field) bool { return f.Ask != "" }) {
		rest = append(rest, choice{"Ask for help…", string(workflow.VerbAsk)})
	}
	row := []slack.BlockElement{}
	if quick := quickButton(a.node.Step, t); quick != nil {
		row = append(row, quick)
	}
	if isBuilt(a.node.State) {
		if b := markButton(a.node.State.Build); b != nil {
			row = append(row, b)
		}
	}
	return append(row,
		button(doneLabel(a.node.Step), string(workflow.VerbDone), t),
		button("Waiting on partner…", string(workflow.VerbWait), t),
		button("Not me…", string(workflow.VerbAssign), t),
		more(t, append(rest, menuHowTo(), menuOpen())...),
	)
}

// heading names a step: "2.3.1 Create the listing (CE image)".
func (d *direct) heading(n workflow.Node) string {
	return strong(n.Number()+" "+n.Step.Title, d.title+len(n.Number())+1) + laneLabel(d.Run, n.Key, d.title)
}

func (d *direct) standard(n workflow.Node) string {
	if n.Step.Standard == "" {
		return ""
	}
	return "\nDone means: " + typedLine(n.Step.Standard, d.text)
}

func (d *direct) due(a asked) string {
	text := "\nIt has no date yet."
	if !a.Due.IsZero() {
		text = "\n" + upperFirst(dueText(a.Due, a.node.State.Overdue))
	}
	if z := a.node.State.Snooze; a.isSnoozed(d.now) {
		text += "\nSnoozed until " + date(z.Until) + ": " + typedLine(z.Reason, d.text)
	}
	return text
}

// built is how the build of a lane stands.
func (d *direct) built(a asked) string {
	if !isBuilt(a.node.State) {
		return ""
	}
	return "\n" + upperFirst(markBy(a.node.State.Build, d.who, d.text))
}

// answered is what the partner has answered last, to what is to be done now.
func (d *direct) answered(a asked) string {
	waits := a.node.State.Waits
	if len(waits) == 0 || waits[len(waits)-1].Said == "" {
		return ""
	}
	last := waits[len(waits)-1]
	return "\n" + upperFirst(partnerName(d.Run, a.Key, d.title)) + " answered " + date(last.Until) + ": " + typedLine(last.Said, d.text)
}

// given is what helpers have sent for what is to be done now.
func (d *direct) given(a asked) string {
	text := ""
	for _, g := range a.node.State.Given {
		if f, ok := a.node.Step.Field(g.Field); ok {
			text += "\n" + mention(g.User) + " sent this " + date(g.At) + ": " + typedLine(f.Label, d.title) + ". It is in the form."
		}
	}
	return text
}

// lastAnswer is what the person was answered last, by a helper whom they had asked
// or by the partner, while that is the news.
func (d *direct) lastAnswer() (text string) {
	var last time.Time
	came := func(at time.Time, format string, args ...any) {
		if at.After(last) && d.now.Sub(at) < isNews {
			last, text = at, fmt.Sprintf(format, args...)
		}
	}
	d.Walk(func(n workflow.Node) bool {
		for _, g := range n.State.Given {
			if f, ok := n.Step.Field(g.Field); ok && g.By == d.who && g.User != d.who {
				came(g.At, "what you asked %s for is here, %s", mention(g.User), typedLine(f.Label, d.title))
			}
		}
		if w := n.State.Waits; len(w) > 0 && w[len(w)-1].Said != "" && n.State.Status == workflow.Open && d.Acting(d.Responsible(n.Key)) == d.who {
			came(w[len(w)-1].Until, "they answered on %s", stepLabel(d.Run, n, d.title))
		}
		return true
	})
	return text
}

// forWhom says why it is asked of this person, when it is somebody else's.
func (d *direct) forWhom(a asked) string {
	if text := a.forWhom(); text != "" {
		return "\n" + upperFirst(text) + "."
	}
	return ""
}

// why is what waits for the step.
func (d *direct) why(n workflow.Node) string {
	var waits []string
	for _, other := range d.waiters[n.Key][:min(len(d.waiters[n.Key]), 2)] {
		waits = append(waits, typedLine(other.Number()+" "+short(other.Step), d.title))
	}
	if len(waits) == 0 && !n.Step.Optional {
		for i := range d.Definition().Stages {
			if stage := &d.Definition().Stages[i]; slices.Contains(stage.After, n.Stage.ID) {
				waits = append(waits, typedLine(stage.Number+" "+stage.Title, d.title))
			}
		}
	}
	switch len(waits) {
	case 0:
		return ""
	case 1:
		return "\nWhy: " + waits[0] + " waits for it."
	}
	return "\nWhy: " + sentenceList(waits) + " wait for it."
}

// confirming is a stage whose planned date has to be confirmed.
func (d *direct) confirming(a asked) []slack.Block {
	row, menu := a.settling(d.now)
	text := bold(upperFirst(a.label(d.title))+", is planned for "+typed(day(a.stageDate()))+".") + " Does that hold?"
	if a.isPast(d.now) {
		text = bold(upperFirst(a.label(d.title))+", was planned for "+typed(day(a.stageDate()))+".") + " What is its date now?"
	}
	if standard := typedLine(a.stage.Standard, d.text); standard != "" {
		text += "\nDone means: " + standard
	}
	return withFirst(text+d.forWhom(a), append(row, menu)...)
}

// wanted is what a helper is asked for.
func (d *direct) wanted(a asked) string {
	f, _ := a.node.Step.Field(a.Field)
	text := d.heading(a.node)
	for _, h := range a.node.State.Helpers {
		if d.Acting(h.User) != d.who || h.Field != a.Field {
			continue
		}
		text += "\n" + mention(h.By) + " asks you for this: " + strong(f.Label, d.title)
		if h.Until != "" {
			text += ", by " + typed(day(h.Until))
		}
		if h.For != "" {
			text += "\nWho will read it: " + typedLine(h.For, d.text)
		}
		break
	}
	text += "\n"
	if f.MaxLength > 0 {
		text += fmt.Sprintf("%d characters at most. ", f.MaxLength)
	}
	return text + typedLine(a.node.Step.Standard, d.text) + d.forWhom(a)
}

// proposal is a run that waits to be accepted.
func (d *direct) proposal() []slack.Block {
	names := firstNamed(len(d.Listings), 8, func(i int) string { return typedLine(d.ListingName(&d.Listings[i]), 60) })
	text := mention(d.Opener) + " proposes it: " + names
	if target, _ := d.Launch(); target != "" {
		text += ", to launch on " + typed(day(target))
	}
	text += "."
	switch {
	case isWhetherItComesOut(d.Run):
		text = "*Does it come out?* It concerns " + counted(len(d.Listings), "listing") + "." + evidence(d.Run, d.text) + "\nAccept it to open the work, decline it if it is none of ours."
	case d.Catalyst != nil:
		text = mention(d.Opener) + " proposes a fix of the image: " + names + ".\nWhy: " + typedLine(d.Catalyst.Because, d.text) + "\nAccept it to open the work."
	}
	text += " Who accepts it owns it."
	t := commands.Target{Run: d.ID}
	return withFirst(text,
		button("Accept", string(workflow.VerbAccept), t),
		button("Decline…", string(workflow.VerbCancel), t),
		button("Brief and links", "brief", t))
}
