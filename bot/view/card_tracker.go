package view

import (
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file draws what a card says of the issue tracker: where the run's items are,
// what keeps them from being in step, and how its merge request stands. While all
// is in step there is nothing but the links.

// items are the links to what the run has in the tracker, as far as it was seen
// there.
func (n Names) items(r *workflow.Run) []string {
	if n.Tracker == "" {
		return nil
	}
	var out []string
	for _, t := range r.Trackings() {
		if it := r.Items[t.Fact]; it != nil && it.Path != "" {
			out = append(out, link(it.URL, r.ItemName(t.Fact), mostShownOfFact))
		}
	}
	return out
}

// disturbed is the row of what is out of sync, the worst of it; nil while nothing
// is.
func (c *card) disturbed() *slack.SectionBlock {
	facts := c.Disturbed()
	if len(facts) == 0 || c.called.Tracker == "" {
		return nil
	}
	fact := facts[0]
	it := c.Items[fact]
	text := c.called.disturbance(c.Run, fact, 2*c.detail.title)
	if more := len(facts) - 1; more > 0 && !it.Trouble.Kind.Heals() {
		text += " " + counted(more, "more item") + " out of sync."
	}
	if it.Trouble.Kind.Heals() || it.Repairs() {
		return section(text, nil)
	}
	return section(text, button("Repair…", string(workflow.VerbRepair), commands.Target{Run: c.ID, Field: workflow.FieldID(fact)}))
}

// disturbance says what keeps an item from being in step.
func (n Names) disturbance(r *workflow.Run, fact workflow.FactName, limit int) string {
	it := r.Items[fact]
	what := cutMarkup(Sentence(it.Trouble.Text(r, n.tracker())), 2*limit)
	name := upperFirst(typedLine(r.ItemName(fact), limit))
	switch {
	case it.Trouble.Kind.Heals():
		text := ":warning: " + bold(upperFirst(what)+":")
		if it.Waiting == 0 {
			return text + " since " + moment(it.Trouble.At) + "."
		}
		return text + " " + counted(it.Waiting, "update") + " " + waitVerb(it.Waiting) + " since " + moment(it.Trouble.At) + "."
	case it.Repairs():
		return bold(name+" is being repaired:") + " " + what + "."
	}
	return ":warning: " + bold(name+" is out of sync:") + " " + what + "."
}

func waitVerb(n int) string {
	if n == 1 {
		return "waits"
	}
	return "wait"
}

// tick says that somebody ticked the step's box in the tracker, and who answers
// that; empty when nobody did.
func (c *card) tick(n workflow.Node) string {
	t := n.State.Tick
	if t == nil {
		return ""
	}
	text := "ticked in " + typedLine(c.called.tracker(), 30) + " by " + c.called.outsider(t.By)
	if t.Own {
		return text + ", evidence is missing"
	}
	if who := c.TickHolder(n); who != "" {
		text += ", to be accepted by " + mention(c.Acting(who))
	}
	return text
}

// mergeRequest says how the merge request stands of which a step is done; empty for
// every other step, and while none was seen.
func (c *card) mergeRequest(s *workflow.Step) string {
	fact, m := c.merge()
	if m == nil || !isOfMerge(s) {
		return ""
	}
	return c.called.mergeText(c.Run, fact, m, 2*c.detail.title)
}

// merge is the merge request of the run; nil while there is none to be shown.
func (c *card) merge() (workflow.FactName, *workflow.MergeRequest) {
	if c.called.Tracker == "" {
		return "", nil
	}
	t, m := c.MergeRequest()
	return t.Fact, m
}

// isOfMerge reports whether a step is about the merge request.
func isOfMerge(s *workflow.Step) bool {
	if s.DoneWhen == workflow.MergeApproved || s.DoneWhen == workflow.MergeDone {
		return true
	}
	for _, f := range s.Evidence {
		if f.Tracks == workflow.TrackMerge {
			return true
		}
	}
	return false
}

// mergeText is a merge request in a line: "MR !918 approved, milestone 18.6, hold
// until launch".
func (n Names) mergeText(r *workflow.Run, fact workflow.FactName, m *workflow.MergeRequest, limit int) string {
	parts := []string{typedLine(r.ItemName(fact), limit) + " " + mergeState(m)}
	if m.Milestone != "" {
		parts = append(parts, "milestone "+typedLine(m.Milestone, limit/2))
	}
	_, early := r.MergedEarly()
	switch date, _ := r.Launch(); {
	case early:
		parts = append(parts, "before the launch")
	case m.State == workflow.MergeOpen && !m.Approved.IsZero() && date != "":
		parts = append(parts, "hold until launch")
	}
	return strings.Join(parts, ", ")
}

// mergeState is how a merge request stands, in a word or two.
func mergeState(m *workflow.MergeRequest) string {
	switch {
	case m.State == workflow.MergeMerged && m.Merged.IsZero():
		return "merged"
	case m.State == workflow.MergeMerged:
		return "merged " + date(m.Merged)
	case m.State == workflow.MergeClosed:
		return "closed"
	case m.Draft:
		return "draft"
	case !m.Approved.IsZero():
		return "approved"
	}
	return "open"
}

// openMerge opens the merge request.
func (c *card) openMerge() *slack.ButtonBlockElement {
	fact, m := c.merge()
	if m == nil {
		return nil
	}
	return openButton("Open MR", c.Items[fact].URL)
}
