package mirror

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
)

// This file plays what seldom happens, and must not cost anybody anything.

// Two spaces at the end of a line are a line break in Markdown, and lines of code have
// what they have: what people wrote around our part stays to the letter.
func TestTextOfPeopleStaysToTheLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := "Broken  \nhere\t \n\n    code   \n"
	w.write(pat, project, "Theirs", text)
	r := w.begins("DigitalOcean")
	w.gives(r, "https://tracker.example/acme/issues/1")
	w.waits(2 * time.Minute)
	at := w.place(r)
	w.as(pat, at, Described, "", func(i *Issue) { i.Description += "\nBelow  \nit \n" })
	w.waits(2 * time.Minute)
	w.done(r, "gather-documentation")
	w.waits(2 * time.Minute)
	w.says(r, "**2 of 14 steps**")
	got := w.issue(at).Description
	if !strings.HasPrefix(got, text) || !strings.HasSuffix(got, "\nBelow  \nit \n") {
		t.Errorf("the text of people is\n%q", got)
	}
}

// books is a book of which a test knows when an item is about to be held.
type books struct {
	Book
	holding func(workflow.Tracked)
	held    bool // by somebody else
	stop    func(workflow.Tracked) bool
}

// SaveTracked stops the program after what was saved, once a test says so.
func (b *books) SaveTracked(ctx context.Context, t workflow.Tracked, was string) (workflow.Saved, error) {
	saved, err := b.Book.SaveTracked(ctx, t, was)
	if b.stop != nil && b.stop(t) {
		b.stop = nil
		panic("stopped")
	}
	return saved, err
}

// stopped does turns until the program is stopped, and starts it again.
func (w *world) stopped() {
	w.t.Helper()
	defer w.restarts()
	defer func() {
		if recover() == nil {
			w.t.Error("it was not stopped")
		}
	}()
	for range 200 {
		w.turn()
		w.advance(time.Second)
	}
}

func (b *books) HoldTracked(ctx context.Context, t workflow.Tracked, holder string, now time.Time, within time.Duration) (bool, error) {
	if do := b.holding; do != nil {
		b.holding = nil
		do(t)
	}
	if b.held {
		return false, nil
	}
	return b.Book.HoldTracked(ctx, t, holder, now, within)
}

// Two programs find the same items behind. What one has done while the other was at
// another item is not done again.
func TestWhatAnotherHasDoneIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	b := &books{}
	w := newWorld(t, func(o *Options) { b.Book, o.Book = o.Book, b })
	r := w.begins("DigitalOcean")
	w.waits(15 * time.Minute)
	w.done(r, "gather-documentation")
	w.waits(9 * time.Minute)
	w.taken("")
	w.advance(2 * time.Minute)
	other := New(w.options)
	w.mirror.next, other.next = w.clock().Add(time.Hour), w.clock().Add(time.Hour)
	b.holding = func(workflow.Tracked) {
		if _, err := other.Turn(t.Context()); err != nil {
			t.Error(err)
		}
	}
	w.settle()
	w.counted("comment", 1)
}

// An issue that was moved to where another run is already is a person's to decide, and
// keeps nobody else.
func TestMoveToAnotherRunKeepsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, three := w.begins("DigitalOcean"), w.begins("Vultr"), w.begins("Hetzner")
	w.waits(5 * time.Minute)
	from, to := w.place(one), w.place(two)
	w.Lock()
	w.act(Activity{Kind: MovedTo, Author: pat, Target: to}, from, func(i *Issue) { i.Moved, i.Closed = true, true })
	w.Unlock()
	w.waits(3 * time.Minute)
	w.done(three, "gather-documentation")
	w.waits(3 * time.Minute)
	w.says(three, "**2 of 14 steps**")
	if kind := w.troubled(one); kind != workflow.Foreign {
		t.Errorf("it is in trouble %q", kind)
	}
	if w.place(two) != to || w.troubled(two) != "" {
		t.Errorf("the other is at %v, in trouble %q", w.place(two), w.troubled(two))
	}
	version := w.run(one).Version
	w.waits(10 * time.Minute)
	if now := w.run(one).Version; now != version {
		t.Errorf("it went on from version %d to %d", version, now)
	}
}

// An item of which nothing can be made keeps nobody else.
func TestItemThatCannotBeReadKeepsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.begins("DigitalOcean"), w.begins("Vultr")
	w.waits(5 * time.Minute)
	broken := w.tracked(one, "issue")
	broken.Memory = "{"
	if _, err := w.store.SaveTracked(t.Context(), broken, broken.URL); err != nil {
		t.Fatal(err)
	}
	w.as(pat, w.place(one), Commented, "a comment", nil)
	w.advance(time.Second)
	w.tick(gAna, w.place(two), "gather-documentation", true)
	w.done(one, "gather-documentation")
	w.waits(5 * time.Minute)
	if w.run(two).Steps[key("gather-documentation")].Tick == nil {
		t.Error("the tick is lost")
	}
	w.says(two, "ticked by @ana.m")
}

