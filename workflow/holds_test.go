package workflow_test

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// This file is what must hold of a run after any action.

func (m *machine) holds(t *rapid.T) {
	r := m.run
	checkGates(t, r)
	checkCounts(t, r)
	checkLocks(t, r)
	checkMoves(t, r)
	checkTodos(t, r)
	if r.Version != int64(len(m.events)) {
		t.Fatalf("version %d after %d events", r.Version, len(m.events))
	}
	settled := r.Clone()
	settled.Settle(m.now)
	if len(settled.Emitted()) > 0 {
		t.Fatalf("something was left to follow: %v", settled.Emitted())
	}
	m.checkReplay(t)
}

// checkGates checks what is locked and what is complete.
func checkGates(t *rapid.T, r *workflow.Run) {
	for i := range r.Definition().Stages {
		stage := &r.Definition().Stages[i]
		state := r.Stages[stage.ID]
		for _, before := range stage.After {
			if state.Status == workflow.StageOpen && r.Stages[before].Status != workflow.StageComplete {
				t.Fatalf("stage %s is open while %s is %s", stage.ID, before, r.Stages[before].Status)
			}
		}
		if (state.Status == workflow.StageComplete) == state.Closed.IsZero() {
			t.Fatalf("stage %s is %s, closed %s", stage.ID, state.Status, state.Closed)
		}
		for j := range stage.Steps {
			s := r.Steps[workflow.StepKey{Step: stage.Steps[j].ID}]
			if state.Status == workflow.StageComplete && !stage.Steps[j].Optional && !s.Status.Closed() {
				t.Fatalf("stage %s is complete while %s is %s", stage.ID, s.Key, s.Status)
			}
		}
	}
	open := 0
	parents := parentsOf(r)
	for _, n := range r.Nodes() {
		if n.State.Status == workflow.Open {
			open++
			if r.Stages[n.Stage.ID].Status == workflow.StageLocked {
				t.Fatalf("%s is open in the locked stage %s", n.Key, n.Stage.ID)
			}
			if p, ok := parents[n.Key]; ok && r.Steps[p].Status != workflow.Open {
				t.Fatalf("%s is open in %s, which is %s", n.Key, p, r.Steps[p].Status)
			}
			for _, id := range n.Step.After {
				if before := r.Steps[workflow.StepKey{Step: id, Listing: n.Key.Listing}]; before != nil && !n.Lane() && !before.Status.Closed() {
					t.Fatalf("%s is open before %s is closed", n.Key, id)
				}
			}
		}
		children := r.Children(n.Key)
		all := !slices.ContainsFunc(children, func(k workflow.StepKey) bool { return !r.Steps[k].Status.Closed() })
		if len(children) > 0 && n.State.Status == workflow.Done && !all {
			t.Fatalf("%s is done and its parts are not", n.Key)
		}
		if len(children) > 0 && n.State.Status == workflow.Open && all {
			t.Fatalf("all parts of %s are closed, and it is open", n.Key)
		}
	}
	switch r.State {
	case workflow.Complete:
		if open > 0 || r.Ended.IsZero() {
			t.Fatalf("complete since %s with %d open steps", r.Ended, open)
		}
	case workflow.Proposed, workflow.Cancelled:
		if open > 0 {
			t.Fatalf("%s with %d open steps", r.State, open)
		}
	case workflow.Running:
		if open == 0 || !r.Ended.IsZero() {
			t.Fatalf("running, ended %s, with %d open steps", r.Ended, open)
		}
	}
}

func parentsOf(r *workflow.Run) map[workflow.StepKey]workflow.StepKey {
	out := map[workflow.StepKey]workflow.StepKey{}
	for _, n := range r.Nodes() {
		for _, child := range r.Children(n.Key) {
			out[child] = n.Key
		}
	}
	return out
}

func checkCounts(t *rapid.T, r *workflow.Run) {
	p := r.Progress()
	if p.Done < 0 || p.Done > p.Total {
		t.Fatalf("%d of %d steps", p.Done, p.Total)
	}
	if r.State == workflow.Complete && p.Done != p.Total {
		t.Fatalf("complete with %d of %d steps", p.Done, p.Total)
	}
}

