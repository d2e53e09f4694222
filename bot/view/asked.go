package view

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file draws what a person is asked for: how it is called, and what can be
// done about it at once. The button that completes a step has the word Done.

// asked is something a run asks of a person, as it stands.
type asked struct {
	run *workflow.Run
	workflow.Todo
	node  workflow.Node   // of a step; zero otherwise
	stage *workflow.Stage // of MoveConfirm; nil otherwise
}

// allAsked is what a run asks of a person, in the order of the process.
func allAsked(r *workflow.Run, who workflow.UserID) []asked {
	var out []asked
	for _, t := range r.Todos() {
		if t.Person == who {
			out = append(out, newAsked(r, t))
		}
	}
	return out
}

func newAsked(r *workflow.Run, t workflow.Todo) asked {
	a := asked{run: r, Todo: t}
	a.node, _ = r.Node(t.Key)
	a.stage, _ = r.Definition().StageByID(t.Stage)
	return a
}

// isStep reports whether it is about a step, and not about the run or a stage.
func (a asked) isStep() bool { return a.node.Step != nil }

// isTold reports whether the person is only told of it: it is somebody else's.
func (a asked) isTold() bool {
	return a.Kind == workflow.MoveSilent || a.Kind == workflow.MoveLate || a.Kind == workflow.MoveEarly
}

// isPutOff reports whether nothing is expected of the person yet: they snoozed it,
// or it is not time to ask the partner again.
func (a asked) isPutOff(now time.Time) bool {
	return a.isSnoozed(now) || a.Kind == workflow.MoveChase && a.Quiet.After(now)
}

// isSnoozed reports whether the person has asked not to be reminded of it yet;
// the step's snooze says until when.
func (a asked) isSnoozed(now time.Time) bool {
	return a.Snoozed && a.node.State.Snooze != nil && a.node.State.Snooze.Until.After(now)
}

// target is what its buttons are about.
func (a asked) target() commands.Target {
	if a.stage != nil {
		return commands.StageTarget(a.run, a.stage)
	}
	t := commands.Target{Run: a.run.ID, Step: a.Key}
	if a.isStep() {
		t.Version = a.node.State.Version
	}
	if a.Kind == workflow.MoveAnswer || a.Kind == workflow.MoveFact {
		t.Field = a.Field
	}
	return t
}

// label names it: "2.3.1 Create the listing (CE image)", without marks.
func (a asked) label(limit int) string { return moveLabel(a.run, a.Move, limit) }

// moveLabel names what a move is about, limit characters of each name at most.
func moveLabel(r *workflow.Run, m workflow.Move, limit int) string {
	switch n, ok := r.Node(m.Key); {
	case ok && m.Kind == workflow.MoveLaunch:
		return typedLine(n.Step.LaunchDay, limit) + laneLabel(r, m.Key, limit)
	case ok:
		return stepLabel(r, n, limit)
	case m.Stage != "":
		if stage, ok := r.Definition().StageByID(m.Stage); ok {
			return stageLabel(stage, limit)
		}
	case m.Kind == workflow.MoveAccept:
		return "the proposal"
	case m.Kind == workflow.MoveClassify:
		return "is it a security update?"
	case m.Kind == workflow.MoveSign:
		return "sign what goes live"
	case m.Kind == workflow.MoveFact:
		if res, ok := r.Definition().Resource(workflow.FactName(m.Field)); ok {
			return typedLine(res.Title, limit)
		}
	}
	return r.Name()
}

func stepLabel(r *workflow.Run, n workflow.Node, limit int) string {
	return typedLine(n.Number()+" "+short(n.Step), limit+len(n.Number())+1) + laneLabel(r, n.Key, limit)
}

// laneLabel is the listing of a lane, " (CE image)"; empty for what is no lane.
func laneLabel(r *workflow.Run, key workflow.StepKey, limit int) string {
	l, ok := r.Listing(key.Listing)
	if !ok {
		return ""
	}
	return " (" + typedLine(r.ListingName(l), limit) + ")"
}

// stageLabel is "stage 3, Marketing".
func stageLabel(s *workflow.Stage, limit int) string {
	return typedLine("stage "+s.Number+", "+s.Title, limit+len(s.Number)+8)
}

// partnerName is whom we work with on a step: the run's partner; for a catalyst,
// which has none, who provides the listing.
func partnerName(r *workflow.Run, key workflow.StepKey, limit int) string {
	return typedLine(r.AskedPartner(key), limit)
}

