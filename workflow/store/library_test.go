package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

func numbers(runs []*workflow.Run) []int {
	out := []int{}
	for _, r := range runs {
		out = append(out, r.Number)
	}
	return out
}

func TestFind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		for _, partner := range []string{"DigitalOcean", "100% Cloud", "Under_score", "Box 3", "ÉTOILE Hébergement", "digital twin", `Back\slash`} {
			s.create(partner)
		}
		cancel := func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: s.clock.now(), Reason: "It ends."})
		}
		runs, err := s.Find(context.Background(), "twin")
		if err != nil {
			t.Fatal(err)
		}
		s.update(runs[0].ID, cancel)
		for words, want := range map[string][]int{
			"R-1": {1}, "r-1": {1}, "1": {1}, "#1": {1}, " 1 ": {1}, "#R-1": {1},
			"3":           {3}, // the run of that number alone
			"box 3":       {4},
			"R-99":        {},
			"99":          {},
			"digital":     {1, 6}, // the running one first, though it is older
			"DIGITALO":    {1},
			"ocean":       {1},
			"étoile":      {5},
			"HÉBERGEMENT": {5},
			"%":           {2},
			"_":           {3},
			`\`:           {7},
			"":            {},
			"  ":          {},
			"nobody":      {},
			"' OR 1=1 --": {},
			"\x00":        {},
			"\xff":        {},
			"-1":          {},
			"99999999999": {},
		} {
			found, err := s.Find(context.Background(), words)
			if err != nil {
				t.Errorf("Find(%q): %v", words, err)
			}
			if diff := cmp.Diff(want, numbers(found)); diff != "" {
				t.Errorf("Find(%q) (-want +got):\n%s", words, diff)
			}
		}
	})
}

func TestFindIsNewestFirstAndTwentyAtMost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		for i := range 25 {
			s.create(fmt.Sprintf("Cloud %c", 'A'+i))
		}
		found, err := s.Find(context.Background(), "cloud")
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		for n := 25; n > 5; n-- {
			want = append(want, n)
		}
		if diff := cmp.Diff(want, numbers(found)); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	})
}

func TestOpenRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		const count = 70 // more than are read by one statement
		for i := range count {
			s.create(fmt.Sprintf("Cloud %d", i))
		}
		ended, err := s.Find(context.Background(), "R-7")
		if err != nil {
			t.Fatal(err)
		}
		s.update(ended[0].ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: s.clock.now(), Reason: "It ends."})
		})
		var want []int
		for n := count; n > 0; n-- {
			if n != 7 {
				want = append(want, n)
			}
		}
		for _, when := range []string{"before", "after"} {
			runs, err := s.Open(context.Background(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, numbers(runs)); diff != "" {
				t.Errorf("open runs %s a restart (-want +got):\n%s", when, diff)
			}
			if steps := len(runs[0].Steps); steps != 15 { // 14 and a lane
				t.Errorf("an open run has %d steps, want 15", steps)
			}
			some, err := s.Open(context.Background(), 3)
			if err != nil || !slices.Equal(numbers(some), want[:3]) {
				t.Errorf("the 3 newest are %v, %v, want %v", numbers(some), err, want[:3])
			}
			s = s.reopen()
		}
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		r = s.update(r.ID, s.note("one"))
		r = s.update(r.ID, s.note("two"))
		events, err := s.Events(context.Background(), r.ID, 0, 2)
		if err != nil {
			t.Fatal(err)
		}
		want := []workflow.Event{
			{Seq: r.Version, Type: workflow.NoteAdded, At: start, Actor: ana, Text: "two"},
			{Seq: r.Version - 1, Type: workflow.NoteAdded, At: start, Actor: ana, Text: "one"},
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Errorf("the newest events (-want +got):\n%s", diff)
		}
		// A page begins where the last one ended.
		all, err := s.Events(context.Background(), r.ID, 0, 1000)
		must(t, err)
		var paged []workflow.Event
		for before := int64(0); ; {
			page, err := s.Events(context.Background(), r.ID, before, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			before = page[len(page)-1].Seq
		}
		if diff := cmp.Diff(all, paged); diff != "" || int64(len(all)) != r.Version {
			t.Errorf("%d events and by pages (-all +paged):\n%s", len(all), diff)
		}
		if page, err := s.Events(context.Background(), r.ID, math.MaxInt64, 1); err != nil || len(page) != 1 {
			t.Errorf("below the last number there is: %v, %v", page, err)
		}
	})
}

func TestOpenInAChannel(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		const count = 70 // more than are read by one statement
		var want []int
		for n := 1; n <= count; n++ {
			elsewhere := n%10 == 0
			r, err := s.Create(ctx, s.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
				start := workflow.Start{
					ID: id, Number: number, Partner: "Hetzner", Provider: workflow.Manual, Owner: ana, Channel: cards,
					Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
				}
				if elsewhere {
					start.Channel = "C0ELSE"
				}
				return workflow.Begin(s.act(ana), launch(), days{}, start)
			})
			must(t, err)
			if n == 7 {
				s.update(r.ID, func(r *workflow.Run) error {
					return r.Cancel(workflow.Act{Actor: ana, At: s.clock.now(), Reason: "It ends."})
				})
			} else if !elsewhere {
				want = append(want, n)
			}
		}
		var got []*workflow.Run
		must(t, s.OpenIn(ctx, cards, func(r *workflow.Run) error { got = append(got, r); return nil }))
		if diff := cmp.Diff(want, numbers(got)); diff != "" {
			t.Errorf("the channel's open runs (-want +got):\n%s", diff)
		}
		enough := errors.New("enough")
		seen := 0
		err := s.OpenIn(ctx, cards, func(*workflow.Run) error {
			if seen++; seen == 40 {
				return enough
			}
			return nil
		})
		if err != enough || seen != 40 {
			t.Errorf("it ended with %v after %d, want %v after 40", err, seen, enough)
		}
	})
}

func TestStrangeText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		for _, name := range []string{
			`Robert'); DROP TABLE runs; --`, `"quoted"`, `$1`, `?`, `%s`, `\u0000`, "emoji \U0001f600", "\u202eright to left", "a real \ufffd",
		} {
			r := s.create(name)
			again := s.reopen()
			found, err := again.Find(context.Background(), name)
			if err != nil || len(found) != 1 || found[0].ID != r.ID || found[0].Partner != name {
				t.Errorf("partner %q is found as %v, %v", name, found, err)
			}
			s = again
		}
		r := s.create("DigitalOcean")
		const nul = "a NUL \x00 inside"
		if _, err := s.Create(context.Background(), s.next(), s.begin(nul)); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("partner %q: %v, want Invalid", nul, err)
		}
		if _, err := s.Update(context.Background(), r.ID, s.next(), s.note(nul)); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("note %q: %v, want Invalid", nul, err)
		}
		for _, text := range []string{nul, "half a rune \xff"} {
			if _, err := s.Update(context.Background(), r.ID, workflow.RequestID(text), s.note("x")); workflow.KindOf(err) != workflow.Internal {
				t.Errorf("request %q: %v, want Internal", text, err)
			}
		}
		if after := s.update(r.ID, s.note("fine")); after.Version != r.Version+1 {
			t.Errorf("version %d, want %d: something of the refused text was kept", after.Version, r.Version+1)
		}
	})
}
