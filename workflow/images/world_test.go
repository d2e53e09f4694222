package images_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/images"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

const (
	ana  workflow.UserID = "U0ANA"  // leads Strategic Partnerships
	omar workflow.UserID = "U0OMAR" // leads Omnibus, who build
	olu  workflow.UserID = "U0OLU"  // of Omnibus
	ned  workflow.UserID = "U0NED"  // of no team
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// office is the calendar of every team: Monday to Friday, 09:00 to 17:00 UTC.
type office struct{ *calendar.Calendar }

func (o office) After(_ workflow.TeamID, from time.Time, n int) time.Time { return o.Deadline(from, n) }
func (o office) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return o.Calendar.Before(calendar.DateOf(target.Time()), n)
}
func (o office) At(_ workflow.TeamID, on workflow.Date) time.Time {
	return o.Closing(calendar.DateOf(on.Time()))
}
func (o office) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return o.Calendar.Opening(o.Shift(o.Date(from), n))
}
func (o office) Between(_ workflow.TeamID, from, to time.Time) int {
	return o.Calendar.Between(from, to)
}

// town knows the people of these tests.
type town struct{}

func (town) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Zone: time.UTC}, nil
}

func (town) Roster(*workflow.Definition) workflow.Roster {
	team := func(who ...workflow.UserID) workflow.TeamRoster {
		return workflow.TeamRoster{Members: who, Lead: who[0]}
	}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{"strategic-partnerships": team(ana), "omnibus": team(omar, olu), "partner-marketing": team("U0MAYA")}}
}

// world is a service with a sky over it and a real store under it.
type world struct {
	testing.TB
	*sky
	at       atomic.Int64
	store    *store.Store
	runs     *workflow.Service
	service  *images.Service
	options  images.Options
	requests int
}

var regions = []string{"us-east-1", "eu-west-1", "ap-southeast-1"}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t}
	w.at.Store(monday.UnixNano())
	w.sky = newSky(w.clock)
	c, err := calendar.New(calendar.Options{})
	must(t, err)
	w.store, err = store.Open(t.Context(), store.Options{
		DSN: filepath.Join(t.TempDir(), "cloudimage.db"), Calendars: office{c}, Parse: process.Load, Now: w.clock, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, w.store.Close()) })
	defs, err := process.Embedded()
	must(t, err)
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		byName[d.Name] = d
	}
	w.runs = workflow.NewService(workflow.Options{Store: w.store, Library: w.store, Directory: town{}, Calendars: office{c}, Processes: byName, Now: w.clock})
	w.options = images.Options{
		Service: w.runs, Book: w.store, Product: "GitLab", Process: "image-maintenance", Team: "omnibus", Watch: w.store, Now: w.clock, Logger: slog.New(slog.DiscardHandler),
		Clouds: []images.Setup{{Cloud: w.sky, Region: regions[0], Regions: regions[1:], Machines: map[string]string{"amd64": "m6i.large", "arm64": "m6g.large"}, Distribution: "noble", Public: true, Grace: time.Hour}},
		Recipe: func(o *images.Order) (guest.Product, error) {
			p := guest.Omnibus(o.Edition, "17.6.2-ee.0", o.Architecture, "test")
			p.URL, p.SHA256 = o.Package.URL, o.Package.SHA256
			return p, nil
		},
	}
	w.restarts()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// restarts makes a service that remembers nothing but what is kept.
func (w *world) restarts() { w.service = images.New(w.options) }

func (w *world) clock() time.Time { return time.Unix(0, w.at.Load()).UTC() }

func (w *world) advance(d time.Duration) { w.at.Add(int64(d)) }

func (w *world) who(id workflow.UserID) workflow.Who {
	w.requests++
	return workflow.Who{User: id, Request: workflow.RequestID(fmt.Sprintf("request-%d", w.requests))}
}

func version(s string) workflow.Version {
	v, ok := workflow.ParseVersion(s)
	if !ok {
		panic(s + " is no version")
	}
	return v
}

// release opens the run of a version for listings of AWS: "ee", "ce", "ee arm64".
func (w *world) release(v string, listings ...string) *workflow.Run {
	w.Helper()
	c := &workflow.Catalyst{Kind: workflow.CatalystRelease, At: w.clock(), Version: version(v)}
	start := workflow.Start{Partner: "GitLab " + v, Channel: "C0CARDS", Catalyst: c}
	for _, text := range listings {
		edition, arch, _ := strings.Cut(text, " ")
		edition = strings.ToUpper(edition)
		l := workflow.Listing{Partner: "AWS", Edition: edition, Delivery: workflow.Image, Provider: workflow.AWS, Architecture: arch, Facts: map[workflow.FactName]string{workflow.FactProduct: "prod-" + strings.ToLower(edition) + arch}}
		l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
		start.Listings = append(start.Listings, l)
		if arch == "" {
			arch = "amd64"
		}
		c.Packages = append(c.Packages, workflow.Package{Edition: edition, Version: c.Version, Distribution: "noble", Architecture: arch,
			URL: "https://packages.example/gitlab_" + v + "_" + arch + ".deb", SHA256: fmt.Sprintf("%064x", len(text))})
	}
	r, err := w.runs.BeginItself(w.Context(), w.who("").Request, "image-maintenance", start)
	must(w, err)
	return r
}

// lanes are the lanes of a run that publish.
func lanes(r *workflow.Run) (out []workflow.StepKey) {
	for i := range r.Listings {
		out = append(out, workflow.StepKey{Step: "update-image", Listing: r.Listings[i].ID})
	}
	return out
}

// starts builds all lanes of a run.
func (w *world) starts(r *workflow.Run, publish bool) []*images.Build {
	w.Helper()
	var wants []images.Want
	for _, key := range lanes(r) {
		wants = append(wants, images.Want{Run: r.ID, Lane: key, Publish: publish})
	}
	plan, err := w.service.Plan(w.Context(), workflow.AWS, wants, nil)
	must(w, err)
	builds, err := w.service.Start(w.Context(), w.who(omar), plan, "")
	must(w, err)
	return builds
}

func (w *world) run(id workflow.RunID) *workflow.Run {
	w.Helper()
	r, err := w.store.Run(w.Context(), id)
	must(w, err)
	return r
}

func (w *world) build(id images.BuildID) *images.Build {
	w.Helper()
	b, err := w.store.Build(w.Context(), id)
	must(w, err)
	return b
}

func (w *world) signs(r *workflow.Run, who ...workflow.UserID) {
	w.Helper()
	for _, id := range who {
		_, err := w.runs.Do(w.Context(), w.who(id), r.ID, workflow.Ask{Verb: workflow.VerbSign}, func(act workflow.Act, r *workflow.Run) error { return r.Sign(act, "") })
		must(w, err)
	}
	must(w, w.service.Wake(w.Context(), r.ID))
}

// passes lets time go on until nothing moves by itself, for that long at most, and does
// what is due on the way.
func (w *world) passes(most time.Duration) {
	w.Helper()
	end := w.clock().Add(most)
	for !w.clock().After(end) {
		if _, err := w.service.Fire(w.Context()); err != nil {
			w.Fatal(err)
		}
		open, err := w.store.BuildsOpen(w.Context())
		must(w, err)
		var next time.Time
		for _, b := range open {
			if due := b.Due(); !due.IsZero() && (next.IsZero() || due.Before(next)) {
				next = due
			}
		}
		if next.IsZero() || next.After(end) {
			return
		}
		if next.After(w.clock()) {
			w.at.Store(next.UnixNano())
		}
	}
}
