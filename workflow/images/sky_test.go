package images_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// sky is a cloud of these tests: what is made in it is found by its key, as the
// contract asks for, and whatever a test wants goes wrong.
type sky struct {
	now func() time.Time

	mu       sync.Mutex
	machines map[string]*thing // by key
	pictures map[string]*thing // images, by region and build
	open     map[string]bool   // by region and image
	shielded map[string]bool   // regions whose protection is on
	sent     map[string]*thing // submissions, by key
	made     map[string]int    // how many of each kind were ever made
	calls    int
	// before and after are asked around the effect of a call; an error is what the call
	// comes to. Nil for nothing.
	before, after func(op string, w images.Work) error
	problems      []images.Problem
	account       string
	base          string
	older         []string      // images that were deprecated
	trial         time.Duration // how long the marketplace tries a submission
	ways          images.Ways
	keeps         bool              // what is withdrawn went to customers meanwhile
	previews      map[string]*thing // by key
	says          func(script string, w images.Work) (guest.Result, error)
}

// thing is something in the sky that needs a while until it is there.
type thing struct {
	id, build, role, region string
	ready                   time.Time
	dead, stopped, marked   bool
	userData                string
}

func newSky(now func() time.Time) *sky {
	return &sky{now: now, machines: map[string]*thing{}, pictures: map[string]*thing{}, open: map[string]bool{}, shielded: map[string]bool{},
		sent: map[string]*thing{}, previews: map[string]*thing{}, made: map[string]int{}, account: "123456789012", base: "ami-base"}
}

// call makes one call: an effect that may be lost before or after it.
func (s *sky) call(op string, w images.Work, effect func() (images.Progress, error)) (images.Progress, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.before != nil {
		if err := s.before(op, w); err != nil {
			return images.Progress{}, err
		}
	}
	p, err := effect()
	if s.after != nil && err == nil {
		if err := s.after(op, w); err != nil {
			return images.Progress{}, err
		}
	}
	return p, err
}

// make begins something, unless it was begun, and says whether it is there.
func (s *sky) make(in map[string]*thing, key, kind string, t thing, takes time.Duration) (*thing, bool) {
	had := in[key]
	if had == nil {
		s.made[kind]++
		t.id, t.ready = fmt.Sprintf("%s-%d", kind, s.made[kind]), s.now().Add(takes)
		had = &t
		in[key] = had
	}
	return had, !had.ready.After(s.now())
}

func (s *sky) wait(t *thing, ready bool) (images.Progress, error) {
	p := images.Progress{Done: ready, Ref: t.id, Memory: "begun"}
	if !ready {
		p.Again = t.ready.Sub(s.now())
	}
	return p, nil
}

func (s *sky) Provider() workflow.Provider { return workflow.AWS }

func (s *sky) Look(_ context.Context, orders []images.Order) (images.Outlook, error) {
	o := images.Outlook{Account: s.account, At: s.now()}
	for _, order := range orders {
		order.Account, order.Base = s.account, images.Base{ID: s.base, Name: "ubuntu", Made: s.now().AddDate(0, 0, -3)}
		if order.Public {
			order.Unblock = slices.DeleteFunc(slices.Clone(order.Regions), func(r string) bool { return !s.shielded[r] })
		}
		o.Lanes = append(o.Lanes, images.Lane{Order: order, Problems: s.problems, Minutes: 40, Dollars: 1})
	}
	return o, nil
}

func (s *sky) Launch(_ context.Context, w images.Work, m images.Machine) (images.Progress, error) {
	return s.call("launch", w, func() (images.Progress, error) {
		t, ready := s.make(s.machines, w.Key, "machine", thing{build: string(w.Build), role: m.Role, userData: m.UserData}, 2*time.Minute)
		if t.dead {
			return images.Progress{}, &images.Fault{Class: images.Gone}
		}
		return s.wait(t, ready)
	})
}

func (s *sky) machine(id string) *thing {
	for _, t := range s.machines {
		if t.id == id && !t.dead {
			return t
		}
	}
	return nil
}

func (s *sky) Run(_ context.Context, w images.Work, machine string, script guest.Script) (images.Progress, error) {
	return s.call("run:"+script.Name, w, func() (images.Progress, error) {
		m := s.machine(machine)
		if m == nil || m.stopped {
			return images.Progress{}, &images.Fault{Class: images.Gone}
		}
		t, ready := s.make(s.sent, w.Key, "command", thing{build: string(w.Build)}, 5*time.Minute)
		p, err := s.wait(t, ready)
		if !ready {
			return p, err
		}
		r := guest.Result{Script: script.Name, Version: "17.6.2-ee.0", Fingerprints: map[string]string{"secrets": machine}}
		if s.says != nil {
			if r, err = s.says(script.Name, w); err != nil {
				return images.Progress{}, err
			}
		}
		p.Output = "working\n" + r.Line()
		return p, nil
	})
}

