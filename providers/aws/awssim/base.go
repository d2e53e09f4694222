package awssim

import (
	"slices"
	"strings"
	"time"
)

// PublishBase publishes a base image of Ubuntu 24.04 in every region, which is from
// then on what the public parameter of its architecture, amd64 or arm64, names. It is
// owned by Canonical. A new server has two of each: one 4 days old, one 35.
func (s *Server) PublishBase(arch string, created time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publishBase(arch, created.UTC())
}

// SetBaseAge lets the newest base images be this old; older ones stay as much older
// than them as they were.
func (s *Server) SetBaseAge(age time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	for _, r := range s.regions {
		for _, arch := range []string{"amd64", "arm64"} {
			newest := r.base(arch, now)
			if newest == nil {
				continue
			}
			shift := now.Add(-age).Sub(newest.born)
			for _, i := range r.images {
				if i.owner == canonical && i.arch == newest.arch {
					i.born, i.deprecated = i.born.Add(shift), i.deprecated.Add(shift)
					i.name, i.life = baseName(arch, i.born), timeline{{available, i.born}}
				}
			}
		}
	}
}

// archOf is what EC2 calls an architecture of Ubuntu's.
func archOf(arch string) string {
	if arch == "amd64" {
		return "x86_64"
	}
	return arch
}

func baseName(arch string, created time.Time) string {
	return "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-" + arch + "-server-" + created.Format("20060102")
}

func (s *Server) publishBase(arch string, created time.Time) {
	for _, r := range sorted(s.regions) {
		id := s.id("ami")
		r.images[id] = &image{
			id: id, name: baseName(arch, created), owner: canonical, arch: archOf(arch), born: created,
			desc: "Canonical, Ubuntu, 24.04, " + arch + " noble image", life: timeline{{available, created}},
			public: true, users: map[string]bool{}, orgs: map[string]bool{}, snapshot: s.id("snap"), size: 8,
			deprecated: created.AddDate(2, 0, 0),
		}
	}
}

// base is the newest base image of an architecture.
func (r *region) base(arch string, now time.Time) *image {
	var all []*image
	for _, i := range sorted(r.images) {
		if i.owner == canonical && !i.born.After(now) && i.arch == archOf(arch) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return slices.MaxFunc(all, func(a, b *image) int { return a.born.Compare(b.born) })
}

// parameter is what a public parameter of Systems Manager names.
func (r *region) parameter(name string, now time.Time) (*image, bool) {
	rest, ok := strings.CutPrefix(name, "/aws/service/canonical/ubuntu/server/")
	if !ok {
		return nil, false
	}
	for _, release := range []string{"24.04", "noble"} {
		for _, arch := range []string{"amd64", "arm64"} {
			if rest == release+"/stable/current/"+arch+"/hvm/ebs-gp3/ami-id" {
				i := r.base(arch, now)
				return i, i != nil
			}
		}
	}
	return nil, false
}
