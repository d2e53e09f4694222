package workflow

import (
	"slices"
	"strings"
	"time"
)

// This file is what a run knows of the issue tracker: the issues and the merge
// request it keeps there, and what people did to them.

// Track is what a link leads to that a run keeps in the tracker.
type Track string

// What can be tracked.
const (
	// TrackIssue is the run's own issue. It shows all stages, and is assigned and
	// dated as the run is. A process has one at most.
	TrackIssue Track = "issue"
	// TrackRelated is an issue beside it, with a brief, that shows the stage it
	// belongs to and is linked to the run's own.
	TrackRelated Track = "related-issue"
	// TrackMerge is a merge request, which is only watched. A process has one at
	// most.
	TrackMerge Track = "merge-request"
	// TrackDocument is a document that is made from a template, and then people's.
	TrackDocument Track = "document"
)

// TrackedItem is an issue or a merge request of a run.
type TrackedItem struct {
	URL  string `json:"url,omitzero"`
	Path string `json:"path,omitzero"` // what people call it: "group/project#12"; empty until it was seen
	// Merge is how a merge request stands; nil for an issue, and until it was seen.
	Merge *MergeRequest `json:"merge,omitzero"`
	// Trouble is why it is not in step with the run; nil while it is.
	Trouble *Trouble `json:"trouble,omitzero"`
	// Waiting is how much has happened in the run that it does not tell of, since
	// it is in trouble.
	Waiting int `json:"waiting,omitzero"`
	// Repair is the trouble that somebody decided to repair; empty for none.
	Repair string `json:"repair,omitzero"`
}

// Outsider is somebody in the tracker, and who they are here if that is known.
type Outsider struct {
	Handle string `json:"handle,omitzero"` // without the @; empty when nobody can tell who it was
	User   UserID `json:"user,omitzero"`
}

// MergeRequest is how a merge request stands.
type MergeRequest struct {
	Title     string     `json:"title,omitzero"`
	State     MergeState `json:"state,omitzero"`
	Draft     bool       `json:"draft,omitzero"`
	Author    Outsider   `json:"author,omitzero"`
	Milestone string     `json:"milestone,omitzero"`
	// Approved is when it was first seen with nobody's approval missing, and Merged
	// when it was merged; zero while it is not.
	Approved time.Time `json:"approved,omitzero"`
	Merged   time.Time `json:"merged,omitzero"`
	MergedBy Outsider  `json:"merged_by,omitzero"`
}

// MergeState is where a merge request is.
type MergeState string

// The states of a merge request.
const (
	MergeOpen   MergeState = "open"
	MergeClosed MergeState = "closed"
	MergeMerged MergeState = "merged"
)

// TroubleKind is why an item is not in step with its run.
type TroubleKind string

// The kinds of trouble. Unreachable and Refused end by themselves; the others are
// a person's to decide.
const (
	Unreachable TroubleKind = "unreachable" // the tracker does not answer
	Refused     TroubleKind = "refused"     // it does not take our token, or does not let us write
	Edited      TroubleKind = "edited"      // somebody wrote into our part of the text
	Unmarked    TroubleKind = "unmarked"    // the marks around our part are gone, or there are two of them
	Vanished    TroubleKind = "vanished"    // it was deleted, or is hidden from us
	OddState    TroubleKind = "odd-state"   // it was closed while the run goes on, or reopened after its end
	OddBox      TroubleKind = "odd-box"     // the box of a step that is done was unticked
	OddPerson   TroubleKind = "odd-person"  // assignee or due date were changed by somebody who may not, or cannot be told
	Overwrote   TroubleKind = "overwrote"   // somebody wrote in the same second as we did, and their text may be lost
	Foreign     TroubleKind = "foreign"     // it shows another run already
)

// Trouble is why an item is not in step with its run.
type Trouble struct {
	Kind TroubleKind `json:"kind,omitzero"`
	// Key tells one trouble from the next of the same kind: repairing what has
	// changed since it was shown repairs nothing.
	Key string    `json:"key,omitzero"`
	By  Outsider  `json:"by,omitzero"`
	At  time.Time `json:"at,omitzero"`
	// There is what is there, and Ours what would be: lines that differ, at most
	// [MostDifferent] of each.
	There []string `json:"there,omitzero"`
	Ours  []string `json:"ours,omitzero"`
	// Missed is how much the item did not tell of already when the trouble was seen.
	Missed int `json:"missed,omitzero"`
}

// MostDifferent is how many lines of a difference are kept.
const MostDifferent = 12

