package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// stages draws where each stage is: the open ones as bars, side by side when
// there are several; the complete and the locked ones in a line each.
func (c *card) stages() *slack.SectionBlock {
	var bars []string
	var lines []string
	for i := range c.Definition().Stages {
		stage := &c.Definition().Stages[i]
		switch c.Stages[stage.ID].Status {
		case workflow.StageOpen:
			bars = append(bars, c.bar(stage))
		case workflow.StageComplete:
			lines = append(lines, "✓ "+c.stageName(stage))
		}
	}
	lines = append(lines, c.lockedStages()...)
	b := slack.NewSectionBlock(nil, nil, nil)
	b.Expand = len(lines) > 2
	if len(bars) == 1 {
		lines = slices.Insert(lines, 0, bars[0])
		bars = nil
	}
	if len(lines) > 0 {
		b.Text = markup(strings.Join(lines, "\n"))
	}
	for _, bar := range bars[:min(len(bars), 10)] {
		b.Fields = append(b.Fields, &slack.TextBlockObject{Type: slack.MarkdownType, Text: cutMarkup(bar, maxField)})
	}
	if b.Text == nil && b.Fields == nil {
		b.Text = markup("This process has no stages.")
	}
	return b
}

func (c *card) stageName(stage *workflow.Stage) string {
	return typedLine(stage.Number+" "+stage.Title, c.detail.title+len(stage.Number)+1)
}

// barWidth is how many signs the longest bar has.
const barWidth = 6

// bar draws how much is done: "■■□□".
func bar(p workflow.Progress) string {
	width := min(p.Total, barWidth)
	full := 0
	if p.Total > 0 {
		full = p.Done * width / p.Total
	}
	return strings.Repeat("■", full) + strings.Repeat("□", width-full)
}

// bar is a stage with how far it is, who leads it and until when.
func (c *card) bar(stage *workflow.Stage) string {
	p := c.StageProgress(stage)
	text := fmt.Sprintf("%s\n%s %d/%d", bold(c.stageName(stage)), bar(p), p.Done, p.Total)
	if who := c.StageHolder(stage); who != "" && c.names > 0 {
		text += ", " + holder(c.Run, who)
	} else if who != "" {
		text += ", " + mention(c.Acting(who))
	}
	if due := c.Stages[stage.ID].Due; !due.IsZero() {
		text += ", due " + date(due)
	}
	return text
}

// lockedStages says what opens the stages that are locked, those that open
// together in one line.
func (c *card) lockedStages() []string {
	var order []string
	names := map[string][]string{}
	for i := range c.Definition().Stages {
		stage := &c.Definition().Stages[i]
		if c.Stages[stage.ID].Status != workflow.StageLocked {
			continue
		}
		opens := c.opens(stage)
		if names[opens] == nil {
			order = append(order, opens)
		}
		names[opens] = append(names[opens], c.stageName(stage))
	}
	out := make([]string, 0, len(order))
	for _, opens := range order {
		verb := " opens when "
		if len(names[opens]) > 1 {
			verb = " open when "
		}
		out = append(out, ":lock: "+sentenceList(names[opens])+verb+opens)
	}
	return out
}

// opens says what has to happen before a stage opens: "1.2 and 1.4 are done".
func (c *card) opens(stage *workflow.Stage) string {
	var steps, stages []string
	for _, id := range stage.After {
		before, ok := c.Definition().StageByID(id)
		if !ok || c.Stages[id].Status == workflow.StageComplete {
			continue
		}
		stages = append(stages, before.Number)
		for i := range before.Steps {
			s := &before.Steps[i]
			if !s.Optional && !c.Steps[workflow.StepKey{Step: s.ID}].Status.Closed() {
				steps = append(steps, s.Number)
			}
		}
	}
	if len(stages) == 1 && len(steps) > 0 && len(steps) <= 6 {
		if len(steps) == 1 {
			return steps[0] + " is done"
		}
		return sentenceList(steps) + " are done"
	}
	if len(stages) == 1 {
		return "stage " + stages[0] + " is complete"
	}
	return "stages " + sentenceList(stages) + " are complete"
}
