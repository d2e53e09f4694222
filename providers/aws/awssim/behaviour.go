package awssim

import "time"

// LackCapacity lets the next launches of a type of machine in a region fail for lack
// of capacity; with times below 0 it is for ever, and 0 ends it. The error is one of
// the server, so clients retry by themselves, and each retry counts.
func (s *Server) LackCapacity(instanceType, region string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		r.scarce[instanceType] = times
	}
}

// SetVCPULimit says how many virtual processors may run in a region. Default: 64.
func (s *Server) SetVCPULimit(region string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		r.vcpus = n
	}
}

// SetPublicImageQuota says how many images of the account may be public in a region.
// Default: 5.
func (s *Server) SetPublicImageQuota(region string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		r.publicAMIs = n
	}
}

// SetBlockPublicAccess says, from now on, whether images can become public in a
// region, "unblocked" or "block-new-sharing", and who decides that, "account" or
// "declarative-policy". Default: unblocked, by the account.
func (s *Server) SetBlockPublicAccess(region, state, managedBy string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	for _, r := range s.some(region) {
		r.bpa, r.managedBy = timeline{{state, now}}, managedBy
	}
}

// SetDefaultVPC says whether a region has a default network. Default: it has.
func (s *Server) SetDefaultVPC(region string, has bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		r.noVPC = !has
	}
}

// SetProfiles says which instance profiles there are. Without it, any name is one.
func (s *Server) SetProfiles(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profiles = map[string]bool{}
	for _, n := range names {
		s.profiles[n] = true
	}
}

// MakePrivate takes public sharing away from an image, as AWS does with images that
// nobody uses, and reports whether the image is there.
func (s *Server) MakePrivate(region, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		if i := r.images[id]; i != nil {
			i.public = false
			return true
		}
	}
	return false
}

// TerminateInstance lets a machine end behind everyone's back, and reports whether it
// is there.
func (s *Server) TerminateInstance(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	for _, r := range s.regions {
		if i := r.instances[id]; i != nil {
			i.life = i.life.turn(now, ending(now, r.times)...)
			i.reason = "Server.SpotInstanceTermination: Terminated by the server"
			return true
		}
	}
	return false
}

// AddImage puts an image of the account into a region, available since it was
// created, and says its id.
func (s *Server) AddImage(region string, m Image) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.regions[region]
	if r == nil {
		return ""
	}
	now := s.time()
	i := &image{
		id: s.id("ami"), name: m.Name, desc: m.Description, owner: s.account, arch: m.Architecture, born: m.Created.UTC(),
		tags: copyTags(m.Tags), public: m.Public, users: map[string]bool{}, orgs: map[string]bool{},
		size: max(m.Size, 8), source: m.Source, sourceRegion: m.SourceRegion, deprecated: m.Deprecated,
	}
	if i.arch == "" {
		i.arch = "x86_64"
	}
	if m.Created.IsZero() {
		i.born = now.Add(-30 * 24 * time.Hour)
	}
	for _, u := range m.Users {
		i.users[u] = true
	}
	i.life = timeline{{available, i.born}}
	n := &snapshot{
		id: s.id("snap"), volume: "vol-ffffffff", desc: "Created by CreateImage for " + i.id, image: i.id, owner: s.account,
		born: i.born, life: timeline{{"completed", i.born}}, size: i.size, tags: copyTags(m.Tags), users: map[string]bool{},
	}
	i.snapshot = n.id
	r.images[i.id], r.snapshots[n.id] = i, n
	return i.id
}
