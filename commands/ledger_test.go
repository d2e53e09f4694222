package commands_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/listingfile"
	"cloudimage/workflow/maintenance"
)

// ledger keeps the catalogue and the releases in memory, as a store does on disk: what
// runs publish and owe is in it with the change of the run.
type ledger struct {
	mu       sync.Mutex
	releases map[workflow.Version]workflow.Release
	listings map[workflow.ListingID]workflow.Listed
	past     map[workflow.ListingID][]workflow.Publication
	owed     map[debt]workflow.Owed
	seen     map[workflow.RequestID]bool
	broken   bool // it answers nothing
}

// debt is what one thing that is owed is kept by.
type debt struct {
	listing workflow.ListingID
	version workflow.Version
	run     workflow.RunID
}

var _ maintenance.Book = (*ledger)(nil)

var errBroken = errors.New("the ledger is gone")

func newLedger() *ledger {
	return &ledger{releases: map[workflow.Version]workflow.Release{}, listings: map[workflow.ListingID]workflow.Listed{},
		past: map[workflow.ListingID][]workflow.Publication{}, owed: map[debt]workflow.Owed{}, seen: map[workflow.RequestID]bool{}}
}

// clone is another ledger with the same in it.
func (b *ledger) clone() *ledger {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &ledger{releases: maps.Clone(b.releases), listings: maps.Clone(b.listings), past: maps.Clone(b.past), owed: maps.Clone(b.owed), seen: maps.Clone(b.seen)}
}

// hold begins what touches the ledger.
func (b *ledger) hold() error {
	b.mu.Lock()
	if b.broken {
		b.mu.Unlock()
		return errBroken
	}
	return nil
}

func (b *ledger) Releases(context.Context) (out []workflow.Release, err error) {
	if err := b.hold(); err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	for _, v := range slices.SortedFunc(maps.Keys(b.releases), workflow.Version.Compare) {
		r := b.releases[v]
		c := r.Clone()
		c.Revision = r.Revision
		out = append(out, c)
	}
	return out, nil
}

func (b *ledger) SaveReleases(_ context.Context, list []workflow.Release, owed []workflow.Owed) (saved bool, err error) {
	if err := b.hold(); err != nil {
		return false, err
	}
	defer b.mu.Unlock()
	for _, r := range list {
		if b.releases[r.Version].Revision != r.Revision {
			return false, nil
		}
	}
	for _, r := range list {
		c := r.Clone()
		c.Revision = r.Revision + 1
		b.releases[r.Version] = c
	}
	for _, o := range owed {
		b.owe(o)
	}
	return true, nil
}

func (b *ledger) Catalogue(context.Context) (out []workflow.Listed, err error) {
	if err := b.hold(); err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(b.listings)) {
		l := b.listings[id]
		out = append(out, l.Clone())
	}
	return out, nil
}

func (b *ledger) ChangeListings(_ context.Context, request workflow.RequestID, by workflow.UserID, ids []workflow.ListingID, change func([]*workflow.Listed) error) error {
	if err := b.hold(); err != nil {
		return err
	}
	defer b.mu.Unlock()
	if b.seen[request] {
		return nil
	}
	are := make([]*workflow.Listed, len(ids))
	for i, id := range ids {
		if l, is := b.listings[id]; is {
			c := l.Clone()
			are[i] = &c
		}
	}
	if err := change(are); err != nil {
		return err
	}
	b.seen[request] = true
	for i, l := range are {
		if l == nil {
			continue
		}
		was := b.listings[ids[i]]
		l.Revision = was.Revision + 1
		b.listings[ids[i]] = *l
		if !l.Published.IsZero() && l.Published != was.Published {
			b.live(l.ID, workflow.Publication{Version: l.Published, At: l.At, By: by}, workflow.Lateness{})
		}
	}
	return nil
}

// live notes that a version is live, and what is thereby owed no more.
func (b *ledger) live(id workflow.ListingID, p workflow.Publication, late workflow.Lateness) {
	b.past[id] = append([]workflow.Publication{p}, b.past[id]...)
	for key, o := range b.owed {
		if o.Listing == id && o.Met.IsZero() && o.Version.Compare(p.Version) <= 0 {
			o.Met, o.By, o.Late = p.At, p.Run, late
			b.owed[key] = o
		}
	}
}

func (b *ledger) owe(o workflow.Owed) {
	key := debt{o.Listing, o.Version, o.Run}
	if was, is := b.owed[key]; is {
		was.Kind, was.Since, was.Due = o.Kind, o.Since, o.Due
		o = was
	}
	b.owed[key] = o
}

