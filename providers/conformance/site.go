package conformance

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/images"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// Site is a cloud with its stand-in, as new.
type Site struct {
	// Setup is how images are made there. Its Cloud is not used: each process has one of its
	// own, which New makes and which logs to the writer of its logger.
	Setup images.Setup
	New   func(*slog.Logger) images.Cloud
	// Now and Set are the clock of everything.
	Now func() time.Time
	Set func(time.Time)

	Provider workflow.Provider // of the listing
	Product  string            // of the marketplace that the listing is
	// Fails lets the next calls fail, so many of them. Nil where nothing can fail but people.
	Fails func(Failure, int)
	// Denies is what is refused from now on, all that changes anything, or nothing any more.
	Denies func(bool)
	// There is what there is by now, by kind, and Ever what was ever made.
	There, Ever func() map[string]int
	// Public and Made are what There and Ever are to be once customers have the image.
	Public, Made map[string]int
	// Secrets are what must not be seen anywhere.
	Secrets []string
}

// Failure is what a call may come to.
type Failure string

// The failures.
const (
	TooMany    Failure = "too many calls"
	ServerFail Failure = "a fault of the server"
	Lost       Failure = "no answer, and no effect"
	LostAfter  Failure = "no answer after the effect"
)

// company is a site with the engine over it.
type company struct {
	testing.TB
	*Site
	log     safeBuffer
	store   *store.Store
	runs    *workflow.Service
	images  *images.Service
	options images.Options
	run     workflow.RunID
	lane    workflow.StepKey
	build   images.BuildID
	refuses func(asked string) bool // what people say no to
	asks    int
	again   bool // something was tried again by a person
}

const (
	omar workflow.UserID = "U0OMAR" // builds
	lena workflow.UserID = "U0LENA" // signs along
)

// safeBuffer is a buffer that several may write to.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// week is the calendar of every team.
type week struct{ *calendar.Calendar }

func (w week) After(_ workflow.TeamID, from time.Time, n int) time.Time { return w.Deadline(from, n) }
func (w week) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return w.Calendar.Before(calendar.DateOf(target.Time()), n)
}
func (w week) At(_ workflow.TeamID, on workflow.Date) time.Time {
	return w.Closing(calendar.DateOf(on.Time()))
}
func (w week) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return w.Calendar.Opening(w.Shift(w.Date(from), n))
}
func (w week) Between(_ workflow.TeamID, from, to time.Time) int { return w.Calendar.Between(from, to) }

// staff are the people of every team.
type staff struct{}

func (staff) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Zone: time.UTC}, nil
}

func (staff) Roster(*workflow.Definition) workflow.Roster {
	team := workflow.TeamRoster{Members: []workflow.UserID{omar, lena}, Lead: omar}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{"omnibus": team, "strategic-partnerships": team, "partner-marketing": team}}
}

// open lets a company work at a site: a release came out, and one listing waits for it.
func open(t testing.TB, site *Site) *company {
	t.Helper()
	c := &company{TB: t, Site: site}
	days, err := calendar.New(calendar.Options{})
	c.must(err)
	c.store, err = store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "cloudimage.db"), Calendars: week{days}, Parse: process.Load, Now: site.Now, Logger: slog.New(slog.DiscardHandler)})
	c.must(err)
	t.Cleanup(func() { c.must(c.store.Close()) })
	defs, err := process.Embedded()
	c.must(err)
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		byName[d.Name] = d
	}
	c.runs = workflow.NewService(workflow.Options{Store: c.store, Library: c.store, Directory: staff{}, Calendars: week{days}, Processes: byName, Now: site.Now})
	c.options = images.Options{Service: c.runs, Book: c.store, Product: "GitLab", Process: "image-maintenance", Team: "omnibus", Now: site.Now,
		Recipe: func(o *images.Order) (guest.Product, error) {
			p := guest.Omnibus(o.Edition, "17.6.2-ee.0", o.Architecture, "conformance")
			p.URL, p.SHA256 = o.Package.URL, o.Package.SHA256
			return p, nil
		}}
	c.starts()
	v, _ := workflow.ParseVersion("17.6.2")
	l := workflow.Listing{ID: "ee-image", Partner: "Partner", Edition: "EE", Delivery: workflow.Image, Provider: site.Provider, Facts: map[workflow.FactName]string{workflow.FactProduct: site.Product}}
	r, err := c.runs.BeginItself(t.Context(), "begin", "image-maintenance", workflow.Start{Partner: "GitLab 17.6.2", Channel: "C0CARDS", Listings: []workflow.Listing{l},
		Catalyst: &workflow.Catalyst{Kind: workflow.CatalystRelease, At: site.Now(), Version: v, Packages: []workflow.Package{{Edition: "EE", Version: v, Distribution: "noble", Architecture: "amd64",
			URL: "https://packages.example/gitlab-ee_17.6.2-ee.0_amd64.deb", SHA256: strings.Repeat("ab", 32)}}}})
	c.must(err)
	c.run, c.lane = r.ID, workflow.StepKey{Step: "update-image", Listing: l.ID}
	return c
}

