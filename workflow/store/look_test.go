package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudimage/checkup"
	"cloudimage/workflow/store"
)

// looked are the findings about a database, as levels and texts.
func looked(t *testing.T, dsn string) string {
	t.Helper()
	var out []string
	for _, f := range store.Look(t.Context(), dsn) {
		out = append(out, string(f.Level)+" "+f.Text)
		if f.Level == checkup.Fail && f.Cure == "" {
			t.Errorf("%q has no cure", f.Text)
		}
	}
	return strings.Join(out, "\n")
}

// TestLook looks at a database in every state, and holds that nothing comes of it.
func TestLook(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		file := !strings.HasPrefix(o.DSN, "postgres")
		says := func(want ...string) {
			t.Helper()
			before := beside(t, o.DSN)
			got := looked(t, o.DSN)
			for _, w := range want {
				if !strings.Contains(got, w) {
					t.Errorf("want %q in:\n%s", w, got)
				}
			}
			if after := beside(t, o.DSN); !slices.Equal(before, after) {
				t.Errorf("there were %q, and are %q", before, after)
			}
		}
		if file {
			says("note There is no database at " + o.DSN + " yet")
		} else {
			says("ok The PostgreSQL database ", "note It is empty")
		}
		s := open(t, o)
		s.create("DigitalOcean")
		says("ok Its schema is up to date (5)")
		if file {
			says("ok A cloudimage has it open at the moment.")
		}
		s.create("Vultr") // which goes on meanwhile
		must(t, s.Statements(context.Background(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, "+map[bool]string{true: "1", false: "true"}[file]+")"))
		says("FAIL It was written by a newer cloudimage (schema 99999, this one knows 5)") // from the log
		must(t, s.Statements(context.Background(), "DELETE FROM goose_db_version WHERE version_id > 2"))
		s.close()
		says("note Its schema is 2, and is brought to 5 when the bot starts.")
		if strings.Contains(looked(t, o.DSN), "has it open") {
			t.Error("somebody is said to have it open")
		}
	})
}

// beside are the names and sizes of the files at a SQLite database.
func beside(t *testing.T, dsn string) []string {
	t.Helper()
	entries, err := filepath.Glob(filepath.Join(filepath.Dir(dsn), "*"))
	must(t, err)
	for i, e := range entries {
		info, err := os.Stat(e)
		must(t, err)
		if !strings.HasSuffix(e, "-shm") {
			entries[i] += " " + info.ModTime().String()
		}
	}
	return entries
}

// TestLookAfterACrash reads what a writer that was killed left behind.
func TestLookAfterACrash(t *testing.T) {
	t.Parallel()
	s := open(t, options(sqlite(t)))
	s.create("DigitalOcean")
	must(t, s.Statements(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (77777, 1)"))
	dir := t.TempDir()
	copied := filepath.Join(dir, "cloudimage.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		text, err := os.ReadFile(s.options.DSN + suffix)
		must(t, err)
		must(t, os.WriteFile(copied+suffix, text, 0o600))
	}
	look := func(want string) {
		t.Helper()
		before := beside(t, copied)
		got := looked(t, copied)
		if after := beside(t, copied); !slices.Equal(before, after) {
			t.Errorf("there were %q, and are %q", before, after)
		}
		if !strings.Contains(got, want) {
			t.Errorf("want %q in:\n%s", want, got)
		}
	}
	look("FAIL It was written by a newer cloudimage (schema 77777")
	must(t, os.Remove(copied+"-shm"))
	look("note Its last changes are in a log beside it")
}

func TestLookAtWhatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	must(t, os.WriteFile(text, []byte(strings.Repeat("no database ", 1000)), 0o600))
	for dsn, want := range map[string]string{
		"":                                "FAIL There is no database",
		dir:                               "FAIL " + dir + " is a folder and no database.",
		filepath.Join(dir, "no", "where"): "FAIL The folder of the database ",
		text:                              "FAIL The database cannot be read: ",
		"postgres://bot:hunter2@127.0.0.1:1/cloudimage?sslmode=disable": "FAIL The PostgreSQL database 127.0.0.1:1/cloudimage does not answer: ",
		"postgres://bot:hunter2@127.0.0.1:port/cloudimage":              "FAIL The address of the PostgreSQL database cannot be read.",
	} {
		got := looked(t, dsn)
		if !strings.Contains(got, want) || strings.Contains(got, "hunter2") {
			t.Errorf("%s: %s\nwant %s", dsn, got, want)
		}
	}
}