// heard takes up what a change of a run says.
func (b *ledger) heard(before, after *workflow.Run) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range after.Published(before) {
		if !p.Live {
			continue
		}
		l := b.listings[p.Listing.ID]
		if l.ID == "" {
			l.Added, l.Run = p.At, after.ID
		}
		p.Into(&l)
		l.Revision++
		b.listings[l.ID] = l
		b.live(l.ID, workflow.Publication{Version: p.Version, At: p.At, Run: after.ID}, after.LatenessOf(p.Key, p.At))
	}
	for _, o := range after.Owes(before) {
		b.owe(o)
	}
}

func (b *ledger) Promised(context.Context) (map[workflow.ListingID]time.Time, error) {
	if err := b.hold(); err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	out := map[workflow.ListingID]time.Time{}
	for _, o := range b.owed {
		if due, is := out[o.Listing]; o.Met.IsZero() && (!is || o.Due.Before(due)) {
			out[o.Listing] = o.Due
		}
	}
	return out, nil
}

func (b *ledger) Owed(_ context.Context, since workflow.Date) (out []workflow.Owed, err error) {
	if err := b.hold(); err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	for _, o := range b.owed {
		if o.Met.IsZero() || workflow.DateOf(o.Due) >= since {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(x, y workflow.Owed) int {
		return cmp.Or(x.Version.Compare(y.Version), cmp.Compare(x.Listing, y.Listing), cmp.Compare(x.Run, y.Run))
	})
	return out, nil
}

func (b *ledger) Publications(_ context.Context, id workflow.ListingID) ([]workflow.Publication, error) {
	if err := b.hold(); err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	return slices.Clone(b.past[id]), nil
}

func (b *ledger) Explain(_ context.Context, request workflow.RequestID, version workflow.Version, listing workflow.ListingID, cause string) (found bool, err error) {
	if err := b.hold(); err != nil {
		return false, err
	}
	defer b.mu.Unlock()
	for key, o := range b.owed {
		if key.listing == listing && key.version == version {
			o.Cause, found = cause, true
			b.owed[key] = o
		}
	}
	return found, nil
}

func (*ledger) MoveWatch(context.Context, workflow.Watch, time.Time, time.Time) error { return nil }

func (*ledger) TakeWatch(context.Context, workflow.Watch, time.Time, time.Time) (bool, error) {
	return false, nil
}

func (*ledger) SetWatch(context.Context, workflow.Watch, time.Time) error { return nil }

// same reports whether two ledgers have the same in them.
func (b *ledger) same(o *ledger) bool {
	changes := func(b *ledger) (n int64) {
		for _, r := range b.releases {
			n += r.Revision
		}
		for _, l := range b.listings {
			n += l.Revision
		}
		for _, o := range b.owed {
			n += int64(len(o.Cause))
		}
		return n
	}
	return changes(b) == changes(o) && len(b.owed) == len(o.owed)
}

// keepsReleases gives the desk of an office a catalogue.
func (o *office) keepsReleases(options *commands.Options) {
	options.Maintenance = maintenance.New(maintenance.Options{
		Service: o.service, Book: o.shelf.ledger, Process: "image-maintenance",
		Product: maintenance.Product{Name: "GitLab", Editions: []string{"CE", "EE"}},
		Now:     func() time.Time { return o.now }, Logger: slog.New(slog.DiscardHandler),
	})
	options.ReadListings = func(name string, src []byte) ([]workflow.Listed, error) {
		return listingfile.Parse(name, src, listingfile.Options{Editions: []string{"CE", "EE"}, Teams: []workflow.TeamID{"omnibus"}, Now: o.now})
	}
	options.WriteListings = listingfile.CSV
}

// newUpkeep is an office in which releases are worked on.
func newUpkeep(t *testing.T) *office {
	t.Helper()
	runs := newShelf()
	runs.ledger = newLedger()
	return openOffice(t, runs, friday)
}

// lists adds a listing to the catalogue, as omar.
func (o *office) lists(partner, provider, edition, version string, more ...string) {
	o.t.Helper()
	v := commands.Values{"partner": {partner}, "provider": {provider}, "edition": {edition}, "delivery": {"image"}, "version": {version}}
	for i := 0; i+1 < len(more); i += 2 {
		v[workflow.FieldID(more[i])] = []string{more[i+1]}
	}
	if _, err := o.do("omar", commands.Request{Verb: "listing", Target: commands.Target{Field: "add", Channel: "C1"}, Values: v}); err != nil {
		o.t.Fatalf("list %s: %v", partner, err)
	}
}
