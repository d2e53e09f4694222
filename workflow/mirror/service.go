package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"cloudimage/workflow"
)

// Book is where it is kept how far each item is. Implementations are safe for
// concurrent use.
type Book interface {
	// TrackedBehind are the items that are to be brought in step now, the one that has
	// waited longest first, limit at most: documents, or what the tracker has.
	TrackedBehind(ctx context.Context, documents bool, now time.Time, limit int) ([]workflow.Tracked, error)
	// TrackedOf are the items of a run.
	TrackedOf(ctx context.Context, run workflow.RunID) ([]workflow.Tracked, error)
	// TrackedAt is the item at a place; false when it is none of ours.
	TrackedAt(ctx context.Context, project string, number int64, merge bool) (workflow.Tracked, bool, error)
	// TrackedProjects are the projects with items of runs that did not end before
	// since.
	TrackedProjects(ctx context.Context, since time.Time) ([]workflow.Poll, error)
	// SavePoll notes how far the changes of a project are known; false when somebody
	// else has done so since p was read.
	SavePoll(ctx context.Context, p workflow.Poll, known, at time.Time) (mine bool, err error)
	// HoldTracked lets one holder at a time deal with an item: false when another
	// does, and has begun no longer than within ago.
	HoldTracked(ctx context.Context, t workflow.Tracked, holder string, now time.Time, within time.Duration) (mine bool, err error)
	// ReleaseTracked lets others deal with an item that a holder held.
	ReleaseTracked(ctx context.Context, t workflow.Tracked, holder string) error
	// SaveTracked notes how an item stands; was is its link as it was read.
	SaveTracked(ctx context.Context, t workflow.Tracked, was string) (workflow.Saved, error)
}

// Recipe is how issues of one kind are made.
type Recipe struct {
	// Project is the path or the id of the project that issues are made in.
	Project string
	Templates
	Labels []string
	// Open makes issues that everybody sees who sees the project. Otherwise they are
	// for its members only: a partnership is nobody else's business before its launch.
	Open      bool
	Milestone string // by its title; empty for none
}

