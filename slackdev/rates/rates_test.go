package rates

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time { return noon.Add(time.Duration(seconds * float64(time.Second))) }

func TestEveryMethodHasTheLimitThatSlackGivesIt(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]Limit{
		"usergroups.list":       {Tier: Tier2, PerMinute: 20},
		"users.list":            {Tier: Tier2, PerMinute: 20, Pages: true},
		"chat.update":           {Tier: Tier3, PerMinute: 50},
		"conversations.members": {Tier: Tier4, PerMinute: 100, Pages: true},
		"views.open":            {Tier: Tier4, PerMinute: 100},
		"chat.postMessage":      {Tier: Special, PerMinute: 300, Channel: true},
		"auth.test":             {Tier: Special, PerMinute: 200},
		"views":                 {},
		"":                      {},
	} {
		if got := Of(method); got != want {
			t.Errorf("%s: %+v, want %+v", method, got, want)
		}
	}
	seen := map[string]Tier{}
	for tier, names := range table() {
		for name := range strings.FieldsSeq(names) {
			if other, twice := seen[name]; twice {
				t.Errorf("%s is in %s and in %s", name, tier, other)
			}
			seen[name] = tier
		}
	}
	for name := range strings.FieldsSeq(paged) {
		if !Of(name).Pages {
			t.Errorf("%s has pages and no tier", name)
		}
	}
}

func TestALimitIsSaidInWords(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{
		"chat.update": "50 a minute and more", "chat.postMessage": "1 a second in a channel, several hundred a minute in all",
		"auth.test": "hundreds a minute", "no.such": "no limit known",
	} {
		if got := Of(method).Words(); got != want {
			t.Errorf("%s: %s", method, got)
		}
	}
	if got := fmt.Sprint(Tier1, Tier4, Special, Unlimited, Tier1.PerMinute()); got != "Tier 1 Tier 4 special none 1" {
		t.Error(got)
	}
}

func TestABurstOfAMinutesCallsIsToleratedAndOneMoreIsNot(t *testing.T) {
	t.Parallel()
	var m Meter
	c := Call{Method: "chat.update"}
	for n := range 50 {
		if v := m.Count(at(10), c, true); v.Over() {
			t.Fatalf("call %d: %+v", n, v)
		}
	}
	v := m.Count(at(25), c, true)
	if v.Wait != 45*time.Second || v.Why != "more than 50 calls a minute" {
		t.Errorf("%+v", v)
	}
	if v := m.Count(at(25), Call{Method: "views.open"}, true); v.Over() {
		t.Errorf("another method: %+v", v)
	}
	if v := m.Count(at(69.9), c, true); !v.Over() || v.Wait > time.Second {
		t.Errorf("a moment too early: %+v", v)
	}
	if v := m.Count(at(70), c, true); v.Over() {
		t.Errorf("after the wait: %+v", v)
	}
	if got := m.Usage(at(70))[0]; got != (Usage{"chat.update", Of("chat.update"), 53, 1, 50, 2, 2}) {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNotEnforcedIsCountedAllTheSame(t *testing.T) {
	t.Parallel()
	var m Meter
	over := 0
	for range 25 {
		if m.Count(noon, Call{Method: "pins.add"}, false).Over() {
			over++
		}
	}
	u := m.Usage(at(30))[0]
	if over != 5 || u.Over != 5 || u.Limited != 0 || u.Minute != 25 || u.Highest != 25 {
		t.Errorf("%d, %+v", over, u)
	}
	if u := m.Usage(at(60))[0]; u.Minute != 0 || u.Highest != 25 || u.Total != 25 {
		t.Errorf("a minute later: %+v", u)
	}
}

func TestAMessageASecondInEachChannelWithAFewAtOnce(t *testing.T) {
	t.Parallel()
	var m Meter
	post := func(second float64, channel string) Verdict {
		return m.Count(at(second), Call{Method: "chat.postMessage", Channel: channel}, true)
	}
	for range 5 {
		if v := post(0, "C1"); v.Over() {
			t.Fatal(v)
		}
	}
	v := post(1, "C1")
	if v.Wait > 4*time.Second || v.Wait < 3900*time.Millisecond || !strings.Contains(v.Why, "C1") {
		t.Errorf("%+v", v)
	}
	if v := post(1, "C2"); v.Over() {
		t.Errorf("another channel: %+v", v)
	}
	for n := range 60 {
		if v := post(float64(10+n), "C1"); v.Over() {
			t.Fatalf("one a second, the %d.: %+v", n, v)
		}
	}
	for n := range 2 * manyChannels { // ten a second, each elsewhere: the workspace's limit holds
		post(100+float64(n)/10, fmt.Sprint("D", n))
	}
	if u := m.Usage(at(190))[0]; u.Limited < 100 || u.Highest != postingPerMinute {
		t.Errorf("%+v", u)
	}
	if n := len(m.methods["chat.postMessage"].channels); n > manyChannels {
		t.Errorf("%d channels are remembered", n)
	}
}

func TestACallWithoutPagesCountsTwice(t *testing.T) {
	t.Parallel()
	var m Meter
	for range 10 {
		if v := m.Count(noon, Call{Method: "users.list", Unpaged: true}, true); v.Over() {
			t.Fatal(v)
		}
	}
	if v := m.Count(noon, Call{Method: "users.list"}, true); !v.Over() {
		t.Error("ten without pages leave room for one more")
	}
	for range 100 {
		if v := m.Count(noon, Call{Method: "views.open", Unpaged: true}, true); v.Over() {
			t.Fatal("a method without pages was counted twice")
		}
	}
}

func TestTimeThatJumpsOrSeemsToGoBack(t *testing.T) {
	t.Parallel()
	w := window{span: time.Minute}
	w.add(at(100), 3)
	w.add(at(50), 1)
	if w.sum != 4 {
		t.Error(w.sum)
	}
	w.add(noon.AddDate(1, 0, 0), 1)
	if w.sum != 1 || w.highest != 4 {
		t.Error(w.sum, w.highest)
	}
	if got := w.wait(noon.AddDate(1, 0, 0), 5, 2); got != time.Minute {
		t.Errorf("more than ever fits: %s", got)
	}
}
