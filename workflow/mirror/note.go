package mirror

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cloudimage/workflow"
)

// This file composes the notes that tell at an issue what has happened. One note
// tells of all that came together.

// mostTold is how many events a note tells of by themselves.
const mostTold = 30

// noteMark is what a note of ours is recognised by: the item, and the event up to
// which it tells.
func noteMark(id string, upTo int64) string {
	return fmt.Sprintf("<!-- cloudimage:note %s %d -->", id, upTo)
}

var noteMarked = regexp.MustCompile(`<!-- cloudimage:note (\S+) (\d+) -->`)

// toldIn is up to which event a note of the item tells; 0 for another.
func toldIn(id, body string) int64 {
	m := noteMarked.FindStringSubmatch(body)
	if m == nil || m[1] != id {
		return 0
	}
	n, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// note tells of events, oldest first; empty when there is nothing to tell.
func (w writer) note(id string, events []workflow.Event, upTo int64) string {
	var rows []string
	for _, e := range events {
		if text := w.told(e); text != "" {
			rows = append(rows, "- "+text)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	if more := len(rows) - mostTold; more > 0 {
		rows = append([]string{fmt.Sprintf("- %d more before these; the history in Slack has all of them", more)}, rows[more:]...)
	}
	return strings.Join(rows, "\n") + "\n" + noteMark(id, upTo)
}

// told is what an event is in a sentence; empty when it is not told.
func (w writer) told(e workflow.Event) string {
	if !e.Tells() {
		return ""
	}
	r := w.run
	by := "cloudimage"
	if e.Actor != workflow.Bot {
		by = w.who(e.Actor)
	}
	name, stage := "", ""
	if n, ok := r.Node(e.Step); ok {
		if r.IsGroup(e.Step) && e.Actor == workflow.Bot {
			return "" // its parts say it
		}
		name = w.stepName(n)
	}
	if s, ok := r.Definition().StageByID(e.Stage); ok {
		stage = "Stage " + plain(s.Number+" "+s.Title)
	}
	why := w.why(e.Text)
	switch e.Type {
	case workflow.StepDone:
		if e.Actor == workflow.Bot {
			return name + " is done"
		}
		return name + " is done, by " + by
	case workflow.StepWaived:
		return name + " is given up by " + by + why
	case workflow.StepSkipped:
		return name + " is not needed, says " + by
	case workflow.StepReopened, workflow.StepUndone:
		return name + " is open again, says " + by + why
	case workflow.StepWanted:
		return name + " is needed, says " + by
	case workflow.StepAssigned:
		if e.User == "" {
			return name + " is with the whole team again"
		}
		return name + " is with " + w.who(e.User)
	case workflow.StepDated:
		if e.Planned {
			return ""
		}
		if n, ok := r.Node(e.Step); ok {
			return name + " is due " + day(r.Day(n.Step.Team, e.Due))
		}
	case workflow.StageOpened:
		return stage + " is open"
	case workflow.StageCompleted:
		return "**" + stage + " is complete**"
	case workflow.StageAssigned:
		if e.User != "" {
			return stage + " is with " + w.who(e.User)
		}
	case workflow.StageDated:
		if s, ok := r.Definition().StageByID(e.Stage); ok {
			return stage + " is due " + day(r.Day(s.Team, e.Due))
		}
	case workflow.PartnerAsked:
		return name + " waits for the partner" + why
	case workflow.PartnerAnswered:
		return "The partner has answered on " + name
	case workflow.PartnerWrote:
		return "The partner wrote about " + name
	case workflow.SilenceTold, workflow.ActionTaken:
		return "The partner is silent on " + name + "; " + w.who(e.User) + " follows up"
	case workflow.TickRefused:
		return w.outsider(e.Outside.By) + " ticked " + name + ", which cannot be done yet, so its box is empty again"
	case workflow.TickEnded:
		return by + " says that " + name + " is not done yet, so its box is empty again"
	case workflow.ItemRepaired:
		return by + " had " + plain(r.ItemName(e.Outside.Item)) + " brought in step again"
	case workflow.LaunchMoved:
		return "**The launch is on " + day(e.Date) + "**, says " + by + why
	case workflow.ListingJoined:
		return "A listing more: " + plain(r.ListingName(e.Listing))
	case workflow.OwnerChanged:
		return "The owner is " + w.who(e.User)
	case workflow.RunCompleted:
		return "**Complete**: every step is closed"
	case workflow.RunReopened:
		return "The run goes on"
	case workflow.LanesLeft:
		return plain(e.Next.What) + " (" + plain(e.Next.Name) + ") goes on with what was not live"
	case workflow.RunSuperseded:
		return "**Superseded** by " + plain(e.Next.What)
	case workflow.RunClassified:
		switch {
		case e.Catalyst.Unsure:
			return "**It may be a security update**, and has the shorter clock until that is settled"
		case e.Catalyst.Kind == workflow.CatalystSecurity:
			return "**It is a security update**, and has the shorter clock"
		}
		return "It is no security update"
	case workflow.RunSigned:
		return by + " signed what goes live"
	case workflow.RunCancelled:
		return "**Cancelled** by " + by + why
	}
	return ""
}

// stepName is what people call a step.
func (w writer) stepName(n workflow.Node) string {
	name := "**" + n.Number() + "** " + plain(short(n.Step))
	if l, ok := w.run.Listing(n.Key.Listing); ok {
		name += " (" + plain(w.run.ListingName(l)) + ")"
	}
	return name
}

// holdMark is what a request to hold a merge request is recognised by.
func holdMark(id string, date workflow.Date) string {
	return fmt.Sprintf("<!-- cloudimage:hold %s %s -->", id, date)
}

// hold asks the author of a merge request to merge it on another day.
func (w writer) hold(id string, author string, was, is workflow.Date) string {
	text := "The launch of " + plain(w.run.Partner) + " moved from " + day(was) + " to **" + day(is) + "**. Please hold this until then, so that the documentation and the announcement come out together."
	if author != "" {
		text = "@" + author + ", t" + text[1:]
	}
	return text + "\n" + holdMark(id, is)
}
