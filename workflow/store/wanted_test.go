package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

func TestStories(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		must(t, s.WantStories(ctx, r, 1, 3))
		story := func(id store.MessageID) store.Message {
			t.Helper()
			m, err := s.Message(ctx, id)
			must(t, err)
			return m
		}
		first, third := store.MessageID(r.ID+".story.1"), store.MessageID(r.ID+".story.3")
		want := store.Message{ID: third, Run: r.ID, Kind: store.Story, Channel: cards, Wanted: r.Version, Since: start, Seq: 3}
		if diff := cmp.Diff(want, story(third)); diff != "" {
			t.Errorf("a story (-want +got):\n%s", diff)
		}
		// It waits for the card, and nobody counts it beside the card.
		s.clock.advance(time.Hour)
		if got := s.behind(); len(got) != 0 {
			t.Errorf("before the card is posted %v may be shown", got)
		}
		if n, since, reason, err := s.Behind(ctx, s.clock.now()); err != nil || n != 2 || !since.Equal(start) || reason != "" {
			t.Errorf("behind are %d since %v for %q, %v, want the card and a direct message since the start", n, since, reason, err)
		}
		must(t, s.Failed(ctx, store.MessageID(r.ID+".card"), s.clock.now(), "not_in_channel"))
		if n, _, reason, err := s.Behind(ctx, s.clock.now()); err != nil || n != 2 || reason != "not_in_channel" {
			t.Errorf("behind are %d for %q, %v", n, reason, err)
		}
		s.show()
		if diff := cmp.Diff([]store.MessageID{first, third}, s.behind()); diff != "" {
			t.Errorf("once the card is posted (-want +got):\n%s", diff)
		}
		if n, since, reason, err := s.Behind(ctx, start); err != nil || n != 0 || !since.IsZero() || reason != "" {
			t.Errorf("behind since before the start are %d since %v for %q, %v", n, since, reason, err)
		}
		s.show()
		// Told once, a change of the run leaves it alone.
		r = s.update(r.ID, s.done("s1"))
		if got := story(third); got.Wanted != want.Wanted || got.Shown != want.Wanted {
			t.Errorf("after a change it is %+v", got)
		}
		// Told again, it is told once.
		must(t, s.WantStories(ctx, r, 3))
		if got := s.behind(); len(got) != 0 {
			t.Errorf("%v are told again", got)
		}
		// An undo has it looked at again, and not what was told before.
		must(t, s.TakeBack(ctx, r, 2))
		if diff := cmp.Diff([]store.MessageID{third}, s.behind()); diff != "" {
			t.Errorf("after an undo (-want +got):\n%s", diff)
		}
		must(t, s.Recalled(ctx, third))
		if got := story(third); got.TS != "" || got.Shown != got.Wanted || got.HasNews() {
			t.Errorf("once it is taken back it is %+v", got)
		}
		s.update(r.ID, s.done("s2"))
		must(t, s.TakeBack(ctx, r, 2))
		if got := s.behind(); len(got) != 0 {
			t.Errorf("once taken back %v come again", got)
		}
	})
}

func TestStoriesNeedACard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		cancel := func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		}
		proposed, err := s.Create(ctx, s.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
			return workflow.Begin(s.act(omar), launch(), days{}, workflow.Start{
				ID: id, Number: number, Partner: "Hetzner", Provider: workflow.Manual, Proposed: true, Channel: cards,
				Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
				Leads:    map[workflow.TeamID]workflow.UserID{"sp": ana},
			})
		})
		must(t, err)
		if c := s.clockOf(workflow.DailyClock, string(cards)); c.Subject != "" {
			t.Error("a proposal starts a daily message")
		}
		running := s.create("DigitalOcean")
		if c := s.clockOf(workflow.DailyClock, string(cards)); !c.Due.Equal(start) {
			t.Errorf("a run's daily clock is %+v", c)
		}
		for id, want := range map[workflow.RunID]int{proposed.ID: 0, running.ID: 1} {
			had := len(s.stories(id))
			r := s.update(id, cancel)
			must(t, s.WantStories(ctx, r, 1000))
			if got := len(s.stories(id)) - had; got < want || want == 0 && got > 0 {
				t.Errorf("%s has %d stories more after it was cancelled, want %d", r.Partner, got, want)
			}
		}
	})
}

// stories are the stories of a run.
func (b *bundle) stories(run workflow.RunID) (out []store.Message) {
	b.t.Helper()
	all, err := b.MessagesOf(context.Background(), run)
	must(b.t, err)
	for _, m := range all {
		if m.Kind == store.Story {
			out = append(out, m)
		}
	}
	return out
}

func TestNewsThatIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		r = s.update(r.ID, func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.StepKey{Step: "s1"}, 0, omar) })
		news := r.Version
		omars := store.MessageID(r.ID + ".U0OMAR")
		s.show()
		// Omar's is what an undo takes back; ana has more to do.
		must(t, s.MoveTodos(ctx, r.ID, r.Todos(), []workflow.Todo{todo(ana, "s1", 1)}))
		r = s.update(r.ID, s.note("version"))
		must(t, s.TakeBack(ctx, r, news+1))
		read := func(id store.MessageID) store.Message {
			t.Helper()
			m, err := s.Message(ctx, id)
			must(t, err)
			return m
		}
		if read(omars).Recall {
			t.Error("news from before what was undone is taken back")
		}
		must(t, s.TakeBack(ctx, r, 1))
		if !read(omars).Recall || read(store.MessageID(r.ID+".U0ANA")).Recall {
			t.Error("not just the news of who has nothing to do is taken back")
		}
		if mine, err := s.Attempt(ctx, read(omars)); err != nil || mine {
			t.Errorf("what is to be taken away may be posted: %v, %v", mine, err)
		}
		must(t, s.Recalled(ctx, omars))
		gone := read(omars)
		if gone.TS != "" || gone.Recall || gone.HasNews() || gone.Shown != gone.Wanted || gone.Digest != "" {
			t.Errorf("once deleted it is %+v", gone)
		}
		// What happens in the run leaves it alone, until something is his again.
		r = s.update(r.ID, s.note("nothing of his"))
		must(t, s.TakeBack(ctx, r, 1))
		if diff := cmp.Diff(gone, read(omars)); diff != "" {
			t.Errorf("a change that is nothing to him (-was +is):\n%s", diff)
		}
		s.update(r.ID, func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.StepKey{Step: "s1"}, 0, ana) })
		s.update(r.ID, func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.StepKey{Step: "s2"}, 0, omar) })
		if m := read(omars); m.Recall || m.Shown >= m.Wanted || m.TS != "" {
			t.Errorf("once there is something again it is %+v", m)
		}
	})
}

// Only news makes a message of its own, and only for those who want news.
func TestNewsAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		must(t, s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error {
			return o.Prefer(maya, workflow.Preferences{NoNews: true})
		}, nil))
		r := s.create("DigitalOcean")
		there := func(who workflow.UserID) bool {
			t.Helper()
			_, err := s.Message(ctx, store.MessageID(r.ID)+"."+store.MessageID(who))
			if err != nil && workflow.KindOf(err) != workflow.NotFound {
				t.Fatal(err)
			}
			return err == nil
		}
		assign := func(step string, to workflow.UserID) func(*workflow.Run) error {
			return func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.ParseStepKey(step), 0, to) }
		}
		s.update(r.ID, assign("s1", maya))
		if there(maya) {
			t.Error("maya, who wants no news, gets a message of her own")
		}
		cover := workflow.Cover{By: omar, Until: start.AddDate(0, 0, 9)}
		s.update(r.ID, func(r *workflow.Run) error {
			r.Follow(s.act(ana), &workflow.Office{Away: map[workflow.UserID]workflow.Cover{maya: cover}})
			return nil
		})
		if there(omar) {
			t.Error("omar gets a message of his own for what he covers")
		}
		s.update(r.ID, func(r *workflow.Run) error { r.Follow(s.act(ana), &workflow.Office{}); return nil })
		s.update(r.ID, assign("s2", omar))
		if !there(omar) {
			t.Error("omar gets no message for his first step")
		}
	})
}

func TestUndo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		for _, step := range []string{"s1", "s2", "s3", "s4"} {
			s.update(r.ID, s.done(step))
		}
		s.show()
		s.update(r.ID, s.done("s5"))
		s.show() // the next stages have opened, and their people are told
		s.show() // and what that told
		told := map[store.MessageID]bool{}
		for _, m := range s.stories(r.ID) {
			told[m.ID] = true
		}
		s.clock.advance(time.Minute)
		s.update(r.ID, func(r *workflow.Run) error { return r.Undo(s.act(ana), workflow.StepKey{Step: "s5"}, 0) })
		all, err := s.MessagesOf(ctx, r.ID)
		must(t, err)
		recalled, again := 0, 0
		for _, m := range all {
			switch {
			case m.Recall:
				recalled++
			case told[m.ID] && m.Shown < m.Wanted:
				again++
			}
		}
		if recalled != 2 || again != len(told) || again == 0 {
			t.Errorf("%d messages are taken back and %d of %d stories looked at again, want 2 and all", recalled, again, len(told))
		}
		// Done again, what was not deleted yet stays.
		s.update(r.ID, s.done("s5"))
		if m, err := s.Message(ctx, store.MessageID(r.ID+".U0OMAR")); err != nil || m.Recall || !m.HasNews() {
			t.Errorf("with a step of his again it is %+v, %v", m, err)
		}
	})
}

