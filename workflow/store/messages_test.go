package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// shown is what a test compares of a message.
type shown struct {
	Kind         store.MessageKind
	Person       workflow.UserID
	Behind, News bool
}

func (b *bundle) shown(run workflow.RunID) map[store.MessageID]shown {
	b.t.Helper()
	all, err := b.MessagesOf(context.Background(), run)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[store.MessageID]shown{}
	for _, m := range all {
		out[m.ID] = shown{m.Kind, m.Person, m.Shown < m.Wanted, m.HasNews()}
	}
	return out
}

// show does a publisher's work: it shows everything that is behind.
func (b *bundle) show() (shown int) {
	b.t.Helper()
	ctx := context.Background()
	pending, err := b.Pending(ctx, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range pending {
		version := m.Wanted
		if m.Run != "" {
			run, err := b.Run(ctx, m.Run)
			must(b.t, err)
			version = run.Version
		}
		if m.TS == "" || m.HasNews() {
			err = b.Posted(ctx, m.ID, "C1", "1.0", store.Drawn{Version: version, Digest: "digest"}, m.News)
		} else {
			err = b.Shown(ctx, m.ID, store.Drawn{Version: version, Digest: "digest"})
		}
		must(b.t, err)
	}
	return len(pending)
}

func TestMessagesFollowARun(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		var commits atomic.Int64
		o.OnCommit = func() { commits.Add(1) }
		s := open(t, o)
		r := s.create("DigitalOcean")
		card, anas, omars, mayas := store.MessageID(r.ID+".card"), store.MessageID(r.ID+".U0ANA"), store.MessageID(r.ID+".U0OMAR"), store.MessageID(r.ID+".U0MAYA")
		check := func(when string, want map[store.MessageID]shown) {
			t.Helper()
			if diff := cmp.Diff(want, s.shown(r.ID)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		check("once begun", map[store.MessageID]shown{
			card: {store.Card, "", true, false},
			anas: {store.DM, ana, true, true},
		})
		if n := s.show(); n != 2 {
			t.Errorf("%d messages were behind, want 2", n)
		}
		check("once shown", map[store.MessageID]shown{
			card: {store.Card, "", false, false},
			anas: {store.DM, ana, false, false},
		})
		for _, step := range []string{"s1", "s2", "s3", "s4"} {
			s.update(r.ID, s.done(step))
		}
		check("when ana has done steps of hers", map[store.MessageID]shown{
			card: {store.Card, "", true, false},
			anas: {store.DM, ana, true, false}, // nothing new for her
		})
		s.show()
		r = s.update(r.ID, s.done("s5"))
		want := map[store.MessageID]shown{
			card:  {store.Card, "", true, false},
			anas:  {store.DM, ana, true, false},
			omars: {store.DM, omar, true, true},
			mayas: {store.DM, maya, true, true},
		}
		stories := s.stories(r.ID)
		for _, m := range stories {
			want[m.ID] = shown{store.Story, "", true, false}
		}
		check("when the next stages open", want)
		if len(stories) != 3 { // one stage is complete, and two have opened
			t.Errorf("there are %d stories, want 3", len(stories))
		}
		before := commits.Load()
		s.update(r.ID, s.note("told of"))
		if n := commits.Load() - before; n != 1 || s.Queued() != 0 {
			t.Errorf("once a change is answered OnCommit was called %d times and %d are not answered, want 1 and 0", n, s.Queued())
		}
		before = commits.Load()
		s.show()
		if commits.Load() != before {
			t.Error("a note that something is shown is called something to be shown")
		}
		if n := s.show(); n != 0 {
			t.Errorf("%d messages are still behind", n)
		}
		s.update(r.ID, func(*workflow.Run) error { return nil })
		if n := s.show(); n != 0 || commits.Load() != before {
			t.Errorf("a change without events left %d messages behind", n)
		}
	})
}

func TestProposalHasNoCard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		propose := func() *workflow.Run {
			r, err := s.Create(ctx, s.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
				return workflow.Begin(s.act(omar), launch(), days{}, workflow.Start{
					ID: id, Number: number, Partner: "Hetzner", Provider: workflow.Manual, Proposed: true, Channel: cards,
					Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
					Leads:    map[workflow.TeamID]workflow.UserID{"sp": ana},
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := propose()
		if _, err := s.CardOf(ctx, r.ID); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a proposal's card: %v, want NotFound", err)
		}
		if diff := cmp.Diff(map[store.MessageID]shown{store.MessageID(r.ID + ".U0ANA"): {store.DM, ana, true, true}}, s.shown(r.ID)); diff != "" {
			t.Errorf("a proposal's messages (-want +got):\n%s", diff)
		}
		r = s.update(r.ID, func(r *workflow.Run) error { return r.Accept(s.act(ana)) })
		card, err := s.CardOf(ctx, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := store.Message{ID: card.ID, Run: r.ID, Kind: store.Card, Channel: cards, Wanted: r.Version, Since: start}
		if diff := cmp.Diff(want, card); diff != "" {
			t.Errorf("the card of an accepted proposal (-want +got):\n%s", diff)
		}
		declined := propose()
		declined = s.update(declined.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "Not now."})
		})
		if _, err := s.CardOf(ctx, declined.ID); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a declined proposal's card: %v, want NotFound", err)
		}
	})
}

