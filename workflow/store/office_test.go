package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// noted is a follower that notes each run's state in it.
func (b *bundle) noted(text string) func(*workflow.Office, *workflow.Run) {
	return func(o *workflow.Office, r *workflow.Run) {
		if err := r.Note(b.act(workflow.Bot), workflow.StepKey{}, fmt.Sprint(text, len(o.Away))); err != nil {
			b.t.Error(err)
		}
	}
}

func stay(*workflow.Office, *workflow.Run) {}

func away(by workflow.UserID) workflow.Cover {
	return workflow.Cover{By: by, Since: start, Until: start.AddDate(0, 0, 3), Day: workflow.DateOf(start.AddDate(0, 0, 3)), Set: ana}
}

func TestOffice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		want := &workflow.Office{
			Away: map[workflow.UserID]workflow.Cover{}, People: map[workflow.UserID]workflow.Preferences{},
			Channels: map[workflow.ChannelID]workflow.ChannelPreferences{},
			Facts:    map[workflow.FactName]string{}, Handles: map[workflow.UserID]workflow.Handle{},
		}
		check := func(when string) {
			t.Helper()
			for _, how := range []string{"now", "after a restart"} {
				got, err := s.Office(ctx)
				must(t, err)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", when, how, diff)
				}
				if how == "now" {
					// What is handed out belongs to the caller.
					got.Away["U0X"], got.People["U0X"] = workflow.Cover{}, workflow.Preferences{}
					s = s.reopen()
				}
			}
		}
		check("empty")
		newer := workflow.Standin{Team: "om", User: maya, Scope: []workflow.ProcessName{"launch"}, Reason: "leave", Until: "2026-03-10",
			Ends: start.AddDate(0, 0, 7), Condition: "hired", Review: "2026-03-09", Set: ana, Since: start.Add(time.Hour)}
		older := workflow.Standin{Team: "pm", User: ana, Since: start}
		var kept *workflow.Office
		must(t, s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error {
			o.Away[omar] = away(maya)
			o.Standins = append(o.Standins, newer, older)
			o.People[ana] = workflow.Preferences{NoMorning: true, NoNews: true, Morning: "08:15"}
			o.Channels[cards] = workflow.ChannelPreferences{NoDaily: true, NoThread: true}
			o.Facts["our-logos"] = "https://example.com/logos"
			o.Handles[ana] = workflow.Handle{Name: "ana_g", Account: 7, Since: start, Wants: "ana", Code: "k3", Until: start.Add(time.Hour)}
			kept = o
			return nil
		}, stay))
		kept.Away["U0X"] = workflow.Cover{}
		kept.Standins[0].Scope[0] = "changed"
		newer.Scope = []workflow.ProcessName{"launch"}
		want.Away[omar] = away(maya)
		want.Standins = []workflow.Standin{older, newer}
		want.People[ana] = workflow.Preferences{NoMorning: true, NoNews: true, Morning: "08:15"}
		want.Channels[cards] = workflow.ChannelPreferences{NoDaily: true, NoThread: true}
		want.Facts["our-logos"] = "https://example.com/logos"
		want.Handles[ana] = workflow.Handle{Name: "ana_g", Account: 7, Since: start, Wants: "ana", Code: "k3", Until: start.Add(time.Hour)}
		check("full")
		if c := s.clockOf(workflow.MorningClock, string(maya)); c.Subject == "" {
			t.Error("an acting maintainer has no clock")
		}
		must(t, s.Keep(ctx, s.next(), workflow.Letter{Clock: workflow.Clock{Kind: workflow.MorningClock, Subject: string(maya)}}))
		if c := s.clockOf(workflow.MorningClock, string(maya)); c.Subject == "" {
			t.Error("the clock of an acting maintainer is stopped for want of anything to do")
		}
		must(t, s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error {
			delete(o.Away, omar)
			delete(o.Channels, cards)
			o.Standins = o.Standins[1:]
			o.People[ana] = workflow.Preferences{Morning: "10:00"}
			return nil
		}, stay))
		delete(want.Away, omar)
		delete(want.Channels, cards)
		want.Standins = want.Standins[1:]
		want.People[ana] = workflow.Preferences{Morning: "10:00"}
		check("changed")

		// What is refused changes nothing, and may be asked for again.
		refusal := errors.New("no")
		request := s.next()
		for what, change := range map[string]func(*workflow.Office) error{
			"a refusal":      func(o *workflow.Office) error { o.Away[ana] = away(maya); return refusal },
			"a fault":        func(o *workflow.Office) error { o.Away[ana] = away(maya); panic("a fault") },
			"a NUL":          func(o *workflow.Office) error { o.Standins[0].Reason = "a NUL \x00"; return nil },
			"a standin more": func(o *workflow.Office) error { o.Standins = append(o.Standins, o.Standins[0]); return nil },
		} {
			err := s.UpdateOffice(ctx, request, change, stay)
			if err == nil || what == "a refusal" && err != refusal {
				t.Errorf("%s was answered %v", what, err)
			}
			check("after " + what)
		}
		must(t, s.UpdateOffice(ctx, request, func(o *workflow.Office) error { o.Away[ana] = away(maya); return nil }, stay))
		want.Away[ana] = away(maya)
		check("asked for again")
		must(t, s.UpdateOffice(ctx, request, func(o *workflow.Office) error { delete(o.Away, ana); return nil }, stay))
		check("asked for twice")
	})
}

