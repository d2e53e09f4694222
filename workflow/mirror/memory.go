package mirror

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// memory is what is remembered of an item between two looks.
type memory struct {
	// Wrote is our part as we wrote it last, Writing as we were about to when the
	// outcome was not known yet.
	Wrote   string `json:"wrote,omitzero"`
	Writing string `json:"writing,omitzero"`
	// Updated is when the issue changed last, as far as we have taken it in, and
	// Seen the last activity that we have.
	Updated time.Time `json:"updated,omitzero"`
	Seen    int64     `json:"seen,omitzero"`
	// Noted is the event up to which notes tell.
	Noted int64 `json:"noted,omitzero"`
	// Noting is the same of a note whose outcome is not known; 0 for none.
	Noting int64 `json:"noting,omitzero"`
	// NoteAt is when what has happened is told; zero while there is nothing.
	NoteAt time.Time `json:"note_at,omitzero"`
	// LookAt is when it is looked again whether somebody wrote; zero for never.
	// Trackers do not always date an issue anew when somebody writes soon after it
	// changed, and then nobody can see that it did.
	LookAt time.Time `json:"look_at,omitzero"`
	// Asked is what we wanted of the issue beside its text, and Has what it had when
	// we looked last.
	Asked fields `json:"asked,omitzero"`
	Has   fields `json:"has,omitzero"`
	// Labels are those that it had. Known says that it was looked at.
	Labels []string `json:"labels,omitzero"`
	Known  bool     `json:"known,omitzero"`
	// Editor wrote into the text last, and Unticker emptied a box last.
	Editor   workflow.Outsider `json:"editor,omitzero"`
	Unticker workflow.Outsider `json:"unticker,omitzero"`
	// Open says that others than the members of its project saw it then.
	Open bool `json:"open,omitzero"`
	// Odd is what somebody changed beside the text and was not taken over, and
	// Overwrote the text that may be lost; nil for none.
	Odd       *workflow.Trouble `json:"odd,omitzero"`
	Overwrote *workflow.Trouble `json:"overwrote,omitzero"`
	Linked    bool              `json:"linked,omitzero"` // to the run's own issue
	// Creating is since when it is being made, and the outcome is not known.
	Creating time.Time `json:"creating,omitzero"`
	// Held is the launch that the author of a merge request knows of.
	Held workflow.Date `json:"held,omitzero"`
	// Told says that the run knows that it waits.
	Told bool `json:"told,omitzero"`
}

// fields are what an issue has beside its text.
type fields struct {
	Assignee int64  `json:"assignee,omitzero"`
	Due      string `json:"due,omitzero"`
	Closed   bool   `json:"closed,omitzero"`
}

// item is an item while it is dealt with.
type item struct {
	workflow.Tracked
	s      *Service
	was    string // its link as it was read
	run    *workflow.Run
	what   workflow.Tracking // zero when the run does not track it any more
	memory memory
}

func (s *Service) open(ctx context.Context, t workflow.Tracked) (*item, error) {
	m, err := recall(t)
	if err != nil {
		return nil, err
	}
	it := &item{Tracked: t, s: s, was: t.URL, memory: m}
	run, err := s.options.Service.Run(ctx, t.Run)
	if err != nil {
		return nil, err
	}
	it.saw(run)
	return it, nil
}

// recall is what is remembered of an item.
func recall(t workflow.Tracked) (m memory, err error) {
	if t.Memory != "" {
		err = json.Unmarshal([]byte(t.Memory), &m)
	}
	if err != nil {
		err = fmt.Errorf("read what is remembered of item %s: %w", itemID(t.Run, t.Fact), err)
	}
	return m, err
}

// saw takes the run as it is now.
func (it *item) saw(run *workflow.Run) {
	it.run, it.what = run, workflow.Tracking{}
	for _, t := range run.Trackings() {
		if t.Fact == it.Fact {
			it.what = t
		}
	}
}

func (it *item) id() string { return itemID(it.Run, it.Fact) }

// at is where the item is.
func (it *item) at() Ref {
	kind := IssueKind
	if it.Track == workflow.TrackMerge {
		kind = MergeRequestKind
	}
	return Ref{Kind: kind, Project: it.Project, Number: it.Number}
}

