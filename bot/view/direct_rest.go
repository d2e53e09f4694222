package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// rest is a direct message that wants nothing any more: it says so and what
// happens next, and has no buttons.
func (d *direct) rest() Message {
	name := typedLine(d.Partner, 80)
	text, next := "Nothing on "+name+" waits for you now. Thank you.", ""
	switch d.State {
	case workflow.Proposed:
		next = "The proposal is with " + d.ownerTeam() + "."
	case workflow.Complete:
		text = name + " is complete since " + date(d.Ended) + ". Thank you."
	case workflow.Cancelled:
		text = name + " was cancelled " + date(d.Ended) + ". You need not do anything more."
		if d.Owner == "" {
			text = "The proposal of " + name + " was declined " + date(d.Ended) + "."
		}
		if d.Reason != "" {
			next = "Why: " + typedLine(d.Reason, 400)
		}
	default:
		if d.who == d.Opener && d.who != d.Owner {
			text = mention(d.Owner) + " has accepted " + name + " and owns it. Thank you for proposing it."
		}
		next = d.next()
	}
	m := Message{Text: text, Blocks: []slack.Block{section(text, nil)}}
	if next != "" {
		next += " | "
	}
	m.Blocks = append(m.Blocks, smallPrint(next+d.Name()))
	return m
}

func (d *direct) ownerTeam() string {
	if lead := d.Leads[d.Definition().Owner]; lead != "" {
		return mention(lead)
	}
	return team(d.Definition().TeamName(d.Definition().Owner))
}

// next says whose moves are next: "Next: 2.1 Scope effort (@omar)".
func (d *direct) next() string {
	var people []workflow.UserID
	moves := d.Moves()
	for who := range moves {
		people = append(people, who)
	}
	slices.Sort(people)
	var parts []string
	d.Walk(func(n workflow.Node) bool {
		for _, who := range people {
			if slices.ContainsFunc(moves[who], func(m workflow.Move) bool { return m.Key == n.Key }) {
				if part := typedLine(n.Number()+" "+short(n.Step), 60) + " (" + mention(who) + ")"; !slices.Contains(parts, part) {
					parts = append(parts, part)
				}
			}
		}
		return len(parts) < 3
	})
	if len(parts) == 0 {
		return "I write to you when something is yours."
	}
	return "Next: " + strings.Join(parts, ", ") + ". I write to you when something is yours."
}
