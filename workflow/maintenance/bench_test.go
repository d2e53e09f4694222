package maintenance

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"cloudimage/workflow"
)

// The figures of these benchmarks are those of a big catalogue: thousands of listings,
// and two years of releases.
const (
	manyListings = 2000
	manyReleases = 24
)

// many are so many listings, the nth of which has a version.
func many(n int, has func(i int) workflow.Listed) []workflow.Listed {
	out := make([]workflow.Listed, n)
	for i := range out {
		out[i] = has(i)
		out[i].Partner, out[i].Edition = fmt.Sprintf("Partner %d", i), []string{"CE", "EE"}[i%2]
		out[i].Delivery, out[i].Provider = workflow.Image, workflow.Manual
		out[i].ID = workflow.ListedID(out[i].Partner, out[i].Edition, out[i].Delivery, "")
	}
	return out
}

// held is how many bytes are in use after what is not used was freed.
func held() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkPassWithNothingNew is a pass over sources that say what they said before.
func BenchmarkPassWithNothingNew(b *testing.B) {
	w := newWorld(b, "")
	for i := range manyReleases {
		w.releases(fmt.Sprintf("17.%d.0", i))
		w.advance(24 * time.Hour)
	}
	newest := workflow.Version{Major: 17, Minor: manyReleases - 1}
	w.pass()
	_, err := w.watch.Add(b.Context(), w.who(omar), many(manyListings, func(int) workflow.Listed { return workflow.Listed{Published: newest} }))
	must(b, err)
	w.releases("17.23.1") // so that a run of all of them is open
	w.pass()
	before := w.written()
	start := held()
	b.ReportAllocs()
	for b.Loop() {
		must(b, w.watch.Look(b.Context()))
		must(b, w.watch.Reconcile(b.Context()))
	}
	b.ReportMetric(held()-start, "held-B")
	if after := w.written(); after != before {
		b.Fatalf("it wrote: %.100s, and %.100s before", after, before)
	}
}

// BenchmarkOpenAllRuns is a pass that opens a run in each of the supported minor
// versions.
func BenchmarkOpenAllRuns(b *testing.B) {
	b.ReportAllocs()
	var grown float64
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, "{ concern: supported-minors, supported: 100 }")
		var patches []string
		for i := range manyReleases {
			w.releases(fmt.Sprintf("17.%d.0", i))
			patches = append(patches, fmt.Sprintf("17.%d.1", i))
		}
		w.pass()
		_, err := w.watch.Add(b.Context(), w.who(omar), many(manyListings, func(i int) workflow.Listed {
			return workflow.Listed{Published: workflow.Version{Major: 17, Minor: i % manyReleases}}
		}))
		must(b, err)
		w.releases(patches...)
		w.advance(time.Minute)
		start := held()
		b.StartTimer()
		must(b, w.watch.Look(b.Context()))
		must(b, w.watch.Reconcile(b.Context()))
		b.StopTimer()
		grown += held() - start
		lanes := 0
		for _, r := range w.open() {
			lanes += len(r.Listings)
		}
		if open := len(w.open()); open != manyReleases || lanes != manyListings {
			b.Fatalf("%d runs with %d lanes", open, lanes)
		}
		b.StartTimer()
	}
	b.ReportMetric(grown/float64(b.N), "held-B")
}

// BenchmarkReleasesOneAfterAnother is the strict case: each release concerns all
// listings, opens a run of them all, and supersedes the one before.
func BenchmarkReleasesOneAfterAnother(b *testing.B) {
	b.ReportAllocs()
	var grown float64
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, "")
		w.releases("17.5.0")
		w.pass()
		_, err := w.watch.Add(b.Context(), w.who(omar), many(manyListings, func(int) workflow.Listed {
			return workflow.Listed{Published: workflow.Version{Major: 17, Minor: 5}}
		}))
		must(b, err)
		start := held()
		b.StartTimer()
		for i := range manyReleases {
			w.releases(fmt.Sprintf("17.5.%d", i+1))
			w.advance(time.Hour)
			must(b, w.watch.Look(b.Context()))
			must(b, w.watch.Reconcile(b.Context()))
		}
		b.StopTimer()
		grown += held() - start
		if open := w.open(); len(open) != 1 || len(open[0].Listings) != manyListings {
			b.Fatalf("%d runs are open", len(open))
		}
		b.StartTimer()
	}
	b.ReportMetric(grown/float64(b.N), "held-B")
}

// BenchmarkBoardAndGrid draws the board and the heat map of listings that lack each of
// the releases.
func BenchmarkBoardAndGrid(b *testing.B) {
	w := newWorld(b, "")
	w.releases("17.5.0")
	w.pass()
	_, err := w.watch.Add(b.Context(), w.who(omar), many(manyListings, func(int) workflow.Listed {
		return workflow.Listed{Published: workflow.Version{Major: 17, Minor: 5}}
	}))
	must(b, err)
	listings, err := w.store.Catalogue(b.Context())
	must(b, err)
	var owed []workflow.Owed
	var list []workflow.Release
	for i := range manyReleases {
		v := workflow.Version{Major: 17, Minor: 5, Patch: i + 1}
		since := w.clock()
		list = append(list, workflow.Release{Version: v, Seen: since, State: workflow.ReleaseOut, Kind: workflow.CatalystRelease, Published: since})
		for _, l := range listings {
			owed = append(owed, workflow.Owed{Version: v, Listing: l.ID, Kind: workflow.CatalystRelease, Run: workflow.RunID(fmt.Sprint("r", i)),
				Since: since, Due: since.AddDate(0, 0, 3)})
		}
		w.advance(7 * 24 * time.Hour)
	}
	saved, err := w.store.SaveReleases(b.Context(), list, owed)
	must(b, err)
	if !saved {
		b.Fatal("the releases were not saved")
	}
	start := held()
	b.ReportAllocs()
	for b.Loop() {
		board, err := w.watch.Board(b.Context(), Filter{})
		must(b, err)
		grid, err := w.watch.Grid(b.Context(), board, 60, manyReleases)
		must(b, err)
		if len(board.Rows) != manyListings || len(grid.Versions) != manyReleases {
			b.Fatalf("%d rows and %d versions", len(board.Rows), len(grid.Versions))
		}
	}
	b.ReportMetric(held()-start, "held-B")
}
