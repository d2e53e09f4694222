package mirror

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file brings an issue in step with its run.

var errTaken = errors.New("another run is shown there")

// bring makes the item what the run wants it to be.
func (it *item) bring(ctx context.Context) error {
	switch {
	case it.Track == workflow.TrackDocument:
		return it.bringDocument(ctx)
	case it.s.options.Tracker == nil:
		return it.done(ctx, it.run.Version)
	case it.Track == workflow.TrackMerge:
		return it.bringMerge(ctx)
	}
	if it.Number == 0 {
		return it.find(ctx)
	}
	if err := it.bringIssue(ctx); err != nil {
		return it.lost(ctx, err)
	}
	return nil
}

func (it *item) bringIssue(ctx context.Context) error {
	if err := it.lookOnce(ctx); err != nil {
		return err
	}
	w, err := it.writer(ctx)
	if err != nil {
		return err
	}
	if it.isCurrent(ctx, w) {
		return it.rest(ctx, w)
	}
	issue, err := it.s.options.Tracker.Issue(ctx, it.at())
	if err != nil {
		return err
	}
	it.s.gate.opened()
	if !it.isLinked() && !issue.Moved {
		if err := it.linked(ctx, issue); err != nil { // we were stopped before we said so
			return err
		}
	}
	return it.settle(ctx, issue)
}

// isLinked reports whether the run knows where the item is.
func (it *item) isLinked() bool {
	has := it.run.Items[it.Fact]
	return has != nil && has.URL == it.URL && has.Path != ""
}

// lookOnce looks whether somebody wrote since the issue changed last, when it is
// time to.
func (it *item) lookOnce(ctx context.Context) error {
	m := &it.memory
	if m.LookAt.IsZero() || m.LookAt.After(it.s.options.Now()) {
		return nil
	}
	n, err := it.news(ctx)
	if err != nil {
		return err
	}
	if len(n.acts) == 0 && !m.Updated.IsZero() {
		m.LookAt = time.Time{}
		it.remember(n)
		return nil
	}
	issue, err := it.s.options.Tracker.Issue(ctx, it.at())
	if err != nil {
		return err
	}
	m.LookAt, m.Updated = time.Time{}, time.Time{} // so that it is read whatever its date
	if _, err = it.takeIn(ctx, issue); err != nil {
		m.LookAt = it.s.options.Now() // it is still to be read
	}
	return err
}

// settle takes in what people did to an issue, and then brings it in step.
func (it *item) settle(ctx context.Context, issue Issue) error {
	issue, err := it.takeIn(ctx, issue)
	if err != nil {
		return err
	}
	w, err := it.writer(ctx)
	if err != nil {
		return err
	}
	if err := it.write(ctx, w, issue); err != nil {
		return err
	}
	if w, err = it.writer(ctx); err != nil {
		return err
	}
	return it.rest(ctx, w)
}

// isCurrent reports whether nothing is to be written, as far as we remember.
func (it *item) isCurrent(ctx context.Context, w writer) bool {
	m := &it.memory
	if it.repairs() || m.Writing != "" || it.what.URL == "" || !it.isLinked() {
		return false
	}
	if t := it.trouble(); t != nil && !it.isHeld() || t != nil && t.Kind == workflow.OddBox {
		return false // it may be over
	}
	asked, err := it.asks(ctx, w)
	return err == nil && (it.part(w) == m.Wrote || it.isHeld()) && asked == m.Asked
}

// isHeld reports whether our part of the text is left alone until a person has
// decided.
func (it *item) isHeld() bool {
	t := it.trouble()
	if t == nil || it.repairs() {
		return false
	}
	switch t.Kind {
	case workflow.Edited, workflow.Unmarked, workflow.Vanished, workflow.Foreign, workflow.OddBox:
		return true
	}
	return false
}

