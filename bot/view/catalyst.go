package view

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file draws what only a run about a catalyst has: what it was judged by, how
// many listings are live, and the signatures.

// catalyst says how far the listings are, what it was judged by and who has signed;
// nil for a run that is about none. Its button is for whoever may sign next.
func (c *card) catalyst() *slack.SectionBlock {
	if c.Catalyst == nil {
		return nil
	}
	lines := []string{c.liveText() + c.ourPart()}
	if because := typedLine(c.Catalyst.Because, 2*c.text); because != "" {
		lines = append(lines, "Why: "+because)
	}
	if n := len(c.Catalyst.Evidence); n > 0 && c.names > 0 {
		lines = append(lines, "Evidence: "+evidenceLine(c.Catalyst.Evidence, 2*c.text+40))
	}
	if c.Catalyst.Unsure {
		lines = append(lines, ":grey_question: Nothing settles whether it is a security update"+c.asks(c.Classifier())+". Until then the short clock runs.")
	}
	list, missing := c.Signatures()
	switch open := len(c.OpenLanes()) > 0; {
	case len(c.SignTeams()) == 0:
	case open:
		lines = append(lines, "Go live: "+signed(c.Run))
	case missing > 0:
		lines = append(lines, ":warning: Went live with "+strconv.Itoa(len(list))+" of "+counted(len(list)+missing, "signature")+".")
		missing = 0
	}
	b := section(strings.Join(lines, "\n"), nil)
	if missing > 0 {
		b = section(strings.Join(lines, "\n"), button("Review and sign…", string(workflow.VerbSign), commands.Target{Run: c.ID}))
	}
	return b
}

// spared names the listings for which there is no image to build.
func (c *card) spared() []string {
	if c.Catalyst == nil || len(c.Catalyst.Spared) == 0 || c.State != workflow.Running {
		return nil
	}
	names := make([]string, len(c.Catalyst.Spared))
	for i, name := range c.Catalyst.Spared {
		names[i] = typedLine(name, max(c.detail.title, 20))
	}
	text := "No image maintenance needed: " + firstOf(names, max(c.listings, 1)) + "."
	if !c.foldLanes {
		text += " " + workflow.NoMaintenance
	}
	return []string{text}
}

// asks says who is asked: ", @omar is asked".
func (c *card) asks(who workflow.UserID) string {
	if who == "" {
		return ""
	}
	return ", " + holder(c.Run, who) + " is asked"
}

// liveText says how many listings are live: "1 of 4 listings live."
func (c *card) liveText() string {
	live := 0
	for i := range c.Listings {
		if c.IsLive(c.Listings[i].ID) {
			live++
		}
	}
	return strconv.Itoa(live) + " of " + counted(len(c.Listings), "listing") + " live."
}

// ourPart says what we have in hand: " Our part: one is with the partner, three are
// with us."
func (c *card) ourPart() string {
	ours, theirs := 0, 0
	for i := range c.Listings {
		id := c.Listings[i].ID
		if c.IsLive(id) {
			continue
		}
		waits, open := false, false
		for _, n := range c.lanes(id) {
			open = open || n.State.Status == workflow.Open
			waits = waits || n.State.Waiting != nil
		}
		switch {
		case waits:
			theirs++
		case open:
			ours++
		}
	}
	switch {
	case theirs > 0:
		return " Our part: " + strconv.Itoa(theirs) + " submitted, " + strconv.Itoa(ours) + " to go."
	case ours > 0:
		return " Our part: " + strconv.Itoa(ours) + " to go."
	}
	return ""
}

// lanes are the steps of a listing.
func (c *card) lanes(id workflow.ListingID) (out []workflow.Node) {
	for i := range c.Definition().Stages {
		for j := range c.Definition().Stages[i].Steps {
			step := &c.Definition().Stages[i].Steps[j]
			if n, ok := c.Node(workflow.StepKey{Step: step.ID, Listing: id}); ok {
				out = append(out, n)
			}
		}
	}
	return out
}

// signed says who has signed what goes live, and who is asked next.
func signed(r *workflow.Run) string {
	list, missing := r.Signatures()
	var out []string
	for _, s := range list {
		out = append(out, mention(s.User)+" signed "+date(s.At))
	}
	switch {
	case missing == 0:
		return strings.Join(out, ", ") + "."
	case len(list) == 0 && r.Lapsed():
		out = append(out, "what was signed has changed, "+counted(missing, "signature")+" wanted")
	case len(list) == 0:
		out = append(out, counted(missing, "signature")+" wanted")
	case r.NextSigner() == "":
		out = append(out, "one more is wanted, and I know nobody else who could")
	default:
		out = append(out, mention(r.NextSigner())+" is asked")
	}
	return strings.Join(out, ", ") + "."
}

// signedBefore says to whoever is asked for a signature who has signed already; empty for
// nobody.
func signedBefore(r *workflow.Run) string {
	list, _ := r.Signatures()
	var out []string
	for _, s := range list {
		out = append(out, mention(s.User)+" signed "+date(s.At))
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, ", ") + "."
}

// evidenceLine is as many of the sentences as fit, the first of which says what it is.
func evidenceLine(sentences []string, limit int) string {
	whole, length := 0, 0
	for whole < len(sentences) {
		if length += len([]rune(sentences[whole])) + 1; length > limit+1 {
			break
		}
		whole++
	}
	return typedLine(strings.Join(sentences[:max(whole, 1)], " "), limit)
}

// evidence is what a catalyst was judged by, a line each.
func evidence(r *workflow.Run, limit int) string {
	out := ""
	for _, e := range r.Catalyst.Evidence {
		out += "\n• " + typedLine(e, 2*limit)
	}
	return out
}

// classifying are the buttons that say what kind of release it is.
func classifying(r *workflow.Run) []slack.BlockElement {
	var out []slack.BlockElement
	for _, kind := range []workflow.CatalystKind{workflow.CatalystSecurity, workflow.CatalystRelease, ""} {
		b := commands.ClassifyButton(r, kind)
		out = append(out, button(b.Label, b.Verb, b.Target))
	}
	return out
}

// quickButton does a step by the one answer that it needs; nil where there is none.
func quickButton(s *workflow.Step, t commands.Target) *slack.ButtonBlockElement {
	f, ok := s.Quick()
	if !ok {
		return nil
	}
	return button(f.Quick, "choose", t)
}

// endedAs is how a run has ended that is not complete.
func endedAs(r *workflow.Run) string {
	if r.Superseded() {
		return "superseded"
	}
	return "cancelled"
}
