package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
)

// shownTo is what a person of a running demo has before them, by the API that its page
// uses: their conversations and the messages in them.
type shownTo struct {
	t    *testing.T
	demo *runningDemo
	as   string
}

func (d *runningDemo) to(t *testing.T, name string) *shownTo { return &shownTo{t, d, userID(name)} }

func (s *shownTo) read(path string, into any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.demo.address+"/dev/api/"+path+"as="+s.as, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Slackdev", "1")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		s.t.Fatal(err)
	}
}

func TestSceneTmp(t *testing.T) {
	demo := startDemoAs(t, "--gitlab-addr", "127.0.0.1:0", "--releases-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0", "--azure-addr", "127.0.0.1:0")
	_ = demo
	_ = slackdev.DefaultSeed
	_ = time.Now
	_ = strings.Contains
}