// rest does what is done beside the text: notes and the link to the run's own
// issue. After it the item is in step.
func (it *item) rest(ctx context.Context, w writer) error {
	version := w.run.Version
	if t := it.trouble(); t != nil && t.Kind == workflow.Vanished {
		return it.done(ctx, version)
	}
	if err := it.link(ctx); err != nil {
		return err
	}
	if err := it.notes(ctx, w); err != nil {
		return err
	}
	if t := it.trouble(); t != nil && t.Kind.Heals() { // all that could be refused was taken
		if err := it.mend(ctx); err != nil {
			return err
		}
	}
	return it.done(ctx, version)
}

// lost deals with an issue that is not where it was.
func (it *item) lost(ctx context.Context, err error) error {
	var refused *TrackerError
	if !errors.As(err, &refused) || refused.Failure != Gone {
		return err
	}
	it.s.gate.opened()
	_, made := it.s.options.Recipes[it.Fact]
	if it.repairs() && it.trouble().Kind == workflow.Vanished && !made {
		// Nobody has said where another would be made: people make it, and give its link.
		if err := it.mend(ctx); err != nil {
			return err
		}
	}
	if it.repairs() && it.trouble().Kind == workflow.Vanished {
		// Somebody decided to have another made.
		it.URL, it.Project, it.Number, it.memory = "", "", 0, memory{Creating: it.s.options.Now()}
		if err := it.save(ctx); err != nil {
			return err
		}
		return it.make(ctx)
	}
	it.memory.LookAt, it.memory.NoteAt = time.Time{}, time.Time{} // there is nothing to look at, nor to write to
	if err := it.disturb(ctx, workflow.Trouble{Kind: workflow.Vanished, Key: "vanished"}); err != nil {
		return err
	}
	return it.done(ctx, it.run.Version)
}

func (it *item) writer(ctx context.Context, more ...workflow.UserID) (writer, error) {
	who, err := it.s.people.namer(ctx, it.run, more...)
	return writer{it.run, who, it.isOpen()}, err
}

// isOpen reports whether others than the members of its project can read the issue.
// The issue says so: it may be anybody's that was given, and be made open later. Until
// it is there, how it will be made does.
func (it *item) isOpen() bool {
	if it.memory.Known {
		return it.memory.Open
	}
	return it.s.options.Recipes[it.Fact].Open
}

// part is our part of the text as it is to be.
func (it *item) part(w writer) string {
	return normal(w.part(it.what, !it.isOpen()))
}

// asks is what the run wants of the issue beside its text. Only the run's own issue
// is somebody's, and due.
func (it *item) asks(ctx context.Context, w writer) (fields, error) {
	r := w.run
	f := fields{Closed: r.State == workflow.Complete || r.State == workflow.Cancelled}
	if it.Track != workflow.TrackIssue {
		if stage := it.what.Stage; stage != nil && r.Stages[stage.ID].Status == workflow.StageComplete {
			f.Closed = true
		}
		return f, nil
	}
	who, due := r.IssueFor()
	f.Due = string(due)
	if who != "" {
		if a, ok, err := it.s.people.account(ctx, who); err != nil {
			return f, err
		} else if ok {
			f.Assignee = a.ID
		}
	}
	return f, nil
}

// write changes what is to be changed of an issue, by one request.
func (it *item) write(ctx context.Context, w writer, issue Issue) error {
	m := &it.memory
	want := it.part(w)
	asked, err := it.asks(ctx, w)
	if err != nil {
		return err
	}
	repairs := it.repairs()
	var change Change
	if text, ok := it.merged(issue, want); ok && !it.isHeld() {
		change.Description = &text
	}
	if asked.Assignee != 0 && asked.Assignee != m.Has.Assignee && (repairs || asked.Assignee != m.Asked.Assignee) {
		change.Assignee = &asked.Assignee
	}
	if asked.Due != "" && asked.Due != m.Has.Due && (repairs || asked.Due != m.Asked.Due) {
		change.Due = &asked.Due
	}
	if asked.Closed != m.Has.Closed && (repairs || asked.Closed != m.Asked.Closed) {
		change.Closed = &asked.Closed
	}
	if change == (Change{}) {
		if !it.isHeld() {
			m.Wrote, m.Writing = want, ""
		}
		m.Asked = asked
		return it.mended(ctx)
	}
	if change.Description != nil {
		m.Writing = want
	}
	if err := it.save(ctx); err != nil { // what we are about to do is known after a crash
		return err
	}
	after, err := it.s.options.Tracker.Update(ctx, it.at(), change)
	if err != nil {
		return err
	}
	it.s.gate.opened()
	if change.Description != nil {
		m.Wrote, m.Writing = want, ""
	}
	m.Asked = asked
	it.has(after)
	if err := it.mended(ctx); err != nil {
		return err
	}
	sent := ""
	if change.Description != nil {
		sent = *change.Description
	}
	return it.lookBack(ctx, issue, after, sent)
}

