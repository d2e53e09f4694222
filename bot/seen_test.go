package bot

import (
	"context"
	"testing"
	"time"
)

func TestSeen(t *testing.T) {
	t.Parallel()
	var s seen
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	in := func(key string) *Incoming { return &Incoming{Key: key, Delivery: "delivery of " + key} }
	g, first := s.first(in("a"), at)
	if !first {
		t.Fatal("a new envelope counts as a copy")
	}
	s.answered(*in("a"), g, "the answer")
	for _, after := range []time.Duration{0, time.Minute, 5 * time.Minute, seenFor} { // as Slack retries
		g, first := s.first(in("a"), at.Add(after))
		if first {
			t.Fatalf("%v later a copy counts as new", after)
		}
		if got := g.wait(t.Context()); got != "the answer" {
			t.Errorf("%v later a copy is answered with %v", after, got)
		}
	}
	if _, first := s.first(in("b"), at); !first {
		t.Error("another envelope counts as a copy")
	}
	again := in("a")
	again.Delivery = "another delivery of a"
	if _, first := s.first(again, at); first {
		t.Error("another delivery of the same action counts as new")
	}
	// Two turns later nothing is left of it.
	s.first(in("c"), at.Add(2*seenFor))
	s.first(in("d"), at.Add(4*seenFor))
	if _, first := s.first(in("a"), at.Add(4*seenFor)); !first {
		t.Error("an envelope is remembered for ever")
	}
}

func TestCopyWaitsForTheAnswer(t *testing.T) {
	t.Parallel()
	var s seen
	in := Incoming{Key: "a", Delivery: "d"}
	g, _ := s.first(&in, time.Now())
	same, first := s.first(&in, time.Now())
	if first {
		t.Fatal("a copy counts as new")
	}
	short, cancel := context.WithCancel(t.Context())
	cancel()
	if got := same.wait(short); got != nil {
		t.Errorf("a copy that could not wait is answered with %v", got)
	}
	got := make(chan any, 1)
	go func() { got <- same.wait(context.Background()) }()
	s.answered(in, g, "the answer")
	if answer := <-got; answer != "the answer" {
		t.Errorf("a copy is answered with %v", answer)
	}
}
