package view

import (
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file draws what is asked of people because of what happened in the issue
// tracker: a box was ticked, or the merge request was merged too soon.

// ticked are the buttons by which a tick is answered: the step's own form, which
// asks for its evidence, or one click that says no.
func (a asked) ticked() ([]slack.BlockElement, *slack.OverflowBlockElement) {
	t := a.target()
	says := doneLabel(a.node.Step)
	if tick := a.node.State.Tick; tick != nil && !tick.Own {
		says = "Accept, " + lowerFirst(says)
	}
	return []slack.BlockElement{button(says, string(workflow.VerbDone), t), button("Not yet", string(workflow.VerbDecline), t)},
		more(t, menuWait(), menuHandOver(), menuHowTo(), menuWhy(), menuOpen())
}

// early are the buttons for who is told that the merge request was merged too soon.
func (a asked) early() ([]slack.BlockElement, *slack.OverflowBlockElement) {
	run := commands.Target{Run: a.run.ID}
	row := []slack.BlockElement{button("Launch plan", string(workflow.VerbLaunch), run)}
	if t, m := a.run.MergeRequest(); m != nil {
		if b := openButton("Open MR", a.run.Items[t.Fact].URL); b != nil {
			row = append([]slack.BlockElement{b}, row...)
		}
	}
	return row, more(a.target(), menuWhy(), menuOpen())
}

// ticked is a step whose box was ticked in the tracker, for who answers that.
func (d *direct) ticked(a asked) []slack.Block {
	row, menu := a.ticked()
	return withFirst(d.heading(a.node)+"\n"+d.called.tickedBy(a, d.who, d.text)+d.standard(a.node)+d.due(a)+d.forWhom(a), append(row, menu)...)
}

// tickedBy says who ticked a box, and what is asked because of it.
func (n Names) tickedBy(a asked, reader workflow.UserID, limit int) string {
	tick := a.node.State.Tick
	if tick == nil {
		return ""
	}
	by := n.outsiderFirst(tick.By)
	if tick.By.User == reader {
		by = "You"
	}
	text := by + " ticked it in " + typedLine(n.tracker(), 30) + " " + date(tick.At) + "."
	if !tick.Own {
		return text + " Is it done?"
	}
	var lacks []string
	for _, f := range a.node.LacksEvidence() {
		lacks = append(lacks, lowerFirst(typedLine(f.Label, limit)))
	}
	if len(lacks) == 0 {
		return text
	}
	return text + " To be done it needs: " + strings.TrimSuffix(firstOf(lacks, 4), ".") + "."
}

// mergedEarly says that the merge request was merged before the launch.
func (n Names) mergedEarly(r *workflow.Run, limit int) string {
	t, m := r.MergeRequest()
	if m == nil {
		return ""
	}
	launch, _ := r.Launch()
	text := typedLine(r.ItemName(t.Fact), limit) + " was merged " + date(m.Merged)
	if m.MergedBy != (workflow.Outsider{}) {
		text += " by " + n.outsider(m.MergedBy)
	}
	return text + ", before the launch on " + typed(shortDay(launch))
}
