package azuresim

import (
	"slices"
	"strings"
	"time"
)

// settle lets happen what was planned until now: what is deleted goes away, and what
// follows from that.
func (s *Server) settle(now time.Time) {
	for {
		r := s.nextGone(now)
		if r == nil {
			break
		}
		s.takeAway(r, r.common().life.since(now))
	}
	for key, g := range s.groups {
		if g.life.at(now) == gone {
			delete(s.groups, key)
		}
	}
}

// nextGone is the resource that went away first.
func (s *Server) nextGone(now time.Time) resource {
	var first resource
	for _, r := range s.resources {
		k := r.common()
		if k.life.at(now) != gone {
			continue
		}
		if first == nil || k.life.since(now).Before(first.common().life.since(now)) ||
			k.life.since(now).Equal(first.common().life.since(now)) && k.order < first.common().order {
			first = r
		}
	}
	return first
}

// takeAway removes a resource with what is inside of it, and tells those that it was
// connected to.
func (s *Server) takeAway(r resource, at time.Time) {
	k := r.common()
	id := strings.ToLower(k.id)
	delete(s.resources, id)
	for key := range s.resources {
		if strings.HasPrefix(key, id+"/") {
			delete(s.resources, key)
		}
	}
	switch r := r.(type) {
	case *machine:
		s.detach(r, at)
		s.sourceLost(id, at)
	case *nic:
		if a, ok := find[*publicAddress](s, r.public); ok {
			a.owner = ""
		}
	}
}

// detach frees the disk and the interfaces of a machine that is no more, or deletes
// them too.
func (s *Server) detach(m *machine, at time.Time) {
	if d, ok := find[*disk](s, m.disk); ok {
		d.owner = ""
		if m.diskGoes {
			d.life = d.life.turn(at, phase{gone, at})
		}
	}
	for _, l := range m.nics {
		if n, ok := find[*nic](s, l.id); ok {
			n.owner = ""
			if l.goes {
				n.life = n.life.turn(at, phase{gone, at})
			}
		}
	}
}

// sourceLost lets versions fail whose data was not taken yet when their machine went
// away.
func (s *Server) sourceLost(machine string, at time.Time) {
	for _, v := range all[*version](s) {
		h := v.replicas[v.location]
		if !strings.EqualFold(v.source, machine) || h == nil || h.life.at(at) != replicating {
			continue
		}
		h.life, h.details = h.life.turn(at, phase{failed, at}), "The source virtual machine was deleted while it was being captured."
		v.life = v.life.turn(at, phase{failed, at})
		for _, o := range s.operations {
			if o.about == strings.ToLower(v.id) && o.life.at(at) == inProgress {
				o.life, o.why = o.life.turn(at, phase{failed, at}), conflict("ResourceNotFound", "%s", h.details)
			}
		}
	}
}

// sortBy sorts a list by a name.
func sortBy[T any](list []T, name func(T) string) []T {
	slices.SortStableFunc(list, func(a, b T) int { return strings.Compare(name(a), name(b)) })
	return list
}
