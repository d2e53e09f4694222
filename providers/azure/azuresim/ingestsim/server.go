package ingestsim

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are what a [Server] is made with. The zero value is usable.
type Options struct {
	// Now is the clock; the server never moves it. Default: time.Now.
	Now func() time.Time
	// Authorize says why a request is not let in. It sees requests for the API, and
	// not those for controls. Default: everyone is let in.
	Authorize func(*http.Request) error
	// Readable says why Microsoft cannot read an image version of a gallery. It is asked
	// when a preview submission ends, for images that are not live, and must not use the
	// server. Default: everything can be read.
	Readable func(tenantID, resourceID string) error
	// Times are how long things take. Default: those of [Times], when none of them is set.
	Times Times
}

// Server is one publisher's account in Partner Center, and an http.Handler for what is
// below /rp/product-ingestion/ and /_ingestsim/. It is safe for concurrent use.
type Server struct {
	now       func() time.Time
	authorize func(*http.Request) error
	readable  func(tenant, resource string) error

	mu       sync.Mutex
	base     string // own address
	serial   int
	times    Times
	products []*product // in the order in which they were added
	jobs     []*job     // oldest first
	held     time.Time  // since when jobs do not go on; zero: they do
	oldest   bool       // lists of submissions begin with the oldest

	certification [][]string // what the next submissions fail for
	refusals      [][]string // what the next live submissions are refused for
	serverFaults  int        // how many of the next jobs end in an error of the server

	seq      int
	calls    []*Call
	onCall   func(Call, bool) *Fault
	injected []*injection
}

// New makes a server without products, for which see [Server.AddProduct].
func New(o Options) *Server {
	s := &Server{now: o.Now, authorize: o.Authorize, readable: o.Readable, times: o.Times}
	if s.now == nil {
		s.now = time.Now
	}
	if s.authorize == nil {
		s.authorize = func(*http.Request) error { return nil }
	}
	if s.readable == nil {
		s.readable = func(string, string) error { return nil }
	}
	if s.times == (Times{}) {
		s.times = defaultTimes()
	}
	return s
}

// SetBaseURL tells the server its own address, which is needed in links. Default: that
// of Microsoft Graph.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(url, "/")
}

func (s *Server) time() time.Time { return s.now().UTC() }

// link is the address of something below the API's root.
func (s *Server) link(path string) string {
	base := s.base
	if base == "" {
		base = "https://graph.microsoft.com"
	}
	return base + root + path
}

// guid is an identifier that was not said before. They come in no order.
func (s *Server) guid() string {
	s.serial++
	var text string
	for part := range 2 {
		h := fnv.New64a()
		_, _ = fmt.Fprintf(h, "%d of %d", part, s.serial)
		text += fmt.Sprintf("%016x", h.Sum64()*0x9E3779B97F4A7C15)
	}
	return text[:8] + "-" + text[8:12] + "-4" + text[13:16] + "-a" + text[17:20] + "-" + text[20:]
}

// number is the last part of a submission's id. They grow.
func (s *Server) number() string {
	s.serial++
	return fmt.Sprintf("11529215056%08d", 97000000+s.serial*137)
}
