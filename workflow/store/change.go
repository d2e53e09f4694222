package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

// Create implements [workflow.Store]. Numbers have no gaps: a run that was not
// begun takes none.
func (s *Store) Create(ctx context.Context, request workflow.RequestID, begin func(workflow.RunID, int) (*workflow.Run, error)) (*workflow.Run, error) {
	if err := checkRequest(request); err != nil {
		return nil, err
	}
	var run *workflow.Run
	id := newRunID()
	done, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		run, refused, failed = b.create(request, id, begin)
		return refused, failed
	})
	if !done || err != nil {
		return nil, err
	}
	return run.Clone(), nil
}

// Update implements [workflow.Store]. When ctx ends before the change began it
// is not made. When ctx ends later Update may return its error although the
// change is made and durable; the same request again tells. It tells as well
// after an Unavailable error, when the connection to PostgreSQL was lost in the
// middle of a commit.
func (s *Store) Update(ctx context.Context, id workflow.RunID, request workflow.RequestID, change func(*workflow.Run) error) (*workflow.Run, error) {
	if err := checkRequest(request); err != nil {
		return nil, err
	}
	var run *workflow.Run
	done, err := s.do(ctx, on(id), func(b *batch) (refused, failed error) {
		run, refused, failed = b.update(id, request, change)
		return refused, failed
	})
	if !done || err != nil {
		return nil, err
	}
	return run.Clone(), nil
}

func (b *batch) create(request workflow.RequestID, id workflow.RunID, begin func(workflow.RunID, int) (*workflow.Run, error)) (run *workflow.Run, refused, failed error) {
	before, seen, err := b.requestOf(request)
	if err != nil {
		return nil, nil, err
	}
	if seen {
		return b.present(before)
	}
	number, err := b.nextNumber()
	if err != nil {
		return nil, nil, err
	}
	office, err := b.officeNow()
	if err != nil {
		return nil, nil, err
	}
	refused = b.guard(func() (err error) {
		if run, err = begin(id, number); err == nil {
			run.Follow(workflow.Act{Actor: workflow.Bot, At: run.Started}, office)
		}
		return err
	})
	if refused != nil {
		return nil, refused, nil
	}
	if run.ID != id || run.Number != number {
		return nil, fmt.Errorf("create: the run calls itself %s and %d, not %s and %d", run.ID, run.Number, id, number), nil
	}
	written, refused := encode(nil, run)
	if refused != nil {
		return nil, refused, nil
	}
	fresh, err := b.keepRequest(request, id)
	if err == nil && !fresh {
		// Another replica has answered it since it was looked up.
		if before, _, err = b.requestOf(request); err == nil {
			return b.present(before)
		}
	}
	if err == nil {
		err = b.exec("UPDATE counters SET value = $1 WHERE name = 'run'", number)
	}
	if err == nil {
		err = b.saveDefinition(run.Definition())
	}
	if err == nil {
		err = b.save(nil, run, written)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("create run: %w", err)
	}
	return run, nil, nil
}

// nextNumber is the number of the next run. The row is held until the end of
// the transaction, so that no two runs get the same.
func (b *batch) nextNumber() (int, error) {
	var last int
	err := one(b.ctx, b.session, []any{&last}, "UPDATE counters SET value = value WHERE name = 'run' RETURNING value")
	if err != nil {
		return 0, fmt.Errorf("number a run: %w", err)
	}
	return last + 1, nil
}

func (b *batch) update(id workflow.RunID, request workflow.RequestID, change func(*workflow.Run) error) (run *workflow.Run, refused, failed error) {
	before, err := b.run(id)
	if err != nil {
		return nil, nil, err
	}
	if before == nil {
		return nil, unknownRun(id), nil
	}
	decided, refused, failed := b.settle(before, change)
	if failed != nil {
		return nil, nil, failed
	}
	if refused != nil {
		// A repeated request is likely to be refused: what it asks for is done.
		_, seen, err := b.requestOf(request)
		if err != nil || !seen {
			return nil, refused, err
		}
		return before, nil, nil
	}
	fresh, err := b.keepRequest(request, id)
	if err != nil {
		return nil, nil, fmt.Errorf("update run %s: %w", id, err)
	}
	if !fresh || decided == nil {
		return before, nil, nil
	}
	if err := b.saveAll(decided); err != nil {
		return nil, nil, err
	}
	return decided.after, nil, nil
}