func TestRunsFollowTheOffice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		first, second, ended := s.create("A"), s.create("B"), s.create("C")
		ended = s.update(ended.ID, func(r *workflow.Run) error {
			return r.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends."})
		})
		s = s.reopen()
		request := s.next()
		for range 2 {
			must(t, s.UpdateOffice(ctx, request, func(o *workflow.Office) error { o.Away[omar] = away(maya); return nil },
				func(o *workflow.Office, r *workflow.Run) {
					if r.ID != second.ID {
						s.noted("followed ")(o, r)
					}
				}))
		}
		after := func(r *workflow.Run) *workflow.Run {
			t.Helper()
			got, err := s.Run(ctx, r.ID)
			must(t, err)
			return got
		}
		if n := after(first).Version - first.Version; n != 1 {
			t.Errorf("a run that follows has %d events more, want 1", n)
		}
		if events, err := s.Events(ctx, first.ID, 0, 1); err != nil || events[0].Text != "followed 1" {
			t.Errorf("its last event is %+v, %v", events, err)
		}
		if card, err := s.CardOf(ctx, first.ID); err != nil || card.Wanted != first.Version+1 {
			t.Errorf("its card is wanted at %d, %v", card.Wanted, err)
		}
		for _, r := range []*workflow.Run{second, ended} {
			if got := after(r); got.Version != r.Version {
				t.Errorf("%s, which does not follow, has version %d, want %d", r.Partner, got.Version, r.Version)
			}
		}
		// Nobody need follow.
		must(t, s.UpdateOffice(ctx, s.next(), func(*workflow.Office) error { return nil }, nil))
		// A fault in one run's following is the caller's, and changes nothing.
		err := s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error { delete(o.Away, omar); return nil },
			func(o *workflow.Office, r *workflow.Run) {
				s.noted("lost ")(o, r)
				if r.ID == second.ID {
					panic("a fault")
				}
			})
		if workflow.KindOf(err) != workflow.Internal {
			t.Errorf("a fault was answered %v, want Internal", err)
		}
		office, err := s.Office(ctx)
		must(t, err)
		if after(first).Version != first.Version+1 || len(office.Away) != 1 {
			t.Error("a fault left something behind")
		}
	})
}

func TestRunsFollowWithWhatElseIsInTheBatch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("A")
		busy := occupy(s, r.ID)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if _, err := s.Create(ctx, s.next(), s.begin(fmt.Sprint("New ", i))); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := s.Update(ctx, r.ID, s.next(), s.note("meanwhile")); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				who := workflow.UserID(fmt.Sprint("U0", i))
				err := s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error { o.Away[who] = away(maya); return nil }, s.noted("followed "))
				if err != nil {
					t.Error(err)
				}
			})
		}
		waitQueued(s, 15)
		busy.end(t)
		wg.Wait()
		office, err := s.Office(ctx)
		must(t, err)
		if len(office.Away) != 5 {
			t.Errorf("%d are away, want 5", len(office.Away))
		}
		after, err := s.Run(ctx, r.ID)
		must(t, err)
		if want := r.Version + 1 + 5 + 5; after.Version != want {
			t.Errorf("version %d, want %d", after.Version, want)
		}
	})
}

func TestReplicasShareTheOffice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := options(postgres(t))
	replicas := []*bundle{open(t, o), open(t, o), open(t, o)}
	r := replicas[0].create("A")
	const each = 10
	var wg sync.WaitGroup
	for i, s := range replicas {
		s.request.Store(int64(i+1) * 1000)
		for n := range each {
			wg.Go(func() {
				who := workflow.UserID(fmt.Sprintf("U%d-%d", i, n))
				err := s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error { o.Away[who] = away(maya); return nil }, s.noted("followed "))
				if err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := s.Update(ctx, r.ID, s.next(), s.note("meanwhile")); err != nil {
					t.Error(err)
				}
				if _, err := s.Create(ctx, s.next(), s.begin("B")); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for _, s := range replicas {
		office, err := s.Office(ctx)
		must(t, err)
		after, err := s.Run(ctx, r.ID)
		must(t, err)
		if want := len(replicas) * each; len(office.Away) != want || after.Version != r.Version+int64(2*want) {
			t.Errorf("%d are away and the run is at version %d, want %d and %d", len(office.Away), after.Version, want, r.Version+int64(2*want))
		}
	}
	// A run that was begun meanwhile follows whatever came after it.
	runs, err := replicas[0].Open(ctx, 1000)
	must(t, err)
	must(t, replicas[1].UpdateOffice(ctx, replicas[1].next(), func(*workflow.Office) error { return nil }, replicas[1].noted("last ")))
	for _, was := range runs {
		if got, err := replicas[2].Run(ctx, was.ID); err != nil || got.Version != was.Version+1 {
			t.Errorf("%s is at version %d, %v, want %d", was.Name(), got.Version, err, was.Version+1)
		}
	}
}

// A run whose process cannot be read any more must not keep people from being
// away.
func TestOfficeDoesWithoutARunThatCannotBeRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := open(t, o)
		r := s.create("A")
		s.close()
		o.Parse = func(string, []byte) (*workflow.Definition, error) { return nil, errors.New("what is this?") }
		s = open(t, o)
		s.request.Store(100)
		if _, err := s.Run(ctx, r.ID); err == nil {
			t.Fatal("the run can be read")
		}
		must(t, s.UpdateOffice(ctx, s.next(), func(o *workflow.Office) error { o.Away[omar] = away(maya); return nil }, s.noted("followed ")))
		must(t, s.Statements(ctx, "UPDATE counters SET value = 0 WHERE name = 'todos'"))
		if office, err := s.reopen().Office(ctx); err != nil || len(office.Away) != 1 {
			t.Errorf("the office is %+v, %v", office, err)
		}
	})
}