func TestDismiss(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		must(t, s.Keep(ctx, s.next(), letter(ana, "one")))
		id := s.post("morning.U0ANA").ID
		must(t, s.Failed(ctx, id, start.Add(time.Hour), "for now"))
		for range 2 {
			must(t, s.Dismiss(ctx, id))
			if diff := cmp.Diff([]store.MessageID{id}, s.behind()); diff != "" {
				t.Errorf("once dismissed (-want +got):\n%s", diff)
			}
		}
		// A drawing that was under way does not make it forgotten.
		must(t, s.Shown(ctx, id, store.Drawn{Version: 1, Digest: "digest"}))
		if got := s.behind(); len(got) != 1 {
			t.Error("a drawing that was under way keeps it where it is")
		}
		if m := s.post(id); m.TS != "" || m.Recall || m.Wanted != m.Shown {
			t.Errorf("once deleted it is %+v", m)
		}
		if got := s.behind(); len(got) != 0 {
			t.Errorf("once deleted %v are to be shown", got)
		}
		// News brings it back, even while it is being deleted.
		must(t, s.Keep(ctx, s.next(), letter(ana, "two")))
		s.post(id)
		must(t, s.Dismiss(ctx, id))
		must(t, s.Keep(ctx, s.next(), letter(ana, "three")))
		must(t, s.Recalled(ctx, id))
		if m, err := s.Message(ctx, id); err != nil || m.TS != "" || m.Recall || !m.HasNews() || m.Shown >= m.Wanted {
			t.Errorf("with news meanwhile it is %+v, %v", m, err)
		}
		for _, id := range []store.MessageID{"morning.nobody", "r-of-nowhere.card"} {
			if err := s.Dismiss(ctx, id); workflow.KindOf(err) != workflow.NotFound {
				t.Errorf("%s is dismissed: %v, want NotFound", id, err)
			}
		}
	})
}

func TestDailyIsRedrawnWithWhatItTells(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("DigitalOcean")
		must(t, s.Keep(ctx, s.next(), workflow.Letter{
			Clock: workflow.Clock{Kind: workflow.DailyClock, Subject: string(cards)}, Next: start.AddDate(1, 0, 0), About: "late",
		}))
		had := s.post("daily.C0CARDS").Wanted
		change := func(what string, redrawn bool, change func(*workflow.Run) error) {
			t.Helper()
			s.update(r.ID, change)
			m, err := s.Message(ctx, "daily.C0CARDS")
			must(t, err)
			if got := m.Wanted > had; got != redrawn || m.HasNews() {
				t.Errorf("%s has it drawn: %v, want %v; news %v", what, got, redrawn, m.HasNews())
			}
			had = m.Wanted
		}
		assign := func(step string, to workflow.UserID) func(*workflow.Run) error {
			return func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.ParseStepKey(step), 0, to) }
		}
		change("a note", false, s.note("x"))
		change("a step in time that changes hands", false, assign("s1", omar))
		change("a wait that begins", true, func(r *workflow.Run) error {
			return r.Wait(s.act(ana), workflow.StepKey{Step: "s3"}, 0, workflow.Question{Asked: "a quota", Ticket: "T-1", Promised: workflow.DateOf(start.AddDate(0, 0, 9))})
		})
		change("the end of a wait", true, func(r *workflow.Run) error {
			return r.PartnerAnswered(s.act(ana), workflow.StepKey{Step: "s3"}, 0, "granted")
		})
		change("a step in time that is done", false, s.done("s4"))
		change("steps that become late", true, func(r *workflow.Run) error { r.Tick(start.AddDate(0, 0, 3)); return nil })
		change("a note later", false, s.note("x"))
		change("another step", false, assign("s5", maya))
		change("a late step that changes hands", true, assign("s1", maya))
		change("a late step that is snoozed", true, func(r *workflow.Run) error {
			return r.Snooze(workflow.Act{Actor: maya, At: start.AddDate(0, 0, 3), Reason: "later"}, workflow.StepKey{Step: "s1"}, 0, workflow.SnoozeFor{Days: 1})
		})
		change("a late step that is done", true, s.done("s1"))
		change("a run that ends while something is late", true, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
	})
}