// holder is who acts for a person, and for whom: "@lena for @omar".
func holder(r *workflow.Run, who workflow.UserID) string {
	if by := r.Acting(who); by != who {
		return mention(by) + " for " + mention(who)
	}
	return mention(who)
}

// forWhom says for whom it is done, when that is somebody who is away.
func (a asked) forWhom() string {
	if a.For == "" {
		return ""
	}
	text := "for " + mention(a.For)
	if c, away := a.run.Covers[a.For]; away {
		text += ", away until " + typed(shortDay(c.Day))
	}
	return text
}

// isLaunchDay reports whether it is what is done on the day of the launch, and
// that day has come.
func (a asked) isLaunchDay(now time.Time) bool {
	date, agreed := a.run.Launch()
	return agreed && a.run.Day(a.node.Step.Team, now) >= date
}

// stageDate is the day that a stage is planned for.
func (a asked) stageDate() workflow.Date {
	return a.run.Day(a.stage.Team, a.run.Stages[a.stage.ID].Due)
}

// isPast reports whether the stage's planned day is over, so that nobody can say
// it holds.
func (a asked) isPast(now time.Time) bool { return a.stageDate() < a.run.Day(a.stage.Team, now) }

// settling are the buttons that settle it, the obvious one first, and the menu
// of what else may be done about it; nil where there is nothing else.
func (a asked) settling(now time.Time) ([]slack.BlockElement, *slack.OverflowBlockElement) {
	t := a.target()
	press := func(says string, v workflow.Verb) slack.BlockElement { return button(says, string(v), t) }
	open, handOver := menuOpen(), menuHandOver()
	switch a.Kind {
	case workflow.MoveAccept:
		return []slack.BlockElement{press("Accept", workflow.VerbAccept), press("Decline…", workflow.VerbCancel)},
			more(t, choice{"Brief and links", "brief"}, open)
	case workflow.MoveAsk:
		return []slack.BlockElement{press("Yes, we want it", workflow.VerbWant), press("Not needed", workflow.VerbSkip)},
			more(t, menuHowTo(), open)
	case workflow.MoveConfirm:
		if a.isPast(now) {
			return []slack.BlockElement{press("Set a date…", workflow.VerbDue)}, more(t, choice{"People and dates…", "people"}, open)
		}
		return []slack.BlockElement{press("Confirm "+dayAndMonth(a.stageDate()), workflow.VerbConfirm), press("Change…", workflow.VerbDue)},
			more(t, choice{"People and dates…", "people"}, open)
	case workflow.MoveAnswer:
		return []slack.BlockElement{press("Write it…", workflow.VerbAnswer)}, nil
	case workflow.MoveLaunch:
		return []slack.BlockElement{press("Done", workflow.VerbLaunched)},
			more(t, choice{"Launch plan", string(workflow.VerbLaunch)}, menuHowTo(), open)
	case workflow.MoveChase:
		rest := []choice{{"Partner wrote…", string(workflow.VerbWrote)}}
		if canEscalate(a.run, a.node) {
			rest = append(rest, menuEscalate())
		}
		row := append([]slack.BlockElement{press("They answered…", workflow.VerbPartner), press("Still silent…", workflow.VerbSilent)}, a.submissions()...)
		return row, more(t, append(rest, menuSnooze(), handOver, open)...)
	case workflow.MoveSilent:
		row := []slack.BlockElement{press("They answered…", workflow.VerbPartner)}
		if canEscalate(a.run, a.node) {
			row = append(row, press("Escalate now…", workflow.VerbEscalate))
		}
		return row, more(t, choice{"Partner wrote…", string(workflow.VerbWrote)}, handOver, menuWhy(), open)
	case workflow.MoveLate:
		return []slack.BlockElement{press("Hand over…", workflow.VerbAssign), press("Move date…", workflow.VerbDue)},
			more(t, menuWait(), menuWhy(), open)
	case workflow.MoveTick:
		return a.ticked()
	case workflow.MoveFact:
		return []slack.BlockElement{press("Tell…", workflow.VerbResource)}, more(t, choice{"Brief and links", "brief"}, open)
	case workflow.MoveEarly:
		return a.early()
	case workflow.MoveClassify:
		return classifying(a.run), more(t, choice{"Open card", string(workflow.VerbView)})
	case workflow.MoveSign:
		return []slack.BlockElement{press("Review and sign…", workflow.VerbSign)}, more(t, choice{"Open card", string(workflow.VerbView)})
	}
	if a.isBuilding() {
		return a.buildings()
	}
	if a.Due.IsZero() {
		return []slack.BlockElement{press("Set a date…", workflow.VerbDue), press(doneLabel(a.node.Step), workflow.VerbDone)},
			more(t, menuWait(), handOver, menuSnooze(), open)
	}
	return []slack.BlockElement{press(doneLabel(a.node.Step), workflow.VerbDone)},
		more(t, menuWait(), menuMoveDate(), handOver, menuSnooze(), open)
}

