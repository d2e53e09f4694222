package main

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/mirror"
)

// testPostgres is the URL of an empty schema.
func testPostgres(t *testing.T) string {
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
	schema := "mirror_" + strings.ToLower(rand.Text())
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

// TestReplicasShareTheIssues lets two programs on one database bring the same issues
// in step at the same time: each run has one, and everything is told once.
func TestReplicasShareTheIssues(t *testing.T) {
	t.Parallel()
	m := newMirrors(t, testPostgres(t))
	const runs = 12
	for n := range runs {
		m.begin(n, false)
	}
	both := func() {
		t.Helper()
		var all sync.WaitGroup
		for _, replica := range []*mirror.Service{m.service, m.other} {
			all.Go(func() { turns(t, replica) })
		}
		all.Wait()
	}
	both()
	open, err := m.store.Open(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for round, fields := range []map[workflow.FieldID]string{
		{"documentation": "https://example.com/docs"},
		{"opportunities": "A post on both blogs."},
	} {
		for i, r := range open {
			step := []workflow.StepID{"gather-documentation", "joint-marketing"}[round]
			_, err := m.store.Update(t.Context(), r.ID, workflow.RequestID(fmt.Sprintf("done:%d:%d", round, i)), func(r *workflow.Run) error {
				return r.Done(workflow.Act{Actor: "U0ANA", At: m.now}, workflow.StepKey{Step: step}, 0, fields)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		both()
	}
	m.now = m.now.Add(15 * time.Minute)
	both()
	m.now = m.now.Add(5 * time.Minute)
	both()
	w := &world{gitlab: m.gitlab}
	issues := w.gitlabItems(demoOmnibus)
	if len(issues) != runs {
		t.Errorf("%d runs have %d issues", runs, len(issues))
	}
	for _, v := range issues {
		if !strings.Contains(v.Description, "**3 of 14 steps**") {
			t.Errorf("%s is not in step:\n%s", v.Ref, v.Description)
		}
		notes := 0
		for _, n := range v.Notes {
			if !n.System {
				notes++
			}
		}
		if notes != 1 {
			t.Errorf("%s has %d notes, want 1", v.Ref, notes)
		}
	}
}

// turns does turns until there is nothing to do, a few times over: what the other
// holds is left to it.
func turns(t *testing.T, replica *mirror.Service) {
	for idle := 0; idle < 3; idle++ {
		did, err := replica.Turn(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		if did {
			idle = -1
		}
	}
}
