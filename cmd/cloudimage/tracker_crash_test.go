package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
)

// This file stops the program at each call to GitLab, before it was carried out and
// after, and looks what is left: the database is kept as it was at that moment, as
// a power cut would leave it, and the program is started again from it.

// crasher is between the program and GitLab.
type crasher struct {
	w     *world
	at    int  // the call at which it crashes; 0 for never
	after bool // it was carried out, and nobody heard so

	mu      sync.Mutex
	calls   int
	crashed bool // and was not started again yet
	err     error
	name    string // of the call
}

// errGone is what the program gets once it has crashed: nothing.
func (c *crasher) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock() // one at a time, as the program asks
		if c.crashed {
			panic(http.ErrAbortHandler)
		}
		c.calls++
		if c.calls == c.at {
			c.name = r.Method + " " + r.URL.Path
		}
		if c.calls == c.at && !c.after {
			c.crash()
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if c.calls == c.at {
			c.crash()
		}
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	})
}

// crash keeps the database as it is, and answers nobody any more.
func (c *crasher) crash() {
	for _, end := range []string{"", "-wal"} {
		raw, err := os.ReadFile(c.w.database() + end)
		if err == nil {
			err = os.WriteFile(c.w.database()+".crash"+end, raw, 0o600)
		}
		c.err = errors.Join(c.err, err)
	}
	c.crashed = true
	panic(http.ErrAbortHandler)
}

// revive starts the program from what the crash left.
func (c *crasher) revive() error {
	if err := c.w.stop(); err != nil {
		return err
	}
	for _, end := range []string{"-wal", "-shm"} {
		os.Remove(c.w.database() + end)
	}
	for _, end := range []string{"", "-wal"} {
		if err := os.Rename(c.w.database()+".crash"+end, c.w.database()+end); err != nil {
			return err
		}
	}
	c.mu.Lock()
	c.crashed = false
	c.mu.Unlock()
	return errors.Join(c.err, c.w.start())
}

// crashStory is what people do while the program crashes. Each step settles.
var crashStory = []func(w *world) error{
	func(w *world) error { w.as("ana"); return w.partnership(context.Background(), "DigitalOcean") },
	func(w *world) error { return w.does(context.Background(), "DigitalOcean", "1.2") },
	func(w *world) error { return w.wait(11 * time.Minute) },
	func(w *world) error { return w.inGitLab("pat", []string{"ticks", "Set up GitLab account"}) },
	func(w *world) error { return w.wait(2 * time.Minute) },
	func(w *world) error { return w.inGitLab("ana", []string{"ticks", "Joint marketing opportunities"}) },
	func(w *world) error { return w.inGitLab("maya", []string{"comments", "Are we there yet?"}) },
	func(w *world) error { return w.wait(2 * time.Minute) },
	func(w *world) error { return w.does(context.Background(), "DigitalOcean", "1.3") },
	func(w *world) error { return w.does(context.Background(), "DigitalOcean", "1.6") },
	func(w *world) error { return w.does(context.Background(), "DigitalOcean", "1.4") },
	func(w *world) error { return w.wait(11 * time.Minute) },
}

func (w *world) wait(d time.Duration) error { return w.advance(w.slack.Clock().Now().Add(d)) }

// playCrash plays the story with a crash at a call, and returns how many calls
// there were.
func playCrash(t *testing.T, at int, after bool) (calls int, name string) {
	t.Helper()
	c := &crasher{at: at, after: after}
	w := startWorld(t, func(w *world) {
		c.w = w
		w.withGitLab = true
		w.aroundGitLab = c.around
	})
	fail := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("a crash at call %d (%s, after: %v): %s: %s", at, c.name, after, what, w.failure(err))
		}
	}
	for i, step := range crashStory {
		err := step(w)
		if c.crashed {
			err = c.revive()
			w.as("ana")
		}
		if err == nil {
			err = w.settle()
		}
		if err == nil && i == 0 {
			err = w.wait(time.Minute) // so that there is an issue to act at
		}
		fail(fmt.Sprintf("step %d", i+1), err)
	}
	fail("the end", w.wait(15*time.Minute))
	calls = c.calls
	c.look(t, fail)
	return calls, c.name
}

// look checks what is left: one issue of each kind, no tick lost, nothing told
// twice, and no end to nothing.
func (c *crasher) look(t *testing.T, fail func(string, error)) {
	t.Helper()
	w := c.w
	for _, project := range []string{demoOmnibus, demoMarketing} {
		if n := len(w.gitlabItems(project)); n != 1 {
			fail("look", fmt.Errorf("%s has %d issues, want 1", project, n))
		}
	}
	at, err := w.itemOf(workflow.FactIssue)
	fail("look", err)
	v, _ := w.gitlab.View(at)
	for _, number := range []string{"1.1", "1.2", "1.3", "1.4", "1.6"} {
		if !strings.Contains(v.Description, "- [x] **"+number+"**") {
			fail("look", fmt.Errorf("%s is not ticked:\n%s", number, v.Description))
		}
	}
	told := map[string]int{}
	for _, n := range v.Notes {
		if n.Author != demoBot || n.System {
			continue
		}
		for line := range strings.Lines(n.Body) {
			if told[line]++; told[line] > 1 {
				fail("look", fmt.Errorf("it is told twice: %s", line))
			}
		}
	}
	events := map[workflow.EventType]int{}
	fail("look", w.app.store.Each(context.Background(), func(r *workflow.Run) error {
		all, err := w.app.store.Events(context.Background(), r.ID, 0, 1000)
		for _, e := range all {
			events[e.Type]++
			if e.Type == workflow.StepTicked && e.Outside.By.Handle == "" {
				err = errors.Join(err, errors.New("nobody knows who ticked"))
			}
		}
		return err
	}))
	for event, want := range map[workflow.EventType]int{workflow.StepTicked: 2, workflow.ItemHeard: 1, workflow.ItemLinked: 2} {
		if events[event] != want {
			fail("look", fmt.Errorf("there are %d %s, want %d", events[event], event, want))
		}
	}
	before := c.calls
	fail("a quiet hour", w.wait(time.Hour))
	if n := c.calls - before; n > 70 {
		fail("a quiet hour", fmt.Errorf("it took %d calls", n))
	}
}

func TestCrashAtEachCallToGitLab(t *testing.T) {
	t.Parallel()
	n, _ := playCrash(t, 0, false)
	t.Logf("the story takes %d calls", n)
	step := 7 // a sample; all of them where there is time
	if os.Getenv("CI") != "" {
		step = 1
	}
	for at := 1; at <= n; at++ {
		for _, after := range []bool{false, true} {
			if (at*2+map[bool]int{true: 1}[after])%step != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%d-%v", at, after), func(t *testing.T) {
				t.Parallel()
				if _, name := playCrash(t, at, after); name == "" {
					t.Errorf("there was no call %d to crash at", at)
				}
			})
		}
	}
}
