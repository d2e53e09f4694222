package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// A file of listings is taken whole or not at all, and can be read again.
func TestImport(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "bot.db")
	days, err := newCalendars(Config{})
	if err != nil {
		t.Fatal(err)
	}
	imports := func(name, text string) (int, string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		code := run(t.Context(), []string{"import", "--db", db, file}, &out, &out)
		return code, out.String()
	}
	// versions are what the catalogue has, and gives each listing another when it is
	// not empty.
	versions := func(to string) (out []string) {
		t.Helper()
		s, err := store.Open(t.Context(), store.Options{DSN: db, Calendars: days, Parse: process.Load, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		list, err := s.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			out = append(out, string(l.ID)+" "+l.Published.String())
			if v, ok := workflow.ParseVersion(to); ok {
				err := s.ChangeListings(context.Background(), workflow.RequestID("test:"+string(l.ID)), "U0ANA", []workflow.ListingID{l.ID},
					func(are []*workflow.Listed) error { are[0].Published = v; return nil })
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		return out
	}
	const csv = "partner,provider,edition,version\nAWS,aws,EE,17.5.1\nAzure,azure,CE,17.5.1\n"
	both := "aws-ee-image 17.5.1, azure-ce-image 17.5.1"
	if code, out := imports("a.csv", csv); code != 0 || !strings.Contains(out, "2 listings") || !strings.Contains(out, "2 of them new") {
		t.Fatalf("%d: %s", code, out)
	}
	if got := strings.Join(versions("17.4.0"), ", "); got != both {
		t.Errorf("the catalogue has %s", got)
	}
	if code, out := imports("a.csv", csv); code != 0 || !strings.Contains(out, "0 of them new") {
		t.Errorf("again: %d: %s", code, out)
	}
	if got := strings.Join(versions(""), ", "); got != both {
		t.Errorf("what was changed since, and imported again, is %s", got)
	}
	for _, c := range []struct{ name, text, says string }{
		{"b.csv", "partner,provider,edition,version\nIBM,manual,EE,17.5.1\nOCI,manual,XE,17.5.1\n", "b.csv:3:12:"},
		{"c.csv", "partner,provider,edition\nIBM,manual,EE\nibm,manual,EE\n", "c.csv:3"},
		{"d.json", "{}", "d.json:1:1: the file has no"},
		{"e.yaml", "", "e.yaml"},
	} {
		if code, out := imports(c.name, c.text); code != 1 || !strings.Contains(out, c.says) {
			t.Errorf("%s: %d: %s", c.name, code, out)
		}
	}
	if got := strings.Join(versions(""), ", "); got != both {
		t.Errorf("files with mistakes left %s", got)
	}
}
