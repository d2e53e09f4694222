package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// start is when the tests' clocks begin: a Tuesday.
var start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const (
	ana   workflow.UserID    = "U0ANA"
	omar  workflow.UserID    = "U0OMAR"
	maya  workflow.UserID    = "U0MAYA"
	cards workflow.ChannelID = "C0CARDS"
)

// days is a calendar without weekends: every day closes at 17:00 UTC.
type days struct{}

func (days) After(_ workflow.TeamID, from time.Time, n int) time.Time {
	return closing(workflow.DateOf(from.AddDate(0, 0, n)))
}

func (days) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return closing(workflow.DateOf(target.Time().AddDate(0, 0, -n)))
}

func (days) At(_ workflow.TeamID, date workflow.Date) time.Time { return closing(date) }

func (days) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return workflow.DateOf(from.AddDate(0, 0, n)).Time().Add(9 * time.Hour)
}

func (days) Between(_ workflow.TeamID, from, to time.Time) int {
	return int(workflow.DateOf(to).Time().Sub(workflow.DateOf(from).Time()) / (24 * time.Hour))
}

func closing(d workflow.Date) time.Time { return d.Time().Add(17 * time.Hour) }

// launch is a process of three stages and 14 steps; the second and third stage
// open when the first is complete.
func launch() *workflow.Definition {
	return &workflow.Definition{
		Name: "launch", Title: "Launch", Subject: workflow.SubjectPartnership, Owner: "sp",
		Teams: []workflow.Team{{ID: "sp", Name: "Partnerships"}, {ID: "om", Name: "Packing"}, {ID: "pm", Name: "Marketing"}},
		Stages: []workflow.Stage{
			{ID: "scope", Number: "1", Title: "Scope", Team: "sp", Steps: numbered("s", "sp", 5)},
			{ID: "build", Number: "2", Title: "Build", Team: "om", After: []workflow.StageID{"scope"}, Steps: append(numbered("b", "om", 3),
				workflow.Step{ID: "b4", Number: "2.4", Title: "Upload", Team: "om", PerListing: true, Due: workflow.Due{BeforeLaunch: 3}})},
			{ID: "tell", Number: "3", Title: "Tell", Team: "pm", After: []workflow.StageID{"scope"}, Steps: numbered("t", "pm", 5)},
		},
		Source: "name: launch\n", Hash: "hash-of-launch",
	}
}

func numbered(prefix string, team workflow.TeamID, n int) []workflow.Step {
	var out []workflow.Step
	for i := 1; i <= n; i++ {
		out = append(out, workflow.Step{
			ID: workflow.StepID(fmt.Sprintf("%s%d", prefix, i)), Number: fmt.Sprintf("%s.%d", prefix, i),
			Title: fmt.Sprintf("Step %s%d", prefix, i), Team: team, Due: workflow.Due{AfterOpen: i},
			Evidence: []workflow.Field{{ID: "link", Label: "Link", Type: workflow.URL, Optional: true, Fact: workflow.FactName(fmt.Sprintf("link-%s%d", prefix, i))}},
		})
	}
	return out
}

// clock is a clock that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(start.UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// bundle is a store with what a test needs to use it.
type bundle struct {
	*store.Store
	t       testing.TB
	options store.Options
	clock   *clock
	request atomic.Int64
}

// each runs the test on both databases. PostgreSQL is used when
// CLOUDIMAGE_TEST_POSTGRES holds the URL of one in which schemas may be made.
func each(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, options(sqlite(t)))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, options(postgres(t)))
	})
}

func sqlite(t testing.TB) string { return filepath.Join(t.TempDir(), "cloudimage.db") }

// postgres is the URL of an empty schema.
func postgres(t testing.TB) string {
	t.Helper()
	base := os.Getenv("CLOUDIMAGE_TEST_POSTGRES")
	if base == "" {
		t.Skip("CLOUDIMAGE_TEST_POSTGRES holds no postgres:// URL of a server to test on")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal("CLOUDIMAGE_TEST_POSTGRES is not a URL") // which may hold a password
	}
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// options are those of a store at dsn.
func options(dsn string) store.Options {
	return store.Options{
		DSN:       dsn,
		Calendars: days{},
		Parse: func(name string, source []byte) (*workflow.Definition, error) {
			if d := launch(); string(d.Name) == name && d.Source == string(source) {
				return d, nil
			}
			return nil, fmt.Errorf("no process %q", name)
		},
		Logger: slog.New(slog.DiscardHandler),
	}
}

// open opens the store and closes it when the test ends.
func open(t testing.TB, o store.Options) *bundle {
	t.Helper()
	b, err := bundled(o)
	if err != nil {
		t.Fatal(err)
	}
	b.t = t
	t.Cleanup(b.close)
	return b
}

func bundled(o store.Options) (*bundle, error) {
	c := newClock()
	o.Now = c.now
	s, err := store.Open(context.Background(), o)
	return &bundle{Store: s, options: o, clock: c}, err
}

// close may be called more than once.
func (b *bundle) close() {
	if err := b.Close(); err != nil {
		b.t.Error(err)
	}
}

// reopen is another store on the same database, after a restart.
func (b *bundle) reopen() *bundle {
	b.t.Helper()
	b.close()
	again := open(b.t, b.options)
	again.request.Store(b.request.Load())
	again.clock.at.Store(b.clock.at.Load())
	return again
}

func (b *bundle) act(who workflow.UserID) workflow.Act {
	return workflow.Act{Actor: who, At: b.clock.now()}
}

// next is a request id that was not used.
func (b *bundle) next() workflow.RequestID {
	return workflow.RequestID(fmt.Sprintf("request-%d", b.request.Add(1)))
}

func (b *bundle) begin(partner string) func(workflow.RunID, int) (*workflow.Run, error) {
	return func(id workflow.RunID, number int) (*workflow.Run, error) {
		return workflow.Begin(b.act(ana), launch(), days{}, workflow.Start{
			ID: id, Number: number, Partner: partner, Provider: workflow.AWS,
			Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.AWS)},
			Target:   workflow.DateOf(start.AddDate(0, 1, 0)),
			Owner:    ana, Channel: cards,
			Leads: map[workflow.TeamID]workflow.UserID{"sp": ana, "om": omar, "pm": maya},
		})
	}
}

func (b *bundle) create(partner string) *workflow.Run {
	b.t.Helper()
	r, err := b.Create(context.Background(), b.next(), b.begin(partner))
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// note is a change of one event that touches no step.
func (b *bundle) note(text string) func(*workflow.Run) error {
	return func(r *workflow.Run) error { return r.Note(b.act(ana), workflow.StepKey{}, text) }
}

// done marks a step done.
func (b *bundle) done(step string) func(*workflow.Run) error {
	return func(r *workflow.Run) error {
		return r.Done(b.act(ana), workflow.ParseStepKey(step), 0, nil)
	}
}

func (b *bundle) update(id workflow.RunID, change func(*workflow.Run) error) *workflow.Run {
	b.t.Helper()
	r, err := b.Update(context.Background(), id, b.next(), change)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}