// save notes how the item stands.
func (it *item) save(ctx context.Context) error {
	it.NoteAt = sooner(it.memory.NoteAt, it.memory.LookAt)
	body, err := json.Marshal(it.memory)
	if err != nil {
		return fmt.Errorf("keep what is remembered of item %s: %w", it.id(), err)
	}
	it.Tracked.Memory = string(body)
	saved, err := it.s.options.Book.SaveTracked(ctx, it.Tracked, it.was)
	switch {
	case err != nil:
		return err
	case saved == workflow.SaveRelinked:
		return errRelinked
	case saved == workflow.SaveTaken:
		return errTaken
	}
	it.was = it.URL
	return nil
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// done notes that the item shows a version of the run.
func (it *item) done(ctx context.Context, version int64) error {
	if t := it.trouble(); t != nil && t.Kind.Heals() { // nothing is in the way any more
		if err := it.mend(ctx); err != nil {
			return err
		}
	}
	it.Written, it.RetryAt, it.Failures, it.Reason = version, time.Time{}, 0, ""
	return it.save(ctx)
}

// failed notes what the tracker refused.
func (it *item) failed(ctx context.Context, e *TrackerError) error {
	now := it.s.options.Now()
	it.Failures++
	it.Reason = e.Error()
	it.RetryAt = now.Add(max(e.Wait, backoff(it.Failures)))
	if e.Failure.Everything() {
		it.s.gate.shut(now, e)
		it.RetryAt = later(it.RetryAt, it.s.gate.until)
	} else {
		it.s.gate.opened()
	}
	it.s.log.Warn("the issue tracker refused; it is tried again", "item", it.id(), "failure", e.Failure, "err", e, "at", it.RetryAt)
	t := workflow.Trouble{Kind: workflow.Refused, Key: string(e.Failure)}
	switch {
	case e.Failure == Forbidden, e.Failure == Rejected, e.Failure == Gone && it.Number == 0: // the project is not there, or hidden
	case e.Failure == Unreachable && it.Failures > 3: // others may be reached, or reading may be all there is
		t = it.s.gate.trouble()
	default:
		return it.save(ctx)
	}
	if err := it.disturb(ctx, t); err != nil {
		return err
	}
	it.memory.Told = true
	return it.save(ctx)
}

// observe changes the run by what we saw or did.
func (it *item) observe(ctx context.Context, id workflow.RequestID, change func(workflow.Act, *workflow.Run) error) error {
	run, err := it.s.options.Service.Observe(ctx, id, it.Run, change)
	if err == nil {
		it.saw(run)
	}
	return err
}

// disturb notes that the item is not in step with the run.
func (it *item) disturb(ctx context.Context, t workflow.Trouble) error {
	if has := it.run.Items[it.Fact]; has != nil && has.Trouble != nil && has.Trouble.Kind == t.Kind && has.Trouble.Key == t.Key {
		return nil
	}
	if it.Written > 0 { // else nothing is to be seen there at all
		missed, err := it.since(ctx, it.Written)
		if err != nil {
			return err
		}
		for _, e := range missed {
			if e.Tells() {
				t.Missed++
			}
		}
	}
	return it.observe(ctx, request("trouble", it.id(), t.Kind, t.Key, it.run.Version), func(act workflow.Act, r *workflow.Run) error {
		r.Disturb(act, it.Fact, t)
		return nil
	})
}

// mend notes that the item is in step with the run again.
func (it *item) mend(ctx context.Context) error {
	it.memory.Told = false
	if it.trouble() == nil && !it.repairs() {
		return nil
	}
	return it.observe(ctx, request("mend", it.id(), it.run.Version), func(act workflow.Act, r *workflow.Run) error {
		r.Mend(act, it.Fact)
		return nil
	})
}

// trouble is why the item is not in step; nil while it is.
func (it *item) trouble() *workflow.Trouble {
	if has := it.run.Items[it.Fact]; has != nil {
		return has.Trouble
	}
	return nil
}

// repairs reports whether somebody decided to have the present trouble repaired.
func (it *item) repairs() bool {
	has := it.run.Items[it.Fact]
	return has != nil && has.Trouble != nil && has.Repair != "" && has.Repair == has.Trouble.Key
}
