package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/mirror"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// calledBy counts the calls to GitLab by what they are for.
func calledBy(calls []gitlabsim.Call) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		kind := "write"
		switch {
		case c.Query.Has("updated_after"):
			kind = "poll"
		case c.Method == "GET":
			kind = "read"
		}
		out[kind]++
		out["all"]++
	}
	return out
}

// BenchmarkTracker says what runs cost in calls to GitLab. It replays the quarter
// of [BenchmarkQuarter] with an issue for each run. Polls are left out: they cost
// the same whatever happens, and the replay's clock leaps over most of them.
func BenchmarkTracker(b *testing.B) {
	for b.Loop() {
		counts := map[string]int{}
		q := newQuarter(b, 1, func(w *world) { w.withGitLab = true })
		b.StopTimer()
		q.gitlab.AddHook(gitlabsim.Hook{After: func(c gitlabsim.Call) {
			for kind, n := range calledBy([]gitlabsim.Call{c}) {
				counts[kind] += n
			}
		}})
		b.StartTimer()
		q.passes()
		b.StopTimer()
		days := 0.0
		for _, r := range q.runs() {
			end := r.Ended
			if end.IsZero() {
				end = q.slack.Clock().Now()
			}
			days += end.Sub(r.Started).Hours() / 24
		}
		b.ReportMetric(float64(counts["read"])/float64(q.begun), "reads/run")
		b.ReportMetric(float64(counts["write"])/float64(q.begun), "writes/run")
		b.ReportMetric(float64(counts["read"]+counts["write"])/days, "calls/run/day")
		b.ReportMetric(float64(q.acts)/float64(q.begun), "acts/run")
		b.StartTimer()
	}
}

// many is the mirror of so many runs in two projects, each with an issue that nothing
// is to be done about; without a Slack, which would have a card for each.
type many struct {
	t       testing.TB
	store   *store.Store
	gitlab  *gitlabsim.Server
	service *mirror.Service
	other   *mirror.Service // of another replica; on PostgreSQL alone
	now     time.Time
	def     *workflow.Definition
	days    workflow.Calendars
}

// nobody is a directory of a company in which nobody is known.
type nobody struct{}

func (nobody) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Name: string(id), Zone: time.UTC}, nil
}

func (nobody) Roster(*workflow.Definition) workflow.Roster { return workflow.Roster{} }

func newMany(t testing.TB, runs int) *many {
	t.Helper()
	m := newMirrors(t, filepath.Join(t.TempDir(), "many.db"))
	var all sync.WaitGroup
	for worker := range 64 {
		all.Go(func() {
			for n := worker; n < runs; n += 64 {
				m.begin(n, true)
			}
		})
	}
	all.Wait()
	m.now = m.now.Add(2 * time.Hour) // it was not in the last hour that they were made
	return m
}

// newMirrors is the mirror of a database, and another of the same.
func newMirrors(t testing.TB, dsn string) *many {
	t.Helper()
	m := &many{t: t, now: scenarioStart}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := func() time.Time { return m.now }
	m.gitlab = demoGitLab(slackdev.DefaultSeed(), now)
	url, stop, err := hostGitLab(m.gitlab, "127.0.0.1:0", nil)
	check(err)
	processes, err := process.Embedded()
	check(err)
	s := Settings{GitLabToken: demoToken, Config: Config{GitLab: demoTracker(url)}, Now: now, Logger: slog.New(slog.DiscardHandler)}
	check(s.Config.checkGitLab("."))
	days, err := newCalendars(s.Config)
	check(err)
	m.store, err = store.Open(t.Context(), store.Options{DSN: dsn, Calendars: days, Parse: process.Load, Now: now, Logger: s.Logger, Tracks: true})
	check(err)
	t.Cleanup(func() { check(errors.Join(m.store.Close(), stop())) })
	tracker, err := newTracker(s, prometheus.NewRegistry())
	check(err)
	service := workflow.NewService(workflow.Options{Store: m.store, Library: m.store, Directory: nobody{}, Calendars: days, Now: now})
	m.service, err = newMirror(s, tracker, m.store, service)
	check(err)
	m.other, err = newMirror(s, tracker, m.store, service)
	check(err)
	m.days = days
	i := slices.IndexFunc(processes, func(d *workflow.Definition) bool { return d.Name == defaultProcess })
	m.def = processes[i]
	check(m.store.SaveDefinition(t.Context(), m.def))
	return m
}

