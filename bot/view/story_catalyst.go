package view

import (
	"strconv"

	"cloudimage/workflow"
)

// ofCatalyst tells what became of a release: that it is another kind than it was taken
// for, that a newer one goes on with it, who has signed.
func (s story) ofCatalyst() string {
	switch s.Type {
	case workflow.RunClassified:
		return s.classified()
	case workflow.LanesLeft:
		text := bold(typedLine(s.Event.Next.What, 80)+" ("+typedLine(s.Event.Next.Name, 20)+") goes on with "+counted(len(s.Lanes), "listing")) + " that " + are(len(s.Lanes)) + " not live."
		if s.Superseded() {
			return text + " This release is superseded; what was late stays in the reports."
		}
		return text
	case workflow.RunSigned:
		_, missing := s.Signatures()
		text := mention(s.Actor) + " signed what goes live."
		if missing > 0 && s.Run.Signed[len(s.Run.Signed)-1].At.Equal(s.At) {
			text += " " + strconv.Itoa(missing) + " more " + are(missing) + " wanted."
		}
		return text
	case workflow.ListingJoined:
		text := typedLine(s.ListingName(s.Event.Listing), 80) + " joined"
		if by := s.LiveBy(s.Event.Listing.ID); !by.IsZero() {
			text += ": live by " + moment(by)
		}
		return text + "."
	}
	return ""
}

// classified says what kind it is, by when its listings are to be live, and why.
func (s story) classified() string {
	c := s.Event.Catalyst
	text := ""
	switch {
	case c.Kind == workflow.CatalystSecurity && c.Unsure:
		text = bold("It may be a security update") + ", so the short clock runs"
	case c.Kind == workflow.CatalystSecurity:
		text = ":rotating_light: " + bold("It is a security update") + ", and has the shorter clock"
	case c.Kind == workflow.CatalystFix:
		text = bold("It is a fix of the image")
	default:
		text = bold("It is no security update")
	}
	if !s.Due.IsZero() {
		text += ": live by " + moment(s.Due)
	}
	text += "."
	if s.Actor != workflow.Bot {
		return text + " " + mention(s.Actor) + " said so."
	}
	if len(c.Evidence) > 0 { // the first says what kind it is
		text += " " + typedLine(c.Evidence[0], mostTold)
	}
	return text
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
