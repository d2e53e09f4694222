package awssim

import (
	"maps"
	"slices"
	"time"
)

// State is everything that there is at one moment, also what the services do not show
// yet.
type State struct {
	Now        time.Time
	Account    string
	Regions    []Region
	Products   []Product
	ChangeSets []ChangeSet // oldest first
	Denied     []string
}

// Region is a region's part of a [State]. Lists are in the order of their beginning.
type Region struct {
	Name              string
	Instances         []Instance // also those that are terminated
	Images            []Image    // those of the account
	Bases             []Image    // those of others
	Snapshots         []Snapshot
	Volumes           []string // those that are kept without a machine
	Commands          []Sent
	BlockPublicAccess string
	ManagedBy         string
	PublicImages      int
	PublicImageQuota  int
}

// Instance is a machine.
type Instance struct {
	ID, Type, State, Image string
	Launched               time.Time
	Tags                   map[string]string
	UserData               string
	Profile                string
	OnShutdown             string
	HTTPTokens             string
	ClientToken            string
	Agent                  string // Online, ConnectionLost or empty
}

// Image is a machine image.
type Image struct {
	ID, Name, Description string
	Architecture, State   string
	Created               time.Time
	Tags                  map[string]string
	Public                bool
	Users                 []string // accounts that it is shared with
	Snapshot              string
	Size                  int // of the disk, in GiB
	Instance              string
	Source, SourceRegion  string
	Deprecated            time.Time
	IMDS                  string
}

// Snapshot is the disk of an image, which may be gone.
type Snapshot struct {
	ID, Image, State, Description string
	Created                       time.Time
	Size                          int
	Tags                          map[string]string
	Users                         []string
	Public                        bool
}

// Sent is a command that machines were sent.
type Sent struct {
	ID, Comment, Status string
	Instances           []string
	At                  time.Time
	Script              []string
}

// Product is a listing in the Marketplace.
type Product struct {
	ID, Title, Architecture string
	Revision                int
	Versions                []Version
}

// Version is a version of a product.
type Version struct {
	ID, Title, Notes, Image, Option string
	Restricted                      bool
	Created                         time.Time
}

// ChangeSet is a request to change products.
type ChangeSet struct {
	ID, Name, By, Intent, Status string
	Failure                      string
	Codes                        []string // why it failed
	Types                        []string
	Products                     []string
	Started                      time.Time
	Ended                        time.Time // zero while it goes on
}

// State is what there is now.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	out := State{Now: now, Account: s.account, Denied: s.denials()}
	for _, name := range s.names {
		out.Regions = append(out.Regions, s.regionState(s.regions[name], now))
	}
	for _, p := range sorted(s.market.products) {
		q := Product{ID: p.id, Title: p.title, Architecture: p.arch, Revision: p.revision}
		for _, v := range p.versions {
			q.Versions = append(q.Versions, Version{v.id, v.title, v.notes, v.image, v.option, v.restricted, v.created})
		}
		out.Products = append(out.Products, q)
	}
	for _, set := range sorted(s.market.sets) {
		out.ChangeSets = append(out.ChangeSets, set.state(now))
	}
	slices.SortStableFunc(out.ChangeSets, func(a, b ChangeSet) int { return a.Started.Compare(b.Started) })
	return out
}

// Region is the part of a region, and empty when there is no such region.
func (s State) Region(name string) Region {
	for _, r := range s.Regions {
		if r.Name == name {
			return r
		}
	}
	return Region{}
}

func (s *Server) regionState(r *region, now time.Time) Region {
	out := Region{
		Name: r.name, BlockPublicAccess: r.bpa.at(now), ManagedBy: r.managedBy,
		PublicImages: s.publicIn(r), PublicImageQuota: r.publicAMIs,
	}
	for _, i := range sorted(r.instances) {
		out.Instances = append(out.Instances, Instance{
			i.id, i.kind.name, i.life.at(now), i.image, i.born, copyTags(i.tags), i.userData, i.profile, i.onShutdown,
			i.httpTokens, i.token, i.ping(r.times, now),
		})
	}
	for _, i := range sorted(r.images) {
		m := Image{
			i.id, i.name, i.desc, i.arch, i.life.at(now), i.born, copyTags(i.tags), i.public, slices.Sorted(maps.Keys(i.users)),
			i.snapshot, i.size, i.from, i.source, i.sourceRegion, i.deprecated, i.imds,
		}
		if s.isOwn(i) {
			out.Images = append(out.Images, m)
		} else {
			out.Bases = append(out.Bases, m)
		}
	}
	for _, n := range sorted(r.snapshots) {
		out.Snapshots = append(out.Snapshots, Snapshot{
			n.id, n.image, n.life.at(now), n.desc, n.born, n.size, copyTags(n.tags), slices.Sorted(maps.Keys(n.users)), n.public,
		})
	}
	for _, v := range sorted(r.volumes) {
		if v.state(r, now) == available {
			out.Volumes = append(out.Volumes, v.id)
		}
	}
	for _, m := range sorted(r.commands) {
		m.watch(r, now)
		c := Sent{ID: m.id, Comment: m.comment, Status: m.overall(now), At: m.born, Script: slices.Clone(m.params["commands"])}
		for _, v := range m.runs {
			c.Instances = append(c.Instances, v.instance)
		}
		out.Commands = append(out.Commands, c)
	}
	slices.SortStableFunc(out.Instances, func(a, b Instance) int { return a.Launched.Compare(b.Launched) })
	slices.SortStableFunc(out.Images, func(a, b Image) int { return a.Created.Compare(b.Created) })
	slices.SortStableFunc(out.Bases, func(a, b Image) int { return a.Created.Compare(b.Created) })
	slices.SortStableFunc(out.Snapshots, func(a, b Snapshot) int { return a.Created.Compare(b.Created) })
	slices.SortStableFunc(out.Commands, func(a, b Sent) int { return a.At.Compare(b.At) })
	return out
}

func (c *changeSet) state(now time.Time) ChangeSet {
	out := ChangeSet{
		ID: c.id, Name: c.name, By: c.by, Intent: c.intent, Status: c.life.at(now),
		Products: c.entities(), Started: c.born,
	}
	for _, ch := range c.changes {
		out.Types = append(out.Types, ch.ChangeType)
		for _, e := range ch.errors {
			if out.Status == setFailed {
				out.Codes = append(out.Codes, e.ErrorCode)
			}
		}
	}
	if out.Status == setFailed {
		out.Failure = c.failure
	}
	if at, ok := c.ended(now); ok {
		out.Ended = at
	}
	return out
}