// mended notes that the item is in step, when what kept it from being so was
// repaired.
func (it *item) mended(ctx context.Context) error {
	if it.repairs() {
		return it.mend(ctx)
	}
	if t := it.trouble(); t == nil || !t.Kind.Heals() {
		it.memory.Told = false
	}
	return nil
}

// merged is the text of the issue with our part as it is to be; false when it is
// so already.
func (it *item) merged(issue Issue, want string) (string, bool) {
	before, ours, after, err := marksOf(it.id()).split(issue.Description)
	switch {
	case errors.Is(err, errNoMarks):
		text := strings.TrimRight(before, "\n")
		if text != "" {
			text += "\n\n"
		}
		return text + want, true
	case err != nil: // repaired: what is left of the marks goes
		m := marksOf(it.id())
		text := strings.TrimRight(stripMarks(before, m), "\n")
		return text + "\n\n" + want, true
	}
	return before + want + after, ours != want
}

// stripMarks takes damaged marks out of a text, and leaves what is between them and
// beside them to whoever wrote it.
func stripMarks(text string, m marks) string {
	mark := regexp.MustCompile(`<!-- cloudimage:(?:begin|end) ` + regexp.QuoteMeta(m.id) + `(?:\s.*?-->|-->|\s.*$|$)`)
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		rest := mark.ReplaceAllString(line, "")
		if rest != line && strings.TrimSpace(rest) == "" {
			continue
		}
		out = append(out, rest)
	}
	return strings.Join(out, "\n")
}

// lookAgain is how long after a change of an issue somebody may write without its
// being dated anew, and some time more. GitLab's own is a minute.
const lookAgain = 75 * time.Second

// has remembers how an issue is.
func (it *item) has(issue Issue) {
	m := &it.memory
	if !issue.Updated.Equal(m.Updated) {
		m.LookAt = it.s.options.Now().Add(lookAgain)
	}
	m.Updated, m.Known, m.Open = issue.Updated, true, !issue.Restricted
	m.Has = fields{Due: issue.Due, Closed: issue.Closed}
	if len(issue.Assignees) > 0 {
		m.Has.Assignee = issue.Assignees[0].ID
	}
	m.Labels = slices.Clone(issue.Labels)
}

// link relates the item to the run's own issue, once both are there.
func (it *item) link(ctx context.Context) error {
	if it.Track != workflow.TrackRelated || it.memory.Linked {
		return nil
	}
	all, err := it.s.options.Book.TrackedOf(ctx, it.Run)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t workflow.Tracked) bool { return t.Track == workflow.TrackIssue && t.Number > 0 })
	if i < 0 {
		return nil // it is made by hand, or yet to be
	}
	own := Ref{IssueKind, all[i].Project, all[i].Number}
	if own != it.at() {
		err = it.s.options.Tracker.Link(ctx, own, it.at())
		var refused *TrackerError
		if errors.As(err, &refused) && !refused.Failure.Everything() {
			it.s.log.Warn("two issues could not be linked", "item", it.id(), "err", err)
			err = nil // it is not worth more than that
		}
	}
	if err == nil {
		it.memory.Linked = true
	}
	return err
}