func menuOpen() choice     { return choice{"Open card", string(workflow.VerbView)} }
func menuHowTo() choice    { return choice{"How-to", "howto"} }
func menuWhy() choice      { return choice{"Explain", "why"} }
func menuWait() choice     { return choice{"Waiting on partner…", string(workflow.VerbWait)} }
func menuMoveDate() choice { return choice{"Move date…", string(workflow.VerbDue)} }
func menuHandOver() choice { return choice{"Hand over…", string(workflow.VerbAssign)} }
func menuSnooze() choice   { return choice{"Snooze…", string(workflow.VerbSnooze)} }
func menuEscalate() choice { return choice{"Escalate now…", string(workflow.VerbEscalate)} }

// canEscalate reports whether there is somebody above who follows up with the
// partner: what was handed to another team is not handed over again.
func canEscalate(r *workflow.Run, n workflow.Node) bool {
	chaser := r.Chaser(n.Key)
	for _, a := range r.ActionsFor(n.Key) {
		if a.Team != n.Step.Team {
			taken := slices.ContainsFunc(n.State.Waiting.Taken, func(t workflow.Taken) bool { return t.Action == a.ID })
			return !taken && (chaser == "" || chaser != r.Lead(a.Team))
		}
	}
	to := r.Lead(r.Definition().Owner)
	return n.State.Waiting != nil && to != "" && to != chaser
}

// silence is how long a partner is silent, as the ladder counts it: "5 business
// days"; empty below its first rung.
func silence(r *workflow.Run, rung int) string {
	ladder := r.Definition().Silence
	if rung < 1 || rung > len(ladder) {
		return ""
	}
	return counted(ladder[rung-1].After, "business day")
}

// asking is when the partner was asked, and asked again: "asked by @omar 18 Nov,
// again by @ana 20 Nov". Only what was done before a moment is in it.
func asking(w *workflow.Wait, before time.Time) string {
	text := "asked by " + mention(w.By) + " " + date(w.Since)
	var again []string
	for _, t := range w.Taken {
		if t.At.Before(before) {
			again = append(again, "by "+mention(t.By)+" "+date(t.At))
		}
	}
	if len(again) == 0 && !w.Chased.IsZero() && w.Chased.Before(before) {
		again = append(again, date(w.Chased))
	}
	if len(again) > 2 {
		again = again[len(again)-2:]
	}
	if len(again) > 0 {
		text += ", again " + strings.Join(again, " and ")
	}
	return text
}

// waitersOf finds the steps that wait for each step of a run: those that open
// after it, and those whose needs it meets.
func waitersOf(r *workflow.Run) map[workflow.StepKey][]workflow.Node {
	out := map[workflow.StepKey][]workflow.Node{}
	r.Walk(func(n workflow.Node) bool {
		if n.State.Status.Closed() || n.Lane() && r.IsGroup(n.Key) && len(n.Step.Needs) == 0 {
			return true
		}
		var blocks []workflow.Block
		if n.State.Status == workflow.Locked && r.Stages[n.Stage.ID].Status != workflow.StageLocked {
			blocks = r.LockedBy(n.Key)
		}
		if len(n.Step.Needs) > 0 {
			blocks = append(blocks, r.Unmet(n.Key)...)
		}
		for _, b := range blocks {
			first := b.Step
			if first == nil {
				first = b.Giver
			}
			if first == nil || slices.ContainsFunc(out[first.Key], func(o workflow.Node) bool { return o.Step == n.Step }) {
				continue // lanes of one step wait as one
			}
			out[first.Key] = append(out[first.Key], n)
		}
		return true
	})
	return out
}
