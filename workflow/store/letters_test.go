package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// letter is a person's morning message, with the next a day after the start.
func letter(who workflow.UserID, about string, items ...workflow.Item) workflow.Letter {
	return workflow.Letter{
		Clock: workflow.Clock{Kind: workflow.MorningClock, Subject: string(who), Due: start},
		Next:  start.AddDate(0, 0, 1), About: about, Items: items,
	}
}

// post does a publisher's work on one message that is not of a run, and returns
// it as it is then.
func (b *bundle) post(id store.MessageID) store.Message {
	b.t.Helper()
	ctx := context.Background()
	m, err := b.Message(ctx, id)
	must(b.t, err)
	switch {
	case m.Recall:
		err = b.Recalled(ctx, id)
	case m.TS == "" || m.HasNews():
		err = b.Posted(ctx, id, "D1", "1."+m.About, store.Drawn{Version: m.Wanted, Digest: "digest"}, m.News)
	default:
		err = b.Shown(ctx, id, store.Drawn{Version: m.Wanted, Digest: "digest"})
	}
	must(b.t, err)
	m, err = b.Message(ctx, id)
	must(b.t, err)
	return m
}

// behind are the ids of what is to be shown, but for cards and direct messages.
func (b *bundle) behind() []store.MessageID {
	b.t.Helper()
	pending, err := b.Pending(context.Background(), 1000)
	must(b.t, err)
	out := []store.MessageID{}
	for _, m := range pending {
		if m.Kind != store.Card && m.Kind != store.DM {
			out = append(out, m.ID)
		}
	}
	return out
}

// clockOf is a clock that is set; the zero one when it is not.
func (b *bundle) clockOf(kind workflow.ClockKind, subject string) workflow.Clock {
	b.t.Helper()
	all, err := b.Clocks(context.Background(), start.AddDate(1000, 0, 0), 1000)
	must(b.t, err)
	for _, c := range all {
		if c.Kind == kind && c.Subject == subject {
			return c
		}
	}
	return workflow.Clock{}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		s.clock.advance(time.Minute)
		now := s.clock.now()
		// Nothing to say: the clock alone.
		must(t, s.Keep(ctx, s.next(), letter(ana, "")))
		want := workflow.Clock{Kind: workflow.MorningClock, Subject: string(ana), Due: start.AddDate(0, 0, 1)}
		if diff := cmp.Diff(want, s.clockOf(want.Kind, want.Subject)); diff != "" {
			t.Errorf("the clock of a morning without a message (-want +got):\n%s", diff)
		}
		if got := s.behind(); len(got) != 0 {
			t.Errorf("without anything to say %v are to be shown", got)
		}
		must(t, s.Keep(ctx, s.next(), letter(ana, "one")))
		want.Sent = now
		if diff := cmp.Diff(want, s.clockOf(want.Kind, want.Subject)); diff != "" {
			t.Errorf("the clock of a morning with a message (-want +got):\n%s", diff)
		}
		m, err := s.Message(ctx, "morning.U0ANA")
		must(t, err)
		first := store.Message{ID: m.ID, Kind: store.Morning, Person: ana, Wanted: 1, News: 1, Since: now, About: "one"}
		if diff := cmp.Diff(first, m); diff != "" {
			t.Errorf("the first morning message (-want +got):\n%s", diff)
		}
		if m = s.post(m.ID); m.HasNews() || m.Shown != m.Wanted {
			t.Errorf("once posted it is %+v", m)
		}
		// The next takes its place.
		s.clock.advance(time.Hour)
		must(t, s.Keep(ctx, s.next(), letter(ana, "two")))
		m, err = s.Message(ctx, m.ID)
		must(t, err)
		second := store.Message{ID: m.ID, Kind: store.Morning, Person: ana, Channel: "D1", TS: "1.one", Wanted: 2, Shown: 1, News: 2, Posted: 1,
			Digest: "digest", Since: s.clock.now(), About: "two"}
		if diff := cmp.Diff(second, m); diff != "" {
			t.Errorf("the second morning message (-want +got):\n%s", diff)
		}
		// A channel's.
		daily := workflow.Letter{Clock: workflow.Clock{Kind: workflow.DailyClock, Subject: "C0CARDS"}, Next: start.AddDate(0, 0, 2), About: "late"}
		must(t, s.Keep(ctx, s.next(), daily))
		m, err = s.Message(ctx, "daily.C0CARDS")
		must(t, err)
		if m.Kind != store.Daily || m.Channel != cards || m.Person != "" || !m.HasNews() || m.About != "late" {
			t.Errorf("the daily message is %+v", m)
		}
		// The clock goes when it may rest.
		daily.Next = time.Time{}
		must(t, s.Keep(ctx, s.next(), daily))
		if c := s.clockOf(workflow.DailyClock, "C0CARDS"); c.Subject != "" {
			t.Errorf("a clock that may rest is set: %+v", c)
		}
		for _, bad := range []workflow.Clock{{Kind: "run", Subject: "r"}, {Kind: workflow.MorningClock}, {}} {
			if err := s.Keep(ctx, s.next(), workflow.Letter{Clock: bad, About: "x"}); workflow.KindOf(err) != workflow.Internal {
				t.Errorf("a letter of clock %+v: %v, want Internal", bad, err)
			}
			if err := s.SetClock(ctx, bad); workflow.KindOf(err) != workflow.Internal {
				t.Errorf("clock %+v is set: %v, want Internal", bad, err)
			}
		}
	})
}

func TestKeepOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		item := workflow.Item{Run: r.ID, Move: workflow.Move{Kind: workflow.MoveDo, Key: workflow.StepKey{Step: "s1"}}, Why: workflow.WhyLate}
		request := s.next()
		l := letter(ana, "once", item, workflow.Item{Run: "r-of-nowhere", Move: item.Move})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if err := s.Keep(ctx, request, l); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s = s.reopen()
		l.About, l.Next = "again", start.AddDate(1, 0, 0)
		must(t, s.Keep(ctx, request, l))
		m, err := s.Message(ctx, "morning.U0ANA")
		must(t, err)
		if m.News != 1 || m.About != "once" {
			t.Errorf("kept ten times and once more the message is %+v", m)
		}
		if c := s.clockOf(workflow.MorningClock, "U0ANA"); !c.Due.Equal(start.AddDate(0, 0, 1)) {
			t.Errorf("the clock is %+v", c)
		}
		// A clock that has run out again at the same moment is moved on, and nothing
		// is said.
		l.Clock.Due = start.AddDate(0, 0, 1)
		must(t, s.Keep(ctx, request, l))
		if c := s.clockOf(workflow.MorningClock, "U0ANA"); !c.Due.Equal(l.Next) {
			t.Errorf("a clock that ran out again at the same moment is %+v", c)
		}
		reminders := 0
		events, err := s.Events(ctx, r.ID, 0, 100)
		must(t, err)
		for _, e := range events {
			if e.Type == workflow.StepReminded {
				reminders++
			}
		}
		after, err := s.Run(ctx, r.ID)
		must(t, err)
		after.Remind(start, ana, item.Move)
		if want := len(after.Emitted()); reminders != want {
			t.Errorf("%d reminders are in the run, want %d", reminders, want)
		}
	})
}

func TestLetterOfAFailedCommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, options(sqlite(t)))
	r := s.create("DigitalOcean")
	item := workflow.Item{Run: r.ID, Move: workflow.Move{Kind: workflow.MoveDo, Key: workflow.StepKey{Step: "s1"}}}
	before := s.clockOf(workflow.MorningClock, "U0ANA")
	busy := occupy(s, r.ID)
	answers := make(chan error, 2)
	request := s.next()
	go func() { answers <- s.Keep(ctx, request, letter(ana, "lost", item)) }()
	go func() {
		answers <- s.Statements(ctx, "PRAGMA defer_foreign_keys = 1",
			"INSERT INTO events (run, seq, type, at, actor, step, listing, body) VALUES ('nowhere', 1, '', '2026-03-03T09:00:00.000Z', '', '', '', '')")
	}()
	waitQueued(s, cap(answers))
	busy.end(t)
	for range cap(answers) {
		if err := <-answers; workflow.KindOf(err) != workflow.Unavailable {
			t.Errorf("answered %v, want Unavailable", err)
		}
	}
	if _, err := s.Message(ctx, "morning.U0ANA"); workflow.KindOf(err) != workflow.NotFound {
		t.Errorf("the message of a failed commit: %v, want NotFound", err)
	}
	if diff := cmp.Diff(before, s.clockOf(workflow.MorningClock, "U0ANA")); diff != "" {
		t.Errorf("the clock before and after a failed commit:\n%s", diff)
	}
	must(t, s.Keep(ctx, request, letter(ana, "kept", item)))
	if m, err := s.Message(ctx, "morning.U0ANA"); err != nil || m.About != "kept" || m.News != 1 {
		t.Errorf("kept again it is %+v, %v", m, err)
	}
}

func TestNotify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		const there, worse, over, again = `{"text":"a","over":false}`, `{"text":"b"}`, `{"text":"b","over":true}`, `{"text":"c"}`
		must(t, s.Notify(ctx, "stuck", "C0OPS", over))
		if got := s.behind(); len(got) != 0 {
			t.Errorf("a trouble nobody was told of is over, and %v are to be shown", got)
		}
		for i, c := range []struct {
			about   string
			channel workflow.ChannelID
			behind  bool
			news    bool
		}{
			{there, "C0OPS", true, true},
			{there, "C0OPS", false, false},
			{worse, "C0OPS", true, false},
			{over, "C0OPS", true, false},
			{over, "C0OPS", false, false},
			{over, "C0ELSE", false, false},
			{again, "C0OPS", true, true},
			{again, "C0ELSE", true, true},
		} {
			must(t, s.Notify(ctx, "stuck", c.channel, c.about))
			m, err := s.Message(ctx, "operator.stuck")
			must(t, err)
			if behind := m.Shown < m.Wanted; behind != c.behind || m.HasNews() != c.news || behind && m.About != c.about {
				t.Errorf("notice %d: behind %v, news %v, about %s, want %v, %v", i, behind, m.HasNews(), m.About, c.behind, c.news)
			}
			if c.news && m.Channel != c.channel {
				t.Errorf("notice %d goes to %s", i, m.Channel)
			}
			if c.behind {
				must(t, postIn(s, m))
			}
		}
	})
}

// postIn shows a message where it belongs.
func postIn(s *bundle, m store.Message) error {
	ctx := context.Background()
	if m.TS == "" || m.HasNews() {
		return s.Posted(ctx, m.ID, m.Channel, "1.0", store.Drawn{Version: m.Wanted, Digest: "digest"}, m.News)
	}
	return s.Shown(ctx, m.ID, store.Drawn{Version: m.Wanted, Digest: "digest"})
}

func TestNotifyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		var wg sync.WaitGroup
		errs := make([]error, 10)
		for i := range errs {
			wg.Go(func() { errs[i] = s.Notify(ctx, "stuck", "C0OPS", `{"text":"a"}`) })
		}
		wg.Wait()
		must(t, errors.Join(errs...))
		if m, err := s.Message(ctx, "operator.stuck"); err != nil || m.News != 1 || m.Wanted != 1 {
			t.Errorf("told ten times at once it is %+v, %v", m, err)
		}
	})
}
