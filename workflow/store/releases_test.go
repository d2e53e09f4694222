package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

func TestPublications(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := openUpkeep(t, o)
		b.says("aws", "17.5.0")
		first := b.releases("17.5.1", "aws")
		b.stand("begun", "aws", "17.5.0; 17.5.1")
		b.publishes(first, "aws")
		b.stand("live", "aws", "17.5.1; 17.5.1*")
		list, err := b.Publications(ctx, "aws")
		must(t, err)
		if len(list) != 2 || list[0].Run != first.ID || list[0].By != "" || list[1].By != ana || list[1].Version != version("17.5.0") {
			t.Errorf("live were %+v", list)
		}
		b.update(first.ID, func(r *workflow.Run) error { return r.Undo(b.act(omar), live("aws"), 0) })
		b.stand("undone", "aws", "17.5.0; 17.5.1")
		b.publishes(first, "aws")
		b.clock.advance(time.Hour)
		b.update(first.ID, func(r *workflow.Run) error { return r.Reopen(b.act(omar), live("aws"), 0) })
		b.stand("reopened", "aws", "17.5.0; 17.5.1")
		b.publishes(first, "aws")
		second := b.releases("17.5.2", "aws")
		b.publishes(second, "aws")
		b.stand("the next is live", "aws", "17.5.2; 17.5.1* 17.5.2*")
		b.update(first.ID, func(r *workflow.Run) error { return r.Reopen(b.act(omar), live("aws"), 0) })
		b.stand("the one before is taken back, and a newer one is live", "aws", "17.5.2; 17.5.1* 17.5.2*")
		b.update(second.ID, func(r *workflow.Run) error { return r.Reopen(b.act(omar), live("aws"), 0) })
		b.stand("both are taken back", "aws", "17.5.0; 17.5.1 17.5.2")
		b.says("aws", "17.5.2")
		b.stand("a person says so", "aws", "17.5.2; 17.5.1* 17.5.2*")
		b.says("aws", "17.5.1")
		b.stand("and takes it back in part", "aws", "17.5.1; 17.5.1* 17.5.2")
		b.says("aws", "")
		b.stand("and does not know", "aws", "; 17.5.1* 17.5.2")
		b = b.reopen()
		b.stand("after a restart", "aws", "; 17.5.1* 17.5.2")
	})
}

// A listing that a run brought into the catalogue leaves it when that is undone; one
// that a person knew stays.
func TestListingOfARunIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		b := openUpkeep(t, o)
		r := b.releases("17.5.1", "aws", "azure")
		b.says("azure", "")
		b.publishes(r, "aws")
		b.publishes(r, "azure")
		b.stand("live", "aws", "17.5.1; 17.5.1*")
		for _, id := range []workflow.ListingID{"aws", "azure"} {
			b.update(r.ID, func(r *workflow.Run) error { return r.Undo(b.act(omar), live(id), 0) })
		}
		b.stand("undone", "aws", "gone; 17.5.1")
		b.stand("undone, and a person knew it", "azure", "; 17.5.1")
	})
}

func TestOwed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := openUpkeep(t, o)
		r := b.releases("17.5.1", "aws", "azure")
		b.publishes(r, "aws")
		promised, err := b.Promised(ctx)
		must(t, err)
		if diff := cmp.Diff(map[workflow.ListingID]time.Time{"azure": r.Promise}, promised); diff != "" {
			t.Errorf("promised (-want +got):\n%s", diff)
		}
		for since, want := range map[workflow.Date]int{"0001-01-01": 2, workflow.DateOf(r.Promise): 2, "9999": 1} {
			if owed, err := b.Owed(ctx, since); err != nil || len(owed) != want {
				t.Errorf("since %s %d are owed, want %d: %v", since, len(owed), want, err)
			}
		}
		if found, err := b.Explain(ctx, b.next(), version("17.5.1"), "aws", "it's “late”"); !found || err != nil {
			t.Errorf("a cause was not kept: %v", err)
		}
		if found, err := b.Explain(ctx, b.next(), version("17.5.2"), "aws", "it was late"); found || err != nil {
			t.Errorf("a cause of nothing was kept: %v", err)
		}
		if _, err := b.Explain(ctx, b.next(), version("17.5.1"), "aws", "a NUL \x00"); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("a cause that cannot be kept: %v", err)
		}
		request := b.next()
		for _, cause := range []string{"said first", "said again by the same request"} {
			if found, err := b.Explain(ctx, request, version("17.5.1"), "azure", cause); !found || err != nil {
				t.Errorf("%s: %v", cause, err)
			}
		}
		// A fix of the image owes the same version once more, and both are late for one cause.
		fix := b.releases("17.5.1", "aws")
		if found, err := b.Explain(ctx, b.next(), version("17.5.1"), "aws", "both"); !found || err != nil {
			t.Errorf("a cause of two was not kept: %v", err)
		}
		owed, err := b.Owed(ctx, "0001-01-01")
		must(t, err)
		if len(owed) != 3 || owed[0].Cause != "both" || owed[1].Cause != "both" || owed[2].Cause != "said first" || !slices.ContainsFunc(owed, func(o workflow.Owed) bool { return o.Run == fix.ID }) {
			t.Errorf("owed are %+v", owed)
		}
		// Late days are those of the lane.
		b.clock.advance(5 * 24 * time.Hour)
		b.publishes(r, "azure")
		owed, err = b.Owed(ctx, "0001-01-01")
		must(t, err)
		if late := owed[2].Late; owed[2].Listing != "azure" || late.Days != 2 || late.Ours != 2 || owed[2].By != r.ID {
			t.Errorf("it was late as %+v", owed[2])
		}
		// Another kind moves when it was due.
		c := *fix.Catalyst
		c.Kind = workflow.CatalystSecurity
		b.update(fix.ID, func(r *workflow.Run) error { return r.Classify(b.act(omar), c) })
		owed, err = b.Owed(ctx, "0001-01-01")
		must(t, err)
		i := slices.IndexFunc(owed, func(o workflow.Owed) bool { return o.Run == fix.ID })
		if owed[i].Kind != workflow.CatalystSecurity || !owed[i].Due.Equal(closing(workflow.DateOf(start.AddDate(0, 0, 1)))) || owed[i].Cause != "both" {
			t.Errorf("of another kind it is owed as %+v", owed[i])
		}
	})
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

