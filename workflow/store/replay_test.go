package store_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// TestReopenEqualsReplay does many random things to some runs and compares what
// the store says of them, what it says after a restart, and what their events
// say.
func TestReopenEqualsReplay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		dice := rand.New(rand.NewPCG(1, 2))
		var runs []workflow.RunID
		for _, partner := range []string{"A", "B", "C", "D", "E"} {
			runs = append(runs, s.create(partner).ID)
		}
		done := 0
		for range 600 {
			s.clock.advance(time.Duration(dice.IntN(120)) * time.Minute)
			_, err := s.Update(context.Background(), runs[dice.IntN(len(runs))], s.next(), s.random(dice))
			if err == nil {
				done++
			}
			if _, err := s.FireDue(context.Background(), s.clock.now()); err != nil {
				t.Fatal(err)
			}
		}
		if done < 200 {
			t.Fatalf("only %d of the random changes were accepted", done)
		}
		before := map[workflow.RunID]*workflow.Run{}
		for _, id := range runs {
			r, err := s.Run(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			before[id] = r
		}
		again := s.reopen()
		again.todosAreThoseOf(slices.Collect(maps.Values(before)))
		for _, id := range runs {
			after, err := again.Run(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before[id], after, comparable); diff != "" {
				t.Errorf("%s before and after a restart:\n%s", after.Name(), diff)
			}
			events, err := again.Events(context.Background(), id, 0, 100000)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(events)
			if diff := cmp.Diff(workflow.Replay(launch(), days{}, events), after, comparable); diff != "" {
				t.Errorf("%s replayed and read:\n%s", after.Name(), diff)
			}
			// What is written now has to build on what was read.
			if got := again.update(id, again.note("after the restart")); got.Version != after.Version+1 {
				t.Errorf("%s has version %d, want %d", after.Name(), got.Version, after.Version+1)
			}
		}
	})
}

// random is one of the things that may be done to a run, to one of its steps.
func (b *bundle) random(dice *rand.Rand) func(*workflow.Run) error {
	choice, which := dice.IntN(16), dice.IntN(1000)
	return func(r *workflow.Run) error {
		nodes := r.Nodes()
		if open := slices.DeleteFunc(r.Nodes(), func(n workflow.Node) bool { return n.State.Status != workflow.Open || r.IsGroup(n.Key) }); (choice < 1 || choice > 3) && len(open) > 0 {
			nodes = open
		}
		key := nodes[which%len(nodes)].Key
		act := b.act([]workflow.UserID{ana, omar, maya}[which%3])
		act.Reason = "because"
		var err error
		switch choice {
		case 0:
			err = r.Done(act, key, 0, map[workflow.FieldID]string{"link": "https://example.com/" + key.String()})
		case 1, 2, 3:
			err = r.Reopen(act, key, 0)
		case 4:
			if which%3 == 0 {
				err = r.Waive(act, key, 0)
			}
		case 5:
			err = r.Assign(act, key, 0, []workflow.UserID{ana, omar, maya, ""}[which%4])
		case 6:
			err = r.SetDue(act, key, 0, workflow.DateOf(act.At.AddDate(0, 0, which%5)))
		case 7:
			err = r.Ask(act, key, 0, maya, "link", "", "")
		case 8:
			err = r.Answer(act, key, "link", "https://example.com/answer")
		case 9:
			err = r.Wait(act, key, 0, workflow.Question{Asked: "a quota", Ticket: "T-1", Promised: workflow.DateOf(act.At)})
		case 10:
			err = r.PartnerAnswered(act, key, 0, "granted")
		case 11:
			err = r.Join(act, workflow.NewListing([]string{"EE", "CE"}[which%2], workflow.OmnibusPackage, workflow.Azure))
		case 12:
			act.Actor = r.Acting(r.Responsible(key))
			err = r.Snooze(act, key, 0, workflow.SnoozeFor{Days: 1 + which%3})
		case 13:
			act.Actor = r.Steps[key].Actor
			err = r.Undo(act, key, 0)
		case 14:
			r.Follow(act, &workflow.Office{Away: map[workflow.UserID]workflow.Cover{omar: {By: maya, Until: act.At.Add(24 * time.Hour), Set: ana}}})
		case 15:
			for _, t := range r.Todos() {
				r.Remind(act.At, t.Person, t.Move)
			}
		}
		return err
	}
}

func TestTheProcessARunKeeps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		old := s.create("DigitalOcean")
		s.close()

		// The process has changed since; the old one is parsed from what the
		// database kept.
		changed := launch()
		changed.Stages[0].Steps = changed.Stages[0].Steps[:1]
		changed.Source, changed.Hash = "name: launch # shorter\n", "hash-of-the-shorter"
		s = open(t, o)
		for range 2 {
			if err := s.SaveDefinition(context.Background(), changed); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Run(context.Background(), old.ID)
		if err != nil {
			t.Fatal(err)
		}
		if hash := got.Definition().Hash; hash != launch().Hash {
			t.Errorf("the run keeps definition %q, want the one it was started with", hash)
		}
		if _, err := s.Update(context.Background(), old.ID, s.next(), s.done("s5")); err != nil {
			t.Errorf("a step that the changed process has no more: %v", err)
		}
		s.close()

		// A definition that can no longer be read is said so, with its name.
		o.Parse = func(string, []byte) (*workflow.Definition, error) { return changed, nil }
		s = open(t, o)
		if _, err := s.Run(context.Background(), old.ID); err == nil {
			t.Error("a definition that reads as another one is accepted")
		}
	})
}
