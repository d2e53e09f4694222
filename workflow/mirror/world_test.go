package mirror

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// town knows the people of these tests.
type town struct {
	profiles map[workflow.UserID]workflow.Profile
	away     bool // nobody can be looked up
}

func (d *town) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	if d.away {
		return workflow.Profile{}, workflow.Fail(workflow.Unavailable, "Slack does not answer.")
	}
	p := d.profiles[id]
	p.ID, p.Zone = id, time.UTC
	return p, nil
}

func (d *town) Roster(*workflow.Definition) workflow.Roster {
	team := func(who workflow.UserID) workflow.TeamRoster {
		return workflow.TeamRoster{Members: []workflow.UserID{who}, Lead: who}
	}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{
		"strategic-partnerships": team(ana), "omnibus": team(omar), "partner-marketing": team(maya),
	}}
}

// papers is where documents are made.
type papers struct{ made []string }

func (d *papers) Find(context.Context, string) (string, bool, error) { return "", false, nil }

func (d *papers) Create(_ context.Context, key, _ string) (string, error) {
	d.made = append(d.made, key)
	return "https://documents.example/" + key, nil
}

// world is a mirror with a tracker and a real store.
type world struct {
	*fake
	t       *testing.T
	at      atomic.Int64
	store   *store.Store
	town    *town
	service *workflow.Service
	options Options
	mirror  *Service
	request int
	runs    []workflow.RunID
}

const project = "acme"

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	w := &world{t: t, town: &town{profiles: map[workflow.UserID]workflow.Profile{
		ana: {Name: "ana", FullName: "Ana M.", Email: "ana@acme.example"}, omar: {Name: "omar", Email: "omar@acme.example"}, maya: {Name: "maya", FullName: "Maya *M*"},
	}}}
	w.at.Store(start.UnixNano())
	w.fake = newFake(w.clock)
	w.emails = map[string]string{"ana@acme.example": gAna.Handle, "omar@acme.example": gOmar.Handle}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{
		DSN: filepath.Join(t.TempDir(), "cloudimage.db"), Calendars: days{}, Parse: process.Load, Tracks: true, Now: w.clock,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.service = workflow.NewService(workflow.Options{
		Store: w.store, Library: w.store, Directory: w.town, Calendars: days{}, Processes: shipped(t), Now: w.clock,
	})
	w.options = Options{
		Tracker: w.fake, Book: w.store, Service: w.service, Recipes: map[workflow.FactName]Recipe{}, Now: w.clock, Logger: slog.New(slog.DiscardHandler),
	}
	for fact, track := range map[workflow.FactName]workflow.Track{"issue": workflow.TrackIssue, "marketing-issue": workflow.TrackRelated} {
		templates, err := ParseTemplates(track, "", "")
		if err != nil {
			t.Fatal(err)
		}
		w.options.Recipes[fact] = Recipe{Project: project, Templates: templates, Labels: []string{"cloud image"}}
	}
	for _, c := range change {
		c(&w.options)
	}
	w.restarts()
	return w
}

// restarts makes a mirror that remembers nothing but what is kept.
func (w *world) restarts() { w.mirror = New(w.options) }

func (w *world) clock() time.Time { return time.Unix(0, w.at.Load()).UTC() }

func (w *world) advance(d time.Duration) { w.at.Add(int64(d)) }