// settle decides a change of a run, with what follows from it by the office and by
// what other runs ask for. It is nil when nothing happened.
func (b *batch) settle(before *workflow.Run, change func(*workflow.Run) error) (d *decided, refused, failed error) {
	if before.State == workflow.Complete { // it has not followed the office since
		office, err := b.officeNow()
		if err != nil {
			return nil, nil, err
		}
		change = following(change, office)
	}
	var unread error
	d, refused = b.decide(before, b.asking(change, &unread))
	if unread != nil {
		return nil, nil, unread
	}
	return d, refused, nil
}

// decided is a change of a run that is not written yet.
type decided struct {
	before, after *workflow.Run
	written       *encoded
}

// decide makes a change to a copy of the run, and none of it is written. It is
// nil when nothing happened.
func (b *batch) decide(before *workflow.Run, change func(*workflow.Run) error) (d *decided, refused error) {
	after := before.Clone()
	if err := b.guard(func() error { return change(after) }); err != nil {
		return nil, err
	}
	if len(after.Emitted()) == 0 {
		return nil, nil
	}
	written, err := encode(before, after)
	if err != nil {
		return nil, err
	}
	return &decided{before, after, written}, nil
}

// saveAll writes what was decided, in the order it was.
func (b *batch) saveAll(all ...*decided) error {
	for _, d := range all {
		if err := b.save(d.before, d.after, d.written); err != nil {
			return fmt.Errorf("update run %s: %w", d.after.ID, err)
		}
	}
	return nil
}

// following is a change after which a run that goes on follows the office.
func following(change func(*workflow.Run) error, office *workflow.Office) func(*workflow.Run) error {
	return func(r *workflow.Run) error {
		err := change(r)
		if err == nil && r.State == workflow.Running {
			r.Follow(workflow.Act{Actor: workflow.Bot, At: r.Emitted()[0].At}, office)
		}
		return err
	}
}

// asking is a change after which a run in which a stage has opened asks for what no
// other open run asks for. What could not be read of the others is kept apart: it is
// no refusal.
func (b *batch) asking(change func(*workflow.Run) error, unread *error) func(*workflow.Run) error {
	return func(r *workflow.Run) error {
		if err := change(r); err != nil {
			return err
		}
		for _, fact := range r.ToAsk() {
			var others int
			*unread = one(b.ctx, b.session, []any{&others}, "SELECT count(*) FROM todos WHERE kind = $1 AND field = $2 AND run <> $3",
				string(workflow.MoveFact), string(fact), string(r.ID))
			if *unread != nil {
				return *unread
			}
			if others == 0 {
				r.AskFact(workflow.Act{Actor: workflow.Bot, At: r.Emitted()[0].At}, fact)
			}
		}
		return nil
	}
}

// present is the run as it is.
func (b *batch) present(id workflow.RunID) (run *workflow.Run, refused, failed error) {
	run, err := b.run(id)
	if err == nil && run == nil {
		return nil, unknownRun(id), nil
	}
	return run, nil, err
}

// guard calls what somebody else wrote. A panic in it is theirs alone: they get
// an Internal error.
func (b *batch) guard(decide func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.store.options.Logger.Error("a change panicked", "panic", p, "stack", string(debug.Stack()))
			err = &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return decide()
}

func unknownRun(id workflow.RunID) error {
	return workflow.Fail(workflow.NotFound, "There is no run %q here; it may be of another database.", string(id))
}

func checkRequest(id workflow.RequestID) error {
	if id == "" || len(id) > 300 || !utf8.ValidString(string(id)) || strings.ContainsRune(string(id), 0) {
		return &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("request id %q cannot be kept", string(id))}
	}
	return nil
}

// newRunID makes an id that is opaque and short, since a card repeats it on each
// of its buttons. Its 60 bits are plenty for a company's runs, and a second one
// of the same would be refused by the table.
func newRunID() workflow.RunID {
	return workflow.RunID("r" + strings.ToLower(rand.Text()[:12]))
}
