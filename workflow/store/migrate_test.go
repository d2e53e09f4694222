package store_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
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
			text, err := os.ReadFile(fixture)
			must(t, err)
			db, err := sql.Open("sqlite", o.DSN)
			must(t, err)
			_, err = db.Exec(string(text))
			must(t, err)
			must(t, db.Close())

			s := open(t, o)
			runs, err := s.Open(context.Background(), 10)
			must(t, err)
			if len(runs) != 2 {
				t.Fatalf("there are %d open runs, want 2", len(runs))
			}
			for _, r := range runs {
				events, err := s.Events(context.Background(), r.ID, 1000)
				must(t, err)
				slices.Reverse(events)
				if diff := cmp.Diff(workflow.Replay(launch(), days{}, events), r, comparable); diff != "" {
					t.Errorf("%s replayed and read:\n%s", r.Name(), diff)
				}
			}
			step := runs[1].Steps[workflow.StepKey{Step: "s2"}]
			if step.Waiting == nil || step.Waiting.Ticket != "T-1" || len(step.Helpers) != 1 || step.Assignee != omar {
				t.Errorf("step s2 was read as %+v", step)
			}
			s.request.Store(1000)
			s.update(runs[0].ID, s.note("after the upgrade"))
			s.create("Another")
			if n := s.show(); n == 0 {
				t.Error("nothing is to be shown")
			}
		})
	}
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
			return r.Ask(s.act(ana), workflow.StepKey{Step: "s2"}, 0, maya, "link", "")
		},
		func(r *workflow.Run) error {
			return r.Wait(s.act(omar), workflow.StepKey{Step: "s2"}, 0, "a quota", "T-1", workflow.DateOf(start))
		},
		func(r *workflow.Run) error {
			return r.Join(s.act(ana), workflow.NewListing("EE", workflow.Image, workflow.AWS))
		},
		s.note("a note"),
	} {
		s.update(r.ID, change)
	}
	s.show()
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
	for _, table := range []string{"goose_db_version", "definitions", "counters", "requests", "runs", "steps", "events", "timers", "messages"} {
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