func (s *sky) Stop(_ context.Context, w images.Work, machine string) (images.Progress, error) {
	return s.call("stop", w, func() (images.Progress, error) {
		m := s.machine(machine)
		if m == nil {
			return images.Progress{}, &images.Fault{Class: images.Gone}
		}
		m.stopped = true
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Remove(_ context.Context, w images.Work, role string) (images.Progress, error) {
	return s.call("remove", w, func() (images.Progress, error) {
		for _, t := range s.machines {
			if t.build == string(w.Build) && t.role == role {
				t.dead = true
			}
		}
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Capture(_ context.Context, w images.Work, machine string, im images.Image) (images.Progress, error) {
	return s.call("capture", w, func() (images.Progress, error) {
		key := w.Region + " " + string(w.Build)
		if s.pictures[key] == nil {
			if m := s.machine(machine); m == nil || !m.stopped {
				return images.Progress{}, &images.Fault{Class: images.Gone}
			}
		}
		t, ready := s.make(s.pictures, key, "image", thing{build: string(w.Build), region: w.Region}, 8*time.Minute)
		return s.wait(t, ready)
	})
}

func (s *sky) Copy(_ context.Context, w images.Work, im images.Image) (images.Progress, error) {
	return s.call("copy", w, func() (images.Progress, error) {
		t, ready := s.make(s.pictures, w.Region+" "+string(w.Build), "image", thing{build: string(w.Build), region: w.Region}, 12*time.Minute)
		return s.wait(t, ready)
	})
}

func (s *sky) Mark(_ context.Context, w images.Work, im images.Image) (images.Progress, error) {
	return s.call("mark", w, func() (images.Progress, error) {
		if t := s.pictures[w.Region+" "+string(w.Build)]; t != nil {
			t.marked = true
		}
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Open(_ context.Context, w images.Work, im images.Image, unblock bool) (images.Progress, error) {
	return s.call("open", w, func() (images.Progress, error) {
		switch {
		case s.shielded[w.Region] && !unblock:
			return images.Progress{}, &images.Fault{Class: images.Blocked}
		case w.Halt != nil && w.Memory == "opening" && unblock:
			s.shielded[w.Region] = true
			return images.Progress{}, w.Halt
		case w.Halt != nil && w.Memory != "on":
			return images.Progress{}, w.Halt
		case w.Memory == "":
			return images.Progress{Memory: "off"}, nil
		case w.Memory == "off" && unblock:
			s.shielded[w.Region] = false
			return images.Progress{Memory: "opening"}, nil
		case w.Memory == "off" || w.Memory == "opening":
			s.open[w.Region+" "+im.ID] = true
			return images.Progress{Memory: "on"}, nil
		}
		if unblock {
			s.shielded[w.Region] = true
		}
		return images.Progress{Done: true, Memory: "on"}, nil
	})
}

func (s *sky) Close(_ context.Context, w images.Work, im images.Image, unblock bool) (images.Progress, error) {
	return s.call("close", w, func() (images.Progress, error) {
		delete(s.open, w.Region+" "+im.ID)
		if unblock {
			s.shielded[w.Region] = true
		}
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Deprecate(_ context.Context, w images.Work, im images.Image, at time.Time) (images.Progress, error) {
	return s.call("deprecate", w, func() (images.Progress, error) {
		if !slices.Contains(s.older, im.ID) {
			s.older = append(s.older, im.ID)
		}
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Discard(_ context.Context, w images.Work) (images.Progress, error) {
	return s.call("discard", w, func() (images.Progress, error) {
		if t := s.pictures[w.Region+" "+string(w.Build)]; t != nil {
			t.dead = true
		}
		return images.Progress{Done: true}, nil
	})
}

func (s *sky) Submit(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	return s.call("submit", w, func() (images.Progress, error) {
		if w.Halt != nil && s.sent[w.Key] == nil {
			return images.Progress{}, w.Halt
		}
		switch w.Memory {
		case "":
			return images.Progress{Memory: "tried", Again: s.trial}, nil
		case "tried":
			return images.Progress{Memory: "looked"}, nil
		}
		t, ready := s.make(s.sent, w.Key, "submission", thing{build: string(w.Build)}, 3*time.Hour)
		if t.dead {
			return images.Progress{}, &images.Fault{Class: images.Cancelled, What: t.id}
		}
		return s.wait(t, ready)
	})
}

func (s *sky) Ways() images.Ways { return s.ways }

func (s *sky) Plea(w images.Work, o images.Offer) images.Plea {
	return images.Plea{Text: "Please look at " + w.Ref}
}

func (s *sky) Preview(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	return s.call("preview", w, func() (images.Progress, error) {
		if w.Halt != nil && s.previews[w.Key] == nil {
			return images.Progress{}, w.Halt
		}
		t, ready := s.make(s.previews, w.Key, "preview", thing{build: string(w.Build)}, 2*time.Hour)
		return s.wait(t, ready)
	})
}

func (s *sky) Withdraw(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	return s.call("withdraw", w, func() (images.Progress, error) {
		for _, t := range s.sent {
			t.dead = t.dead || t.build == string(w.Build)
		}
		return images.Progress{Done: true, Kept: s.keeps}, nil
	})
}

func (s *sky) Retire(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	return s.call("retire", w, func() (images.Progress, error) { return images.Progress{Done: true}, nil })
}

func (s *sky) Leftovers(context.Context) (out []images.Leftover, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.machines {
		if !t.dead {
			out = append(out, images.Leftover{Region: "us-east-1", Kind: "instance", ID: t.id, Build: images.BuildID(t.build), Made: t.ready, Dollars: 70})
		}
	}
	for _, t := range s.pictures {
		if !t.dead {
			out = append(out, images.Leftover{Region: t.region, Kind: "image", ID: t.id, Build: images.BuildID(t.build), Made: t.ready, Dollars: 1, Finished: t.marked})
		}
	}
	return out, nil
}

func (s *sky) RemoveLeftover(_ context.Context, l images.Leftover) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, all := range []map[string]*thing{s.machines, s.pictures} {
		for t := range maps.Values(all) {
			t.dead = t.dead || t.id == l.ID
		}
	}
	return nil
}

func (s *sky) IsPublic(_ context.Context, region, image string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[region+" "+image], nil
}

// alive are the machines and the images that are there, by kind.
func (s *sky) alive() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for _, t := range s.machines {
		if !t.dead {
			out["machine"]++
		}
	}
	for _, t := range s.pictures {
		if !t.dead {
			out["image"]++
		}
	}
	return out
}
