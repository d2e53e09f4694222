package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/store"
)

var update = flag.Bool("update", false, "write the fixture of the newest schema anew")

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		r := s.create("DigitalOcean")
		for range 3 {
			s = s.reopen()
			got, err := s.Run(context.Background(), r.ID)
			must(t, err)
			if diff := cmp.Diff(r, got, comparable); diff != "" {
				t.Fatalf("the run before and after a restart:\n%s", diff)
			}
		}
	})
}

func TestReplicasStartTogether(t *testing.T) {
	t.Parallel()
	o := options(postgres(t))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := store.Open(context.Background(), o)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	open(t, o).create("DigitalOcean")
}

func TestDatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		must(t, s.Statements(context.Background(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, "+map[bool]string{true: "1", false: "true"}[!strings.HasPrefix(o.DSN, "postgres")]+")"))
		s.close()
		again, err := store.Open(context.Background(), o)
		if err == nil {
			again.Close()
			t.Fatal("a database of a newer schema is opened")
		}
		if !strings.Contains(err.Error(), "written by a newer cloudimage (schema 99999") {
			t.Errorf("refused with %v", err)
		}
	})
}

func TestTablesAreStrict(t *testing.T) {
	t.Parallel()
	s := open(t, options(sqlite(t)))
	answer := make(chan int64, 1)
	must(t, s.Peek(context.Background(), `
		SELECT count(*) FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`, answer))
	if n := <-answer; n != 0 {
		t.Errorf("%d tables are not strict", n)
	}
	err := s.Statements(context.Background(), "INSERT INTO counters (name, value) VALUES ('run', 'many')")
	if err == nil {
		t.Error("text is taken for a number")
	}
}

// notKeptThen is what earlier schemas did not keep, and has no meaning any more
// ten minutes after an upgrade.
var notKeptThen = cmpopts.IgnoreFields(workflow.StepState{}, "Kept")

// TestUpgrade opens a database as each schema that was shipped wrote it, with
// bodies as they were then.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	if *update {
		writeFixture(t)
	}
	fixtures, err := filepath.Glob("testdata/schema-*.sql")
	must(t, err)
	if len(fixtures) == 0 {
		t.Fatal("there is no fixture")
	}
	for _, fixture := range fixtures {
		t.Run(filepath.Base(fixture), func(t *testing.T) {
			t.Parallel()
			o := options(sqlite(t))
			body, err := os.ReadFile(fixture)
			must(t, err)
			text := string(body)
			db, err := sql.Open("sqlite", o.DSN)
			must(t, err)
			_, err = db.Exec(text)
			must(t, err)
			must(t, db.Close())

			s := open(t, o)
			runs, err := s.Open(context.Background(), 10)
			must(t, err)
			if len(runs) != 2 {
				t.Fatalf("there are %d open runs, want 2", len(runs))
			}
			for _, r := range runs {
				events, err := s.Events(context.Background(), r.ID, 0, 1000)
				must(t, err)
				slices.Reverse(events)
				if diff := cmp.Diff(workflow.Replay(launch(), days{}, events), r, comparable, notKeptThen); diff != "" {
					t.Errorf("%s replayed and read:\n%s", r.Name(), diff)
				}
			}
			step := runs[1].Steps[workflow.StepKey{Step: "s2"}]
			if step.Waiting == nil || step.Waiting.Ticket != "T-1" || len(step.Helpers) != 1 || step.Assignee != omar {
				t.Errorf("step s2 was read as %+v", step)
			}
			s.todosAreThoseOf(runs)
			if strings.Contains(text, "INSERT INTO listings") {
				s.stand("before the upgrade", "aws", "17.5.0; 17.5.1")
				if list, err := s.Releases(context.Background()); err != nil || len(list) != 1 || list[0].Next != version("17.5.2") {
					t.Errorf("releases were read as %+v: %v", list, err)
				}
			}
			if strings.Contains(text, "INSERT INTO builds") {
				s.wereBuilt()
			}
			s.request.Store(1000)
			s.builds(s.aBuild("b9", "p9", runs[0].ID))
			s.says("azure", "17.5.1")
			s.stand("after the upgrade", "azure", "17.5.1;")
			s.update(runs[0].ID, s.note("after the upgrade"))
			s.create("Another")
			if n := s.show(); n == 0 {
				t.Error("nothing is to be shown")
			}
		})
	}
}

// wereBuilt checks the builds of a fixture and their messages.
func (b *bundle) wereBuilt() {
	b.t.Helper()
	ctx := context.Background()
	built, err := b.BuildsOf(ctx, "p1")
	must(b.t, err)
	if len(built) != 2 || built[0].ID != "b1" || built[0].State != images.Stuck || built[0].Revision != 2 || built[0].Steps[1].Fault.Class != images.ScriptFailed {
		b.t.Errorf("builds were read as %+v", built)
	}
	for id, kind := range map[store.MessageID]store.MessageKind{"build.p1": store.BuildNews, "log.b1.1.1": store.BuildLog} {
		if m, err := b.Message(ctx, id); err != nil || m.Kind != kind || m.Channel != cards {
			b.t.Errorf("message %s was read as %+v, %v", id, m, err)
		}
	}
}

