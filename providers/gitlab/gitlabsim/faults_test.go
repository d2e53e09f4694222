package gitlabsim_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	const note, body = "/projects/7/issues/1/notes", `{"body":"hello"}`
	for _, c := range []struct {
		name  string
		fault gitlabsim.Fault
		// what comes of it: the status, 0 when the connection is closed, and how many notes there are
		status, notes int
		header        string
	}{
		{"a status", gitlabsim.Fault{Status: 503}, 503, 0, ""},
		{"a body", gitlabsim.Fault{Status: 418, Body: `{"message":"short and stout"}`}, 418, 0, ""},
		{"too many", gitlabsim.Fault{RetryAfter: 1500 * time.Millisecond}, 429, 0, "2"},
		{"lost before", gitlabsim.Fault{LoseRequest: true}, 0, 0, ""},
		{"lost after", gitlabsim.Fault{LoseReply: true}, 0, 1, ""},
		{"none", gitlabsim.Fault{}, 201, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, gitlabsim.Options{})
			on := w.issue("x", "")
			w.FailNext(1, "POST", "/projects/*/issues/*/notes", c.fault)
			a, err := w.try("dev", "POST", note, body)
			if (err != nil) != (c.status == 0) || a.status != c.status {
				t.Errorf("status %d, %v, want %d", a.status, err, c.status)
			}
			if got := a.header.Get("Retry-After"); got != c.header {
				t.Errorf("Retry-After is %q, want %q", got, c.header)
			}
			if v, _ := w.View(on); len(v.Notes) != c.notes {
				t.Errorf("there are %d notes, want %d", len(v.Notes), c.notes)
			}
			w.want(w.as("dev", "POST", note, body), 201) // and only the one went wrong
			calls := w.Calls("POST", "/projects/**")
			if len(calls) != 2 || calls[0].Status != c.status && !calls[0].Lost || calls[0].Body["body"] != "hello" || calls[0].User != "dev" {
				t.Errorf("the calls are %+v", calls)
			}
		})
	}
}

func TestHeldUntilReleased(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprint("after ", after), func(t *testing.T) {
			t.Parallel()
			w := setup(t, gitlabsim.Options{})
			on := w.issue("x", "")
			w.FailNext(1, "", "**", gitlabsim.Fault{Hold: !after, HoldReply: after})
			done := make(chan int)
			go func() {
				a, err := w.try("dev", "POST", "/projects/7/issues/1/notes", `{"body":"hello"}`)
				if err != nil {
					t.Error(err)
				}
				done <- a.status
			}()
			w.must(w.WaitHeld(t.Context(), 1))
			if v, _ := w.View(on); (len(v.Notes) == 1) != after {
				t.Errorf("while it is held there are %d notes", len(v.Notes))
			}
			select {
			case s := <-done:
				t.Errorf("it was answered with %d before it was released", s)
			default:
			}
			w.Release()
			if s := <-done; s != 201 {
				t.Errorf("the status is %d", s)
			}
		})
	}
}

func TestOutages(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	for o, status := range map[gitlabsim.Outage]int{gitlabsim.Refusing: 0, gitlabsim.BadGateway: 502, gitlabsim.Unavailable: 503} {
		w.Down(o)
		a, err := w.try("maya", "GET", "/user", "")
		if a.status != status || (err != nil) != (status == 0) {
			t.Errorf("outage %d: status %d, %v", o, a.status, err)
		}
		if status > 0 && (!strings.Contains(string(a.raw), "<html>") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html")) {
			t.Errorf("outage %d: %s", o, a.raw)
		}
		res, err := http.Get(w.url + "/cloud/images")
		if err == nil {
			res.Body.Close()
		}
		if (err != nil) != (status == 0) || err == nil && res.StatusCode != status {
			t.Errorf("outage %d: the page answers %v, %v", o, res, err)
		}
	}
	w.Up()
	w.want(w.as("maya", "GET", "/user", ""), 200)
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{RateLimit: 2})
	if a := w.want(w.as("maya", "GET", "/user", ""), 200); a.header.Get("RateLimit-Limit") != "2" || a.header.Get("RateLimit-Remaining") != "1" || a.header.Get("RateLimit-Observed") != "1" {
		t.Errorf("the headers are %v", a.header)
	}
	w.clock.Add(20 * time.Second)
	w.want(w.as("maya", "GET", "/user", ""), 200)
	a := w.want(w.as("maya", "GET", "/user", ""), 429)
	if string(a.raw) != "Retry later\n" || a.header.Get("Retry-After") != "40" || a.header.Get("RateLimit-Name") != "throttle_authenticated_api" || a.header.Get("RateLimit-ResetTime") != "Mon, 02 Mar 2026 09:01:00 GMT" {
		t.Errorf("%s with %v", a.raw, a.header)
	}
	w.want(w.as("dev", "GET", "/user", ""), 200) // somebody else
	w.clock.Add(40 * time.Second)
	w.want(w.as("maya", "GET", "/user", ""), 200)
}

// TestBothSidesInTheSameSecond lets a hook act as a person between the reading
// and the writing of a client.
func TestBothSidesInTheSameSecond(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "- [ ] a\n- [ ] b\n")
	var once sync.Once
	var statuses []int
	remove := w.AddHook(gitlabsim.Hook{
		Before: func(c gitlabsim.Call) {
			if c.Method == "PUT" {
				once.Do(func() { w.must(w.As("dev").Tick(on, "a")) })
			}
		},
		After: func(c gitlabsim.Call) { statuses = append(statuses, c.Status) },
	})
	w.want(w.as("maya", "PUT", "/projects/7/issues/1", `{"description":"- [ ] a\n- [x] b\n"}`), 200)
	remove()
	w.want(w.as("maya", "GET", "/user", ""), 200)
	if v, _ := w.View(on); v.Description != "- [ ] a\n- [x] b\n" {
		t.Errorf("the last writer wins on GitLab; the description is %q", v.Description)
	}
	if got := w.notes("1", "only_activity"); len(got) != 3 {
		t.Errorf("the notes are %q", got)
	}
	if len(statuses) != 1 || statuses[0] != 200 {
		t.Errorf("the hook saw %v", statuses)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, gitlabsim.Options{})
	on := w.issue("x", "- [ ] a\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 10 {
				if ctx.Err() != nil {
					return
				}
				if _, err := w.try("dev", "POST", "/projects/7/issues/1/notes", `{"body":"hi"}`); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					w.As("maya").Tick(on, "a") // refused when it is ticked
				} else {
					w.As("maya").Untick(on, "a")
				}
				w.Calls("", "**")
				w.View(on)
			}
		})
	}
	all.Wait()
	if v, _ := w.View(on); len(v.Notes) < 80 {
		t.Errorf("there are %d notes", len(v.Notes))
	}
}