func TestPublishing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		var commits atomic.Int64
		o.OnCommit = func() { commits.Add(1) }
		s := open(t, o)
		r := s.create("DigitalOcean")
		card, err := s.CardOf(ctx, r.ID)
		must(t, err)

		// One of two publishers gets to post.
		mine, err := s.Attempt(ctx, card)
		must(t, err)
		theirs, err := s.Attempt(ctx, card)
		must(t, err)
		if !mine || theirs {
			t.Errorf("two attempts at once: %v and %v, want one of them", mine, theirs)
		}

		// A crash here leaves a post whose outcome is not known.
		s = s.reopen()
		card, err = s.CardOf(ctx, r.ID)
		must(t, err)
		if !card.Attempted.Equal(start) {
			t.Errorf("attempted at %v, want %v", card.Attempted, start)
		}
		s.clock.advance(time.Minute)
		if mine, err := s.Attempt(ctx, card); err != nil || !mine {
			t.Errorf("an attempt after the lost one: %v, %v", mine, err)
		}

		// Failures hold it back; a lost answer keeps the attempt noted.
		must(t, s.Lost(ctx, card.ID, s.clock.now().Add(time.Minute), "timeout\x00\xff"))
		card, err = s.CardOf(ctx, r.ID)
		must(t, err)
		if card.Attempted.IsZero() || card.Failures != 1 || card.Reason != "timeout\ufffd" {
			t.Errorf("after a lost answer: %+v", card)
		}
		must(t, s.Failed(ctx, card.ID, s.clock.now().Add(time.Hour), "not_in_channel"))
		card, err = s.CardOf(ctx, r.ID)
		must(t, err)
		if !card.Attempted.IsZero() || card.Failures != 2 || card.Reason != "not_in_channel" {
			t.Errorf("after a failure: %+v", card)
		}
		held := func() bool {
			pending, err := s.Pending(ctx, 10)
			must(t, err)
			for _, m := range pending {
				if m.ID == card.ID {
					return false
				}
			}
			return true
		}
		if !held() {
			t.Error("a message that failed is not held back")
		}
		s.clock.advance(time.Hour)
		if held() {
			t.Error("a message is held back for longer than it was said")
		}
		must(t, s.Failed(ctx, card.ID, s.clock.now().Add(time.Hour), "not_in_channel"))
		before := commits.Load()
		must(t, s.Release(ctx, "C0OTHER"))
		if !held() || commits.Load() != before {
			t.Error("releasing another channel released this one")
		}
		must(t, s.Release(ctx, cards))
		if held() || commits.Load() != before+1 {
			t.Error("releasing the channel did not release the message, or told nobody")
		}

		// Posted at a version that is no longer the newest, it stays behind.
		r = s.update(r.ID, s.note("meanwhile"))
		must(t, s.Posted(ctx, card.ID, cards, "17.4", store.Drawn{Version: r.Version - 1, Digest: "digest"}, 0))
		if held() {
			t.Error("a message that shows an old version is not behind")
		}
		must(t, s.Shown(ctx, card.ID, store.Drawn{Version: r.Version, Digest: "other"}))
		card, err = s.CardOf(ctx, r.ID)
		must(t, err)
		want := store.Message{ID: card.ID, Run: r.ID, Kind: store.Card, Channel: cards, TS: "17.4", Wanted: r.Version, Shown: r.Version, Digest: "other", Since: start}
		if diff := cmp.Diff(want, card); diff != "" {
			t.Errorf("the card once shown (-want +got):\n%s", diff)
		}
		if err := s.Shown(ctx, "run_x.card", store.Drawn{Version: 1, Digest: ""}); workflow.KindOf(err) != workflow.NotFound {
			t.Errorf("a note on an unknown message: %v, want NotFound", err)
		}
	})
}

func TestPendingIsLongestWaitingFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		first := s.create("A")
		s.clock.advance(time.Second)
		second := s.create("B")
		s.clock.advance(time.Second)
		s.update(first.ID, s.note("changes that follow do not put it back"))
		order := func() (out []workflow.RunID) {
			pending, err := s.Pending(context.Background(), 10)
			must(t, err)
			for _, m := range pending {
				if m.Kind == store.Card {
					out = append(out, m.Run)
				}
			}
			return out
		}
		if diff := cmp.Diff([]workflow.RunID{first.ID, second.ID}, order()); diff != "" {
			t.Errorf("pending (-want +got):\n%s", diff)
		}
		s.show()
		s.clock.advance(time.Second)
		s.update(second.ID, s.note("x"))
		s.clock.advance(time.Second)
		s.update(first.ID, s.note("x"))
		if diff := cmp.Diff([]workflow.RunID{second.ID, first.ID}, order()); diff != "" {
			t.Errorf("pending after both were shown (-want +got):\n%s", diff)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A message that fades falls behind at that moment, though nothing has changed,
// and the clock is told of it.
func TestMessagesFade(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		var commits atomic.Int64
		o.OnCommit = func() { commits.Add(1) }
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		must(t, s.Statements(ctx, "DELETE FROM clocks"))
		s.show()
		if at, ok, err := s.NextDue(ctx); err != nil || ok {
			t.Errorf("before anything is to fade, next due at %v, %v, %v", at, ok, err)
		}
		card, err := s.CardOf(ctx, r.ID)
		must(t, err)
		fades := start.Add(10 * time.Minute)
		must(t, s.Shown(ctx, card.ID, store.Drawn{Version: r.Version, Digest: "digest", Fades: fades}))
		if at, ok, err := s.NextDue(ctx); err != nil || !ok || !at.Equal(fades) {
			t.Errorf("next due at %v, %v, %v, want %v", at, ok, err, fades)
		}
		behind := func(at time.Time) bool {
			t.Helper()
			_, err := s.FireDue(ctx, at)
			must(t, err)
			m, err := s.Message(ctx, card.ID)
			must(t, err)
			return m.Shown < m.Wanted
		}
		if behind(fades.Add(-time.Millisecond)) {
			t.Error("it fades too early")
		}
		before := commits.Load()
		if !behind(fades) || commits.Load() != before+1 {
			t.Error("it does not fade, or nobody is told to draw it")
		}
		s.show()
		if behind(fades) {
			t.Error("it fades again")
		}
		if at, ok, err := s.NextDue(ctx); err != nil || ok {
			t.Errorf("afterwards next due at %v, %v, %v", at, ok, err)
		}
	})
}
