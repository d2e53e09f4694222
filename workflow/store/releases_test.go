package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// upkeep is a process of catalysts: one step by which a listing goes live.
func upkeep() *workflow.Definition {
	return &workflow.Definition{
		Name: "upkeep", Title: "Upkeep", Subject: workflow.SubjectCatalyst, Owner: "om", Promise: workflow.Promise{Days: 3, Security: 1},
		Teams: []workflow.Team{{ID: "om", Name: "Packing"}},
		Stages: []workflow.Stage{{ID: "build", Number: "1", Title: "Build", Team: "om", Steps: []workflow.Step{
			{ID: "live", Number: "1.1", Title: "Update", Team: "om", PerListing: true, Publishes: true},
			{ID: "end", Number: "1.2", Title: "Documentation", Team: "om"},
		}}},
		Source: "name: upkeep\n", Hash: "hash-of-upkeep",
	}
}

func version(s string) workflow.Version {
	v, ok := workflow.ParseVersion(s)
	if !ok {
		panic(s + " is no version")
	}
	return v
}

// openUpkeep opens a store that knows the process.
func openUpkeep(t *testing.T, o store.Options) *bundle {
	t.Helper()
	parse := o.Parse
	o.Parse = func(name string, source []byte) (*workflow.Definition, error) {
		if d := upkeep(); name == string(d.Name) {
			return d, nil
		}
		return parse(name, source)
	}
	return open(t, o)
}

// releases begins a run about a version for listings.
func (b *bundle) releases(v string, ids ...workflow.ListingID) *workflow.Run {
	b.t.Helper()
	r, err := b.Create(context.Background(), b.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
		start := workflow.Start{ID: id, Number: number, Partner: "GitLab " + v, Channel: cards, Owner: omar,
			Catalyst: &workflow.Catalyst{Kind: workflow.CatalystRelease, At: b.clock.now(), Version: version(v)}}
		for _, l := range ids {
			start.Listings = append(start.Listings, workflow.Listing{ID: l, Edition: "CE", Delivery: workflow.Image, Provider: workflow.AWS, Partner: string(l)})
		}
		return workflow.Begin(b.act(workflow.Bot), upkeep(), days{}, start)
	})
	must(b.t, err)
	return r
}

func live(id workflow.ListingID) workflow.StepKey {
	return workflow.StepKey{Step: "live", Listing: id}
}

func (b *bundle) publishes(r *workflow.Run, id workflow.ListingID) {
	b.t.Helper()
	b.clock.advance(time.Minute)
	b.update(r.ID, func(r *workflow.Run) error { return r.Done(b.act(omar), live(id), 0, nil) })
}

// says is a person who says which version of a listing is live; empty for not known.
func (b *bundle) says(id workflow.ListingID, v string) {
	b.t.Helper()
	b.clock.advance(time.Minute)
	must(b.t, b.ChangeListings(context.Background(), b.next(), ana, []workflow.ListingID{id}, func(are []*workflow.Listed) error {
		if are[0] == nil {
			are[0] = &workflow.Listed{Listing: workflow.Listing{ID: id, Edition: "CE", Delivery: workflow.Image, Provider: workflow.AWS, Partner: string(id)}, Added: b.clock.now()}
		}
		are[0].Published, are[0].At = workflow.Version{}, time.Time{}
		if v != "" {
			are[0].Published, are[0].At = version(v), b.clock.now()
		}
		return nil
	}))
}

// stands is how a listing stands: "17.5.1; 17.5.0 17.5.1*", the version that is live and
// what is owed, with a star where that is met.
func (b *bundle) stands(id workflow.ListingID) string {
	b.t.Helper()
	out := "gone"
	all, err := b.Catalogue(context.Background())
	must(b.t, err)
	for _, l := range all {
		if l.ID == id {
			out = l.Published.String()
		}
	}
	owed, err := b.Owed(context.Background(), "0001-01-01")
	must(b.t, err)
	out += ";"
	for _, o := range owed {
		if o.Listing == id {
			out += " " + o.Version.String()
			if !o.Met.IsZero() {
				out += "*"
			}
		}
	}
	return out
}

func (b *bundle) stand(what string, id workflow.ListingID, want string) {
	b.t.Helper()
	if got := b.stands(id); got != want {
		b.t.Errorf("%s: %s stands as %q, want %q", what, id, got, want)
	}
}

