package maintenance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudimage/workflow"
)

// Book keeps the catalogue and the releases. Implementations are safe for concurrent
// use; what is handed out belongs to the caller.
type Book interface {
	// Releases are all that were seen, the lowest version first.
	Releases(ctx context.Context) ([]workflow.Release, error)
	// SaveReleases keeps releases and what is owed because of them, all or none. It is
	// false when one of them has been changed since it was read.
	SaveReleases(ctx context.Context, list []workflow.Release, owed []workflow.Owed) (saved bool, err error)
	// Catalogue are all listings, by id.
	Catalogue(ctx context.Context) ([]workflow.Listed, error)
	// ChangeListings changes listings, all or none; see the store.
	ChangeListings(ctx context.Context, request workflow.RequestID, by workflow.UserID, ids []workflow.ListingID, change func([]*workflow.Listed) error) error
	// Owed is what is owed and not met, and what was due since a day.
	Owed(ctx context.Context, since workflow.Date) ([]workflow.Owed, error)
	// Promised is by when each listing is to have what it lacks, the soonest; one that
	// is owed nothing is left out.
	Promised(ctx context.Context) (map[workflow.ListingID]time.Time, error)
	// Publications are the versions that were live of a listing, the newest first.
	Publications(ctx context.Context, id workflow.ListingID) ([]workflow.Publication, error)
	// Explain keeps why customers of a listing had a version late.
	Explain(ctx context.Context, request workflow.RequestID, version workflow.Version, listing workflow.ListingID, cause string) (found bool, err error)
	// TakeWatch reports whether a watch has run out, or was never set, and sets it to run
	// out at next.
	TakeWatch(ctx context.Context, w workflow.Watch, now, next time.Time) (mine bool, err error)
	// SetWatch lets a watch run out at a moment, if that is before it would.
	SetWatch(ctx context.Context, w workflow.Watch, at time.Time) error
	// MoveWatch lets a watch that runs out at one moment do so at another, unless somebody
	// has set it since; a zero time lets it rest until it is set.
	MoveWatch(ctx context.Context, w workflow.Watch, from, to time.Time) error
}

// Options is what a [Service] is made of. Service and Book are needed.
type Options struct {
	Service *workflow.Service
	Book    Book
	// Process is the one of catalysts; empty when there is none, and then nothing opens.
	Process  workflow.ProcessName
	Product  Product
	Patience Patience
	Sources  Sources
	// Every is how often the sources are asked. Defaults to 10 minutes.
	Every time.Duration
	// Channel is where cards go. Defaults to where their listings were launched or
	// added, and then to the channel of the newest run.
	Channel workflow.ChannelID
	// Now is the present time. Defaults to time.Now.
	Now func() time.Time
	// Logger hears of what no caller is told. Defaults to slog.Default.
	Logger *slog.Logger
}

// Service keeps listings current. It is safe for concurrent use.
type Service struct {
	*workflow.Service
	options Options
	log     *slog.Logger

	firing  chan struct{}                  // holds a token while what is due is done
	looking sync.Mutex                     // one look at a time
	turn    sync.Mutex                     // one reconciliation at a time; nobody holds it while a source is asked
	opined  map[workflow.Version]time.Time // when the version service was asked of a release; of looking

	mu     sync.Mutex
	health map[string]Health // by source
}

// New makes a Service.
func New(o Options) *Service {
	o.Every = cmp.Or(o.Every, 10*time.Minute)
	o.Patience = o.Patience.withDefaults()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Service{Service: o.Service, options: o, log: o.Logger, health: map[string]Health{}, opined: map[workflow.Version]time.Time{}, firing: make(chan struct{}, 1)}
}

// Product is what is released.
func (s *Service) Product() Product { return s.options.Product }

// Watches reports whether any source of releases is watched.
func (s *Service) Watches() bool {
	o := s.options.Sources
	return o.Tags != nil || o.Packages != nil || o.Announcements != nil || o.Opinions != nil
}

// definition is the process of catalysts; nil when there is none.
func (s *Service) definition() *workflow.Definition {
	def, _ := s.Service.Process(s.options.Process)
	return def
}

