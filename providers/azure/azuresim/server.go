package azuresim

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what a [Server] is made with. The zero value is usable.
type Options struct {
	// Now is the clock; the server never moves it. Default: time.Now.
	Now func() time.Time
	// Tenant is the directory. Default: 11111111-2222-4333-8444-555555555555.
	Tenant string
	// Subscription owns what is there at the start. Default:
	// 0a1b2c3d-0000-4000-8000-000000000001.
	Subscription string
	// Locations are those that there are. Default: six, with eastus.
	Locations []string
	// Guest is what machines do with commands. Default: every command succeeds
	// without output.
	Guest Guest
	// Empty leaves out the gallery that is there at the start.
	Empty bool
	// Ingestion answers what is below /rp/product-ingestion/. Default: nothing does.
	Ingestion http.Handler
}

// IngestionPath is where [Options.Ingestion] is.
const IngestionPath = "/rp/product-ingestion/"

// Server is one tenant of Azure. It is safe for concurrent use.
type Server struct {
	now    func() time.Time
	tenant string
	home   string // the first subscription
	guest  Guest
	routes []*route

	mu       sync.Mutex
	base     string // own address
	serial   int
	epoch    int // of tokens
	clients  map[string]*client
	handlers map[string]http.Handler // by prefix

	places      map[string]*place // by location
	subs        map[string]*subscription
	groups      map[string]*group
	resources   map[string]resource // by id in lower case
	operations  map[string]*operation
	assignments []*assignment
	bases       []*base
	offers      []*offer
	skus        []restriction
	denied      map[string]bool
	doomed      []*doom
	calls       []*Call
	onCall      func(Call, bool) *Fault
	injected    []*injection
	pageSize    int
}

// place is a location.
type place struct {
	name   string
	times  Times
	limit  int // of virtual processors, for each subscription
	scarce map[string]*lack
}

// New makes a server with one subscription in which a gallery is, with the client
// that [Server.Credentials] says, and with two base images, for which see
// [Server.PublishBase].
func New(o Options) *Server {
	s := &Server{
		now: o.Now, tenant: strings.ToLower(o.Tenant), home: strings.ToLower(o.Subscription), guest: o.Guest,
		clients: map[string]*client{}, handlers: map[string]http.Handler{}, places: map[string]*place{},
		subs: map[string]*subscription{}, groups: map[string]*group{}, resources: map[string]resource{},
		operations: map[string]*operation{}, denied: map[string]bool{}, pageSize: 50, routes: routes(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.tenant == "" {
		s.tenant = "11111111-2222-4333-8444-555555555555"
	}
	if s.home == "" {
		s.home = "0a1b2c3d-0000-4000-8000-000000000001"
	}
	names := o.Locations
	if len(names) == 0 {
		names = []string{"eastus", "eastus2", "westus2", "westeurope", "northeurope", "southeastasia"}
	}
	for _, n := range names {
		s.places[plain(n)] = &place{name: plain(n), times: defaultTimes(), limit: 64, scarce: map[string]*lack{}}
	}
	if o.Ingestion != nil {
		s.handlers[IngestionPath] = o.Ingestion
	}
	now := s.time()
	s.addSubscription(s.home, "Cloud images")
	s.clients[defaultClient] = &client{id: defaultClient, object: defaultObject, secret: defaultSecret}
	s.publishBase(now.Add(-35 * 24 * time.Hour))
	s.publishBase(now.Add(-4 * 24 * time.Hour))
	if !o.Empty {
		s.seed(plain(names[0]), now)
	}
	return s
}

// SetBaseURL tells the server its own address, which is needed in links. Without it,
// links name the host that a request was sent to.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(url, "/")
}

// Handle lets another handler answer what is below a path, such as "/rp/other/". It
// judges tokens with [Server.Authorize].
func (s *Server) Handle(prefix string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[prefix] = h
}

// SetPageSize says how many entries a page of a list has. Default: 50.
func (s *Server) SetPageSize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pageSize = max(n, 1)
}

// Tenant is the directory's id.
func (s *Server) Tenant() string { return s.tenant }

// Subscription is the id of the first subscription.
func (s *Server) Subscription() string { return s.home }

// Locations are the names of the locations, in their order.
func (s *Server) Locations() []string { return slices.Sorted(maps.Keys(s.places)) }

func (s *Server) time() time.Time { return s.now().UTC() }

// plain is the name of a location as it is compared: "East US" is "eastus".
func plain(location string) string {
	return strings.ToLower(strings.ReplaceAll(location, " ", ""))
}

// at is a location, or the first one when there is none of that name.
func (s *Server) at(location string) *place {
	if p := s.places[plain(location)]; p != nil {
		return p
	}
	return sorted(s.places)[0]
}

// hex is sixteen digits that were not said before. They come in no order.
func (s *Server) hex() string {
	s.serial++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d of %s", s.serial, s.tenant)
	return fmt.Sprintf("%016x", h.Sum64()*0x9E3779B97F4A7C15)
}

// uuid is a new identifier.
func (s *Server) uuid() string {
	h := s.hex() + s.hex()
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// sorted are the values of a map in the order of their keys.
func sorted[T any](m map[string]T) []T {
	out := make([]T, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