// checkLocks checks that what is locked says why, and what is not does not.
func checkLocks(t *rapid.T, r *workflow.Run) {
	for _, n := range r.Nodes() {
		if n.State.Status != workflow.Locked && len(r.LockedBy(n.Key)) > 0 {
			t.Fatalf("%s is %s, and locked by %v", n.Key, n.State.Status, r.LockedBy(n.Key))
		}
		for _, b := range slices.Concat(r.LockedBy(n.Key), r.Unmet(n.Key)) {
			if said := b.Text().String(); strings.Contains(said, "%!") || b.Fact == "" && b.Step == nil && b.Stage == nil {
				t.Fatalf("%s waits for %q", n.Key, said)
			}
		}
		if r.Doable(n.Key) && (n.State.Status != workflow.Open || r.IsGroup(n.Key) || len(r.Unmet(n.Key)) > 0) {
			t.Fatalf("%s is doable: %s, needs %v", n.Key, n.State.Status, r.Unmet(n.Key))
		}
		if len(r.ActionsFor(n.Key)) > 0 && (n.State.Status != workflow.Open || n.State.Waiting == nil) {
			t.Fatalf("%s has actions: %s", n.Key, n.State.Status)
		}
	}
}

// verbs are what a person does who makes a move.
var verbs = map[workflow.MoveKind]workflow.Verb{
	workflow.MoveAccept: workflow.VerbAccept,
	workflow.MoveAsk:    workflow.VerbWant,
	workflow.MoveDo:     workflow.VerbDone,
	workflow.MoveChase:  workflow.VerbPartner,
	workflow.MoveAnswer: workflow.VerbAnswer,

	workflow.MoveConfirm: workflow.VerbConfirm,
	workflow.MoveLaunch:  workflow.VerbLaunched,
	workflow.MoveSign:    workflow.VerbSign,
}

// checkMoves checks that people are asked only for what they can and may do now,
// each for one thing once, and nobody who is away and covered.
func checkMoves(t *rapid.T, r *workflow.Run) {
	for who, moves := range r.Moves() {
		if who == "" || len(moves) == 0 {
			t.Fatalf("%q has %d moves", who, len(moves))
		}
		if to, here := coverOf(r, who); here && to != who {
			t.Fatalf("%s is away, covered by %s, and is asked for %v", who, to, moves)
		}
		seen := map[workflow.Move]bool{}
		for _, m := range moves {
			whose := cmp.Or(m.For, who)
			if r.Acting(whose) != who || m.For == who {
				t.Fatalf("%s is asked for %v, which is for %s", who, m, r.Acting(whose))
			}
			if !isAsked(r, whose, m) {
				t.Fatalf("%s is asked to %s %q in a %s run", who, m.Kind, m.Key, r.State)
			}
			ask := workflow.Ask{Who: who, Verb: verbs[m.Kind], Step: m.Key, Field: m.Field, Stage: m.Stage}
			if ask.Verb != "" { // else it is only to know
				leave, err := workflow.Authorize(r, roster(), ask)
				if err != nil {
					t.Fatalf("%s is asked to %s %q and may not: %v", who, m.Kind, m.Key, err)
				}
				if m.For != "" && leave.For == "" {
					t.Fatalf("%s is asked to %s %q for %s, and history would not say so", who, m.Kind, m.Key, m.For)
				}
			}
			m.For = ""
			if seen[m] {
				t.Fatalf("%s is asked to %s %q twice", who, m.Kind, m.Key)
			}
			seen[m] = true
		}
		for m := range seen {
			asked := map[workflow.MoveKind]workflow.MoveKind{workflow.MoveLate: workflow.MoveDo, workflow.MoveSilent: workflow.MoveChase}[m.Kind]
			if asked != "" && seen[workflow.Move{Kind: asked, Key: m.Key}] {
				t.Fatalf("%s is told %s of %q, and asked for it", who, m.Kind, m.Key)
			}
		}
	}
}

// coverOf is who is at work at the end of a chain of covers, if it has an end.
func coverOf(r *workflow.Run, who workflow.UserID) (workflow.UserID, bool) {
	for range len(r.Covers) + 1 {
		c, away := r.Covers[who]
		if !away {
			return who, true
		}
		who = c.By
	}
	return who, false
}

