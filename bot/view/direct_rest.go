package view

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// rest is a direct message that wants nothing any more: it says so and what
// happens next. It has no buttons but those that take back what was just done.
func (d *direct) rest() Message {
	name := typedLine(d.Partner, 80)
	text, next := "Nothing on "+name+" waits for you now. Thank you.", ""
	switch d.State {
	case workflow.Proposed:
		next = "The proposal is with " + d.ownerTeam() + "."
	case workflow.Complete:
		text = name + " is complete since " + date(d.Ended) + ". Thank you."
	case workflow.Cancelled:
		text = name + " was " + endedAs(d.Run) + " " + date(d.Ended) + ". You need not do anything more."
		if d.Owner == "" {
			text = "The proposal of " + name + " was declined " + date(d.Ended) + "."
		}
		switch {
		case d.Superseded():
			next = typedLine(d.Next.What, 60) + " (" + typedLine(d.Next.Name, 20) + ") goes on with what was left."
		case d.Reason != "":
			next = "Why: " + typedLine(d.Reason, 400)
		}
	default:
		if d.who == d.Opener && d.who != d.Owner {
			text = mention(d.Owner) + " has accepted " + name + " and owns it. Thank you for proposing it."
		}
		next = d.next()
		if !d.takesPart() {
			text, next = "Nothing on "+name+" waits for you now. Thank you for your help.", ""
		}
	}
	if next != "" {
		next += " | "
	}
	blocks := undoRows(d.Run, d.who, d.now, 80)
	moved, fresh := d.launchMoved()
	if moved != "" {
		blocks = append(blocks, section(moved, nil))
	}
	blocks = append(blocks, section(text, nil), smallPrint(next+d.Name()))
	if fresh {
		text = name + ": " + d.launchDay()
	}
	return Message{Text: text, Blocks: steady(blocks)}
}

// For how long it is said that the launch was moved, and how long something is the
// news, which a notification shows.
const (
	movedFor = 3 * 24 * time.Hour
	isNews   = time.Hour
)

// launchMoved says that somebody else has lately put the launch on another day,
// or agreed it, to those who hear of that; and whether that is the news.
func (d *direct) launchMoved() (text string, fresh bool) {
	m := d.Moved
	ago := d.now.Sub(m.At)
	if m.At.IsZero() || m.By == d.who || ago >= movedFor || d.State != workflow.Running || !slices.Contains(d.LaunchAudience(), d.who) {
		return "", false
	}
	text = ":calendar: *" + upperFirst(d.launchDay()) + ".*"
	if is, _ := d.Launch(); m.Was != is {
		text += " It was on " + typed(shortDay(m.Was)) + "."
	}
	if m.By == workflow.Bot {
		return text, ago < isNews
	}
	text += " By " + mention(m.By) + " " + date(m.At)
	if m.Reason != "" {
		text += ": " + strings.TrimSuffix(typedLine(m.Reason, mostTold), ".")
	}
	return text + ".", ago < isNews
}

// launchDay says when the launch is: "the launch is on Wed 20 Jan 2027 now".
func (d *direct) launchDay() string {
	date, agreed := d.Launch()
	if agreed {
		return "the launch is agreed for " + typed(day(date))
	}
	return "the launch is meant for " + typed(day(date)) + " now"
}

func (d *direct) ownerTeam() string {
	if lead := d.Leads[d.Definition().Owner]; lead != "" {
		return mention(lead)
	}
	return team(d.Definition().TeamName(d.Definition().Owner))
}

// takesPart reports whether the person has a part in the run; who has none was
// a helper, and is told nothing that is not for them.
func (d *direct) takesPart() bool {
	is := func(who workflow.UserID) bool { return who != "" && (who == d.who || d.Acting(who) == d.who) }
	if is(d.Owner) || is(d.Opener) {
		return true
	}
	for i := range d.Definition().Teams {
		if team := d.Definition().Teams[i].ID; is(d.Leads[team]) || is(d.Lead(team)) {
			return true
		}
	}
	for _, s := range d.Stages {
		if is(s.Assignee) {
			return true
		}
	}
	for _, s := range d.Steps {
		if is(s.Assignee) || is(s.Actor) || s.Waiting != nil && is(s.Waiting.Chaser) {
			return true
		}
	}
	return false
}

// next says whose moves are next: "Next: 2.1 Scope effort (@omar)".
func (d *direct) next() string {
	whose := map[workflow.StepKey][]workflow.UserID{}
	moves := d.Moves()
	for _, who := range slices.Sorted(maps.Keys(moves)) {
		for _, m := range moves[who] {
			if isNext(m) && !slices.Contains(whose[m.Key], who) {
				whose[m.Key] = append(whose[m.Key], who)
			}
		}
	}
	var parts []string
	d.Walk(func(n workflow.Node) bool {
		for _, who := range whose[n.Key] {
			if part := typedLine(n.Number()+" "+short(n.Step), 60) + " (" + mention(who) + ")"; !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
		return len(parts) < 3
	})
	text := ""
	if len(parts) > 0 {
		text = "Next: " + strings.Join(parts, ", ") + ". "
	}
	if len(d.ahead) > 0 {
		names := make([]string, len(d.ahead))
		for i, a := range d.ahead {
			names[i] = a.label(60)
		}
		date, _ := d.Launch()
		text += "Yours on the day of the launch, " + typed(shortDay(date)) + ": " + firstOf(names, 4) + ". "
	}
	return text + "I write to you when something is yours."
}

// isNext reports whether a move brings the run on now.
func isNext(m workflow.Move) bool {
	return m.Kind != workflow.MoveLaunch && m.Kind != workflow.MoveSilent && m.Kind != workflow.MoveLate && m.Kind != workflow.MoveEarly
}