func TestReleases(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := open(t, o)
		v := version("17.10.0+2")
		r := workflow.Release{Version: v, Seen: start, Tags: []workflow.Tag{{Name: "17.10.0+ee.2", Version: v, Edition: "EE", At: start}},
			Packages: []workflow.Package{{Edition: "EE", Version: v, Distribution: "noble", Architecture: "amd64", URL: "https://p.example", SHA256: "00", Size: 7}},
			Packaged: map[string]time.Time{"EE": start}, Announcement: &workflow.Announcement{Title: "“17.10”", At: start, Versions: []workflow.Version{v}, Kind: workflow.AnnouncesPatch, Fixes: true, Whole: true, Severity: "high"},
			Opinion: &workflow.Opinion{Of: version("17.9.0"), Latest: v, Standing: workflow.StandingInDanger, Critical: true},
			Rulings: []workflow.Ruling{{By: ana, At: start, Kind: workflow.CatalystFix, Note: "a note"}}, ByHand: true, State: workflow.ReleaseOut, Kind: workflow.CatalystFix, Unsure: true,
			Published: start, Runs: []workflow.RunID{"r1"}, Next: version("17.11.0")}
		older := workflow.Release{Version: version("17.9.1"), Seen: start, State: workflow.ReleaseBefore}
		save := func(want bool, list ...workflow.Release) {
			t.Helper()
			if saved, err := b.SaveReleases(ctx, list, nil); saved != want || err != nil {
				t.Errorf("saved: %v, %v", saved, err)
			}
		}
		read := func() []workflow.Release {
			t.Helper()
			list, err := b.Releases(ctx)
			must(t, err)
			return list
		}
		save(true, r, older)
		save(false, r) // it is there, and was not read
		got := read()
		if diff := cmp.Diff([]workflow.Release{older, r}, got, cmpopts.IgnoreFields(workflow.Release{}, "Revision")); diff != "" {
			t.Errorf("releases come back changed (-saved +read):\n%s", diff)
		}
		stale := got[0].Clone()
		got[0].State = workflow.ReleaseWaits
		save(true, got[0])
		fresh := workflow.Release{Version: version("18.0.0"), Seen: start, State: workflow.ReleaseWaits}
		save(false, fresh, stale) // all or none
		if list := read(); len(list) != 2 || list[0].State != workflow.ReleaseWaits || list[0].Revision != 2 || list[1].Revision != 1 {
			t.Errorf("after what was refused: %+v", list)
		}
		if _, err := b.SaveReleases(ctx, []workflow.Release{{Version: version("19.0.0"), Rulings: []workflow.Ruling{{Note: "\x00"}}}}, nil); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("what cannot be kept: %v", err)
		}

		// What is owed is kept with them, and is nothing once it is none of ours.
		owed := []workflow.Owed{{Version: v, Listing: "aws", Kind: workflow.CatalystRelease, Since: start, Due: start.AddDate(0, 0, 3)}}
		list := read()
		saved, err := b.SaveReleases(ctx, list[1:], owed)
		if !saved || err != nil {
			t.Fatalf("saved: %v, %v", saved, err)
		}
		back, err := b.Owed(ctx, "9999")
		must(t, err)
		if diff := cmp.Diff(owed, back); diff != "" {
			t.Errorf("owed (-want +got):\n%s", diff)
		}
		list = read()
		list[1].State = workflow.ReleaseDropped
		save(true, list[1])
		if back, err := b.Owed(ctx, "0001-01-01"); err != nil || len(back) > 0 {
			t.Errorf("of what is none of ours %v is owed: %v", back, err)
		}
	})
}

// Of many who change one record at a time, each sees what those before have done.
func TestReleaseIsChangedByOneAtATime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := open(t, o)
		other := b
		if o.DSN[0] != '/' {
			other = open(t, o) // a replica
		}
		saved, err := b.SaveReleases(ctx, []workflow.Release{{Version: version("17.5.1"), Seen: start, State: workflow.ReleaseWaits}}, nil)
		if !saved || err != nil {
			t.Fatalf("saved: %v, %v", saved, err)
		}
		const times = 10
		var wg sync.WaitGroup
		for i := range 4 {
			s := []*bundle{b, other}[i%2]
			wg.Go(func() {
				for n := 0; n < times; {
					list, err := s.Releases(ctx)
					if err != nil {
						t.Error(err)
						return
					}
					list[0].Rulings = append(list[0].Rulings, workflow.Ruling{By: ana, At: start})
					saved, err := s.SaveReleases(ctx, list, nil)
					if err != nil {
						t.Error(err)
						return
					}
					if saved {
						n++
					}
				}
			})
		}
		wg.Wait()
		list, err := b.Releases(ctx)
		must(t, err)
		if n := len(list[0].Rulings); n != 4*times {
			t.Errorf("%d changes are there, of %d", n, 4*times)
		}
	})
}