// isAsked reports whether a move is rightly that person's.
func isAsked(r *workflow.Run, whose workflow.UserID, m workflow.Move) bool {
	if m.Kind == workflow.MoveAccept {
		return r.State == workflow.Proposed && r.Lead(r.Definition().Owner) == whose
	}
	if r.State != workflow.Running {
		return false
	}
	if m.Kind == workflow.MoveClassify {
		return r.Catalyst.Unsure && r.Classifier() == whose
	}
	if m.Kind == workflow.MoveSign {
		signed, missing := r.Signatures()
		had := slices.ContainsFunc(signed, func(s workflow.Signature) bool { return s.User == whose })
		return len(signed) > 0 && missing > 0 && !had && len(r.OpenLanes()) > 0
	}
	if m.Kind == workflow.MoveConfirm {
		stage, ok := r.Definition().StageByID(m.Stage)
		s := r.Stages[m.Stage]
		return ok && r.StageHolder(stage) == whose && s.Status == workflow.StageOpen && s.Planned && !s.Due.IsZero()
	}
	if m.Kind == workflow.MoveFact {
		fact := workflow.FactName(m.Field)
		res, ok := r.Definition().Resource(fact)
		return ok && r.AsksFor(fact) && r.Lead(res.Ask) == whose
	}
	n, ok := r.Node(m.Key)
	if !ok {
		return false
	}
	if m.Kind == workflow.MoveEarly {
		_, early := r.MergedEarly()
		return early
	}
	if m.Kind == workflow.MoveLaunch {
		_, agreed := r.Launch()
		return agreed && n.State.Status == workflow.Done && n.State.Launched.IsZero() && r.Responsible(m.Key) == whose
	}
	if n.State.Status != workflow.Open {
		return false
	}
	switch m.Kind {
	case workflow.MoveAsk:
		return n.Step.Optional && !n.State.Wanted && r.Lead(n.Step.AskTeam) == whose
	case workflow.MoveDo:
		return r.Doable(m.Key) && r.Responsible(m.Key) == whose && n.State.Waiting == nil
	case workflow.MoveChase:
		return n.State.Waiting != nil && r.Chaser(m.Key) == whose
	case workflow.MoveTick:
		return n.State.Tick != nil && r.Doable(m.Key) && r.TickHolder(n) == whose
	case workflow.MoveSilent:
		return n.State.Waiting != nil && n.State.Waiting.Rung > 0
	case workflow.MoveLate:
		return n.State.Overdue && n.State.Rung > 0
	case workflow.MoveAnswer:
		return slices.ContainsFunc(n.State.Helpers, func(h workflow.Helper) bool { return h.User == whose && h.Field == m.Field })
	}
	return false
}

// checkTodos checks that todos are the moves, and that nobody is reminded too
// often.
func checkTodos(t *rapid.T, r *workflow.Run) {
	got := map[workflow.UserID][]workflow.Move{}
	for _, todo := range r.Todos() {
		got[todo.Person] = append(got[todo.Person], todo.Move)
		if todo.Reminded > workflow.MostReminders {
			t.Fatalf("%s was reminded %d times of %v", todo.Person, todo.Reminded, todo.Move)
		}
		if todo.Snoozed && (todo.Quiet.IsZero() || r.Steps[todo.Key].Snooze == nil) {
			t.Fatalf("%s has snoozed %v until %s", todo.Person, todo.Move, todo.Quiet)
		}
		if todo.Since.IsZero() {
			t.Fatalf("%s has %v since never", todo.Person, todo.Move)
		}
	}
	if diff := gocmp.Diff(r.Moves(), got); diff != "" {
		t.Fatalf("todos are not the moves (-moves +todos):\n%s", diff)
	}
}

// checkNotices checks who hears of a change.
func (m *machine) checkNotices(t *rapid.T, before, after *workflow.Run) {
	actor := after.Emitted()[0].Actor
	had, has := map[workflow.UserID][]workflow.Move{}, after.Moves()
	if before != nil {
		had = before.Moves()
	}
	told := map[workflow.UserID]bool{}
	last := workflow.UserID("")
	for _, n := range workflow.Notices(before, after, actor) {
		if n.User <= last {
			t.Fatalf("%q comes after %q", n.User, last)
		}
		last = n.User
		told[n.User] = true
		if n.News && (m.quiet || n.User == actor && before != nil) {
			t.Fatalf("it is news to %s what %q did: %v", n.User, actor, after.Emitted())
		}
	}
	for who := range told {
		if len(has[who]) == 0 && !awaited(before, after, who) {
			t.Fatalf("%s hears of what is none of their business", who)
		}
	}
	for who, moves := range has {
		fresh := slices.ContainsFunc(moves, func(m workflow.Move) bool { return !slices.Contains(had[who], m) })
		if fresh != told[who] && !awaited(before, after, who) {
			t.Fatalf("%s had %v and has %v, told: %v", who, had[who], moves, told[who])
		}
	}
	if again := workflow.Notices(after, after, actor); len(again) > 0 {
		t.Fatalf("nothing changed, and these hear of it: %v", again)
	}
}

// awaited reports whether the person may hear of something without a move of
// theirs: a text they asked for, what became of their proposal, a launch that is on
// another day, or a promise that is sooner.
func awaited(before, after *workflow.Run, who workflow.UserID) bool {
	if before == nil {
		return false
	}
	if before.State == workflow.Proposed && after.State != workflow.Proposed && who == before.Opener {
		return true
	}
	if slices.Contains(after.LaunchAudience(), who) && (before.Facts[workflow.FactLaunchAgreed] != after.Facts[workflow.FactLaunchAgreed] ||
		before.Facts[workflow.FactLaunchTarget] != after.Facts[workflow.FactLaunchTarget]) {
		return true
	}
	if before.Catalyst != nil && after.Promise.Before(before.Promise) {
		return true // it is wanted sooner, because of another kind of release
	}
	for _, s := range before.Steps {
		if slices.ContainsFunc(s.Helpers, func(h workflow.Helper) bool { return h.By == who }) {
			return true
		}
	}
	return false
}