// begin starts a run, and makes its issue unless that is left to the mirror.
func (m *many) begin(n int, made bool) {
	start := workflow.Start{
		Partner: fmt.Sprintf("Partner %d", n+1), Provider: workflow.Manual, Owner: "U0ANA", Target: "2027-06-01",
		Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
	}
	act := workflow.Act{Actor: "U0ANA", At: m.now}
	run, err := m.store.Create(m.t.Context(), workflow.RequestID(fmt.Sprintf("start:%d", n)), func(id workflow.RunID, number int) (*workflow.Run, error) {
		s := start
		s.ID, s.Number = id, number
		return workflow.Begin(act, m.def, m.days, s)
	})
	if err != nil {
		m.t.Error(err)
	}
	if err != nil || !made {
		return
	}
	ref, err := m.gitlab.As(demoBot).CreateIssue([]string{demoOmnibus, demoMarketing}[n%2], start.Partner, "")
	if err != nil {
		m.t.Error(err)
		return
	}
	view, _ := m.gitlab.View(ref)
	items, err := m.store.TrackedOf(m.t.Context(), run.ID)
	if err != nil {
		m.t.Error(err)
	}
	for _, it := range items {
		was := it.URL
		it.Written = run.Version
		if it.Track == workflow.TrackIssue {
			_, number, _ := strings.Cut(string(ref), "#")
			it.URL, it.Project = view.URL, []string{"301", "302"}[n%2]
			it.Number, err = strconv.ParseInt(number, 10, 64)
			it.Memory = fmt.Sprintf(`{"updated":%q,"known":true,"noted":%d}`, view.Updated.Truncate(time.Millisecond).Format(time.RFC3339Nano), run.Version)
		}
		if _, saved := m.store.SaveTracked(m.t.Context(), it, was); err != nil || saved != nil {
			m.t.Error(err, saved)
		}
	}
}

// passes lets time pass, and the mirror do what there is to do every ten seconds.
func (m *many) passes(d time.Duration) {
	m.t.Helper()
	for range d / (10 * time.Second) {
		m.now = m.now.Add(10 * time.Second)
		for did := true; did; {
			var err error
			if did, err = m.service.Turn(m.t.Context()); err != nil {
				m.t.Fatal(err)
			}
		}
	}
}

// TestThousandsOfIssuesArePolledWithAHandfulOfCalls holds what an hour costs in
// which nothing changes, whatever the number of runs, and that a change is seen
// among them all.
func TestThousandsOfIssuesArePolledWithAHandfulOfCalls(t *testing.T) {
	t.Parallel()
	runs := 1000
	if os.Getenv("CI") != "" {
		runs = 5000
	}
	m := newMany(t, runs)
	m.passes(15 * time.Minute) // until it is taken for a lull
	m.gitlab.ResetCalls()
	m.passes(time.Hour)
	counts := calledBy(m.gitlab.Calls("", "/**"))
	if counts["all"] > 60 || counts["poll"] < 40 {
		t.Errorf("an hour of %d runs took %v calls, want 40 to 60 polls and nothing else", runs, counts)
	}
	t.Logf("an hour of %d runs takes %v", runs, counts)
	if _, err := m.gitlab.As("maya").Comment(demoMarketing+"#123", "Are we there?"); err != nil {
		t.Fatal(err)
	}
	m.passes(4 * time.Minute)
	heard := 0
	err := m.store.Each(t.Context(), func(r *workflow.Run) error {
		if r.Version == 0 {
			return nil
		}
		events, err := m.store.Events(t.Context(), r.ID, 0, 20)
		for _, e := range events {
			if e.Type == workflow.ItemHeard && e.Text == "Are we there?" {
				heard++
			}
		}
		return err
	})
	if err != nil || heard != 1 {
		t.Errorf("it was heard %d times, %v", heard, err)
	}
}
