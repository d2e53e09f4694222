package workflow

import (
	"slices"
	"strings"
)

// Move is something a run wants of a person.
type Move struct {
	Kind MoveKind
	Key  StepKey // zero for MoveAccept
	// Field is what is asked of a helper.
	Field FieldID
}

// MoveKind is what kind of thing is wanted.
type MoveKind string

// The kinds of moves.
const (
	MoveAccept MoveKind = "accept" // accept or decline a proposal
	MoveAsk    MoveKind = "ask"    // say whether an optional step is wanted
	MoveDo     MoveKind = "do"     // do a step
	MoveChase  MoveKind = "chase"  // follow up a wait for the partner
	MoveAnswer MoveKind = "answer" // write the text one was asked for
)

// Moves are what the run wants now, by person, in the order of the process.
// Only the person responsible for an open step is asked, and only for a step
// whose needs are met; a step nobody is known for is nobody's move.
func (r *Run) Moves() map[UserID][]Move {
	out := map[UserID][]Move{}
	add := func(who UserID, m Move) {
		if who != "" {
			out[who] = append(out[who], m)
		}
	}
	if r.State == Proposed {
		add(r.Leads[r.def.Owner], Move{Kind: MoveAccept})
		return out
	}
	if r.State != Running {
		return out
	}
	r.Walk(func(n Node) bool {
		s := n.State
		unasked := n.Step.Optional && !s.Wanted
		if s.Status != Open || r.IsGroup(n.Key) && !unasked {
			return true
		}
		for _, h := range s.Helpers {
			add(h.User, Move{Kind: MoveAnswer, Key: n.Key, Field: h.Field})
		}
		switch {
		case unasked:
			if n.Step.AskTeam != "" {
				add(r.Leads[n.Step.AskTeam], Move{Kind: MoveAsk, Key: n.Key})
			}
		case s.Waiting != nil:
			add(s.Waiting.Chaser, Move{Kind: MoveChase, Key: n.Key})
		case len(r.Unmet(n.Key)) == 0:
			add(r.Responsible(n.Key), Move{Kind: MoveDo, Key: n.Key})
		}
		return true
	})
	return out
}

// Notice is a person who has a move in a run that they had not before, or an
// answer they asked for, or a decision on what they proposed, and is to be shown where it stands. Who only lost a
// move needs no notice: what they were shown is drawn anew with the run.
type Notice struct {
	User UserID
	// News says that something is theirs which was not before, by somebody
	// else's doing: it is worth a message of its own, not only a redrawn one.
	News bool
}

// Notices compares a run before and after what actor did and says who has to
// hear of it. Before is nil for a run that was just begun.
func Notices(before, after *Run, actor UserID) []Notice {
	had := map[UserID][]Move{}
	if before != nil {
		had = before.Moves()
	}
	news := map[UserID]bool{}
	for who, moves := range after.Moves() {
		if slices.ContainsFunc(moves, func(m Move) bool { return !slices.Contains(had[who], m) }) {
			news[who] = who != actor || before == nil
		}
	}
	for _, who := range answered(before, after) {
		news[who] = news[who] || who != actor
	}
	if before != nil && before.State == Proposed && after.State != Proposed && after.Opener != actor {
		news[after.Opener] = true // it was accepted or declined
	}
	out := make([]Notice, 0, len(news))
	for who, isNews := range news {
		out = append(out, Notice{User: who, News: isNews})
	}
	slices.SortFunc(out, func(a, b Notice) int { return strings.Compare(string(a.User), string(b.User)) })
	return out
}

// answered are the people who asked for help with a step that is still open,
// and have it now.
func answered(before, after *Run) (out []UserID) {
	if before == nil {
		return nil
	}
	for key, was := range before.Steps {
		now := after.Steps[key]
		if now.Status != Open {
			continue
		}
		for _, h := range was.Helpers {
			if !slices.Contains(now.Helpers, h) {
				out = append(out, h.By)
			}
		}
	}
	return out
}