// Heals reports whether the trouble ends by itself.
func (k TroubleKind) Heals() bool { return k == Unreachable || k == Refused }

// Tick is a box that somebody ticked in the tracker, and that does not complete
// its step by itself.
type Tick struct {
	By   Outsider  `json:"by,omitzero"`
	Item FactName  `json:"item,omitzero"`
	At   time.Time `json:"at,omitzero"`
	// Own says that they may complete the step, and evidence is missing. Else it is
	// a proposal, which whoever has the step accepts or declines.
	Own bool `json:"own,omitzero"`
}

// Outside is what an event holds of the tracker.
type Outside struct {
	Item    FactName      `json:"item,omitzero"`
	By      Outsider      `json:"by,omitzero"`
	URL     string        `json:"url,omitzero"`
	Path    string        `json:"path,omitzero"`
	Merge   *MergeRequest `json:"merge,omitzero"`
	Was     MergeState    `json:"was,omitzero"` // of Merge, before; empty when it was not seen yet
	Trouble *Trouble      `json:"trouble,omitzero"`
	Own     bool          `json:"own,omitzero"` // of a tick
}

// Link notes where an item of the run is. A step that asks for nothing but its
// link is done by it.
func (r *Run) Link(act Act, fact FactName, url, path string) error {
	has := r.Items[fact]
	if has != nil && has.URL == url && has.Path == path {
		return nil
	}
	if known := r.Facts[fact]; known != "" && known != url && (has == nil || has.URL == "") {
		return fail(Conflict, "%s has another link for that already.", r.Name())
	}
	e := act.event(ItemLinked)
	e.Outside = &Outside{Item: fact, URL: url, Path: path}
	r.emit(e)
	n := r.giver(fact, "")
	if n == nil || n.State.Status != Open || n.Step.DoneWhen != Never || len(r.Unmet(n.Key)) > 0 {
		return nil
	}
	for _, f := range n.Step.Evidence {
		if f.Fact != fact {
			continue
		}
		evidence, err := CheckEvidence(n.Step, map[FieldID]string{f.ID: url}, n.State.Evidence)
		if err != nil {
			break // it asks for more than a link
		}
		done := Event{Type: StepDone, At: act.At, Step: n.Key, Evidence: evidence}
		r.emit(done)
	}
	r.settle(act.At)
	return nil
}

// TickOutside is that somebody ticked the box of a step. May says whether they
// may complete it: then it is done, in their name, unless evidence is missing.
// What is closed already is left alone, and so is what was ticked already.
func (r *Run) TickOutside(act Act, key StepKey, item FactName, by Outsider, may bool) error {
	n, ok := r.Node(key)
	if !ok || n.State.Status.Closed() || r.State != Running || n.State.Tick != nil && (!may || n.State.Tick.Own) {
		return nil
	}
	outside := &Outside{Item: item, By: by}
	if !r.Doable(key) {
		e := Event{Type: TickRefused, At: act.At, Step: key, Outside: outside}
		r.emit(e)
		return nil
	}
	if may {
		if _, err := CheckEvidence(n.Step, nil, n.State.Evidence); err == nil {
			act.Outside = outside
			return r.Done(act, key, 0, nil)
		}
		outside.Own = true
	}
	r.emit(Event{Type: StepTicked, At: act.At, Step: key, Outside: outside})
	return nil
}

// UntickOutside is that somebody took a tick back which nobody has answered.
func (r *Run) UntickOutside(act Act, key StepKey, by Outsider) {
	if n, ok := r.Node(key); ok && n.State.Tick != nil {
		r.emit(Event{Type: TickEnded, At: act.At, Step: key, Outside: &Outside{Item: n.State.Tick.Item, By: by}})
	}
}

// DeclineTick says that a step is not done although somebody ticked its box.
func (r *Run) DeclineTick(act Act, key StepKey) error {
	n, err := r.unclosedStep(key, 0)
	if err != nil {
		return err
	}
	if n.State.Tick == nil {
		return fail(Conflict, "Nobody says any more that %s is done.", r.StepName(n))
	}
	e := act.event(TickEnded)
	e.Step, e.Outside = key, &Outside{Item: n.State.Tick.Item, By: n.State.Tick.By}
	r.emit(e)
	return nil
}

// Disturb notes that an item is not in step with the run. The same trouble again
// changes nothing.
func (r *Run) Disturb(act Act, fact FactName, t Trouble) {
	if it := r.Items[fact]; it != nil && it.Trouble != nil && it.Trouble.Kind == t.Kind && it.Trouble.Key == t.Key {
		return
	}
	t.At = act.At.UTC().Truncate(time.Millisecond)
	t.There, t.Ours = fewLines(t.There), fewLines(t.Ours)
	e := act.event(ItemTroubled)
	e.Outside = &Outside{Item: fact, By: t.By, Trouble: &t}
	r.emit(e)
}

