package view

import (
	"strconv"
	"strings"
	"unicode/utf8"

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
	if because := c.because(); because != "" {
		lines = append(lines, because)
	}
	if shown := c.evidence(); shown != "" && c.names > 0 {
		lines = append(lines, shown)
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
	case c.lanes.missing > 0 && c.lanes.live > 0:
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

// because is why there is something to do, of a fix of the image.
func (c *card) because() string {
	because := typedLine(c.Catalyst.Because, 2*c.text)
	if because == "" {
		return ""
	}
	return "Why: " + because
}

// evidence is what it was judged by, as many whole sentences as there is room for: what
// says what kind it is comes first. All of it is under "Why this clock".
func (c *card) evidence() string {
	limit, out := 2*c.text+40, ""
	for _, e := range c.Catalyst.Evidence {
		sentence := typedLine(e, limit)
		if out != "" && utf8.RuneCountInString(out)+1+utf8.RuneCountInString(sentence) > limit {
			break
		}
		out += " " + sentence
	}
	if out == "" {
		return ""
	}
	return "Evidence:" + out
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
		out.signatures, out.signed, out.missing = signing(r)
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

// signing says who has signed what goes live, and who is asked next; with how many
// signatures there are and how many are missing.
func signing(r *workflow.Run) (text string, have, missing int) {
	list, missing := r.Signatures()
	out := signatures(list)
	switch wanted := counted(missing, "signature") + " wanted"; {
	case missing == 0:
	case len(list) == 0 && len(r.Signed) > 0:
		out = append(out, "what was signed has changed, "+wanted)
	case len(list) == 0:
		if out = append(out, wanted); r.NextSigner() != "" { // an image waits for them
			out = append(out, mention(r.NextSigner())+" is asked")
		}
	default:
		if next := r.NextSigner(); next != "" {
			out = append(out, mention(next)+" is asked")
		} else {
			out = append(out, "one more is wanted, and I know nobody else who could")
		}
	}
	return strings.Join(out, ", ") + ".", len(list), missing
}

// signedBefore says to whoever is asked for a signature who has signed already; empty for
// nobody.
func signedBefore(r *workflow.Run) string {
	list, _ := r.Signatures()
	if len(list) == 0 {
		return ""
	}
	return strings.Join(signatures(list), ", ") + "."
}

func signatures(list []workflow.Signature) (out []string) {
	for _, s := range list {
		out = append(out, mention(s.User)+" signed "+date(s.At))
	}
	return out
}

// mostEvidence is how many sentences of evidence a message has.
const mostEvidence = 6

// evidence is what a catalyst was judged by, a line each.
func evidence(r *workflow.Run, limit int) string {
	all, out := r.Catalyst.Evidence, ""
	for _, e := range all[:min(len(all), mostEvidence)] {
		out += "\n• " + typedLine(e, 2*limit)
	}
	if more := len(all) - mostEvidence; more > 0 {
		out += "\n• and " + strconv.Itoa(more) + " more"
	}
	return out
}

// isWhetherItComesOut reports whether a proposed run asks whether a release comes out,
// and not whether a person may start what they propose.
func isWhetherItComesOut(r *workflow.Run) bool {
	return r.Catalyst != nil && r.Catalyst.Because == ""
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
