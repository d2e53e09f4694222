package slackdev

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestEventsWithoutASocketComeTogetherAndInOrder(t *testing.T) {
	t.Parallel()
	ws := start(t)
	const n = 50
	for i := range n {
		say(t, ws, fmt.Sprint(i))
	}
	// Two attempts fail on the spot; the third waits for the clock.
	waiting := func() bool {
		ws.retries.mu.Lock()
		defer ws.retries.mu.Unlock()
		return ws.retries.n == n
	}
	if err := ws.WaitFor(t.Context(), waiting); err != nil {
		t.Fatal(err)
	}
	s, _ := dial(t, ws)
	got := make(chan frame, n)
	s.serve(func(f frame) string { got <- f; return "" })
	if err := ws.Clock().Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if f := <-got; typedText(t, f) != fmt.Sprint(i) || *f.RetryAttempt != 2 {
			t.Errorf("%d: %s", i, f.raw)
		}
	}
	if ws.retries.n != 0 {
		t.Errorf("%d events still wait", ws.retries.n)
	}
}

func TestAnEventIsNotSentAfterTwoHours(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]int{2 * time.Hour: 1, 2*time.Hour + time.Second: 0} {
		ws := start(t)
		s, _ := dial(t, ws)
		got := make(chan frame, 5)
		s.serve(func(f frame) string { got <- f; return "" })
		// It happened then, and nothing could be sent since: the computer slept.
		ws.tryAgain([]retry{{&event{name: "message.im", at: testNow.Add(-age), payload: map[string]any{"event_id": "Ev1"}}, 3}})
		if len(got) != want {
			t.Errorf("an event of %v ago was sent %d times", age, len(got))
		}
	}
}

func TestAnAppThatGetsTooManyEventsIsTold(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	got := make(chan frame, 10)
	s.serve(func(f frame) string { got <- f; return "" })
	say(t, ws, "one")
	ws.mu.Lock()
	if sent := ws.st.eventRate.sent; sent != 1 {
		t.Errorf("%d events were counted", sent)
	}
	ws.st.eventRate.sent = maxEvents - 1
	ws.mu.Unlock()
	for _, text := range []string{"last", "lost", "lost too"} {
		say(t, ws, text)
	}
	if err := ws.Clock().Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	say(t, ws, "a minute later")
	if err := ws.Clock().Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	say(t, ws, "an hour later")
	var seen []string
	for range 5 {
		f := <-got
		var p struct {
			Type   string
			Minute int64 `json:"minute_rate_limited"`
		}
		if err := json.Unmarshal(f.Payload, &p); err != nil {
			t.Fatal(err)
		}
		if p.Type == "app_rate_limited" {
			seen = append(seen, fmt.Sprintf("%s %d", p.Type, p.Minute-testNow.Unix()))
			continue
		}
		seen = append(seen, typedText(t, f))
	}
	if want := []string{"one", "last", "app_rate_limited 0", "app_rate_limited 60", "an hour later"}; fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", seen, want)
	}
}

func TestEventsThatWaitAreBounded(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ws.retries.mu.Lock()
	ws.retries.n = keepRetries - 1
	ws.retries.mu.Unlock()
	for range 3 {
		ws.retry(&event{name: "message.im", at: testNow}, 3)
	}
	if n := len(ws.retries.batch[testNow.Add(5*time.Minute)]); n != 1 || ws.retries.n != keepRetries {
		t.Errorf("%d events wait in a batch, %d in all", n, ws.retries.n)
	}
}