func TestWatches(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := open(t, o)
		other := b
		if o.DSN[0] != '/' {
			other = open(t, o)
		}
		take := func(w workflow.Watch, now, next time.Time) int64 {
			t.Helper()
			var taken atomic.Int64
			var wg sync.WaitGroup
			for i := range 6 {
				s := []*bundle{b, other}[i%2]
				wg.Go(func() {
					mine, err := s.TakeWatch(ctx, w, now, next)
					if err != nil {
						t.Error(err)
					}
					if mine {
						taken.Add(1)
					}
				})
			}
			wg.Wait()
			return taken.Load()
		}
		is := func(what string, got, want int64) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %d took it, want %d", what, got, want)
			}
		}
		later := start.Add(10 * time.Minute)
		is("never set", take(workflow.WatchSources, start, later), 1)
		is("not run out", take(workflow.WatchSources, start.Add(time.Minute), later), 0)
		is("run out", take(workflow.WatchSources, later, later.Add(time.Hour)), 1)
		must(t, b.SetWatch(ctx, workflow.WatchSources, start.Add(48*time.Hour))) // later than it would
		is("put off", take(workflow.WatchSources, later.Add(time.Hour), later.Add(2*time.Hour)), 1)
		must(t, b.SetWatch(ctx, workflow.WatchSources, start))
		is("brought forward", take(workflow.WatchSources, start, later), 1)
		must(t, b.MoveWatch(ctx, workflow.WatchSources, later, later.Add(time.Hour)))
		is("moved", take(workflow.WatchSources, later, later.Add(time.Hour)), 0)
		must(t, b.MoveWatch(ctx, workflow.WatchSources, later, start)) // it runs out another time
		is("not moved", take(workflow.WatchSources, later, later.Add(time.Hour)), 0)
		is("taken for a while", take(workflow.WatchWork, start, later), 1)
		is("by one who was stopped", take(workflow.WatchWork, later, later.Add(time.Minute)), 1)
		must(t, b.MoveWatch(ctx, workflow.WatchWork, later.Add(time.Minute), time.Time{}))
		is("at rest", take(workflow.WatchWork, start.AddDate(1, 0, 0), start.AddDate(2, 0, 0)), 0)
		must(t, b.SetWatch(ctx, workflow.WatchWork, start))
		is("at rest, set", take(workflow.WatchWork, start, later), 1)
		must(t, b.SetWatch(ctx, workflow.WatchWork, start.Add(time.Minute))) // while it is done
		must(t, b.MoveWatch(ctx, workflow.WatchWork, later, time.Time{}))
		is("set while it was done", take(workflow.WatchWork, start.Add(time.Minute), later), 1)
		if due, err := b.Due(ctx, start.AddDate(9, 0, 0), 100); err != nil || len(due) > 0 {
			t.Errorf("a watch is taken for the clock of a run: %v, %v", due, err)
		}
	})
}

// What changes the catalogue or a release wakes who looks at the work.
func TestWorkIsLookedAtAfterAChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := openUpkeep(t, o)
		wakes := func(what string, want bool) {
			t.Helper()
			until := b.clock.now().Add(time.Hour)
			mine, err := b.TakeWatch(ctx, workflow.WatchWork, b.clock.now(), until)
			if err != nil || mine != want {
				t.Errorf("%s wakes: %v, %v", what, mine, err)
			}
			must(t, b.MoveWatch(ctx, workflow.WatchWork, until, time.Time{}))
		}
		b.says("aws", "17.5.0")
		wakes("a person", true)
		_, err := b.SaveReleases(ctx, []workflow.Release{{Version: version("17.5.1"), Seen: start, State: workflow.ReleaseWaits}}, nil)
		must(t, err)
		wakes("a release", true)
		r := b.releases("17.5.1", "aws")
		wakes("a run that begins", false)
		b.update(r.ID, func(r *workflow.Run) error { return r.Note(b.act(ana), workflow.StepKey{}, "a note") })
		wakes("a note", false)
		b.publishes(r, "aws")
		wakes("a publication", true)
		b.update(r.ID, func(r *workflow.Run) error { return r.Done(b.act(omar), workflow.StepKey{Step: "end"}, 0, nil) })
		wakes("a run that ends", true)
	})
}

func TestManyListingsOfARun(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		b := openUpkeep(t, o)
		var ids []workflow.ListingID
		for i := range 300 {
			ids = append(ids, workflow.ListingID(fmt.Sprintf("listing-%d", i)))
		}
		r := b.releases("17.5.1", ids...)
		b = b.reopen()
		got, err := b.Run(context.Background(), r.ID)
		must(t, err)
		if diff := cmp.Diff(r, got, comparable); diff != "" {
			t.Errorf("before and after a restart:\n%s", diff)
		}
		owed, err := b.Owed(context.Background(), "9999")
		must(t, err)
		if len(owed) != len(ids) {
			t.Errorf("%d are owed it", len(owed))
		}
	})
}
