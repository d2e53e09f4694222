package view

import (
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// This file says why a row is in a morning message, what has to be known of it,
// and what became of it.

// reason is why a row is there, as it stands: "1 day late", "Today".
func (m *morning) reason(row morningRow) string {
	a := row.asked
	switch {
	case a.isTold():
		return "For your information"
	case row.Why == workflow.WhyChase:
		return "Chase today"
	case a.Kind == workflow.MoveAccept && isWhetherItComesOut(a.run):
		return "Does it come out?"
	case a.Kind == workflow.MoveAccept:
		return "New proposal"
	case a.Kind == workflow.MoveLaunch:
		return "Launch day"
	case a.Kind == workflow.MoveTick:
		return "Is it done?"
	case a.Kind == workflow.MoveClassify, a.Kind == workflow.MoveSign:
		return "Asked of you"
	case a.Kind == workflow.MoveFact:
		return "Asked once"
	case !a.Due.IsZero() && a.Due.Before(m.now):
		if row.Late.Days > 0 {
			return counted(row.Late.Days, "day") + " late"
		}
		return "Late"
	case row.Why == workflow.WhyNew:
		return "New"
	case a.Kind == workflow.MoveConfirm:
		return "Not confirmed"
	case a.Kind == workflow.MoveAnswer && a.Due.IsZero():
		return "Asked of you"
	case a.Due.IsZero():
		return "No date"
	}
	switch on := m.dayOf(a); on {
	case m.Day:
		return "Today"
	case nextDay(m.Day):
		return "Tomorrow"
	default:
		return "Due " + typed(shortDay(on))
	}
}

// dayOf is the day something is due on, where its team is.
func (m *morning) dayOf(a asked) workflow.Date {
	return a.run.Day(a.node.Step.Team, a.Due)
}

func nextDay(d workflow.Date) workflow.Date {
	return workflow.DateOf(d.Time().AddDate(0, 0, 1))
}

// details are what has to be known of a row.
func (m *morning) details(row morningRow) []string {
	a, out := row.asked, []string{}
	add := func(text string) {
		if text != "" {
			out = append(out, text)
		}
	}
	switch a.Kind {
	case workflow.MoveAccept:
		if !isWhetherItComesOut(a.run) {
			add("proposed by " + mention(a.run.Opener))
			break
		}
		add("it concerns " + counted(len(a.run.Listings), "listing"))
		if all := a.run.Catalyst.Evidence; len(all) > 0 {
			add(typedLine(strings.TrimSuffix(all[0], "."), m.letterRoom.text))
		}
	case workflow.MoveAsk:
		add(typedLine(a.node.Step.Question, m.letterRoom.text))
	case workflow.MoveConfirm:
		verb := "planned for "
		if a.isPast(m.now) {
			verb = "was planned for "
		}
		add(verb + typed(day(a.stageDate())))
	case workflow.MoveChase:
		add(waitText(a.run, a.node, m.letterRoom))
		add("asked: " + typedLine(a.node.State.Waiting.For, m.letterRoom.text))
	case workflow.MoveSilent:
		add(silenceTold(a.run, a.node, m.title))
		add(asking(a.node.State.Waiting, m.now))
		add(followsUp(a.run, a.Key))
	case workflow.MoveLate:
		add(lateTold(a.run, a.node))
	case workflow.MoveLaunch:
		add("it is the day of " + typedLine(a.node.Number()+" "+short(a.node.Step), m.title))
	case workflow.MoveClassify:
		add("nothing settles it, so it counts as one")
	case workflow.MoveSign:
		add(signWords(a.run, m.title))
	case workflow.MoveFact:
		add("where is this, for every run?")
	case workflow.MoveTick:
		add(m.called.tickedBy(a, m.Person, m.letterRoom.text))
	case workflow.MoveEarly:
		add(m.called.mergedEarly(a.run, m.title))
	case workflow.MoveAnswer:
		add(m.helper(a))
		add(m.due(row))
	default:
		if a.isBuilding() {
			add(strings.TrimPrefix(markBy(a.node.State.Build, m.Person, m.letterRoom.text), ":warning: "))
		}
		add(m.due(row))
		add(waitersText(a.run, m.waiters[a.run.ID][a.Key], m.Person, m.title))
	}
	add(a.forWhom())
	return out
}

// due is until when, as far as the reason does not say it.
func (m *morning) due(row morningRow) string {
	a := row.asked
	switch {
	case a.Due.IsZero():
		return ""
	case a.Due.Before(m.now):
		return "was due " + date(a.Due)
	case m.dayOf(a) == m.Day:
		return "ends " + hour(a.Due)
	case row.Why == workflow.WhyNew:
		return "due " + date(a.Due)
	}
	return ""
}

// helper says who asks for a text, and which.
func (m *morning) helper(a asked) string {
	f, _ := a.node.Step.Field(a.Field)
	for _, h := range a.node.State.Helpers {
		if h.Field == a.Field && a.run.Acting(h.User) == m.Person {
			return mention(h.By) + " asks you for this: " + typedLine(f.Label, m.title)
		}
	}
	return typedLine(f.Label, m.title)
}

// silenceTold says how long the partner is silent.
func silenceTold(r *workflow.Run, n workflow.Node, limit int) string {
	text := partnerName(r, n.Key, limit) + " is silent"
	if long := silence(r, n.State.Waiting.Rung); long != "" {
		text += " for " + long
	}
	return text
}

// putOff says why nothing is asked now of what is the person's still: it is being
// built, they snoozed it, or have asked the partner again since.
func (m *morning) putOff(a asked) string {
	if a.isUnderWay() {
		return markBy(a.node.State.Build, m.Person, 40)
	}
	if !a.isPutOff(m.now) || !m.Ends.IsZero() && !a.isPutOff(m.Ends) {
		return ""
	}
	if z := a.node.State.Snooze; a.isSnoozed(m.now) {
		text := "snoozed until " + date(z.Until)
		if z.Reason != "" {
			text += " (" + typedLine(z.Reason, 80) + ")"
		}
		return text
	}
	w := a.node.State.Waiting
	if a.Due.IsZero() {
		return waitText(a.run, a.node, letterRoom{title: 40, text: 40})
	}
	next := ", next follow-up " + date(a.Quiet)
	switch {
	case w.Heard.After(w.Chased):
		return "they wrote " + moment(w.Heard) + next
	case !w.Chased.IsZero():
		return "asked again " + moment(w.Chased) + next
	}
	return "waits" + next
}

// settled says what became of a row that is not the person's to do any more.
func (m *morning) settled(row reminder.Row) string {
	r, move := row.Run, row.Item.Move
	n, ok := r.Node(move.Key)
	switch {
	case r.State == workflow.Cancelled:
		return endedAs(r) + ", " + moment(r.Ended)
	case move.Kind == workflow.MoveClassify, move.Kind == workflow.MoveSign:
		return m.settledCatalyst(r, move)
	case move.Kind == workflow.MoveAccept:
		if r.State == workflow.Proposed {
			return m.notYours(r.Acting(r.Lead(r.Definition().Owner)))
		}
		return "taken by " + mention(r.Owner)
	case move.Kind == workflow.MoveConfirm:
		return m.settledStage(r, move.Stage)
	case move.Kind == workflow.MoveFact:
		return "said, thank you"
	case !ok:
		return "no longer yours"
	}
	s := n.State
	if text := ending(s); text != "" && move.Kind != workflow.MoveLaunch {
		return text
	}
	switch {
	case move.Kind == workflow.MoveLaunch && !s.Launched.IsZero():
		return "done, " + moment(s.Launched)
	case s.Status == workflow.Locked:
		return "locked again"
	case move.Kind == workflow.MoveAnswer:
		return "no longer asked for, thank you"
	case move.Kind == workflow.MoveAsk && s.Wanted:
		return "wanted"
	case move.Kind == workflow.MoveDo && s.Waiting != nil:
		return waitText(r, n, letterRoom{title: 40, text: 40})
	case (move.Kind == workflow.MoveChase || move.Kind == workflow.MoveSilent) && s.Waiting == nil:
		return "they answered" + lastHeard(s)
	case move.Kind == workflow.MoveTick && s.Tick == nil:
		return "not ticked any more"
	case move.Kind == workflow.MoveLate && !s.Overdue:
		return "not late any more"
	}
	who := r.Responsible(move.Key)
	if move.Kind == workflow.MoveChase {
		who = r.Chaser(move.Key)
	}
	return m.notYours(r.Acting(who))
}

// settledCatalyst says what became of a question about a catalyst.
func (m *morning) settledCatalyst(r *workflow.Run, move workflow.Move) string {
	if move.Kind == workflow.MoveClassify {
		switch {
		case r.State == workflow.Running && r.Catalyst.Unsure:
			return m.notYours(r.Acting(r.Classifier()))
		case r.Catalyst.Kind == workflow.CatalystSecurity:
			return "settled: it is a security update"
		}
		return "settled: it is no security update"
	}
	list, missing := r.Signatures()
	switch {
	case slices.ContainsFunc(list, func(s workflow.Signature) bool { return s.User == m.Person }):
		return "signed, thank you"
	case missing == 0:
		return "signed by others"
	}
	return m.notYours(r.NextSigner())
}

// notYours says with whom something is that was the person's.
func (m *morning) notYours(who workflow.UserID) string {
	if who == "" || who == m.Person {
		return "no longer asked"
	}
	return "no longer yours: with " + mention(who)
}

// lastHeard is when the last wait was over.
func lastHeard(s *workflow.StepState) string {
	if len(s.Waits) == 0 {
		return ""
	}
	return ", " + moment(s.Waits[len(s.Waits)-1].Until)
}

func (m *morning) settledStage(r *workflow.Run, id workflow.StageID) string {
	stage, ok := r.Definition().StageByID(id)
	s := r.Stages[id]
	switch {
	case !ok:
		return "no longer yours"
	case s.Status == workflow.StageComplete:
		return "complete, " + moment(s.Closed)
	case s.Status == workflow.StageOpen && !s.Planned && !s.Due.IsZero():
		return "settled for " + typed(shortDay(r.Day(stage.Team, s.Due)))
	}
	return m.notYours(r.Acting(r.StageHolder(stage)))
}

// quietLine is a row of which nothing is asked any more.
func (m *morning) quietLine(row morningRow) string {
	name := whatAndWhere(row.Run, row.Item.Move, ": ", m.title)
	if row.asked.run != nil {
		return name + ": " + row.quiet // it is theirs still
	}
	return struck(name) + " " + row.quiet
}
