package main

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/workflow"
)

// This file lets people act in GitLab in the very moment between the bot's reading
// and its writing.

// inTheMoment starts a partnership and lets something happen once, right before or
// after the bot makes a call, while it writes that a step is done.
func inTheMoment(t *testing.T, method string, before bool, happens func(w *world)) *world {
	t.Helper()
	w := startWorld(t, func(w *world) { w.withGitLab = true })
	w.as("ana")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(w.failure(err))
		}
	}
	check(w.partnership(t.Context(), "DigitalOcean"))
	check(w.settle())
	check(w.wait(20 * time.Minute)) // nothing is under way
	var once atomic.Bool
	act := func(c gitlabsim.Call) {
		if c.Method == method && strings.HasSuffix(c.Path, "/issues/1") && once.CompareAndSwap(false, true) {
			happens(w)
		}
	}
	hook := gitlabsim.Hook{After: act}
	if before {
		hook = gitlabsim.Hook{Before: act}
	}
	defer w.gitlab.AddHook(hook)()
	check(w.does(t.Context(), "DigitalOcean", "1.2"))
	check(w.settle())
	if !once.Load() {
		t.Fatal("the moment did not come")
	}
	check(w.wait(3 * time.Minute))
	return w
}

// run is the one there is.
func (w *world) theRun(t *testing.T) *workflow.Run {
	t.Helper()
	runs, err := w.app.store.Open(context.Background(), 2)
	if err != nil || len(runs) != 1 {
		t.Fatal(len(runs), err)
	}
	return runs[0]
}

func (w *world) sees(t *testing.T, words ...string) {
	t.Helper()
	v, err := w.looksAt()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range words {
		if text := w.issueText(v); !strings.Contains(text, want) {
			t.Errorf("the issue does not say %q:\n%s", want, text)
		}
	}
}

func TestATickInTheSameSecondIsNotLost(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]struct {
		method string
		before bool
	}{
		"after it was read":     {"GET", false},
		"before it is written":  {"PUT", true},
		"after it was written":  {"PUT", false},
		"before it is read":     {"GET", true},
		"while it is looked at": {"GET", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := inTheMoment(t, m.method, m.before, func(w *world) {
				if err := w.inGitLab("lena", []string{"ticks", "Set up GitLab account"}); err != nil {
					t.Error(err)
				}
			})
			w.sees(t, "- [x] **1.2**", "2 of 14 steps", "ticked by @lena, to be accepted in Slack")
			s := w.theRun(t).Steps[workflow.StepKey{Step: "partner-account"}]
			if s.Tick == nil || s.Tick.By.Handle != "lena" || s.Tick.By.User != "U0LENA" {
				t.Errorf("the tick is %+v", s.Tick)
			}
		})
	}
}

// TestTextOfTheSameSecond holds that text outside the bot's part is kept, or that
// people are told when it may not have been.
func TestTextOfTheSameSecond(t *testing.T) {
	t.Parallel()
	append := func(t *testing.T) func(w *world) {
		return func(w *world) {
			if err := w.inGitLab("lena", []string{"appends", "They have moved."}); err != nil {
				t.Error(err)
			}
		}
	}
	t.Run("kept", func(t *testing.T) {
		t.Parallel()
		w := inTheMoment(t, "GET", true, append(t))
		w.sees(t, "2 of 14 steps", "They have moved.")
		if it := w.theRun(t).Items[workflow.FactIssue]; it.Trouble != nil {
			t.Errorf("it is in trouble: %+v", it.Trouble)
		}
	})
	t.Run("told", func(t *testing.T) {
		t.Parallel()
		w := inTheMoment(t, "PUT", true, append(t))
		w.sees(t, "2 of 14 steps")
		it := w.theRun(t).Items[workflow.FactIssue]
		if it.Trouble == nil || it.Trouble.Kind != workflow.Overwrote || it.Trouble.By.Handle != "lena" {
			t.Errorf("the trouble is %+v", it.Trouble)
		}
		// Work goes on, and somebody says that they have seen it.
		if err := w.does(t.Context(), "DigitalOcean", "1.4"); err != nil {
			t.Fatal(err)
		}
		w.sees(t, "3 of 14 steps")
		_, err := w.app.desk.Service.Observe(t.Context(), "seen", w.theRun(t).ID, func(act workflow.Act, r *workflow.Run) error {
			return r.Repair(act, workflow.FactIssue, it.Trouble.Key)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		if it := w.theRun(t).Items[workflow.FactIssue]; it.Trouble != nil {
			t.Errorf("it is in trouble still: %+v", it.Trouble)
		}
	})
	t.Run("after", func(t *testing.T) {
		t.Parallel()
		w := inTheMoment(t, "PUT", false, append(t))
		w.sees(t, "2 of 14 steps", "They have moved.")
		if it := w.theRun(t).Items[workflow.FactIssue]; it.Trouble != nil {
			t.Errorf("it is in trouble: %+v", it.Trouble)
		}
	})
}