// todosAreThoseOf checks the todos and the clocks that are kept against the runs.
func (b *bundle) todosAreThoseOf(runs []*workflow.Run) {
	b.t.Helper()
	ctx := context.Background()
	var want []workflow.RunTodo
	for _, r := range runs {
		for _, t := range r.Todos() {
			want = append(want, workflow.RunTodo{Run: r.ID, Todo: t})
		}
		if c := b.clockOf(workflow.DailyClock, string(r.Channel)); c.Subject == "" {
			b.t.Errorf("channel %s of %s has no clock", r.Channel, r.Name())
		}
	}
	var got []workflow.RunTodo
	people, err := b.People(ctx)
	must(b.t, err)
	for _, who := range people {
		list, err := b.Todos(ctx, who, 1000)
		must(b.t, err)
		got = append(got, list...)
		if c := b.clockOf(workflow.MorningClock, string(who)); c.Subject == "" {
			b.t.Errorf("%s, who has something to do, has no clock", who)
		}
	}
	order := cmpopts.SortSlices(func(x, y workflow.RunTodo) bool { return fmt.Sprint(x) < fmt.Sprint(y) })
	if diff := cmp.Diff(want, got, order, cmpopts.EquateEmpty()); diff != "" {
		b.t.Errorf("todos (-runs +kept):\n%s", diff)
	}
	due, err := b.Due(ctx, start.AddDate(1000, 0, 0), 1000)
	must(b.t, err)
	clocks := map[workflow.RunID]time.Time{}
	for _, d := range due {
		clocks[d.Run] = d.At
	}
	for _, r := range runs {
		if !clocks[r.ID].Equal(r.NextDue()) {
			b.t.Errorf("the clock of %s runs out at %v, want %v", r.Name(), clocks[r.ID], r.NextDue())
		}
	}
}

// TestUpgradeFromTheFirstSchema brings what the first schema kept, on both
// databases.
func TestUpgradeFromTheFirstSchema(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		// The bodies come from a store of today, since they do not matter here.
		today := open(t, options(sqlite(t)))
		const count = 70 // more than are read by one statement
		var statements []string
		def := launch()
		insert := func(table, columns string, values ...any) {
			quoted := make([]string, len(values))
			for i, v := range values {
				quoted[i] = "'" + strings.ReplaceAll(fmt.Sprint(v), "'", "''") + "'"
			}
			statements = append(statements, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, columns, strings.Join(quoted, ", ")))
		}
		const at = "2026-03-03T09:00:00.000Z"
		insert("definitions", "hash, name, source, added_at", def.Hash, def.Name, def.Source, at)
		statements = append(statements, fmt.Sprintf("UPDATE counters SET value = %d WHERE name = 'run'", count))
		var ids []workflow.RunID
		for n := 1; n <= count; n++ {
			r := today.create(fmt.Sprintf("Partner %d", n))
			ids = append(ids, r.ID)
			head := *r
			head.Steps, head.Version = nil, 0
			insert("runs", "id, number, process, definition, state, partner, partner_key, owner, channel, version, started_at, ended_at, body",
				r.ID, r.Number, r.Process, r.Hash, r.State, r.Partner, strings.ToLower(r.Partner), r.Owner, r.Channel, r.Version, at, "", encoded(t, head))
			for _, s := range r.Steps {
				insert("steps", "run, step, listing, status, assignee, due_at, version, body", r.ID, s.Key.Step, s.Key.Listing, s.Status, s.Assignee, "", s.Version, encoded(t, s))
			}
			insert("timers", "run, kind, due_at", r.ID, "overdue", "2020-01-01T00:00:00.000Z") // not what it would be today
		}
		insert("messages", "id, run, kind, person, channel, ts, wanted, shown, news, posted, digest, since, attempted, retry_at, failures, reason",
			ids[0]+".U0ANA", ids[0], "dm", "U0ANA", "D1", "1.0", 5, 4, 3, 2, "digest", at, at, at, 7, "a reason")
		must(t, store.MigrateTo(ctx, o.DSN, 1, statements...))

		s := open(t, o)
		runs, err := s.Open(ctx, 1000)
		must(t, err)
		if len(runs) != count {
			t.Fatalf("there are %d runs, want %d", len(runs), count)
		}
		s.todosAreThoseOf(runs)
		m, err := s.Message(ctx, store.MessageID(ids[0]+".U0ANA"))
		must(t, err)
		want := store.Message{ID: m.ID, Run: ids[0], Kind: store.DM, Person: ana, Channel: "D1", TS: "1.0", Wanted: 5, Shown: 4, News: 3, Posted: 2,
			Digest: "digest", Since: start, Attempted: start, RetryAt: start, Failures: 7, Reason: "a reason"}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("a message (-want +got):\n%s", diff)
		}
		// It is done once: what is wrong now stays until the run changes.
		must(t, s.Statements(ctx, "DELETE FROM todos", "DELETE FROM clocks"))
		s = s.reopen()
		if people, err := s.People(ctx); err != nil || len(people) != 0 {
			t.Errorf("todos were filled again for %v, %v", people, err)
		}
		s.request.Store(1000)
		if r := s.create("One more"); r.Number != count+1 {
			t.Errorf("the next run has number %d, want %d", r.Number, count+1)
		}
	})
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	body, err := json.Marshal(v)
	must(t, err)
	return string(body)
}

