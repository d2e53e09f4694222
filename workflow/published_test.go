package workflow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// change is what a run says after something was done to it.
func (p *play) change(do func()) (published []workflow.Published, owed []workflow.Owed) {
	before := p.Clone()
	p.Run = p.Run.Clone()
	do()
	return p.Published(before), p.Owes(before)
}

func TestPublished(t *testing.T) {
	t.Parallel()
	p := released(t)
	ce := key("update-image@aws-ce-image")
	is := func(what string, live int, got []workflow.Published) {
		t.Helper()
		switch {
		case live == 0 && len(got) == 0:
		case len(got) == 1 && got[0].Key == ce && got[0].Live == (live > 0) && got[0].Listing.ID == ceLane && got[0].Version.String() == "17.5.1" && got[0].Channel == "C0CARDS":
			if got[0].Live && !got[0].At.Equal(p.Steps[ce].At) {
				t.Errorf("%s: it is live since %s", what, got[0].At)
			}
		default:
			t.Errorf("%s: %+v", what, got)
		}
	}
	got, _ := p.change(func() { p.done(omar, "create-issue") })
	is("another step", 0, got)
	got, _ = p.change(func() { p.done(omar, "update-image@aws-ce-image") })
	is("done", 1, got)
	got, _ = p.change(func() { p.must(p.Undo(p.by(omar), ce, 0)) })
	is("undone", -1, got)
	got, _ = p.change(func() { p.LiveAlready(p.itself(), []workflow.ListingID{ceLane}) })
	is("live by another way", 1, got)
	got, _ = p.change(func() { p.must(p.Reopen(p.by(omar), ce, 0)) })
	is("reopened", -1, got)
	got, _ = p.change(func() {
		p.done(omar, "update-image@aws-ce-image")
		p.must(p.Undo(p.by(omar), ce, 0))
	})
	is("done and undone at once", 0, got)
	got, _ = p.change(func() { p.must(p.Waive(p.because(omar, "no"), ce, 0)) })
	is("waived", 0, got)
	got, _ = p.change(func() { p.must(p.Reopen(p.by(omar), ce, 0)) })
	is("a waived one reopened", 0, got)
	got, _ = p.change(func() { p.must(p.Supersede(p.itself(), next, []workflow.ListingID{ceLane})) })
	is("given up", 0, got)
	if got := released(t).Published(nil); len(got) > 0 {
		t.Errorf("as it begins: %+v", got)
	}
}

func TestPublishedOfAPartnership(t *testing.T) {
	t.Parallel()
	p := begin(t)
	def := p.Definition()
	golive, _, _ := def.Step("go-live")
	golive.Publishes = true
	before := p.Clone()
	p.rest()
	got := p.Published(before)
	if len(got) != 1 || got[0].Listing.ID != "digitalocean-ce-image" || got[0].Listing.Partner != "DigitalOcean" {
		t.Fatalf("it published %+v", got)
	}
	var l workflow.Listed
	got[0].Into(&l)
	if l.ID != "digitalocean-ce-image" || l.Product == "" || l.Pricing != "BYOL" || !l.Published.IsZero() || l.Channel != "C0CARDS" {
		t.Errorf("it comes into the catalogue as %+v", l)
	}
	l.Retired, l.Pricing = monday, "Free"
	again := got[0]
	again.Listing.Facts, again.Version = nil, workflow.Version{Major: 17}
	again.Into(&l)
	if !l.Retired.IsZero() || l.Pricing != "Free" || l.Published.Major != 17 {
		t.Errorf("published again it is %+v", l)
	}
}

func TestOwes(t *testing.T) {
	t.Parallel()
	friday := monday.AddDate(0, 0, 4)
	release := func(due time.Time, ids ...workflow.ListingID) (out []workflow.Owed) {
		for _, id := range ids {
			out = append(out, workflow.Owed{Version: workflow.Version{Major: 17, Minor: 5, Patch: 1}, Listing: id, Kind: workflow.CatalystRelease,
				Run: "run1", Since: monday, Due: due})
		}
		return out
	}
	promise := week{}.After(om, monday, 3).UTC()
	is := func(what string, want, got []workflow.Owed) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	p := released(t)
	is("as it begins", release(promise, ceLane, eeLane), p.Owes(nil))
	_, got := p.change(func() { p.done(omar, "create-issue") })
	is("another step", nil, got)
	azure := lane("EE")
	azure.ID, azure.Since, azure.Owed = "azure-ee-image", friday, monday
	_, got = p.change(func() { p.must(p.Join(p.itself(), azure)) })
	late := release(week{}.After(om, friday, 3).UTC(), "azure-ee-image")
	late[0].Since = friday
	is("a listing joins", late, got)
	c := *p.Catalyst
	c.Kind = workflow.CatalystSecurity
	_, got = p.change(func() { p.must(p.Classify(p.itself(), c)) })
	if len(got) != 3 || got[0].Kind != workflow.CatalystSecurity || !got[0].Due.Equal(week{}.After(om, monday, 1).UTC()) || !got[2].Due.Equal(week{}.After(om, friday, 1).UTC()) {
		t.Errorf("of another kind it owes %+v", got)
	}
	_, got = p.change(func() { p.must(p.Supersede(p.itself(), next, p.OpenLanes())) })
	is("superseded", nil, got)

	proposed := released(t, func(s *workflow.Start) { s.Proposed, s.Owner = true, "" })
	is("a proposal", nil, proposed.Owes(nil))
	_, got = proposed.change(func() { proposed.must(proposed.Accept(proposed.by(omar))) })
	is("accepted", release(promise, ceLane, eeLane), got)
	partnership := begin(t)
	is("a partnership", nil, partnership.Owes(nil))
}
