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
	wanted := false
	switch {
	case c.lanes.signatures == "":
	case c.lanes.open > 0:
		lines = append(lines, "Go live: "+c.lanes.signatures)
		wanted = c.lanes.missing > 0
	case c.lanes.missing > 0:
		lines = append(lines, c.unsigned())
	}
	b := section(strings.Join(lines, "\n"), nil)
	if wanted {
		b = section(strings.Join(lines, "\n"), button("Review and sign…", string(workflow.VerbSign), commands.Target{Run: c.ID}))
	}
	return b
}

// unsigned says that it went live without all signatures.
func (c *card) unsigned() string {
	return ":warning: Went live with " + strconv.Itoa(c.lanes.signed) + " of " + counted(c.lanes.signed+c.lanes.missing, "signature") + "."
}

// spared names the listings for which there is no image to build.
func (c *card) spared() []string {
	if c.Catalyst == nil || len(c.Catalyst.Spared) == 0 || c.State != workflow.Running {
		return nil
	}
	text := "No image maintenance needed: " + firstNamed(len(c.Catalyst.Spared), max(c.listings, 1), func(i int) string {
		return typedLine(c.Catalyst.Spared[i], max(c.detail.title, 20))
	}) + "."
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

// lanes is how the listings of a run about a catalyst stand, and its signatures. All
// of it is counted once for all drawings: there may be thousands.
type lanes struct {
	live, open   int
	ours, theirs int // of those that are not live: with us, with the partner
	signed       int
	missing      int    // signatures
	signatures   string // who has signed, and who is asked
}

func countLanes(r *workflow.Run) (out lanes) {
	if r.Catalyst == nil {
		return out
	}
	type lane struct{ live, unclosed, open, waits bool }
	all := make(map[workflow.ListingID]lane, len(r.Listings))
	r.Walk(func(n workflow.Node) bool {
		if n.Key.Listing == "" {
			return true
		}
		l, status := all[n.Key.Listing], n.State.Status
		l.live = l.live || n.Step.Publishes && status == workflow.Done
		l.unclosed = l.unclosed || n.Lane() && !status.Closed()
		l.open = l.open || status == workflow.Open
		l.waits = l.waits || n.State.Waiting != nil
		all[n.Key.Listing] = l
		return true
	})
	for _, l := range all {
		if l.unclosed {
			out.open++
		}
		switch {
		case l.live:
			out.live++
		case l.waits:
			out.theirs++
		case l.open:
			out.ours++
		}
	}
	if len(r.SignTeams()) > 0 {
		list, missing := r.Signatures()
		out.signed, out.missing, out.signatures = len(list), missing, signed(r)
	}
	return out
}

// liveText says how many listings are live: "1 of 4 listings live."
func (c *card) liveText() string {
	return strconv.Itoa(c.lanes.live) + " of " + counted(len(c.Listings), "listing") + " live."
}

// ourPart says what we have in hand: " Our part: one is with the partner, three are
// with us."
func (c *card) ourPart() string {
	switch {
	case c.lanes.theirs > 0:
		return " Our part: " + strconv.Itoa(c.lanes.theirs) + " submitted, " + strconv.Itoa(c.lanes.ours) + " to go."
	case c.lanes.ours > 0:
		return " Our part: " + strconv.Itoa(c.lanes.ours) + " to go."
	}
	return ""
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
