package socketmode

import (
	"strings"
	"testing"
)

// Each case arms faults, and tells what comes of envelopes a, b, c and d.
func TestFaultsChangeWhatIsQueued(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults Faults
		want   string
	}{
		"none":                      {Faults{}, "a b c d"},
		"two are lost":              {Faults{Drops: 2}, "c d"},
		"copies":                    {Faults{Copies: []int{2, 3}}, "aa bbb c d"},
		"one is late":               {Faults{Reorders: 1}, "ba c d"},
		"two are late":              {Faults{Reorders: 2}, "ba dc"},
		"lost before it is late":    {Faults{Drops: 1, Reorders: 1}, "cb d"},
		"the one after it is twice": {Faults{Reorders: 1, Copies: []int{2}}, "bba c d"},
	} {
		f := wire{Faults: c.faults}
		var got []string
		for _, id := range strings.Fields("a b c d") {
			ids := ""
			for _, w := range f.route(wired{id: id}) {
				ids += w.id
			}
			if ids != "" {
				got = append(got, ids)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

func TestTheLastEnvelopeGoesOnceMore(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if _, err := s.Redeliver(); err == nil {
		t.Error("nothing was sent once more")
	}
	conn, _ := s.dial(t)
	p := s.Send("1", []byte("1"))
	ack(t, conn, read(t, conn), "{}")
	if _, err := s.Await(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if id, err := s.Redeliver(); id != "1" || err != nil || read(t, conn) != "1" {
		t.Errorf("%q, %v", id, err)
	}
	s.Fault(func(f *Faults) { f.Drops = 1 })
	if p := s.Send("2", nil); p.Fate() != "dropped on its way" {
		t.Error(p.Fate())
	}
	if id, _ := s.Redeliver(); id != "1" {
		t.Errorf("what was lost was sent: %q", id)
	}
}
