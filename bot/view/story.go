package view

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// mostTold is how many characters of what somebody typed a story repeats.
const mostTold = 300

// Story is a reply in the thread of a run's card. It tells the first of the
// events, and takes from those that follow it what belongs to it: the steps that
// became late at the same moment, the dates that moved with the launch. It is
// false when what it tells is not so any more, and is to be taken back.
func (names Names) Story(r *workflow.Run, events []workflow.Event) (Message, bool) {
	if len(events) == 0 || !r.Holds(events[0]) {
		return Message{}, false
	}
	s := story{Run: r, called: names, Event: events[0], like: events[1:]}
	text := s.text()
	if text == "" {
		return Message{}, false
	}
	m := Message{Text: cutMarkup(text, maxText), Blocks: []slack.Block{section(text, s.opens())}}
	if s.Type == workflow.ItemHeard {
		m.Blocks = append(m.Blocks, quoted(s.Text, mostHeard))
		m.Text = cutMarkup(text+" "+said(s.Text), maxText)
	}
	if s.Type == workflow.PersonLeft {
		m.Blocks = append(m.Blocks, buttons(button("People and dates…", "people", commands.Target{Run: r.ID})))
	}
	return m, true
}

// story is what happened in a run, told to who follows it.
type story struct {
	*workflow.Run
	workflow.Event
	called Names
	like   []workflow.Event // what came after it
}

func (s story) text() string {
	switch s.Type {
	case workflow.StageOpened, workflow.StageCompleted:
		return s.ofStage()
	case workflow.StepOverdue:
		return s.late()
	case workflow.PartnerAsked, workflow.PartnerAnswered, workflow.PartnerWrote, workflow.SilenceTold, workflow.ActionTaken:
		return s.ofPartner()
	case workflow.LaunchMoved:
		return s.launch()
	case workflow.StandinBegan, workflow.StandinEnded, workflow.PersonLeft, workflow.CoverBegan:
		return s.ofPeople()
	case workflow.ItemHeard, workflow.ItemLabelled, workflow.ItemTroubled, workflow.ItemWatched, workflow.StepTicked, workflow.TickRefused:
		return s.ofTracker()
	case workflow.RunClassified, workflow.LanesLeft, workflow.RunSigned, workflow.ListingJoined:
		return s.ofCatalyst()
	case workflow.RunCancelled:
		return strings.TrimSuffix(mention(s.Actor)+" cancelled it"+s.because(s.Text), ".") + "."
	case workflow.RunCompleted:
		if s.Definition().Subject == workflow.SubjectPartnership {
			return ":tada: *" + strings.ReplaceAll(typedLine(s.Partner, 80), "*", "∗") + " is launched.* Every stage is complete."
		}
		return ":tada: *Every stage is complete.*"
	}
	return ""
}

// because is a reason at the end of a sentence, ": reason"; empty without one.
func (s story) because(reason string) string {
	if reason = typedLine(reason, mostTold); reason == "" {
		return ""
	}
	return ": " + reason
}

// said is what somebody wrote, in quotes, at the end of a sentence.
func said(text string) string {
	if text = typedLine(text, mostTold); text == "" {
		return ""
	}
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return "“" + text + "”"
	}
	return "“" + text + "”."
}

func (s story) ofStage() string {
	stage, ok := s.Definition().StageByID(s.Event.Stage)
	if !ok {
		return ""
	}
	name := upperFirst(stageLabel(stage, 80))
	if s.Type == workflow.StageCompleted {
		return ":white_check_mark: " + bold(name+", is complete.")
	}
	text := bold(name+", is open.") + " "
	if who := s.StageHolder(stage); who != "" {
		text += holder(s.Run, who) + " sees it through"
	} else {
		text += team(s.Definition().TeamName(stage.Team)) + " sees it through"
	}
	if due := s.Stages[stage.ID].Due; !due.IsZero() {
		text += ", until " + date(due)
	}
	return text + "."
}

// lateStep is a step that became late, with those of its lanes that did for one person.
type lateStep struct {
	workflow.Node
	who   workflow.UserID
	lanes []workflow.ListingID
}

// mostLanes is how many lanes of a step a story names; more are counted.
const mostLanes = 3

// late names the steps that became late at one moment; lanes of one step are one.
func (s story) late() string {
	var steps []lateStep
	first := map[likeness]int{}
	since, same := s.Due, true // it may have become late while nobody looked
	if since.IsZero() {
		since = s.At
	}
	for _, e := range append([]workflow.Event{s.Event}, s.like...) {
		n, ok := s.Node(e.Step)
		if e.Type != workflow.StepOverdue || !e.At.Equal(s.At) || !ok {
			continue
		}
		same = same && e.Due.Equal(since)
		who := s.Responsible(e.Step)
		like := likeness{step: workflow.StepKey{Step: e.Step.Step}, who: who}
		if i, is := first[like]; is {
			steps[i].lanes = append(steps[i].lanes, e.Step.Listing)
			continue
		}
		first[like] = len(steps)
		steps = append(steps, lateStep{n, who, []workflow.ListingID{e.Step.Listing}})
	}
	names := make([]string, len(steps))
	for i, step := range steps {
		names[i] = s.lateName(step)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return ":red_circle: Late since " + date(since) + ": " + names[0]
	}
	if !same {
		return fmt.Sprintf(":red_circle: %d steps are late: %s", len(names), firstOf(names, 6))
	}
	return fmt.Sprintf(":red_circle: %d steps are late since %s: %s", len(names), date(since), firstOf(names, 6))
}

