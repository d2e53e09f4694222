package workflow

import (
	"maps"
	"slices"
	"strings"
)

// Notice is a person who has a move in a run that they had not before, or an
// answer they asked for, or a decision on what they proposed, and is to be shown
// where it stands. Who only lost a move needs no notice: what they were shown is
// drawn anew with the run.
type Notice struct {
	User UserID
	// News says that it is worth a message of its own, not only a redrawn one.
	News bool
	// Own says that they took it for themselves, and may want it at hand.
	Own bool
}

// Notices compares a run before and after what actor did and says who has to
// hear of it. Before is nil for a run that was just begun.
//
// News is what a person did not cause and could not wait for until the morning:
// a first step in the run, a question, an answer, be it a helper's or the
// partner's, a follow-up that was handed to them, a step of a security update, a
// launch that moved, a box that was ticked in the tracker. Everything else that is newly theirs is shown in place, and
// is a row of their next morning message; so is what time does by itself, which
// may be in the middle of their night.
func Notices(before, after *Run, actor UserID) []Notice {
	had := map[UserID][]Move{}
	if before != nil {
		had = before.Moves()
	}
	news := map[UserID]bool{}
	passedOn := before != nil && before.passesOn(after, actor)
	for who, moves := range after.Moves() {
		for _, m := range moves {
			if slices.Contains(had[who], m) {
				continue
			}
			causedIt := before != nil && (who == actor || actor == Bot && !m.Kind.isFromOutside())
			news[who] = news[who] || !causedIt && !passedOn && isNews(before, after, m, had[who])
		}
	}
	for _, who := range answered(before, after) {
		news[who] = news[who] || who != actor
	}
	if before != nil && before.State == Proposed && after.State != Proposed && after.Opener != actor && after.Opener != Bot {
		news[after.Opener] = true // it was accepted or declined
	}
	for _, who := range reclassified(before, after) {
		news[who] = news[who] || who != actor
	}
	for _, who := range launchMoved(before, after) {
		news[who] = news[who] || who != actor
	}
	out := make([]Notice, 0, len(news))
	for who, isNews := range news {
		out = append(out, Notice{User: who, News: isNews, Own: who == actor && !isNews && !passedOn})
	}
	slices.SortFunc(out, func(a, b Notice) int { return strings.Compare(string(a.User), string(b.User)) })
	return out
}

// isFromOutside reports whether a move comes of what people did in the tracker. The
// bot notes it, and did not cause it.
func (k MoveKind) isFromOutside() bool { return k == MoveTick || k == MoveEarly }

// isNews reports whether a move that is new to a person is worth a message, when
// they had these before.
func isNews(before, after *Run, m Move, had []Move) bool {
	waited := before != nil && before.Steps[m.Key] != nil && before.Steps[m.Key].Waiting != nil
	switch m.Kind {
	case MoveAccept, MoveAsk, MoveAnswer, MoveTick, MoveEarly, MoveClassify, MoveSign:
		return true
	case MoveChase:
		if waited && before.Chaser(m.Key) != after.Chaser(m.Key) {
			return true // it was handed to them
		}
	case MoveDo:
		if waited {
			return true // the partner has answered
		}
	default:
		return false
	}
	if after.Catalyst != nil && after.Catalyst.Kind == CatalystSecurity {
		return true
	}
	return !slices.ContainsFunc(had, func(m Move) bool { return m.Kind == MoveDo || m.Kind == MoveChase })
}

// passesOn reports whether the change has passed on what people had, in this run
// as in all others: a cover or an acting maintainer has begun or ended, or a
// person has left. Who has it now reads of it in the morning, in one message for
// all runs.
func (r *Run) passesOn(after *Run, actor UserID) bool {
	return !maps.EqualFunc(r.Covers, after.Covers, Cover.same) || !maps.EqualFunc(r.Standins, after.Standins, Standin.same) ||
		actor == Bot && !maps.Equal(r.Leads, after.Leads)
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
			if !slices.Contains(now.Helpers, h) && h.By != "" {
				out = append(out, h.By)
			}
		}
	}
	return out
}

// reclassified are the people who have something to do by another day than they
// were told, because the release is another kind than it was taken for. They need
// not hear of one that was sooner than it must be.
func reclassified(before, after *Run) (out []UserID) {
	if before == nil || before.Catalyst == nil || after.State != Running || !after.Promise.Before(before.Promise) {
		return nil
	}
	for who, moves := range after.Moves() {
		if slices.ContainsFunc(moves, func(m Move) bool { return m.Kind == MoveDo }) {
			out = append(out, who)
		}
	}
	return out
}

// launchMoved are the people who have to hear that the launch is on another day.
func launchMoved(before, after *Run) []UserID {
	if before == nil || after.State != Running {
		return nil
	}
	was, wasAgreed := before.Launch()
	is, agreed := after.Launch()
	if was == is && wasAgreed == agreed {
		return nil
	}
	return after.LaunchAudience()
}