// Options is what a [Service] is made of. Every field is needed but those with a
// default.
type Options struct {
	// Tracker is where issues are; nil for nowhere.
	Tracker Tracker
	// Documents is where documents are made; nil for nowhere.
	Documents Documents
	Book      Book
	Service   *workflow.Service
	// Recipes are the issues that are made, by the fact that holds their link. One
	// that is missing is made by people, and followed all the same.
	Recipes map[workflow.FactName]Recipe
	// Handles are the names of people in the tracker that an operator has written
	// down. They stand above what people say and what their addresses say.
	Handles map[workflow.UserID]string
	// Labels are those of a merge request that is found because it mentions the
	// run's issue, and then followed; one is enough. Defaults to "documentation".
	Labels []string
	// Poll is how often the tracker is asked what has changed. Defaults to a
	// minute; a tenth more at most, by chance, so that several bots do not ask in
	// the same second.
	Poll time.Duration
	// Batch is how long events wait for others to be told of in one note. Defaults
	// to ten minutes.
	Batch time.Duration
	// Now is the present time. Defaults to time.Now.
	Now func() time.Time
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Service keeps items in step with their runs. There is one for each process;
// several may share a database.
type Service struct {
	options Options
	log     *slog.Logger
	holder  string
	people  *people
	wake    chan struct{}

	turn sync.Mutex // one thing is done at a time, so that an issue has one writer
	me   Account    // zero until it was asked for
	next time.Time  // when the tracker is asked next what has changed
	at   int        // which of the projects comes next
	lull time.Time  // since when nothing has changed in the tracker
	gate gate
	told int       // how many items at least know that the tracker is out of reach
	tell time.Time // when it is looked again for those that do not
	// health is the gate as the last turn left it, for whoever asks meanwhile.
	health atomic.Pointer[gate]
}

// New makes a Service.
func New(o Options) *Service {
	if o.Poll <= 0 {
		o.Poll = time.Minute
	}
	if o.Batch <= 0 {
		o.Batch = 10 * time.Minute
	}
	if o.Labels == nil {
		o.Labels = []string{"documentation"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s := &Service{options: o, log: o.Logger, holder: fmt.Sprintf("%016x", rand.Uint64()), wake: make(chan struct{}, 1)}
	s.people = newPeople(o)
	return s
}

// Wake says that something may be behind.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// lookEvery is how often it is looked for what is behind, as a net: a change says
// so itself.
const lookEvery = time.Second

// Run brings items in step until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if _, err := s.Turn(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the issue tracker could not be kept in step; it is tried again", "err", err)
		}
		select {
		case <-s.wake:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// together is how many items are looked at before it is asked again what is
// behind.
const together = 50

// Turn does what can be done now: it asks what has changed, when it is time to,
// and brings what is behind in step. It reports whether there was anything to do.
// What the tracker refuses is no error: it is kept with the item, and tried again.
func (s *Service) Turn(ctx context.Context) (did bool, err error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	defer func() {
		g := s.gate
		s.health.Store(&g)
	}()
	now := s.options.Now()
	if did, err = s.dealAll(ctx, now, true); err != nil || s.options.Tracker == nil {
		return did, err // what the tracker is to have waits until there is one
	}
	if s.gate.closed(now) {
		told, err := s.tellWaiting(ctx, now)
		return did || told, err
	}
	s.told, s.tell = 0, time.Time{}
	polled, err := s.poll(ctx, now)
	if did = did || polled; err != nil {
		return did, err
	}
	if s.gate.closed(now) {
		told, err := s.tellWaiting(ctx, now)
		return did || told, err
	}
	dealt, err := s.dealAll(ctx, now, false)
	return did || dealt, err
}

// dealAll brings what is behind in step: documents, or what the tracker has, as long
// as it answers.
func (s *Service) dealAll(ctx context.Context, now time.Time, documents bool) (did bool, err error) {
	behind, err := s.options.Book.TrackedBehind(ctx, documents, now, together)
	if err != nil {
		return false, err
	}
	for _, t := range behind {
		if ctx.Err() != nil || !documents && s.gate.closed(now) {
			return did, ctx.Err()
		}
		done, err := s.deal(ctx, t)
		did = did || done
		if err != nil {
			return did, err
		}
	}
	return did, nil
}

// holdFor is for how long one holder may deal with an item until another takes it
// to have stopped.
const holdFor = 5 * time.Minute

// deal brings one item in step, or notes why it could not.
func (s *Service) deal(ctx context.Context, t workflow.Tracked) (did bool, err error) {
	now := s.options.Now()
	t, mine, err := s.hold(ctx, t, now)
	if err != nil || !mine {
		return false, err
	}
	defer s.release(ctx, t)
	if t.Written >= t.Wanted && (t.NoteAt.IsZero() || t.NoteAt.After(now)) || t.RetryAt.After(now) {
		return false, nil // another has dealt with it meanwhile
	}
	it, err := s.open(ctx, t)
	if err != nil {
		return true, s.fault(ctx, t, err)
	}
	err = it.bring(ctx)
	var refused *TrackerError
	switch {
	case errors.As(err, &refused):
		return true, it.failed(ctx, refused)
	case errors.Is(err, errRelinked):
		return true, nil
	case errors.Is(err, errTaken):
		return true, it.done(ctx, it.run.Version) // a person decides
	case err != nil && ctx.Err() != nil:
		return true, ctx.Err()
	case err != nil:
		return true, it.fault(ctx, err)
	}
	return true, nil
}

// fault notes that an item could not be dealt with for a reason of ours. It is one
// item's, and must not keep the others.
func (s *Service) fault(ctx context.Context, t workflow.Tracked, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.log.Error("an item could not be brought in step; it is tried again", "item", itemID(t.Run, t.Fact), "err", err)
	t.Failures++
	t.RetryAt = s.options.Now().Add(backoff(t.Failures))
	t.Reason = "a fault of ours; the log says more"
	_, err = s.options.Book.SaveTracked(ctx, t, t.URL)
	return err
}

// fault is that of the service, for an item that was opened.
func (it *item) fault(ctx context.Context, err error) error {
	if saved := it.save(ctx); saved != nil && !errors.Is(saved, errRelinked) {
		return saved
	}
	return it.s.fault(ctx, it.Tracked, err)
}

// hold takes an item to be dealt with, as it is kept now: another may have dealt with
// it since it was read. It is false when another does.
func (s *Service) hold(ctx context.Context, t workflow.Tracked, now time.Time) (workflow.Tracked, bool, error) {
	mine, err := s.options.Book.HoldTracked(ctx, t, s.holder, now, holdFor)
	if err != nil || !mine {
		return t, false, err
	}
	all, err := s.options.Book.TrackedOf(ctx, t.Run)
	if err != nil {
		return t, false, err
	}
	for _, is := range all {
		if is.Fact == t.Fact {
			return is, true, nil
		}
	}
	return t, false, nil
}

// release lets others deal with an item again. When that cannot be noted they wait
// for as long as it may be held.
func (s *Service) release(ctx context.Context, t workflow.Tracked) {
	if err := s.options.Book.ReleaseTracked(context.WithoutCancel(ctx), t, s.holder); err != nil {
		s.log.Warn("an item of the issue tracker is held for longer than it has to be", "item", itemID(t.Run, t.Fact), "err", err)
	}
}

var (
	errRelinked = errors.New("somebody gave another link meanwhile")
	errHeld     = errors.New("another deals with it")
)

// myself is the account that everything is done as.
func (s *Service) myself(ctx context.Context) (Account, error) {
	if s.me.ID != 0 {
		return s.me, nil
	}
	me, err := s.options.Tracker.Me(ctx)
	if err == nil {
		s.me = me
	}
	return s.me, err
}

// request is the id of what is done once.
func request(parts ...any) workflow.RequestID {
	id := "mirror"
	for _, p := range parts {
		id += ":" + fmt.Sprint(p)
	}
	if len(id) > longestRequest {
		sum := sha256.Sum256([]byte(id))
		id = "mirror:" + hex.EncodeToString(sum[:])
	}
	return workflow.RequestID(id)
}

// longestRequest is how many bytes of an id are kept as they are. A store keeps no
// more than 300, and what differs is at the end.
const longestRequest = 200