func (c *company) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// starts begins a process that knows nothing but what is on disk.
func (c *company) starts() {
	c.options.Logger = slog.New(slog.NewTextHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	setup := c.Setup
	setup.Cloud = c.New(c.options.Logger)
	c.options.Clouds = []images.Setup{setup}
	c.images = images.New(c.options)
}

// orders orders the image, as somebody does who confirms the plan.
func (c *company) orders(request workflow.RequestID) *images.Build {
	c.Helper()
	wants := []images.Want{{Run: c.run, Lane: c.lane, Publish: true}}
	plan, err := c.images.Plan(c.Context(), c.Provider, wants, nil)
	if c.options.Clouds[0].Cloud.Ways().ByHand {
		plan, err = c.images.PlanByHand(c.Context(), wants)
	}
	c.must(err)
	builds, err := c.images.Start(c.Context(), workflow.Who{User: omar, Request: request}, plan, "")
	c.must(err)
	c.build = builds[0].ID
	return builds[0]
}

// signs gives both signatures.
func (c *company) signs() {
	c.Helper()
	for _, who := range []workflow.UserID{omar, lena} {
		_, err := c.runs.Do(c.Context(), workflow.Who{User: who, Request: workflow.RequestID("sign " + who)}, c.run, workflow.Ask{Verb: workflow.VerbSign},
			func(act workflow.Act, r *workflow.Run) error { return r.Sign(act, "") })
		c.must(err)
	}
	c.must(c.images.Wake(c.Context(), c.run))
}

func (c *company) is() *images.Build {
	c.Helper()
	b, err := c.store.Build(c.Context(), c.build)
	c.must(err)
	return b
}

// turn does what is due next, and lets time go on to it. It reports whether there is
// anything left to do without a person.
func (c *company) turn() bool {
	c.Helper()
	b := c.is()
	if step, asked := b.Asked(); step >= 0 {
		c.asks++
		a := images.Answer{Ref: fmt.Sprintf("R-%d", c.asks)}
		if c.refuses != nil && c.refuses(asked) {
			a.Refused, a.Said = true, "they do not like it"
		}
		_, err := c.images.Report(c.Context(), workflow.Who{User: omar, Request: workflow.RequestID(fmt.Sprintf("report %d", c.asks))}, b.ID, step, asked, a)
		c.must(err)
		b = c.is()
	}
	due := b.Due()
	if !b.State.Open() || due.IsZero() {
		return false
	}
	if due.After(c.Now()) {
		c.Set(due.Add(time.Millisecond))
	}
	if _, err := c.images.Fire(c.Context()); err != nil {
		c.Fatal(err)
	}
	return true
}

// mostTurns is how many turns a build takes at most.
const mostTurns = 4000

// finishes lets time go on until nothing moves any more without a person.
func (c *company) finishes() {
	c.Helper()
	for range mostTurns {
		if !c.turn() {
			return
		}
	}
	c.endless()
}

// endless ends a test whose build does not come to its end.
func (c *company) endless() {
	c.Helper()
	b := c.is()
	for _, i := range b.Present() {
		s := &b.Steps[i]
		c.Errorf("%s is %s, due %s: %q %v", s.Key(b.ID), s.State, s.Due, s.Note, s.Fault)
	}
	c.Fatalf("it does not come to an end at %s", c.Now())
}
