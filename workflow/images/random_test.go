package images_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// TestWhateverHappens builds while calls fail before and after their effect, answers
// are lost, and the program ends at any moment. Whatever happens, each build comes to
// its end with one of each, nothing left over and nothing outside that was not signed.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	games := 8
	if os.Getenv("CI") == "true" {
		games = 24
	}
	for seed := range uint64(games) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w, dice := newWorld(t), rand.New(rand.NewPCG(seed, 7))
			for _, region := range regions {
				w.shielded[region] = dice.IntN(2) == 0
			}
			shielded := map[string]bool{}
			for region, is := range w.shielded {
				shielded[region] = is
			}
			trouble := 40 // calls that fail, at most
			r := w.release("17.6.2", "ee", "ce")
			w.before = func(op string, k images.Work) error {
				if _, missing := w.run(r.ID).Signatures(); missing > 0 && k.Memory == "" && (op == "open" || op == "submit") {
					t.Errorf("%s was begun unsigned", k.Key)
				}
				return mishap(dice, &trouble, false)
			}
			w.after = func(op string, k images.Work) error { return mishap(dice, &trouble, true) }
			if dice.IntN(2) == 0 {
				w.signs(r, omar, ana)
			}
			builds := w.starts(r, true)
			abandons := dice.IntN(4) == 0
			for step := 0; step < 400; step++ {
				if dice.IntN(10) == 0 {
					w.restarts()
				}
				w.passes(time.Duration(dice.IntN(90)) * time.Minute)
				_, missing := w.run(r.ID).Signatures()
				open := 0
				for _, b := range builds {
					is := w.build(b.ID)
					if !is.State.Open() {
						continue
					}
					open++
					if abandons && is.ID == builds[0].ID && dice.IntN(20) == 0 {
						if _, err := w.service.Abandon(t.Context(), w.who(omar), is.ID); err != nil && workflow.KindOf(err) != workflow.Conflict {
							t.Fatal(err)
						}
					}
					if len(is.Failed()) > 0 {
						if _, err := w.service.Retry(t.Context(), w.who(omar), is.ID, -1, ""); err != nil {
							t.Fatal(err)
						}
					}
				}
				if open == 0 {
					break
				}
				if missing > 0 && dice.IntN(5) == 0 {
					w.signs(r, omar, ana)
				}
				w.advance(time.Minute)
			}
			live := 0
			for _, b := range builds {
				switch is := w.build(b.ID); {
				case is.State == images.Done && is.Phase() == workflow.BuildLive:
					live++
				case is.State != images.Abandoned:
					t.Errorf("%s is %s at %+v", is.Order.Name, is.State, is.Present())
				}
			}
			if got := w.alive(); got["machine"] != 0 || got["image"] != live*len(regions) || len(w.open) != live*len(regions) {
				t.Errorf("%d are live; there is left: %v, open %v", live, got, w.open)
			}
			for region, is := range shielded {
				if w.shielded[region] != is {
					t.Errorf("%s was shielded %v, and is not so any more", region, is)
				}
			}
		})
	}
}

// mishap is what befalls a call, now and then.
func mishap(dice *rand.Rand, left *int, landed bool) error {
	if *left == 0 || dice.IntN(6) > 0 {
		return nil
	}
	*left--
	switch n := dice.IntN(10); {
	case landed:
		return errors.New("the answer was lost")
	case n < 4:
		return &images.Fault{Class: images.Throttled, After: time.Duration(dice.IntN(30)) * time.Second}
	case n < 7:
		return &images.Fault{Class: images.Unknown}
	case n < 9:
		return errors.New("connection reset")
	}
	return &images.Fault{Class: images.Capacity}
}
