package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// mostHeard is how many characters of a comment a story repeats.
const mostHeard = 600

// ofTracker tells what happened in the issue tracker.
func (s story) ofTracker() string {
	o := s.Outside
	if o == nil {
		return ""
	}
	item, by := typedLine(s.ItemName(o.Item), 60), s.called.outsiderFirst(o.By)
	switch s.Type {
	case workflow.ItemHeard:
		return by + " wrote in " + item + ":"
	case workflow.ItemLabelled:
		return upperFirst(item) + " has other labels: " + typedLine(s.Text, mostTold)
	case workflow.ItemTroubled:
		if o.Trouble == nil {
			return ""
		}
		return ":warning: " + bold(upperFirst(item)+" is out of sync:") + " " + Sentence(o.Trouble.Text(s.Run, s.called.tracker())) + "."
	case workflow.ItemWatched:
		return s.merged(item)
	}
	return s.ofTick(by)
}

// merged tells what became of a merge request.
func (s story) merged(item string) string {
	m := s.Outside.Merge
	if m == nil {
		return ""
	}
	switch m.State {
	case workflow.MergeMerged:
		text := bold(item + " was merged")
		if m.MergedBy != (workflow.Outsider{}) {
			text += " by " + s.called.outsider(m.MergedBy)
		}
		if launch, _ := s.Launch(); launch != "" && !m.Merged.IsZero() && s.Day(s.Definition().Owner, m.Merged) < launch {
			text += ", before the launch on " + typed(shortDay(launch))
		}
		return text + "."
	case workflow.MergeClosed:
		return bold(item + " was closed without being merged.")
	}
	return bold(item + " is open again.")
}

// ofTick tells that somebody ticked the box of a step, and what becomes of that.
func (s story) ofTick(by string) string {
	n, ok := s.Node(s.Event.Step)
	if !ok {
		return ""
	}
	text := by + " ticked " + bold(stepLabel(s.Run, n, 60)) + " in " + typedLine(s.called.tracker(), 30)
	if s.Type == workflow.TickRefused {
		var first []string
		for _, b := range slices.Concat(s.LockedBy(n.Key), s.Unmet(n.Key)) {
			first = append(first, Sentence(b.Text()))
		}
		text += ". It cannot be done yet"
		if len(first) > 0 {
			text += ": first " + strings.TrimSuffix(firstOf(first, 3), ".")
		}
		return text + ". The box is open again."
	}
	if s.Outside.Own {
		return text + ". It is done once its evidence is here."
	}
	if who := s.Responsible(n.Key); who != "" {
		return text + ". " + holder(s.Run, who) + " says whether it is done."
	}
	return text + ". Whoever has it says whether it is done."
}

// opens is the button that leads to what a story tells of; nil when there is
// nowhere to go.
func (s story) opens() *slack.ButtonBlockElement {
	switch s.Type {
	case workflow.ItemHeard, workflow.ItemTroubled, workflow.ItemWatched:
		if it := s.Items[s.Outside.Item]; it != nil {
			return openButton("Open", it.URL)
		}
	}
	return nil
}