// A tick that could not be taken in, because nobody could be asked who that is, counts
// later, and keeps no other.
func TestTickWaitsForWhoItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.begins("DigitalOcean"), w.begins("Vultr")
	w.waits(5 * time.Minute)
	w.tick(gAna, w.place(one), "partner-account", true) // so that it is known who she is
	w.waits(3 * time.Minute)
	w.town.away = true
	w.tick(gAna, w.place(one), "gather-documentation", true)
	w.advance(time.Second)
	w.tick(pat, w.place(two), "gather-documentation", true)
	w.waits(40 * time.Minute)
	if w.run(two).Steps[key("gather-documentation")].Tick == nil {
		t.Error("the tick of another is lost")
	}
	for i := range 30 { // others go on in the project
		w.write(pat, project, "Theirs", "")
		w.waits(time.Duration(i%3) * time.Minute)
	}
	w.town.away = false
	w.waits(10 * time.Minute)
	if tick := w.run(one).Steps[key("gather-documentation")].Tick; tick == nil || !tick.Own {
		t.Errorf("the tick is %+v", tick)
	}
}

// Who dealt with an issue has stopped, and others change in the project meanwhile: a
// tick there is found as soon as nobody holds it any more.
func TestTickAtAnIssueThatIsHeldIsFound(t *testing.T) {
	t.Parallel()
	b := &books{}
	w := newWorld(t, func(o *Options) { b.Book, o.Book = o.Book, b })
	r := w.begins("DigitalOcean")
	w.waits(10 * time.Minute)
	b.held = true
	w.tick(pat, w.place(r), "gather-documentation", true)
	for range 4 {
		w.waits(time.Minute)
		w.write(pat, project, "Theirs", "")
	}
	b.held = false
	w.waits(3 * time.Minute)
	if w.run(r).Steps[key("gather-documentation")].Tick == nil {
		t.Error("the tick is lost")
	}
}

// We are stopped after it was kept where something is, and before the run knows: it
// gets to know.
func TestRunKnowsWhereThingsAreThoughWeWereStopped(t *testing.T) {
	t.Parallel()
	b, docs := &books{}, &papers{}
	w := newWorld(t, func(o *Options) { b.Book, o.Book, o.Documents = o.Book, b, docs })
	r := w.begins("DigitalOcean")
	b.stop = func(t workflow.Tracked) bool { return t.Track == workflow.TrackDocument && t.URL != "" }
	w.stopped()
	b.stop = func(t workflow.Tracked) bool { return t.Track == workflow.TrackIssue && t.Number > 0 }
	w.stopped()
	w.waits(time.Minute)
	run := w.run(r)
	if run.Facts["google-doc"] == "" || len(docs.made) != 1 {
		t.Errorf("the document is %q, made %q", run.Facts["google-doc"], docs.made)
	}
	if run.Facts["issue"] == "" || run.Steps[key("create-issue")].Status != workflow.Done || len(w.issues) != 1 {
		t.Errorf("the issue is %q of %d", run.Facts["issue"], len(w.issues))
	}
}

// Another issue is made in the place of one that vanished, though it failed at first.
func TestAnotherIsMadeThoughItFailedAtFirst(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"created", "create acme"} {
		w := newWorld(t)
		r := w.begins("DigitalOcean")
		w.waits(5 * time.Minute)
		delete(w.issues, w.place(r))
		w.done(r, "gather-documentation")
		w.waits(time.Minute)
		w.before = failing(call, 1, Unreachable, 0)
		w.does(r, ana, func(act workflow.Act, run *workflow.Run) error { return run.Repair(act, "issue", "vanished") })
		w.waits(5 * time.Minute)
		if len(w.issues) != 1 || w.troubled(r) != "" {
			t.Errorf("%s: there are %d issues, in trouble %q", call, len(w.issues), w.troubled(r))
		}
	}
}

// Nobody has said where issues are made: nothing is repaired, and it can be said again.
func TestNoOtherIsMadeByNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Recipes = nil })
	made := w.write(pat, project, "By hand", "Words.")
	r := w.begins("DigitalOcean")
	w.gives(r, made.URL)
	w.waits(time.Minute)
	delete(w.issues, made.Ref)
	w.done(r, "gather-documentation")
	w.waits(time.Minute)
	w.does(r, ana, func(act workflow.Act, run *workflow.Run) error { return run.Repair(act, "issue", "vanished") })
	w.waits(5 * time.Minute)
	if it := w.run(r).Items["issue"]; it.Trouble == nil || it.Trouble.Kind != workflow.Vanished || it.Repair != "" || w.tracked(r, "issue").URL != made.URL {
		t.Errorf("it is %+v, %+v", it, it.Trouble)
	}
	version := w.run(r).Version
	w.waits(10 * time.Minute)
	if now := w.run(r).Version; now != version {
		t.Errorf("it went on from version %d to %d", version, now)
	}
}

// documents gives the link of a merge request.
func (w *world) documents(r workflow.RunID, number int64) *MergeRequest {
	w.t.Helper()
	at := Ref{MergeRequestKind, project, number}
	if w.merges[at] == nil {
		w.merges[at] = &MergeRequest{Ref: at, Path: "acme!1", URL: "https://tracker.example/acme/merge_requests/1", Title: "Docs", Author: pat, State: MergeOpen, Updated: w.clock()}
	}
	url := w.merges[at].URL
	w.does(r, workflow.Bot, func(act workflow.Act, run *workflow.Run) error { return run.Link(act, "documentation-mr", url, "") })
	return w.merges[at]
}

// Two runs wait for one merge request: its author is asked to hold it for both.
