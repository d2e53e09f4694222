package view

import (
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file draws the small print: what is over, and where things are.

// over finds what is closed, newest first and without the parts of what is, and
// the optional steps that somebody was asked about. What was done in a stage
// that is complete need not be told again; what was given up there is.
func over(r *workflow.Run) (closed, asked []workflow.Node) {
	if r.State == workflow.Proposed || r.State == workflow.Cancelled {
		return nil, nil
	}
	const none = 1 << 30
	within := none // depth of the closed step whose parts need no telling
	r.Walk(func(n workflow.Node) bool {
		if n.Depth > within {
			return true
		}
		within = none
		switch s := n.State; {
		case s.Status.Closed():
			within = n.Depth
			if s.Status == workflow.Waived || r.Stages[n.Stage.ID].Status != workflow.StageComplete {
				closed = append(closed, n)
			}
		case s.Status == workflow.Open && n.Step.Optional && !s.Wanted:
			asked = append(asked, n)
		}
		return true
	})
	slices.SortStableFunc(closed, func(a, b workflow.Node) int { return b.State.At.Compare(a.State.At) })
	return closed, asked
}

// closedLines are what is done, skipped and waived, newest first, and what was
// asked.
func (c *card) closedLines() []string {
	told := min(len(c.closed), c.detail.closed)
	var parts []string
	for _, n := range c.closed[:told] {
		parts = append(parts, c.ended(n))
	}
	if before := c.numbers(c.closed[told:]); before != "" {
		parts = append(parts, before)
	}
	var lines []string
	if len(parts) > 0 {
		lines = append(lines, "Done: "+strings.Join(parts, "; "))
	}
	for _, n := range c.asked[:min(len(c.asked), 2)] {
		lines = append(lines, c.question(n))
	}
	return lines
}

// numbers names steps by their numbers. The parts of a lane are not among them,
// since other lanes may have them still to do.
func (c *card) numbers(nodes []workflow.Node) string {
	var out []string
	for _, n := range nodes {
		if n.Key.Listing != "" {
			continue
		}
		number := n.Number()
		if n.State.Status != workflow.Done {
			number += " " + string(n.State.Status)
		}
		out = append(out, number)
	}
	return firstOf(out, 12)
}

// question is an optional step that somebody was asked about.
func (c *card) question(n workflow.Node) string {
	text := typedLine(n.Number()+" "+short(n.Step), c.detail.title+len(n.Number())+1)
	if who := c.Lead(n.Step.AskTeam); who != "" {
		return text + ": asked " + holder(c.Run, who) + ", not needed unless they say so"
	}
	return text + ": not needed unless somebody asks for it"
}

// ended is how a step was closed: "1.3 Joint marketing @ana 25 Nov".
func (c *card) ended(n workflow.Node) string {
	s := n.State
	text := typedLine(n.Number()+" "+short(n.Step), c.detail.title+len(n.Number())+1)
	if n.Key.Listing != "" {
		text += " " + c.listing(n.Key.Listing)
	}
	switch s.Status {
	case workflow.Skipped:
		text += " not needed"
	case workflow.Waived:
		text += " waived"
	}
	if s.Actor != workflow.Bot {
		text += " " + mention(s.Actor)
	}
	text += " " + date(s.At)
	if s.Status == workflow.Waived && s.Reason != "" {
		text += " (" + typedLine(s.Reason, c.text) + ")"
	}
	return text
}

// standins are who stands in for a team, why and until when.
func (c *card) standins() []string {
	if c.State != workflow.Running && c.State != workflow.Proposed {
		return nil
	}
	var out []string
	for i := range c.Definition().Teams {
		team := &c.Definition().Teams[i]
		s, is := c.Standins[team.ID]
		switch {
		case !is || len(out) >= max(c.blocks, 1):
		case c.names == 0:
			out = append(out, mention(s.User)+" stands in for "+typedLine(team.Name, c.detail.title))
		default:
			out = append(out, standinText(s, typedLine(team.Name, c.detail.title), 2*c.text))
		}
	}
	return out
}

// links is the run's name and where its things are.
func (c *card) links() string {
	return strings.Join(append([]string{c.Name()}, c.resources[:min(len(c.resources), c.detail.links)]...), " | ")
}

// resources are the things a run keeps elsewhere, those of the run itself before
// those of the process.
func (n Names) resources(r *workflow.Run) []string {
	own, shared := n.items(r), []string(nil)
	for _, res := range r.Definition().Resources {
		if it := r.Items[res.Fact]; n.Tracker != "" && it != nil && it.Path != "" {
			continue // it is among the items
		}
		if text := resource(r, res); text == "" {
			continue
		} else if res.Fact != "" {
			own = append(own, text)
		} else {
			shared = append(shared, text)
		}
	}
	return append(own, shared...)
}

// mostShownOfFact bounds a name in the small print.
const mostShownOfFact = 40

// resource is one of the things a run keeps elsewhere, by its short name; empty
// while it is not known and nobody is to be asked.
func resource(r *workflow.Run, res workflow.Resource) string {
	label := strings.ReplaceAll(res.ID, "-", " ")
	if res.URL != "" {
		return link(res.URL, label, mostShownOfFact)
	}
	value := r.Fact(res.Fact, "")
	if value == "" {
		if who := r.Lead(res.Ask); who != "" && r.State == workflow.Running {
			return typedLine(label, mostShownOfFact) + "? " + holder(r, who)
		}
		return ""
	}
	if _, ok := webAddress(value); ok {
		return link(value, label, mostShownOfFact)
	}
	return typedLine(label, mostShownOfFact) + ": " + typedLine(value, mostShownOfFact)
}