// fewLines are the first lines of a difference, none of them long.
func fewLines(lines []string) []string {
	const longest = 160
	lines = slices.Clone(lines[:min(len(lines), MostDifferent)])
	for i, l := range lines {
		if l = clean(l); len([]rune(l)) > longest {
			l = string([]rune(l)[:longest-1]) + "…"
		}
		lines[i] = l
	}
	return lines
}

// Mend notes that an item is in step with the run again.
func (r *Run) Mend(act Act, fact FactName) {
	if it := r.Items[fact]; it == nil || it.Trouble == nil && it.Repair == "" {
		return
	}
	e := act.event(ItemMended)
	e.Outside = &Outside{Item: fact}
	r.emit(e)
}

// Repair decides that an item in trouble is to be as the run has it. Key is the
// trouble that was shown to the person.
func (r *Run) Repair(act Act, fact FactName, key string) error {
	it := r.Items[fact]
	switch {
	case it == nil || it.Trouble == nil:
		return fail(Conflict, "It is in step again, so there is nothing to repair.")
	case it.Trouble.Kind.Heals():
		return fail(Conflict, "That ends by itself, as soon as the other side answers again.")
	case it.Trouble.Kind == Foreign:
		return fail(Conflict, "It shows another run already, so this one needs an item of its own: give another link.")
	case it.Trouble.Key != key:
		return fail(Stale, "It has changed since you looked. Please look at the difference again.")
	case it.Repair == key:
		return fail(Conflict, "It is being repaired already.")
	}
	e := act.event(ItemRepaired)
	e.Outside = &Outside{Item: fact, Trouble: &Trouble{Key: key}}
	r.emit(e)
	return nil
}

// Watched notes how the merge request of the run stands, and does what follows
// from it.
func (r *Run) Watched(act Act, fact FactName, m MergeRequest) {
	it := r.Items[fact]
	if it == nil {
		return
	}
	at := act.At.UTC().Truncate(time.Millisecond)
	if was := it.Merge; was != nil {
		m.Approved, m.Merged = first(was.Approved, m.Approved), first(was.Merged, m.Merged)
		if m == *was {
			return
		}
	}
	if !m.Approved.IsZero() && (it.Merge == nil || it.Merge.Approved.IsZero()) {
		m.Approved = at
	}
	e := act.event(ItemWatched)
	e.Outside = &Outside{Item: fact, By: m.MergedBy, Merge: &m}
	if it.Merge != nil {
		e.Outside.Was = it.Merge.State
	}
	r.emit(e)
	r.settle(act.At)
}

// first keeps the moment at which something was first seen, for as long as it is
// so.
func first(was, is time.Time) time.Time {
	if is.IsZero() || was.IsZero() {
		return is
	}
	return was
}

// Hear notes what somebody wrote at an item. Text that looks like a secret is
// left out.
func (r *Run) Hear(act Act, fact FactName, by Outsider, text string) {
	if text = clean(text); text == "" {
		return
	}
	if LooksSecret(text) {
		text = "(That looked like a secret and was not taken over.)"
	}
	e := act.event(ItemHeard)
	e.Text, e.Outside = heard(text), &Outside{Item: fact, By: by}
	r.emit(e)
}

// heard is as much of a text as is taken over.
func heard(text string) string {
	if runes := []rune(text); len(runes) > maxHeard {
		text = strings.TrimSpace(string(runes[:maxHeard-1])) + "…"
	}
	return text
}

// maxHeard is how much of a comment is taken over, in characters: the rest is a
// click away.
const maxHeard = 600

// Relabel notes that the labels of an item were changed.
func (r *Run) Relabel(act Act, fact FactName, added, removed []string) {
	var words []string
	for _, l := range added {
		words = append(words, "+"+clean(l))
	}
	for _, l := range removed {
		words = append(words, "−"+clean(l))
	}
	if len(words) == 0 {
		return
	}
	e := act.event(ItemLabelled)
	e.Text, e.Outside = heard(strings.Join(words, ", ")), &Outside{Item: fact}
	r.emit(e)
}

// Learn makes a fact known to the run that no step asks for, or no longer.
func (r *Run) Learn(act Act, fact FactName, value string) {
	if r.Facts[fact] == value {
		return
	}
	e := act.event(FactLearned)
	e.Field, e.Text = FieldID(fact), value
	r.emit(e)
}
