package releasesim

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say whose releases these are. The zero value is GitLab on a real clock.
type Options struct {
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
	// Product is the name in titles and, in lower case, in names of packages.
	// Defaults to "GitLab".
	Product string
	// Editions are those that [Server.Publish] publishes unless it is said. Defaults
	// to CE and EE.
	Editions []string
	// Distributions and Architectures are those for which it does. Default to noble,
	// and to amd64 and arm64.
	Distributions, Architectures []string
	// KeepCalls is how many calls are remembered. Defaults to 10,000.
	KeepCalls int
}

// Server has all that a product publishes. All its methods are safe for concurrent
// use.
type Server struct {
	opts   Options
	faults *faults
	calls  callLog

	mu       sync.Mutex // guards what follows
	base     string
	changed  time.Time // when anything was published last
	packages []pack
	posts    []post
	versions map[version]level
	hooks    []func(Release)
}

var _ http.Handler = (*Server)(nil)

// New returns a server that has published nothing.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Product = cmp.Or(o.Product, "GitLab")
	if o.Editions == nil {
		o.Editions = []string{"CE", "EE"}
	}
	if o.Distributions == nil {
		o.Distributions = []string{"noble"}
	}
	if o.Architectures == nil {
		o.Architectures = []string{"amd64", "arm64"}
	}
	return &Server{opts: o, faults: newFaults(), calls: callLog{keep: cmp.Or(o.KeepCalls, 10_000)}, changed: o.Now(), versions: map[version]level{}}
}

// SetBaseURL sets the address of the server, once it is known. Links in feeds and
// redirects lead there.
func (s *Server) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(base, "/")
}

// BaseURL is the address of the server; http://releases.test while it is not known.
func (s *Server) BaseURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmp.Or(s.base, "http://releases.test")
}

// touch notes that something was published. Callers hold the lock.
func (s *Server) touch() { s.changed = s.opts.Now() }

// version is a version and its rebuild.
type version struct{ major, minor, patch, rebuild int }

var versionForm = regexp.MustCompile(`\A(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:\+(\d{1,6}))?\z`)

// parseVersion reads 18.5.0 and 18.5.0+1.
func parseVersion(s string) (version, error) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return version{}, fmt.Errorf("%q is no version; write 18.5.0, or 18.5.0+1 for its first rebuild", s)
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // six digits at most, or none
	}
	return version{n[0], n[1], n[2], n[3]}, nil
}

// mustVersion is a version that a test or a demo wrote.
func mustVersion(s string) version {
	v, err := parseVersion(s)
	if err != nil {
		panic("releasesim: " + err.Error())
	}
	return v
}

func (v version) compare(o version) int {
	return cmp.Or(cmp.Compare(v.major, o.major), cmp.Compare(v.minor, o.minor), cmp.Compare(v.patch, o.patch), cmp.Compare(v.rebuild, o.rebuild))
}

// first is the version without its rebuilds.
func (v version) first() version { v.rebuild = 0; return v }

// String is what the product calls itself, 18.5.0.
func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch) }

// minorOf are two numbers.
func (v version) minorOf() [2]int { return [2]int{v.major, v.minor} }

// written is the version as it is given to this package.
func (v version) written() string {
	if v.rebuild > 0 {
		return fmt.Sprintf("%s+%d", v, v.rebuild)
	}
	return v.String()
}

// ServeHTTP serves everything. A fault that closes the connection panics with
// http.ErrAbortHandler, as net/http wants it; so use a real server for those.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		s.calls.add(Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Agent: r.UserAgent(), Status: seen.sent()})
	}()
	f := s.faults.take(r.URL.Path)
	if f.Hold {
		s.faults.hold(r.Context())
	}
	if f.Refuse || r.Context().Err() != nil {
		seen.status = 0
		panic(http.ErrAbortHandler)
	}
	switch {
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter/time.Second)))
		}
		http.Error(seen, http.StatusText(f.Status), f.Status)
	case f.Elsewhere != "":
		http.Redirect(seen, r, f.Elsewhere, http.StatusFound)
	case f.Endless:
		endless(seen, r)
	default:
		s.serve(seen, r, f)
	}
}

// serve answers a request that nothing keeps from being answered.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, f Fault) {
	path := r.URL.Path
	old := []string{"/all-releases.xml", "/releases.xml", "/security-releases.xml"}
	switch {
	case path == "/check.json":
		s.serveCheck(w, r, f)
	case slices.Contains(old, path):
		// The feeds were at about.gitlab.com before, and are at docs.gitlab.com.
		http.Redirect(w, r, s.BaseURL()+"/releases"+path, http.StatusMovedPermanently)
	case strings.HasPrefix(path, "/releases/") && strings.HasSuffix(path, ".xml"):
		s.serveFeed(w, r, f)
	case strings.HasPrefix(path, "/gitlab/"):
		s.serveRepository(w, r, f)
	default:
		s.servePage(w, r)
	}
}

// recorder remembers which status was sent.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) sent() int { return r.status }

// Unwrap is for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