// writeFixture writes what the newest schema keeps of two runs.
func writeFixture(t *testing.T) {
	t.Helper()
	o := options(sqlite(t))
	s := open(t, o)
	r := s.create("DigitalOcean")
	s.create("It's \"quoted\"")
	link := map[workflow.FieldID]string{"link": "https://example.com/1"}
	for _, change := range []func(*workflow.Run) error{
		s.done("s1"),
		func(r *workflow.Run) error { return r.Reopen(s.act(ana), workflow.StepKey{Step: "s1"}, 0) },
		func(r *workflow.Run) error { return r.Done(s.act(ana), workflow.StepKey{Step: "s1"}, 0, link) },
		func(r *workflow.Run) error { return r.Assign(s.act(ana), workflow.StepKey{Step: "s2"}, 0, omar) },
		func(r *workflow.Run) error {
			return r.Ask(s.act(ana), workflow.StepKey{Step: "s2"}, 0, maya, "link", "", "")
		},
		func(r *workflow.Run) error {
			return r.Wait(s.act(omar), workflow.StepKey{Step: "s2"}, 0, workflow.Question{Asked: "a quota", Ticket: "T-1", Promised: workflow.DateOf(start)})
		},
		func(r *workflow.Run) error {
			return r.Join(s.act(ana), workflow.NewListing("EE", workflow.Image, workflow.AWS))
		},
		s.note("a note"),
	} {
		s.update(r.ID, change)
	}
	s.show()
	must(t, s.UpdateOffice(context.Background(), s.next(), func(o *workflow.Office) error {
		o.Away[omar] = away(maya)
		o.Standins = append(o.Standins, workflow.Standin{Team: "pm", User: ana, Set: ana, Since: start})
		o.People[ana] = workflow.Preferences{Morning: "08:15"}
		o.Channels[cards] = workflow.ChannelPreferences{NoDaily: true}
		o.SetFact("our-logos", "https://example.com/logos")
		return o.WantHandle(ana, "ana_g", "k3y", start)
	}, stay))
	must(t, s.Keep(context.Background(), s.next(), letter(ana, "[]")))
	must(t, s.Notify(context.Background(), "stuck", "C0OPS", "{}"))
	s.says("aws", "17.5.0")
	saved, err := s.SaveReleases(context.Background(), []workflow.Release{{Version: version("17.5.1"), Seen: start, State: workflow.ReleasePassed, Kind: workflow.CatalystSecurity, Published: start, Next: version("17.5.2")}},
		[]workflow.Owed{{Version: version("17.5.1"), Listing: "aws", Kind: workflow.CatalystSecurity, Since: start, Due: start.AddDate(0, 0, 1)}})
	if !saved || err != nil {
		t.Fatalf("the release was not kept: %v", err)
	}
	must(t, s.SetWatch(context.Background(), workflow.WatchSources, start.Add(time.Hour)))
	s.builds(s.aBuild("b1", "p1", r.ID), s.aBuild("b2", "p1", r.ID))
	s.changes("b1", func(b *images.Build) {
		b.State, b.Steps[1].State, b.Steps[1].Log = images.Stuck, images.StepFailed, "it's \"quoted\""
		b.Steps[1].Fault = &images.Fault{Class: images.ScriptFailed, Said: "exit status 1"}
	})
	s.update(r.ID, s.note("not shown yet"))
	s.close()
	db, err := sql.Open("sqlite", o.DSN)
	must(t, err)
	defer db.Close()
	var version int
	must(t, db.QueryRow("SELECT max(version_id) FROM goose_db_version").Scan(&version))
	must(t, os.WriteFile(fmt.Sprintf("testdata/schema-%05d.sql", version), []byte(dump(t, db)), 0o644))
}

// dump is a SQLite database as SQL.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var out strings.Builder
	schema := texts(t, db, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid")
	for _, s := range schema {
		fmt.Fprintf(&out, "%s;\n", s)
	}
	// Parents come before their children.
	for _, table := range []string{"goose_db_version", "definitions", "counters", "requests", "runs", "steps", "events", "office", "clocks", "todos", "messages", "tracked", "polls", "listings", "publications", "releases", "owed", "builds"} {
		columns := texts(t, db, "SELECT name FROM pragma_table_info('"+table+"') ORDER BY cid")
		quoted := "quote(" + strings.Join(columns, ") || ', ' || quote(") + ")"
		for _, row := range texts(t, db, "SELECT "+quoted+" FROM "+table+" ORDER BY 1") {
			fmt.Fprintf(&out, "INSERT INTO %s (%s) VALUES (%s);\n", table, strings.Join(columns, ", "), row)
		}
	}
	return out.String()
}

func texts(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		out = append(out, s)
	}
	must(t, rows.Err())
	return out
}