// turn does one turn.
func (w *world) turn() bool {
	w.t.Helper()
	did, err := w.mirror.Turn(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return did
}

// settle does turns until there is nothing to do.
func (w *world) settle() {
	w.t.Helper()
	for range 20 {
		if !w.turn() {
			return
		}
	}
	w.t.Fatal("it does not come to rest")
}

// waits lets time pass, with a turn whenever there could be something to do.
func (w *world) waits(d time.Duration) {
	w.t.Helper()
	w.settle()
	for end := w.clock().Add(d); w.clock().Before(end); {
		next := end
		soonest := func(at time.Time) {
			if at.After(w.clock()) && at.Before(next) {
				next = at
			}
		}
		soonest(w.mirror.next)
		soonest(w.mirror.gate.until)
		for _, id := range w.runs {
			all, err := w.store.TrackedOf(w.t.Context(), id)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, t := range all {
				soonest(t.RetryAt)
				soonest(t.NoteAt)
			}
		}
		w.at.Store(next.Add(time.Second - 1).Truncate(time.Second).UnixNano()) // the program looks once a second
		w.settle()
	}
}

func (w *world) next() workflow.RequestID {
	w.request++
	return workflow.RequestID(fmt.Sprint("test-", w.request))
}

// begins starts a partnership as ana.
func (w *world) begins(partner string) workflow.RunID {
	w.t.Helper()
	r, err := w.service.Begin(w.t.Context(), workflow.Who{User: ana, Request: w.next()}, "first-time-image", workflow.Start{
		Partner: partner, Provider: workflow.Manual, Target: "2026-05-20", Channel: "C0IMAGES",
		Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.runs = append(w.runs, r.ID)
	return r.ID
}

// does changes a run as somebody.
func (w *world) does(id workflow.RunID, who workflow.UserID, change func(workflow.Act, *workflow.Run) error) {
	w.t.Helper()
	_, err := w.store.Update(w.t.Context(), id, w.next(), func(r *workflow.Run) error {
		return change(workflow.Act{Actor: who, At: w.clock(), Reason: "because"}, r)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// done marks steps done as ana.
func (w *world) done(id workflow.RunID, steps ...string) {
	w.t.Helper()
	for _, s := range steps {
		w.does(id, ana, func(act workflow.Act, r *workflow.Run) error { return r.Done(act, key(s), 0, answers(r, key(s))) })
	}
}

// gives gives a link by hand.
func (w *world) gives(id workflow.RunID, url string) {
	w.t.Helper()
	w.does(id, ana, func(act workflow.Act, r *workflow.Run) error {
		return r.Done(act, key("create-issue"), 0, map[workflow.FieldID]string{"issue": url})
	})
}

func (w *world) run(id workflow.RunID) *workflow.Run {
	w.t.Helper()
	r, err := w.store.Run(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// heard are the comments and labels that a run was told of.
func (w *world) heard(id workflow.RunID) (out []string) {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), id, 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range slices.Backward(events) {
		if e.Type == workflow.ItemHeard {
			out = append(out, e.Outside.By.Handle+": "+e.Text)
		}
	}
	return out
}

// troubled says which trouble the issue of a run is in; empty for none.
func (w *world) troubled(id workflow.RunID) workflow.TroubleKind {
	w.t.Helper()
	if it := w.run(id).Items["issue"]; it != nil && it.Trouble != nil {
		return it.Trouble.Kind
	}
	return ""
}

// tracked is where an item is kept.
func (w *world) tracked(id workflow.RunID, fact workflow.FactName) workflow.Tracked {
	w.t.Helper()
	all, err := w.store.TrackedOf(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, t := range all {
		if t.Fact == fact {
			return t
		}
	}
	return workflow.Tracked{}
}

// place is where the run's own issue is.
func (w *world) place(id workflow.RunID) Ref {
	w.t.Helper()
	t := w.tracked(id, "issue")
	return Ref{IssueKind, t.Project, t.Number}
}

// says fails unless the issue of a run says something.
func (w *world) says(id workflow.RunID, words string) {
	w.t.Helper()
	if text := w.issue(w.place(id)).Description; !strings.Contains(text, words) {
		w.t.Errorf("the issue does not say %q:\n%s", words, text)
	}
}

// counted fails unless calls that begin with a word were made so often.
func (w *world) counted(call string, want int) {
	w.t.Helper()
	if got := w.taken(call); len(got) != want {
		w.t.Errorf("%d calls of %q, want %d: %q", len(got), call, want, got)
	}
}
