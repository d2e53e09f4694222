package store_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

func TestOneMessageTellsOfAPlan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		var commits atomic.Int64
		o.OnCommit = func() { commits.Add(1) }
		s := open(t, o)
		second := s.aBuild("b2", "p1", "")
		second.Order.Channel = "C0OTHER"
		silent := s.aBuild("b3", "p2", "")
		silent.Order.Channel = ""
		s.builds(s.aBuild("b1", "p1", ""), second, silent)
		if n := commits.Load(); n != 1 {
			t.Errorf("it was told %d times that there is something to show, want once", n)
		}
		message := func(when string, want store.Message) {
			t.Helper()
			want.ID, want.Kind, want.Channel, want.About = "build.p1", store.BuildNews, cards, "p1"
			m, err := s.BuildMessage(ctx, "p1")
			must(t, err)
			if diff := cmp.Diff(want, m); diff != "" {
				t.Errorf("the message %s (-want +got):\n%s", when, diff)
			}
		}
		message("at first", store.Message{Wanted: 1, Since: start})
		if _, err := s.BuildMessage(ctx, "p2"); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("the message of a plan without a channel: %v, want NotFound", err)
		}
		must(t, s.Posted(ctx, "build.p1", cards, "1.0", store.Drawn{Version: 1, Digest: "digest"}, 0))
		message("once posted", store.Message{TS: "1.0", Digest: "digest", Wanted: 1, Shown: 1, Since: start})
		s.clock.advance(time.Minute)
		commits.Store(0)
		percent := func(n int) func(*images.Build) { return func(b *images.Build) { b.Steps[0].Percent = n } }
		s.changes("b1", percent(10))
		message("after a change", store.Message{TS: "1.0", Digest: "digest", Wanted: 2, Shown: 1, Since: s.clock.now()})
		s.changes("b1", percent(10))
		s.changes("b3", percent(10))
		message("after a change that is none, and one of another plan", store.Message{TS: "1.0", Digest: "digest", Wanted: 2, Shown: 1, Since: s.clock.now()})
		if n := commits.Load(); n != 1 {
			t.Errorf("it was told %d times that there is something to show, want once", n)
		}
		s.changes("b2", percent(20))
		must(t, s.Shown(ctx, "build.p1", store.Drawn{Version: 2, Digest: "other", Fades: start.Add(time.Hour)}))
		message("drawn before the last change", store.Message{TS: "1.0", Digest: "other", Wanted: 3, Shown: 2, Since: s.clock.now()})
		must(t, s.Shown(ctx, "build.p1", store.Drawn{Version: 3, Digest: "other", Fades: start.Add(time.Hour)}))
		s.clock.advance(time.Hour)
		_, err := s.FireDue(ctx, s.clock.now())
		must(t, err)
		message("faded", store.Message{TS: "1.0", Digest: "other", Wanted: 3, Shown: 2, Since: s.clock.now()})
		s.builds(s.aBuild("b4", "p1", ""))
		message("when its plan has another build", store.Message{TS: "1.0", Digest: "other", Wanted: 4, Shown: 2, Since: s.clock.now()})
	})
}

func TestLogOfAFailedStepIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		silent := s.aBuild("b2", "p2", "")
		silent.Order.Channel = ""
		s.builds(s.aBuild("b1", "p1", ""), silent)
		logs := func() string {
			t.Helper()
			pending, err := s.Pending(ctx, 100)
			must(t, err)
			var out []string
			for _, m := range pending {
				if m.Kind == store.BuildLog {
					out = append(out, string(m.ID))
				}
			}
			return strings.Join(out, " ")
		}
		fails := func(step, attempt int, log string) func(*images.Build) {
			return func(b *images.Build) {
				t := &b.Steps[step]
				t.State, t.Attempt, t.Log = images.StepFailed, attempt, log
			}
		}
		for _, tt := range []struct {
			what   string
			id     images.BuildID
			change func(*images.Build)
			want   string
		}{
			{"failed without a log", "b1", fails(0, 1, ""), "log.b1.0.1"},
			{"works", "b1", func(b *images.Build) { b.Steps[1].State, b.Steps[1].Log = images.StepWorking, "so far" }, "log.b1.0.1"},
			{"failed", "b1", fails(1, 1, "it said"), "log.b1.0.1 log.b1.1.1"},
			{"failed still", "b1", fails(1, 1, "it said more"), "log.b1.0.1 log.b1.1.1"},
			{"tried again", "b1", func(b *images.Build) { b.Steps[1].State, b.Steps[1].Attempt = images.StepPending, 2 }, "log.b1.0.1 log.b1.1.1"},
			{"failed again", "b1", fails(1, 2, "it said"), "log.b1.0.1 log.b1.1.1 log.b1.1.2"},
			{"failed at another attempt at once", "b1", fails(1, 3, "it said"), "log.b1.0.1 log.b1.1.1 log.b1.1.2 log.b1.1.3"},
			{"failed where nobody is told", "b2", fails(0, 1, "it said"), "log.b1.0.1 log.b1.1.1 log.b1.1.2 log.b1.1.3"},
		} {
			s.clock.advance(time.Second)
			s.changes(tt.id, tt.change)
			if got := logs(); got != tt.want {
				t.Errorf("%s: the logs are %q, want %q", tt.what, got, tt.want)
			}
		}
		m, err := s.Message(ctx, "log.b1.1.2")
		must(t, err)
		want := store.Message{ID: m.ID, Kind: store.BuildLog, Channel: cards, Wanted: 1, Since: start.Add(6 * time.Second), About: `{"build":"b1","step":1,"attempt":2}`}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("the message of a log (-want +got):\n%s", diff)
		}
		if l, err := store.ReadLog(m.About); err != nil || l != (store.Log{Build: "b1", Step: 1, Attempt: 2}) {
			t.Errorf("it is about %+v, %v", l, err)
		}
		if _, err := store.ReadLog("nothing"); err == nil {
			t.Error("what is no log is read")
		}
		must(t, s.Posted(ctx, m.ID, cards, "2.0", store.Drawn{Version: 1, Digest: "digest"}, 0))
		s.changes("b1", func(b *images.Build) { b.Steps[1].Note = "a note" })
		if m, err := s.Message(ctx, m.ID); err != nil || m.Shown != m.Wanted || m.HasNews() {
			t.Errorf("once posted and after another change it is %+v, %v", m, err)
		}
	})
}
