package gitlabsim

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say what kind of GitLab it is. The zero value is GitLab Free on a real
// clock without a rate limit.
type Options struct {
	// Now is the instance's clock. Defaults to time.Now.
	Now func() time.Time
	// BaseURL is the address of the instance without a slash at its end, as it
	// stands in web_url, Link and mentions. "" takes it from the first request's
	// Host, or http://gitlab.test as long as there was none.
	BaseURL string
	// Version is what /version tells. Defaults to 18.4.0.
	Version string
	// Premium keeps several assignees and reviewers, and allows blocking links;
	// GitLab Free keeps the first assignee and knows related links alone.
	Premium bool
	// RateLimit is how many API requests each user may make in a minute, or each
	// address when nobody is named. 0 is no limit; then there are no RateLimit
	// headers either.
	RateLimit int
	// TouchInterval is how long after a change of an item a comment on it leaves
	// its updated_at alone. Defaults to a minute, which is GitLab's own
	// (app/models/concerns/throttled_touch.rb); below 0 each comment counts.
	TouchInterval time.Duration
	// Viewer is who looks at the pages until somebody is chosen. Defaults to nobody.
	Viewer string
	// KeepCalls is how many calls are remembered. Defaults to 10,000; below 0 none.
	KeepCalls int
}

// Server is a GitLab instance. All its methods are safe for concurrent use.
type Server struct {
	opts   Options
	faults *faults
	calls  *callLog
	hooks  hooks
	limits rates
	ops    []operation

	mu    sync.Mutex // guards what follows
	base  string
	ids   ids
	state state
}

var _ http.Handler = (*Server)(nil)

// New returns an instance without anybody or anything in it.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Version == "" {
		o.Version = "18.4.0"
	}
	if o.TouchInterval == 0 {
		o.TouchInterval = time.Minute
	}
	if o.KeepCalls == 0 {
		o.KeepCalls = 10_000
	}
	return &Server{
		opts:   o,
		base:   strings.TrimSuffix(o.BaseURL, "/"),
		faults: newFaults(),
		calls:  &callLog{keep: max(0, o.KeepCalls)},
		limits: rates{seen: map[string]int{}},
		ops:    operations(),
		ids:    ids{last: map[string]int64{}},
		state:  newState(),
	}
}

// SetBaseURL sets the address of the instance, once it is known.
func (s *Server) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(base, "/")
}

// BaseURL is the address of the instance.
func (s *Server) BaseURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.baseURL()
}

func (s *Server) baseURL() string {
	if s.base == "" {
		return "http://gitlab.test"
	}
	return s.base
}

// now is the time, with the precision that GitLab's database has.
func (s *Server) now() time.Time { return s.opts.Now().UTC().Truncate(time.Microsecond) }

// ids counts up what is numbered across the instance.
type ids struct{ last map[string]int64 }

// next is the next id of a kind. Kinds start apart, so that an id that is used
// for the wrong kind is found out.
func (i *ids) next(kind string) int64 {
	first := map[string]int64{
		"user": 100, "group": 200, "project": 300, "label": 400, "milestone": 500, "token": 600,
		"issue": 10_000, "merge_request": 50_000, "note": 100_000, "event": 1_000_000, "link": 9_000, "request": 0,
	}
	if i.last[kind] == 0 {
		i.last[kind] = first[kind]
	}
	i.last[kind]++
	return i.last[kind]
}

// known tells the counter of an id that was chosen by hand.
func (i *ids) known(kind string, id int64) { i.last[kind] = max(i.last[kind], id) }

// requestID is GitLab's name of a request, a ULID in look.
func requestID(n int64) string { return fmt.Sprintf("01GITLABSIM%015d", n) }
