package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	o := options(sqlite(t))
	s := open(t, o)
	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(o.DSN, link))
	for _, name := range []string{o.DSN, link} {
		again := o
		again.DSN = name
		_, err := store.Open(context.Background(), again)
		if err == nil || !strings.Contains(err.Error(), "another cloudimage has this database open; stop it first") {
			t.Errorf("opened as %s while it is open: %v, want a sentence that says what to do", filepath.Base(name), err)
		}
	}
	// The refused one left the other alone, and the lock goes with it.
	s.create("DigitalOcean")
	s.reopen().create("Hetzner")
}

func TestReplicasShareADatabase(t *testing.T) {
	t.Parallel()
	o := options(postgres(t))
	replicas := []*bundle{open(t, o), open(t, o), open(t, o)}
	for i, s := range replicas {
		s.request.Store(int64(i) * 1000)
	}
	var runs []workflow.RunID
	for _, s := range replicas {
		runs = append(runs, s.create("DigitalOcean").ID)
	}
	const perReplica = 30
	var wg sync.WaitGroup
	for _, s := range replicas {
		for i := range perReplica {
			wg.Go(func() {
				ctx := context.Background()
				// All change all runs, and one request reaches all replicas.
				if _, err := s.Update(ctx, runs[i%len(runs)], s.next(), s.note("mine")); err != nil {
					t.Error(err)
				}
				if _, err := s.Update(ctx, runs[i%len(runs)], workflow.RequestID(fmt.Sprintf("shared-%d", i)), s.note("shared")); err != nil {
					t.Error(err)
				}
				if _, err := s.Create(ctx, workflow.RequestID(fmt.Sprintf("created-%d", i)), s.begin("Hetzner")); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	found, err := replicas[0].Open(context.Background(), 1000)
	must(t, err)
	if len(found) != len(runs)+perReplica {
		t.Errorf("there are %d runs, want %d", len(found), len(runs)+perReplica)
	}
	for i, r := range found {
		if want := len(found) - i; r.Number != want {
			t.Fatalf("a run has number %d, want %d: numbers have no gaps", r.Number, want)
		}
	}
	mine, shared := 0, 0
	for _, id := range runs {
		for _, s := range replicas {
			r, err := s.Run(context.Background(), id)
			must(t, err)
			events, err := s.Events(context.Background(), id, 0, 1000)
			must(t, err)
			if int64(len(events)) != r.Version || events[0].Seq != r.Version {
				t.Errorf("%s is at version %d and has %d events", r.Name(), r.Version, len(events))
			}
			if s != replicas[0] {
				continue
			}
			for _, e := range events {
				switch e.Text {
				case "mine":
					mine++
				case "shared":
					shared++
				}
			}
		}
	}
	if mine != len(replicas)*perReplica || shared != perReplica {
		t.Errorf("%d own and %d shared notes are kept, want %d and %d", mine, shared, len(replicas)*perReplica, perReplica)
	}
}

func TestLostConnection(t *testing.T) {
	t.Parallel()
	o := options(postgres(t))
	s := open(t, o)
	r := s.create("DigitalOcean")
	db, err := sql.Open("pgx", os.Getenv("CLOUDIMAGE_TEST_POSTGRES"))
	must(t, err)
	defer db.Close()
	pid := make(chan int64, 1)
	must(t, s.Peek(context.Background(), "SELECT pg_backend_pid()", pid))
	if _, err := db.Exec("SELECT pg_terminate_backend($1)", <-pid); err != nil {
		t.Fatal(err)
	}
	if got := s.update(r.ID, s.note("on a new connection")); got.Version != r.Version+1 {
		t.Errorf("version %d after the connection was lost, want %d", got.Version, r.Version+1)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	notADatabase := filepath.Join(dir, "letter.txt")
	must(t, os.WriteFile(notADatabase, []byte(strings.Repeat("Dear sir or madam, ", 100)), 0o600))
	for dsn, want := range map[string]string{
		"":                                      "no database is named",
		filepath.Join(dir, "nowhere", "a.db"):   "make its folder",
		notADatabase:                            "file is not a database",
		dir:                                     "cannot be",
		"postgres://u:hush@127.0.0.1:1/x":       "127.0.0.1",
		"postgres://u:hush@127.0.0.1:notaport/": "PostgreSQL",
	} {
		s, err := store.Open(context.Background(), options(dsn))
		if err == nil {
			s.Close()
			t.Errorf("Open(%q) is accepted", dsn)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%q): %v, want it to say %q", dsn, err, want)
		}
		if strings.Contains(err.Error(), "hush") {
			t.Errorf("Open(%q) shows the password: %v", dsn, err)
		}
	}
}

func TestStrangeFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "#1.db", "ä.db", "a&b=c.db", "file:x.db"} {
		o := options(filepath.Join(t.TempDir(), name))
		s := open(t, o)
		s.create("DigitalOcean")
		info, err := os.Stat(o.DSN)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%q has mode %o, want 600", name, mode)
		}
		s.close()
	}
}

func TestDatabaseThatIsLockedOut(t *testing.T) {
	t.Parallel()
	o := options(sqlite(t))
	s := open(t, o)
	r := s.create("DigitalOcean")
	db, err := sql.Open("sqlite", o.DSN)
	must(t, err)
	defer db.Close()
	conn, err := db.Conn(context.Background())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(context.Background(), "BEGIN IMMEDIATE")
	must(t, err)
	if err := s.Ping(context.Background()); workflow.KindOf(err) != workflow.Unavailable {
		t.Errorf("Ping while another program holds the database: %v, want Unavailable", err)
	}
	_, err = conn.ExecContext(context.Background(), "ROLLBACK")
	must(t, err)
	if got := s.update(r.ID, s.note("free again")); got.Version != r.Version+1 {
		t.Errorf("version %d, want %d", got.Version, r.Version+1)
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		must(t, s.Ping(context.Background()))
		r := s.create("DigitalOcean")
		busy := occupy(s, r.ID)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if err := s.Ping(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Ping of a writer that hangs: %v, want that time ran out", err)
		}
		busy.end(t)
		s.close()
		if err := s.Ping(context.Background()); workflow.KindOf(err) != workflow.Unavailable {
			t.Errorf("Ping of a closed store: %v, want Unavailable", err)
		}
	})
}

func TestBackup(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, options(sqlite(t)))
	r := s.create("DigitalOcean")
	path := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(ctx, path))
	s.update(r.ID, s.note("after the backup"))
	if err := s.Backup(ctx, path); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("a backup over another: %v, want Conflict", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v, want mode 600", info, err)
	}
	copied := open(t, options(path))
	got, err := copied.Run(ctx, r.ID)
	if err != nil || got.Version != r.Version {
		t.Errorf("the backup has the run at version %d, %v, want %d", got.Version, err, r.Version)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	for _, e := range entries {
		if strings.Contains(e.Name(), ".part-") {
			t.Errorf("the backup left %s behind", e.Name())
		}
	}
	shared := open(t, options(postgres(t)))
	if err := shared.Backup(ctx, path+"2"); workflow.KindOf(err) != workflow.Conflict || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("a backup of PostgreSQL: %v, want to be told of pg_dump", err)
	}
}