func TestChangeListings(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		b := open(t, o)
		add := func(id workflow.ListingID) func(are []*workflow.Listed) error {
			return func(are []*workflow.Listed) error {
				for i := range are {
					if are[i] == nil {
						are[i] = &workflow.Listed{Listing: workflow.Listing{ID: id, Edition: "CE"}, Regions: []workflow.Region{{Name: "eu", Version: version("17.5.0")}},
							Texts: workflow.Texts{Title: "GitLab", Long: "two\nlines"}, Branch: workflow.Branch{Major: 17, Minor: 5}, Added: start}
					}
					are[i].Pricing += "x"
				}
				return nil
			}
		}
		request := b.next()
		for range 3 {
			must(t, b.ChangeListings(ctx, request, ana, []workflow.ListingID{"aws"}, add("aws")))
		}
		list, err := b.Catalogue(ctx)
		must(t, err)
		if len(list) != 1 || list[0].Pricing != "x" || list[0].Revision != 1 || list[0].Texts.Long != "two\nlines" || list[0].Branch.Minor != 5 {
			t.Errorf("by one request, three times: %+v", list)
		}
		refusal := workflow.Fail(workflow.Invalid, "No.")
		if err := b.ChangeListings(ctx, b.next(), ana, []workflow.ListingID{"aws", "azure"}, func(are []*workflow.Listed) error {
			are[0].Pricing = "changed"
			are[1] = &workflow.Listed{Listing: workflow.Listing{ID: "azure"}}
			return refusal
		}); !errors.Is(err, refusal) {
			t.Errorf("refused with %v", err)
		}
		if err := b.ChangeListings(ctx, b.next(), ana, []workflow.ListingID{"aws", "azure"}, func(are []*workflow.Listed) error {
			are[0].Pricing = "changed"
			are[1] = &workflow.Listed{Listing: workflow.Listing{ID: "azure", Edition: "\x00"}}
			return nil
		}); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("what cannot be kept: %v", err)
		}
		if err := b.ChangeListings(ctx, "", ana, nil, nil); err == nil {
			t.Error("without a request it is changed")
		}
		list, err = b.Catalogue(ctx)
		must(t, err)
		if len(list) != 1 || list[0].Pricing != "x" {
			t.Errorf("what was refused in part was kept: %+v", list)
		}
		must(t, b.ChangeListings(ctx, b.next(), ana, []workflow.ListingID{"aws"}, func([]*workflow.Listed) error { return nil }))
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
		is("at rest, never set", take(workflow.WatchWork, start, time.Time{}), 0)
		must(t, b.SetWatch(ctx, workflow.WatchWork, start))
		is("at rest, set", take(workflow.WatchWork, start, time.Time{}), 1)
		is("at rest again", take(workflow.WatchWork, start.AddDate(1, 0, 0), time.Time{}), 0)
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
			mine, err := b.TakeWatch(ctx, workflow.WatchWork, b.clock.now(), time.Time{})
			if err != nil || mine != want {
				t.Errorf("%s wakes: %v, %v", what, mine, err)
			}
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