// fireEvery is how often it is looked at what is due. It follows the real clock; what is
// due is decided on the injected one.
const fireEvery = time.Second

// Serve does what is due until ctx ends, apart from all else that is: a source may be
// slow.
func (s *Service) Serve(ctx context.Context) {
	tick := time.NewTicker(fireEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if _, err := s.Fire(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("the work on releases could not be brought up to date; it is tried again", "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Rest waits until nothing that was due is under way.
func (s *Service) Rest(ctx context.Context) error {
	select {
	case s.firing <- struct{}{}:
		<-s.firing
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fire does what is due: asks the sources, and opens the work. It reports whether
// there was anything.
func (s *Service) Fire(ctx context.Context) (did bool, err error) {
	select {
	case s.firing <- struct{}{}:
		defer func() { <-s.firing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	now := s.options.Now()
	if s.Watches() {
		mine, err := s.options.Book.TakeWatch(ctx, workflow.WatchSources, now, now.Add(s.options.Every))
		if err != nil {
			return false, err
		}
		if mine {
			return true, errors.Join(s.Look(ctx), s.Reconcile(ctx))
		}
	}
	// It is taken for a while only: whoever is stopped or fails meanwhile has not done it.
	until := now.Add(retryAfter)
	mine, err := s.options.Book.TakeWatch(ctx, workflow.WatchWork, now, until)
	if err != nil || !mine {
		return false, err
	}
	next, err := s.reconcile(ctx, "")
	if err != nil {
		return true, err
	}
	return true, s.options.Book.MoveWatch(ctx, workflow.WatchWork, until, next)
}

// Wake lets the sources be asked as soon as possible.
func (s *Service) Wake(ctx context.Context) error {
	return s.options.Book.SetWatch(ctx, workflow.WatchSources, s.options.Now())
}

// Health is how a source answers.
type Health struct {
	Asked time.Time // when it last was
	// Failed is since when it does not answer; zero while it does. Reason says why not.
	Failed time.Time
	Reason string
	Seen   int // what it had to say
}

// Health is how each source that is watched answers, by its name.
func (s *Service) Health() map[string]Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]Health, len(s.health))
	for name, h := range s.health {
		out[name] = h
	}
	return out
}

// Away is the source that has not answered for longest, why and since when; no name
// when all do.
func (s *Service) Away() (name, reason string, since time.Time) {
	for n, h := range s.Health() {
		if !h.Failed.IsZero() && (name == "" || h.Failed.Before(since) || h.Failed.Equal(since) && n < name) {
			name, reason, since = n, h.Reason, h.Failed
		}
	}
	return name, reason, since
}

// heard notes how a source answered. One that has failed is told of in the log once.
func (s *Service) heard(name string, seen int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.health[name]
	h.Asked = s.options.Now()
	switch {
	case err == nil && !h.Failed.IsZero():
		s.log.Info("a source of releases answers again", "source", name)
		h = Health{Asked: h.Asked, Seen: seen}
	case err == nil:
		h.Seen = seen
	case h.Failed.IsZero():
		s.log.Warn("a source of releases does not answer; it is asked again", "source", name, "err", err)
		h.Failed, h.Reason = h.Asked, err.Error()
	default:
		h.Reason = err.Error()
	}
	s.health[name] = h
}

// Title is what people call a release: "GitLab 17.5.1".
func (s *Service) Title(v workflow.Version) string {
	name := s.options.Product.Name + " " + v.First().String()
	if v.Rebuild > 0 {
		name += fmt.Sprintf(" rebuild %d", v.Rebuild)
	}
	return name
}

// Sources are the names of the sources that are watched.
func (s *Service) Sources() []string {
	var out []string
	o := s.options.Sources
	for _, source := range []struct {
		name string
		on   bool
	}{{sourceTags, o.Tags != nil}, {sourcePackages, o.Packages != nil}, {sourceAnnouncements, o.Announcements != nil}, {sourceOpinions, o.Opinions != nil}} {
		if source.on {
			out = append(out, source.name)
		}
	}
	return out
}
