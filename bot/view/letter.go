package view

import (
	"slices"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// MaxLetter is how many bytes of JSON a morning message or a channel's daily
// message takes at most.
const MaxLetter = 12288

// letterRoom is how much a message of many runs tells. It is drawn with the first
// of [letterRooms] that fits.
type letterRoom struct {
	full  int // rows with everything that may be done about them
	lines int // further rows with one button
	title int // characters of a title
	text  int // characters of what somebody typed
	chase int // characters of a text to send
}

func letterRooms() [9]letterRoom {
	return [...]letterRoom{
		{full: 10, lines: 10, title: 60, text: 160, chase: 1200},
		{full: 10, lines: 10, title: 60, text: 100, chase: 700},
		{full: 10, lines: 10, title: 40, text: 60, chase: 400},
		{full: 10, lines: 9, title: 40, text: 40, chase: 0},
		{full: 7, lines: 9, title: 40, text: 40, chase: 0},
		{full: 4, lines: 9, title: 36, text: 30, chase: 0},
		{full: 2, lines: 8, title: 30, text: 24, chase: 0},
		{full: 1, lines: 6, title: 24, text: 16, chase: 0},
		{full: 1, lines: 2, title: 12, text: 8, chase: 0},
	}
}

// things counts what a message has: "1 thing", "3 things".
func things(n int) string { return counted(n, "thing") }

// whatAndWhere names a step with its partner: "DigitalOcean: 2.1 Scope effort".
func whatAndWhere(r *workflow.Run, m workflow.Move, between string, limit int) string {
	switch m.Kind {
	case workflow.MoveAccept:
		return subjectName(r, limit)
	case workflow.MoveClassify: // which asks what kind it is
		return typedLine(r.Partner, limit) + between + moveLabel(r, m, limit)
	}
	return subjectName(r, limit) + between + moveLabel(r, m, limit)
}

// subjectName is what a run is about: its partner, or its catalyst, "GitLab
// 17.5.1 security".
func subjectName(r *workflow.Run, limit int) string {
	name := typedLine(r.Partner, limit)
	switch c := r.Catalyst; {
	case c == nil || c.Kind != workflow.CatalystSecurity:
		return name
	case c.Unsure:
		return name + ", may be security"
	}
	return name + " security"
}

// missed says that a message comes later than it should have, or not at all.
func missed(on workflow.Date) string {
	if on == "" {
		return ""
	}
	return "\nCatching up: I could not write since " + typed(shortDay(on)) + ". This is how it stands now."
}

// waitText is a wait in few words: "with DigitalOcean since 24 Nov, ticket
// DO-8812".
func waitText(r *workflow.Run, n workflow.Node, room letterRoom) string {
	w := n.State.Waiting
	text := "with " + partnerName(r, n.Key, room.title) + " since " + date(w.Since)
	if w.Ticket != "" {
		text += ", ticket " + typedLine(w.Ticket, room.text)
	}
	if w.Promised != "" {
		text += ", promised for " + typed(shortDay(w.Promised))
	}
	return text
}

// waitersText says who waits for a step: "@maya waits on it". What waits for the
// person's own work alone is named.
func waitersText(r *workflow.Run, waiters []workflow.Node, except workflow.UserID, limit int) string {
	var people, steps []string
	for _, n := range waiters {
		who := r.Acting(r.Responsible(n.Key))
		if who == "" || who == except {
			steps = append(steps, typedLine(n.Number()+" "+short(n.Step), limit+len(n.Number())+1))
		} else if m := mention(who); !slices.Contains(people, m) {
			people = append(people, m)
		}
	}
	names := people
	if len(names) == 0 {
		names = steps
	}
	switch names = names[:min(len(names), 3)]; len(names) {
	case 0:
		return ""
	case 1:
		return names[0] + " waits on it"
	}
	return sentenceList(names) + " wait on it"
}

// ending says how a step was closed: "done by @ana, 25 Nov at 10:04"; empty for
// one that is not.
func ending(s *workflow.StepState) string {
	text := "done"
	switch s.Status {
	case workflow.Done:
	case workflow.Skipped:
		text = "not needed"
	case workflow.Waived:
		text = "waived"
	default:
		return ""
	}
	if s.Actor != workflow.Bot {
		text += " by " + mention(s.Actor)
	}
	return text + ", " + moment(s.At)
}

// snoozeText is a snooze that is not over: "snoozed until 27 Nov by @omar:
// reason"; empty otherwise. Everybody may see it.
func snoozeText(s *workflow.StepState, now time.Time, limit int) string {
	z := s.Snooze
	if z == nil || !z.Until.After(now) {
		return ""
	}
	return "snoozed until " + date(z.Until) + " by " + mention(z.User) + ": " + typedLine(z.Reason, limit)
}

// teamLabel is the name of the team that an acting maintainer stands in for.
func teamLabel(s reminder.Review) string { return typedLine(s.Name.Name, 60) }