// checkEvents checks that the events say all that changed, and no more.
func (m *machine) checkEvents(t *rapid.T, before, after *workflow.Run) {
	named, touched, left := map[workflow.StepKey]int64{}, map[workflow.StepKey]bool{}, false
	for i, e := range after.Emitted() {
		if e.Seq != int64(len(m.events)+i+1) {
			t.Fatalf("event %d has number %d", len(m.events)+i+1, e.Seq)
		}
		if !e.At.Equal(m.now.Truncate(time.Millisecond)) {
			t.Fatalf("%s at %s, want %s", e.Type, e.At, m.now)
		}
		if e.At.Location() != time.UTC || e.Due.Location() != time.UTC {
			t.Fatalf("%s is not in UTC: %s, due %s", e.Type, e.At, e.Due)
		}
		switch e.Type {
		case workflow.NoteAdded:
		case workflow.StepOverdue, workflow.StepReminded, workflow.LateTold, workflow.SilenceTold, workflow.LaunchDayDone, workflow.SnoozeEnded,
			workflow.StepTicked, workflow.TickEnded, workflow.TickRefused:
			touched[e.Step] = true // nobody's button grows stale by it
		case workflow.PersonLeft:
			left = true
		case workflow.LanesLeft:
			for key, s := range before.Steps {
				if slices.Contains(e.Lanes, key.Listing) && !s.Status.Closed() {
					named[key] = e.Seq
				}
			}
		default:
			if e.Step != (workflow.StepKey{}) {
				named[e.Step] = e.Seq
			}
		}
	}
	if before == nil {
		return
	}
	for key, s := range after.Steps {
		was := before.Steps[key]
		if was == nil {
			continue // a lane of a listing that joined
		}
		switch seq, ok := named[key]; {
		case ok && s.Version != seq:
			t.Fatalf("%s was last changed by event %d and has version %d", key, seq, s.Version)
		case !ok && s.Version != was.Version:
			t.Fatalf("nothing happened to %s, and its version went from %d to %d", key, was.Version, s.Version)
		case !ok && !touched[key] && !left:
			// A plan may move a date without making a button stale.
			was, is := planless(*was), planless(*s)
			if !reflect.DeepEqual(was, is) {
				t.Fatalf("%s changed without an event: %+v, %+v", key, was, is)
			}
		}
	}
}

// planless is a step without what changes when it is planned anew.
func planless(s workflow.StepState) workflow.StepState {
	s.Due, s.Planned, s.Overdue, s.Reminded, s.Snooze, s.Rung = time.Time{}, false, false, nil, nil, 0
	return s
}

// checkReplay checks that the events make the same run, that it is the same
// after it was stored, and that it holds no secret.
func (m *machine) checkReplay(t *rapid.T) {
	if diff := differ(m.run, workflow.Replay(m.def, week{}, m.events)); diff != "" {
		t.Fatalf("the events make another run:\n%s", diff)
	}
	stored, err := json.Marshal(m.run)
	if err != nil {
		t.Fatal(err)
	}
	var run workflow.Run
	if err := json.Unmarshal(stored, &run); err != nil {
		t.Fatal(err)
	}
	if diff := differ(m.run, &run); diff != "" {
		t.Fatalf("the stored run is another:\n%s", diff)
	}
	if strings.Contains(string(stored), secret) {
		t.Fatal("the run keeps a secret")
	}
}

// checkHistory checks that the events make the same run after they were stored,
// and that they hold no secret.
func (m *machine) checkHistory(t *rapid.T) {
	stored, err := json.Marshal(m.events)
	if err != nil {
		t.Fatal(err)
	}
	var events []workflow.Event
	if err := json.Unmarshal(stored, &events); err != nil {
		t.Fatal(err)
	}
	if diff := differ(m.run, workflow.Replay(m.def, week{}, events)); diff != "" {
		t.Fatalf("the stored events make another run:\n%s", diff)
	}
	if strings.Contains(string(stored), secret) {
		t.Fatal("the history keeps a secret")
	}
}

// differ says how two runs differ in what is kept of them.
func differ(a, b *workflow.Run) string {
	if reflect.DeepEqual(a.Bare(), b.Bare()) {
		return "" // much faster than what follows
	}
	return gocmp.Diff(a, b, cmpopts.IgnoreUnexported(workflow.Run{}))
}

func diffSteps(a, b workflow.StepState) string { return gocmp.Diff(a, b) }