// lateName is "1.2 Update image (EE image on AWS) (@omar)", or "1.2 Update image in 12
// listings (@omar)".
func (s story) lateName(step lateStep) string {
	label := stepLabel(s.Run, step.Node, 60)
	if len(step.lanes) > 1 {
		names := make([]string, 0, mostLanes)
		for _, id := range step.lanes[:min(len(step.lanes), mostLanes)] {
			if l, ok := s.Run.Listing(id); ok {
				names = append(names, typedLine(s.ListingName(l), 60))
			}
		}
		step.Key.Listing = ""
		if label = stepLabel(s.Run, step.Node, 60); len(step.lanes) <= mostLanes {
			label += " (" + strings.Join(names, ", ") + ")"
		} else {
			label += " in " + counted(len(step.lanes), "listing")
		}
	}
	name := bold(label)
	if step.who == "" {
		return name + " (nobody is known for it)"
	}
	return name + " (" + holder(s.Run, step.who) + ")"
}

// ofPartner tells what was asked of the partner and what came of it.
func (s story) ofPartner() string {
	n, ok := s.Node(s.Event.Step)
	if !ok {
		return ""
	}
	step, partner := bold(stepLabel(s.Run, n, 60)), partnerName(s.Run, n.Key, 80)
	partnerFirst := upperFirst(partner)
	switch s.Type {
	case workflow.PartnerAsked:
		text := mention(s.Actor) + " asked " + partner + " about " + step + ": " + said(s.Text)
		if ticket := typedLine(s.Evidence[workflow.FieldTicket], 60); ticket != "" {
			text += " Ticket " + ticket + "."
		}
		return text + s.promised()
	case workflow.PartnerWrote:
		return partnerFirst + " wrote on " + step + ": " + said(s.Text) + s.promised()
	case workflow.PartnerAnswered:
		text := partnerFirst + " answered on " + step
		if quote := said(s.Text); quote != "" {
			text += ": " + quote
		} else {
			text += "."
		}
		if !s.Due.IsZero() {
			text += " It is due " + date(s.Due) + " now."
		}
		return text
	case workflow.SilenceTold:
		text := partnerFirst + " is silent on " + step
		if long := silence(s.Run, s.Rung); long != "" {
			text = partnerFirst + " has been silent for " + long + " on " + step
		}
		text = ":hourglass: " + text + "."
		if s.User != "" {
			text += " " + holder(s.Run, s.User) + " follows up now"
			if w := n.State.Waiting; w != nil && !w.Since.After(s.At) {
				text += "; " + asking(w, s.At)
			}
			text += "."
		}
		return text
	}
	text := ":hourglass: " + mention(s.Actor) + " hands " + step + ", on which " + partner + " is silent, to " + holder(s.Run, s.User)
	return strings.TrimSuffix(text+s.because(s.Text), ".") + "."
}

func (s story) promised() string {
	if s.Date == "" {
		return ""
	}
	return " Promised for " + typed(shortDay(s.Date)) + "."
}

// launch tells that the launch has moved, and what moves with it.
func (s story) launch() string {
	what := "The launch"
	if workflow.FactName(s.Event.Field) == workflow.FactLaunchAgreed {
		what = "The agreed launch"
	}
	if was := workflow.Date(s.Evidence[workflow.FieldLaunch]); was != "" {
		what += " moves from " + typed(shortDay(was))
	} else {
		what += " moves"
	}
	text := ":calendar: *" + what + " to " + typed(day(s.Date)) + "*"
	text = strings.TrimSuffix(text+s.because(s.Text), ".") + "."
	for _, e := range s.like {
		if e.Type == workflow.RunPlanned && e.At.Equal(s.At) {
			verb := " move"
			if len(e.Plan) == 1 {
				verb = " moves"
			}
			text += " " + counted(len(e.Plan), "planned date") + verb + " with it."
			break
		}
	}
	return text
}

// ofPeople tells who acts for whom.
func (s story) ofPeople() string {
	team := bold(typedLine(s.Definition().TeamName(s.Team).Name, 60))
	switch s.Type {
	case workflow.CoverBegan:
		if s.Cover == nil {
			return ""
		}
		return mention(s.Cover.By) + " covers for " + mention(s.User) + " until " + typed(shortDay(s.Cover.Day)) + "."
	case workflow.StandinBegan:
		if s.Standin == nil {
			return ""
		}
		return standinText(*s.Standin, team, mostTold) + "."
	case workflow.StandinEnded:
		return team + " answers for its own work again. Thank you, " + mention(s.User) + "."
	}
	return mention(s.User) + "'s account is deactivated. What was theirs is with their teams again: say who takes it."
}

// standinText is an acting maintainer: "@eliran stands in for Omnibus team until
// hiring completes: reason".
func standinText(s workflow.Standin, team string, limit int) string {
	text := mention(s.User) + " stands in for " + team
	switch {
	case s.Until != "":
		text += " until " + typed(shortDay(s.Until))
	case s.Condition != "":
		text += " until " + typedLine(s.Condition, limit)
	}
	if reason := typedLine(s.Reason, limit); reason != "" {
		text += ": " + strings.TrimSuffix(reason, ".")
	}
	return text
}
