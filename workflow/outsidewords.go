package workflow

import (
	"slices"
	"strings"
)

// This file says in words what concerns the tracker. The domain does not know what
// the tracker is called: whoever speaks says so.

// mostHandle is how many characters of a name in the tracker are repeated.
const mostHandle = 60

// Text is who it is: a person here, or their name in the tracker.
func (o Outsider) Text(tracker string) Text {
	switch {
	case o.User != "":
		return Say("%s", o.User)
	case o.Handle == "":
		return Say("somebody in %s", tracker)
	}
	h := []rune(o.Handle)
	if len(h) > mostHandle {
		h = append(h[:mostHandle-1], '…')
	}
	return Say("%s (%s)", string(h), tracker)
}

// ItemName is what people call an item of the run: "issue #412", "marketing issue
// #7", "MR !918". It has no number until it was seen.
func (r *Run) ItemName(fact FactName) string {
	name := strings.ReplaceAll(string(fact), "-", " ")
	for _, t := range r.index.tracks {
		if t.Fact == fact && t.Track == TrackMerge {
			name = "MR"
		}
	}
	it := r.Items[fact]
	if it == nil {
		return name
	}
	if i := strings.LastIndexAny(it.Path, "#!"); i >= 0 {
		name += " " + it.Path[i:]
	}
	return name
}

// Text is what is the matter, for behind a colon: "@pat changed our part of the
// text".
func (t Trouble) Text(r *Run, tracker string) Text {
	by := t.By.Text(tracker)
	switch t.Kind {
	case Unreachable:
		return Say("%s does not answer", tracker)
	case Refused:
		return Say("%s does not take the bot's token, or does not let it write", tracker)
	case Edited:
		return Say("%s changed our part of the text", by)
	case Unmarked:
		return Say("the marks around our part of the text are gone, or there twice")
	case Vanished:
		return Say("it was deleted, or is hidden from the bot")
	case OddState:
		if r.isEnded() {
			return Say("it was reopened after its end")
		}
		return Say("%s closed it, and the run goes on", by)
	case OddBox:
		return Say("the box of a step that is done was unticked")
	case OddPerson:
		return Say("%s changed whom it is assigned to, or when it is due", by)
	case Overwrote:
		return Say("%s wrote at the same moment as the bot, and their text may be lost", by)
	case Foreign:
		return Say("it shows another run already")
	}
	return Say("it is not in step")
}

// Disturbed are the items of the run that are in trouble, the worst first: what
// stops all else, then what a person has to decide, then what ends by itself.
func (r *Run) Disturbed() []FactName {
	order := [...]TroubleKind{Refused, Vanished, Foreign, Unmarked, Edited, OddState, OddBox, OddPerson, Overwrote, Unreachable}
	var out []FactName
	for fact, it := range r.Items {
		if it.Trouble != nil {
			out = append(out, fact)
		}
	}
	rank := func(fact FactName) int { return slices.Index(order[:], r.Items[fact].Trouble.Kind) }
	slices.SortFunc(out, func(a, b FactName) int {
		if by := rank(a) - rank(b); by != 0 {
			return by
		}
		if by := r.Items[b].Waiting - r.Items[a].Waiting; by != 0 {
			return by // what tells least of the run
		}
		return strings.Compare(string(a), string(b))
	})
	return out
}

// Repairs reports whether somebody has decided to repair what is the matter now.
func (it *TrackedItem) Repairs() bool {
	return it.Trouble != nil && it.Repair == it.Trouble.Key && it.Repair != ""
}

// LacksEvidence are the answers that a step asks for and does not have yet.
func (n Node) LacksEvidence() (out []Field) {
	for _, f := range n.Step.Evidence {
		if !f.Optional && n.State.Evidence[f.ID] == "" {
			out = append(out, f)
		}
	}
	return out
}
