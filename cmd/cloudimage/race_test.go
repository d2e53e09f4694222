package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// This file holds what happens while something else does: people undo and do at
// the same moment, and click while the morning goes out.

// opened is a partnership in which one step of stage 1 is left to do.
func opened(t *testing.T, change func(*world)) (*world, context.Context) {
	t.Helper()
	w, ctx := partnered(t, change)
	for _, step := range []string{"1.1", "1.2", "1.3", "1.4"} {
		if err := w.does(ctx, "DigitalOcean", step); err != nil {
			t.Fatal(w.failure(err))
		}
	}
	return w, ctx
}

// dms are what the bot has written to a person.
func (w *world) dms(name string) (out []slackdev.Message) {
	for _, m := range w.slack.User(name).Messages("dm") {
		if m.Bot {
			out = append(out, m)
		}
	}
	return out
}

// One takes back the step that opened a stage while somebody does the first step
// of that stage. Whichever comes first, what is shown is what is so: either step
// may be done, and nobody is asked for what is locked.
func TestUndoWhileTheNextStepIsDone(t *testing.T) {
	t.Parallel()
	w, ctx := opened(t, nil)
	omar := w.slack.User("omar")
	for round := range 4 {
		if err := w.does(ctx, "DigitalOcean", "1.6"); err != nil {
			t.Fatal(w.failure(err))
		}
		if round == 0 {
			if _, err := omar.Slash(ctx, w.channel, "/cloudimage done DigitalOcean 2.1"); err != nil {
				t.Fatal(err)
			}
			if err := w.settle(); err != nil {
				t.Fatal(err)
			}
			if _, err := omar.Fill(ctx, "Business days of work", "3"); err != nil {
				t.Fatal(err)
			}
		}
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := w.person.Slash(ctx, w.channel, "/cloudimage undo DigitalOcean 1.6"); err != nil {
				t.Error(err)
			}
		})
		if round == 0 {
			both.Go(func() {
				if _, err := omar.Submit(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		card := flat(w.person.Sees(w.channel))
		if !strings.Contains(card, "open when 1.6 is done") {
			t.Fatal(w.failure(errors.New("1.6 was taken back, and the card does not say that it holds the rest")))
		}
		if n := len(w.dms("maya")); n != 0 {
			t.Fatalf("maya has %d messages about what is locked", n)
		}
		for _, m := range w.dms("omar") {
			if strings.Contains(m.Text(), "[Done…]") {
				t.Fatalf("omar is asked for what is locked:\n%s", m.Text())
			}
		}
	}
}

// An undo comes while the first messages that it recalls are on their way. In the
// end none is there, in the channel, its thread or for anybody.
func TestUndoWhileTheFirstMessagesGoOut(t *testing.T) {
	t.Parallel()
	w, ctx := opened(t, nil)
	if err := w.underCard(); err != nil {
		t.Fatal(err)
	}
	for round := range 4 {
		if _, err := w.person.Slash(ctx, w.channel, "/cloudimage done DigitalOcean 1.6"); err != nil {
			t.Fatal(err)
		}
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		if form, ok := w.person.Modal(); !ok {
			t.Fatal(w.failure(errors.New("there is no form")))
		} else if err := w.fillAll(ctx, form); err != nil {
			t.Fatal(err)
		}
		if _, err := w.person.Submit(ctx); err != nil {
			t.Fatal(err)
		}
		// It is on disk now, and being told.
		if _, err := w.person.Slash(ctx, w.channel, "/cloudimage undo DigitalOcean 1.6"); err != nil {
			t.Fatal(err)
		}
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		if n := len(w.dms("maya")); n != 0 {
			t.Errorf("round %d: maya has %d messages", round, n)
		}
		if n, _ := w.count(); n != 1 {
			t.Errorf("round %d: the channel has %d messages, not the card alone", round, n)
		}
		if seen := w.screen(); strings.Contains(seen, "is open.") || strings.Contains(seen, "is complete.") {
			t.Errorf("round %d: the thread says\n%s", round, seen)
		}
	}
}

// A hundred clicks are answered while everybody's morning goes out, and the
// morning is each person's one message.
func TestClicksInTheMorning(t *testing.T) {
	t.Parallel()
	w, ctx := opened(t, nil)
	if err := w.advance(time.Date(2026, time.November, 23, 3, 59, 0, 0, time.UTC)); err != nil { // before India's
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if err := w.slack.Clock().AdvanceTo(ctx, time.Date(2026, time.November, 23, 9, 31, 0, 0, time.UTC)); err != nil {
			t.Error(err)
		}
	})
	for i := range 100 {
		all.Go(func() {
			who := w.slack.User([]string{"ana", "lee"}[i%2])
			day := fmt.Sprintf("2026-12-%02d", 1+i%28)
			if _, err := who.Slash(ctx, w.channel, "/cloudimage due DigitalOcean 1.6 "+day); err != nil {
				t.Errorf("%s: %v", day, err)
			}
		})
	}
	all.Wait()
	if err := w.advance(time.Date(2026, time.November, 23, 9, 32, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	run, err := w.app.store.Find(ctx, "DigitalOcean")
	if err != nil || len(run) != 1 {
		t.Fatal(run, err)
	}
	mornings := 0
	for _, m := range w.dms("ana") {
		if strings.Contains(string(m.Metadata), "morning.") {
			mornings++
		}
	}
	if mornings != 1 {
		t.Errorf("ana has %d morning messages", mornings)
	}
	n, ok := run[0].Node(workflow.StepKey{Step: "introduce-marketing"})
	if !ok {
		t.Fatal("there is no step 1.6")
	}
	w.as("ana")
	if want := n.State.Due.Format("Jan 2, 2006"); !strings.Contains(flat(w.screen()), "1.6 Introduce Partner Marketing @ana, due "+want) {
		t.Error(w.failure(fmt.Errorf("the card does not say %s", want)))
	}
}
