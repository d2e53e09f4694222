package gitlabsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/gitlab/openapi"
)

// clock is a clock that is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// world is an instance with a few people, and a client for each of their tokens.
type world struct {
	*gitlabsim.Server
	t     *testing.T
	clock *clock
	url   string
}

const (
	pub  = "cloud/images"
	priv = "cloud/secret"
)

// setup makes maya (maintainer), dev (developer), rita (reporter), gus (guest),
// out (nobody's member) and root (administrator). Their tokens are their names.
func setup(t *testing.T, o gitlabsim.Options) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC)}}
	if o.Now == nil {
		o.Now = w.clock.Now
	}
	w.Server = gitlabsim.New(o)
	var seed gitlabsim.Seed
	for name, access := range map[string]gitlabsim.Access{"maya": gitlabsim.Maintainer, "dev": gitlabsim.Developer, "rita": gitlabsim.Reporter, "gus": gitlabsim.Guest, "out": 0, "root": 0} {
		seed.Users = append(seed.Users, gitlabsim.User{Username: name, Name: strings.ToUpper(name[:1]) + name[1:] + " Doe", Admin: name == "root"})
		seed.Tokens = append(seed.Tokens, gitlabsim.Token{Secret: name, User: name})
		if access > 0 {
			seed.Members = append(seed.Members, gitlabsim.Member{Path: pub, User: name, Access: access}, gitlabsim.Member{Path: priv, User: name, Access: access})
		}
	}
	seed.Projects = []gitlabsim.Project{{ID: 7, Path: pub, Visibility: gitlabsim.Public}, {ID: 8, Path: priv}}
	seed.Labels = []gitlabsim.Label{{Path: pub, Name: "bug"}, {Path: pub, Name: "image request"}, {Path: "cloud", Name: "group-wide"}}
	w.Add(seed)
	// Whatever a test is about, each answer agrees with what GitLab publishes.
	w.AddHook(gitlabsim.Hook{After: func(c gitlabsim.Call) {
		body := []byte(nil)
		if c.Body != nil {
			body, _ = json.Marshal(c.Body)
		}
		for _, d := range openapi.CheckCall(c.Method, c.Path, c.Query, body, c.Response, c.Status) {
			t.Error(d)
		}
	}})
	srv := httptest.NewServer(w.Server)
	t.Cleanup(srv.Close)
	t.Cleanup(w.ClearFaults)
	w.url = srv.URL
	w.SetBaseURL(srv.URL)
	return w
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    []byte
}

// as makes a request with somebody's token; "" is nobody. body is JSON text.
func (w *world) as(token, method, path, body string) answer {
	w.t.Helper()
	a, err := w.try(token, method, path, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (w *world) try(token, method, path, body string) (answer, error) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+"/api/v4"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("PRIVATE-TOKEN", token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, raw}, err
}

// want fails the test unless the status is right.
func (w *world) want(a answer, status int) answer {
	w.t.Helper()
	if a.status != status {
		w.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

// object is the answer as an object.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	return decode[map[string]any](t, a.raw)
}

func (a answer) list(t *testing.T) []map[string]any {
	t.Helper()
	return decode[[]map[string]any](t, a.raw)
}

func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return v
}

// must takes the error of a person's act.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// issue makes an issue of maya's in the public project.
func (w *world) issue(title, description string) gitlabsim.Ref {
	w.t.Helper()
	ref, err := w.As("maya").CreateIssue(pub, title, description)
	w.must(err)
	return ref
}

// notes are the bodies of an issue's notes in the public project, oldest first.
func (w *world) notes(iid string, filter string) []string {
	w.t.Helper()
	out := []string{}
	for _, n := range w.want(w.as("maya", "GET", "/projects/7/issues/"+iid+"/notes?sort=asc&per_page=100&activity_filter="+filter, ""), 200).list(w.t) {
		out = append(out, n["body"].(string))
	}
	return out
}

// quote is a text in JSON.
func quote(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// id is somebody's id, in digits.
func (w *world) id(username string) string {
	w.t.Helper()
	return fmt.Sprint(w.want(w.as("maya", "GET", "/users?username="+username, ""), 200).list(w.t)[0]["id"])
}
