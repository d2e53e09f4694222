package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

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

// What a run closes because customers have a newer version was never live by it.
func TestNewerByAnotherWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		b := openUpkeep(t, o)
		run := b.releases("17.5.1", "aws")
		b.says("aws", "17.5.2")
		b.clock.advance(time.Hour)
		b.update(run.ID, func(r *workflow.Run) error {
			r.LiveAlready(b.act(workflow.Bot), []workflow.ListingID{"aws"})
			return nil
		})
		list, err := b.Publications(context.Background(), "aws")
		must(t, err)
		if len(list) != 1 || list[0].Version != version("17.5.2") || list[0].Run != "" {
			t.Errorf("live were %+v", list)
		}
		b.stand("at last", "aws", "17.5.2; 17.5.1*")
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
