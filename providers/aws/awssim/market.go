package awssim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxVersions is how many versions of a product can be had at a time.
const maxVersions = 100

// market is what the account sells.
type market struct {
	products map[string]*product
	sets     map[string]*changeSet
	tokens   map[string]used // of StartChangeSet
	roles    map[string]bool // those that the Marketplace may take images with

	check, prepare, apply time.Duration

	scans  []scan
	faults []outcome
}

// scan is a scan to come that has findings, for a product or the next of any.
type scan struct {
	product  string
	findings []Finding
}

// outcome is how a change set to come fails.
type outcome struct {
	server bool
	codes  []string
}

// product is one listing.
type product struct {
	id, title string
	arch      string
	revision  int
	modified  time.Time
	about     map[string]any // what UpdateInformation has changed
	versions  []*version
}

// version is one version of a product.
type version struct {
	id, title, notes  string
	source, option    string
	image             string
	created           time.Time
	restricted        bool
	user, os, release string
	port              int
	usage, machine    string
	groups            []securityGroup
}

func newMarket(role string) *market {
	return &market{
		products: map[string]*product{}, sets: map[string]*changeSet{}, tokens: map[string]used{},
		roles: map[string]bool{role: true},
		check: 2 * time.Minute, prepare: 45 * time.Minute, apply: 15 * time.Minute,
	}
}

// open are the versions that are not restricted.
func (p *product) open() int {
	n := 0
	for _, v := range p.versions {
		if !v.restricted {
			n++
		}
	}
	return n
}

func (p *product) titled(title string) *version {
	for _, v := range p.versions {
		if v.title == title {
			return v
		}
	}
	return nil
}

func (p *product) touch(now time.Time) {
	p.revision++
	p.modified = now
}

// AddProduct lists a product for machines of an architecture, x86_64 or arm64, with
// versions that are there already. An id begins with prod-.
func (s *Server) AddProduct(id, title, architecture string, versions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	p := &product{id: id, title: title, arch: architecture, revision: 1, modified: now, about: map[string]any{}}
	for i, t := range versions {
		p.versions = append(p.versions, &version{
			id: "version-" + s.letters(13), title: t, notes: "Release notes of " + t + ".", source: "source-" + s.letters(13),
			option: "do-" + s.letters(13), image: s.id("ami"), created: now.AddDate(0, 0, i-len(versions)),
			user: "ubuntu", os: "UBUNTU", release: "24.04", port: 22, usage: "See the documentation.", machine: "m5.xlarge",
		})
	}
	s.market.products[id] = p
}

// SetIngestionRoles says with which roles the Marketplace may take images, by ARN.
// Default: role/AWSMarketplaceAmiIngestion of the account.
func (s *Server) SetIngestionRoles(arns ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.market.roles = map[string]bool{}
	for _, a := range arns {
		s.market.roles[a] = true
	}
}

// SetChangeSetTimes says how long it takes until a change set that cannot be fails,
// how long one is PREPARING, which is the scan, and how long it is APPLYING.
// Default: 2, 45 and 15 minutes.
func (s *Server) SetChangeSetTimes(check, prepare, apply time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.market.check, s.market.prepare, s.market.apply = check, prepare, apply
}

// FailScan lets the next scan for a product, or for any with "", have findings.
func (s *Server) FailScan(product string, findings ...Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.market.scans = append(s.market.scans, scan{product, findings})
}

// FailNextChangeSet lets the next change set that is started fail with these codes.
func (s *Server) FailNextChangeSet(codes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.market.faults = append(s.market.faults, outcome{codes: codes})
}

// NextServerFault lets the next change set that is started fail by the Marketplace's
// own fault.
func (s *Server) NextServerFault() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.market.faults = append(s.market.faults, outcome{server: true})
}

// AddForeignChangeSet starts a change set of somebody else for a product, which is
// PREPARING for a time and then succeeds without an effect. It says its id.
func (s *Server) AddForeignChangeSet(product, name, by string, takes time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	set := &changeSet{
		id: s.letters(25), name: name, by: by, intent: "APPLY", born: now, applied: true,
		life:    timeline{{preparing, now}, {succeeded, now.Add(takes)}},
		changes: []*oneChange{{ChangeType: "UpdateInformation", Entity: entity{amiProduct, product}, doc: map[string]any{}}},
	}
	s.market.sets[set.id] = set
	return set.id
}

// letters is an identifier as the catalog makes them.
func (s *Server) letters(n int) string {
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	var b strings.Builder
	for b.Len() < n {
		for _, r := range s.hex() {
			if b.Len() < n {
				b.WriteByte(digits[(int(r)*7+b.Len()*11+s.serial)%len(digits)])
			}
		}
	}
	return b.String()
}

// locks is the change set that a product waits for.
func (m *market) locks(product string, now time.Time) *changeSet {
	for _, c := range sorted(m.sets) {
		if st := c.life.at(now); (st == preparing || st == applying) && slices.Contains(c.entities(), product) {
			return c
		}
	}
	return nil
}

// entityARN is the name of an entity among all of AWS.
func (s *Server) entityARN(kind, id string) string {
	return fmt.Sprintf("arn:aws:aws-marketplace:us-east-1:%s:AWSMarketplace/%s/%s", s.account, kind, id)
}

// CancelChangeSet cancels a change set as somebody does in the portal. It reports
// whether it still could be.
func (s *Server) CancelChangeSet(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	set, now := s.market.sets[id], s.time()
	if set == nil || set.life.at(now) != preparing {
		return false
	}
	set.life, set.applied = set.life.turn(now, phase{cancelled, now}), true
	return true
}
