package awssim

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what a [Server] is made with. The zero value is usable.
type Options struct {
	// Now is the clock; the server never moves it. Default: time.Now.
	Now func() time.Time
	// Account owns everything that is made. Default: 123456789012.
	Account string
	// Regions are those that the account has. Default: six, with us-east-1.
	Regions []string
	// Guest is what machines do with commands. Default: every command succeeds
	// without output.
	Guest Guest
	// Rates lets the server refuse what comes faster than AWS allows.
	Rates bool
}

// Server is one account of AWS. It is safe for concurrent use.
type Server struct {
	now     func() time.Time
	account string
	guest   Guest
	names   []string // of the regions
	actions map[string]action

	mu       sync.Mutex
	base     string // own address
	serial   int
	regions  map[string]*region
	keys     map[string]*key
	denied   map[string]bool
	encoded  map[string]string // what an encoded message says
	buckets  map[string]*bucket
	rated    bool
	calls    []*Call
	onCall   func(Call, bool) *Fault
	injected []*injection
	profiles map[string]bool // nil: any is known
	roles    map[string]bool
	market   *market
}

// region is what the account has in one region.
type region struct {
	name      string
	times     Times
	instances map[string]*instance
	images    map[string]*image
	snapshots map[string]*snapshot
	volumes   map[string]*volume
	commands  map[string]*command
	tokens    map[string]used // of RunInstances and CopyImage
	gone      map[string]bool // images that are no more

	bpa        timeline
	managedBy  string
	publicAMIs int // how many are allowed
	vcpus      int // how many are allowed
	noVPC      bool

	scarce map[string]int // how often a type of machine is not to be had
	doomed []*doom
}

// used is what an idempotency token was used for.
type used struct {
	params string
	id     string
}

// New makes a server with two base images in each region, for which see
// [Server.PublishBase], and with the key that [Server.Credentials] says.
func New(o Options) *Server {
	s := &Server{
		now: o.Now, account: o.Account, guest: o.Guest, names: slices.Clone(o.Regions), rated: o.Rates,
		regions: map[string]*region{}, keys: map[string]*key{}, denied: map[string]bool{},
		encoded: map[string]string{}, buckets: map[string]*bucket{}, roles: map[string]bool{},
		actions: actions(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.account == "" {
		s.account = "123456789012"
	}
	if len(s.names) == 0 {
		s.names = []string{"us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1"}
	}
	now := s.time()
	for _, name := range s.names {
		s.regions[name] = newRegion(name, now)
	}
	s.market = newMarket(s.arn("role/AWSMarketplaceAmiIngestion"))
	s.roles[s.arn("role/cloud-image")] = true
	s.keys[defaultKey] = &key{secret: defaultSecret, principal: s.arn("user/cloud-image")}
	for _, arch := range []string{"amd64", "arm64"} {
		s.publishBase(arch, now.Add(-35*24*time.Hour))
		s.publishBase(arch, now.Add(-4*24*time.Hour))
	}
	return s
}

func newRegion(name string, now time.Time) *region {
	return &region{
		name: name, times: defaultTimes(),
		instances: map[string]*instance{}, images: map[string]*image{}, snapshots: map[string]*snapshot{},
		volumes: map[string]*volume{}, commands: map[string]*command{}, tokens: map[string]used{},
		gone: map[string]bool{}, scarce: map[string]int{},
		bpa: timeline{{unblocked, now.Add(-time.Hour)}}, managedBy: "account", publicAMIs: 5, vcpus: 64,
	}
}

// SetBaseURL tells the server its own address, which is needed in links.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(url, "/")
}

// Regions are the names of the regions.
func (s *Server) Regions() []string { return slices.Clone(s.names) }

// Account is the account's number.
func (s *Server) Account() string { return s.account }

func (s *Server) time() time.Time { return s.now().UTC() }

func (s *Server) arn(rest string) string {
	return "arn:aws:iam::" + s.account + ":" + rest
}

// id is a new identifier of a resource, such as ami-0d3f8a1b2c4e5f607. They come in
// no order, as the real ones.
func (s *Server) id(prefix string) string {
	return prefix + "-0" + s.hex()
}

// hex is sixteen digits that were not said before.
func (s *Server) hex() string {
	s.serial++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d of %s", s.serial, s.account)
	return fmt.Sprintf("%016x", h.Sum64()*0x9E3779B97F4A7C15)
}

// uuid is a new identifier of the other kind.
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
