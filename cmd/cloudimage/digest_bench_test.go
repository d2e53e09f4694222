package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"cloudimage/bot/view"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
	"cloudimage/workflow/store"
)

// BenchmarkDigest measures one morning: what everybody is asked for is found,
// composed and kept, and then drawn. There are 10,000 things to do in the shipped
// process, for 200 people, or all for one. Each round is the next morning; after
// ten of them everything was said three times, and there is nothing left to
// measure.
func BenchmarkDigest(b *testing.B) {
	for _, size := range []struct{ people, todos int }{{200, 10_000}, {1, 1_000}, {1, 10_000}} {
		b.Run(fmt.Sprintf("people=%d/todos=%d", size.people, size.todos), func(b *testing.B) {
			d := newDigest(b, size.people, size.todos)
			var said, drawn time.Duration
			var bytes uint64
			mornings := 0
			for b.Loop() {
				b.StopTimer()
				d.tomorrow()
				before := allocated()
				began := time.Now()
				b.StartTimer()
				n, err := d.reminder.Fire(b.Context())
				b.StopTimer()
				if err != nil || n != size.people+1 { // and the channel
					b.Fatalf("%d were written to: %v", n, err)
				}
				said += time.Since(began)
				bytes += allocated() - before
				began = time.Now()
				b.StartTimer()
				mornings += d.draw()
				b.StopTimer()
				drawn += time.Since(began)
				b.StartTimer()
			}
			b.StopTimer()
			if mornings != b.N*size.people {
				b.Fatalf("%d messages in %d mornings of %d people", mornings, b.N, size.people)
			}
			b.ReportMetric(float64(said.Microseconds())/1000/float64(b.N), "ms/morning")
			b.ReportMetric(float64(drawn.Microseconds())/1000/float64(b.N), "ms/drawing")
			b.ReportMetric(float64(bytes)/1024/float64(mornings), "kB/person")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// digest is a store full of work, and what reminds of it.
type digest struct {
	b        *testing.B
	people   []workflow.UserID
	now      time.Time
	store    *store.Store
	reminder *reminder.Service
}

func newDigest(b *testing.B, people, todos int) *digest {
	b.Helper()
	d := &digest{b: b, now: time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)}
	for i := range people {
		d.people = append(d.people, workflow.UserID(fmt.Sprintf("U%04d", i)))
	}
	days, err := newCalendars(Config{})
	if err != nil {
		b.Fatal(err)
	}
	defs, err := process.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, def := range defs {
		byName[def.Name] = def
	}
	now := func() time.Time { return d.now }
	if d.store, err = store.Open(context.Background(), store.Options{
		DSN: filepath.Join(b.TempDir(), "digest.db"), Calendars: days, Parse: process.Load, Now: now, Logger: slog.New(slog.DiscardHandler),
	}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := d.store.Close(); err != nil {
			b.Error(err)
		}
	})
	if d.reminder, err = reminder.New(reminder.Options{
		Book: d.store, Library: d.store, Directory: d, Calendars: days, Processes: byName, Now: now, Logger: slog.New(slog.DiscardHandler),
	}); err != nil {
		b.Fatal(err)
	}
	def := byName[defaultProcess]
	if err := d.store.SaveDefinition(context.Background(), def); err != nil {
		b.Fatal(err)
	}
	for n := 0; todos > 0; n++ {
		todos -= d.begin(def, days, n)
	}
	if people == 1 { // what is said to the channel is told of all runs
		if err := d.store.UpdateOffice(context.Background(), "quiet", func(o *workflow.Office) error {
			o.PreferIn("C0IMAGES", workflow.ChannelPreferences{NoDaily: true})
			return nil
		}, nil); err != nil {
			b.Fatal(err)
		}
	}
	// Whoever has something to do for the first time is planned for the morning.
	if _, err := d.reminder.Fire(context.Background()); err != nil {
		b.Fatal(err)
	}
	return d
}

// begin starts a run whose first stage is complete, and counts what there is to
// do in it.
func (d *digest) begin(def *workflow.Definition, days calendars, n int) (todos int) {
	d.b.Helper()
	leads := map[workflow.TeamID]workflow.UserID{}
	for i, team := range def.Teams {
		leads[team.ID] = d.people[(n*len(def.Teams)+i)%len(d.people)]
	}
	act := workflow.Act{Actor: leads[def.Owner], At: d.now}
	listings := []workflow.Listing{
		workflow.NewListing("CE", workflow.Image, workflow.Manual), workflow.NewListing("EE", workflow.Image, workflow.Manual),
	}
	run, err := d.store.Create(context.Background(), workflow.RequestID(fmt.Sprintf("begin %d", n)), func(id workflow.RunID, number int) (*workflow.Run, error) {
		r, err := workflow.Begin(act, def, days, workflow.Start{
			ID: id, Number: number, Partner: fmt.Sprintf("Partner %d", n), Provider: workflow.Manual, Listings: listings,
			Owner: act.Actor, Leads: leads, Channel: "C0IMAGES", Target: workflow.DateOf(d.now.AddDate(0, 0, 14)),
		})
		if err != nil {
			return nil, err
		}
		for _, s := range def.Stages[0].Steps {
			key := workflow.StepKey{Step: s.ID}
			if s.Optional {
				err = r.Skip(act, key, 0)
			} else {
				err = r.Done(act, key, 0, evidenceFor(&s, act.Actor, workflow.DateOf(d.now)))
			}
			if err != nil {
				return nil, err
			}
		}
		return r, nil
	})
	if err != nil {
		d.b.Fatal(err)
	}
	return len(run.Todos())
}

// tomorrow is the next working morning.
func (d *digest) tomorrow() {
	for d.now = time.Date(d.now.Year(), d.now.Month(), d.now.Day()+1, 9, 30, 0, 0, time.UTC); d.now.Weekday() == time.Saturday || d.now.Weekday() == time.Sunday; {
		d.now = d.now.AddDate(0, 0, 1)
	}
}

// draw draws what everybody is to be shown, and notes that it is.
func (d *digest) draw() (mornings int) {
	d.b.Helper()
	for _, who := range d.people {
		m, err := d.store.Message(d.b.Context(), store.MessageID("morning."+string(who)))
		if err != nil {
			d.b.Fatal(err)
		}
		letter, err := d.reminder.Morning(d.b.Context(), who, m.About)
		if err != nil {
			d.b.Fatal(err)
		}
		if len(letter.Rows) == reminder.MostRows && len(view.Names{}.Morning(letter, d.now).Blocks) > reminder.MostRows {
			mornings++
		}
	}
	return mornings
}

// Profile implements [workflow.Directory]: everybody is in London.
func (d *digest) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Zone: time.UTC}, nil
}

// Roster implements [workflow.Directory].
func (d *digest) Roster(*workflow.Definition) workflow.Roster { return workflow.Roster{} }
