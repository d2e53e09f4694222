package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

var printedGitLab = regexp.MustCompile(`GitLab is at (http://127\.0\.0\.1:\d+)\.`)

// TestDemoHasAGitLab holds that GitLab is there with the demo, at another address
// when its own is taken, and not when nobody wants it.
func TestDemoHasAGitLab(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	demo := startDemo(t, "--gitlab-addr", taken.Addr().String())
	m := printedGitLab.FindStringSubmatch(demo.said.String())
	if m == nil {
		t.Fatalf("it does not say where GitLab is:\n%s", demo.said)
	}
	if strings.HasSuffix(m[1], taken.Addr().String()) {
		t.Error("it is at an address that somebody else has")
	}
	if status, page := look(t, m[1]+"/acme/omnibus", ""); status != http.StatusOK || !strings.Contains(page, `<option value="ana" selected>`) {
		t.Errorf("status %d:\n%s", status, page)
	}
	if status, _ := look(t, m[1]+"/acme/omnibus", "rebound.example"); status != http.StatusForbidden {
		t.Errorf("it answers to another name with %d", status)
	}

	without := startDemo(t, "--no-gitlab")
	if strings.Contains(without.said.String(), "GitLab") {
		t.Errorf("it speaks of GitLab:\n%s", without.said)
	}
}

// look opens a page, by another name of its server if one is given.
func look(t *testing.T, address, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(page)
}

// TestDemoGitLabIsForThisMachine holds that it is open to nobody else.
func TestDemoGitLabIsForThisMachine(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "nonsense"} {
		var log logbook
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		if code := run(ctx, []string{"demo", "--addr", "127.0.0.1:0", "--gitlab-addr", addr}, io.Discard, &log); code != 1 || !strings.Contains(log.String(), "use 127.0.0.1") {
			t.Errorf("%s: code %d:\n%s", addr, code, &log)
		}
		cancel()
	}
}

// TestDemoGitLabFitsTheProcess holds that no issue is configured that no process
// keeps.
func TestDemoGitLabFitsTheProcess(t *testing.T) {
	t.Parallel()
	small, err := process.Load("errands.yaml", []byte(errandsProcess))
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{Now: time.Now, Processes: []*workflow.Definition{small}}
	_, stop, err := startDemoGitLab(&s, slackdev.DefaultSeed(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Config.checkIssues(s.Processes); err != nil || len(s.Config.GitLab.Issues) != 1 {
		t.Errorf("%v, %v", s.Config.GitLab.Issues, err)
	}
}
