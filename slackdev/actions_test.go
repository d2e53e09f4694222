package slackdev

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// releases is a world in which versions are published one after the other.
type releases struct {
	mu        sync.Mutex
	next      int
	published []string
	hold      chan struct{} // closed to let an action go on; nil for no wait
}

func (r *releases) actions() []Action {
	r.mu.Lock()
	defer r.mu.Unlock()
	version := fmt.Sprintf("17.6.%d", r.next)
	return []Action{
		{Label: "Publish " + version + " (security)", Note: "The app is to notice.", Do: func(ctx context.Context) error { return r.publish(ctx, version) }},
		{Label: "Fail", Do: func(context.Context) error { return errors.New("the shop is closed") }},
	}
}

func (r *releases) publish(ctx context.Context, version string) error {
	r.mu.Lock()
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.published = append(r.published, version)
	r.next++
	return nil
}

func (r *releases) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.published...)
}

func offering(r *releases) func(*Options) {
	return func(o *Options) { o.Actions = r.actions }
}

func TestActionsAreListedAndDone(t *testing.T) {
	t.Parallel()
	r := &releases{}
	ws := start(t, offering(r))
	listed := func() []any {
		t.Helper()
		status, got := ask(t, ws, http.MethodGet, "/dev/api/actions", "")
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, got)
		}
		return got["actions"].([]any)
	}
	first := map[string]any{"id": "publish-17-6-0-security", "label": "Publish 17.6.0 (security)", "note": "The app is to notice.", "running": false}
	fails := map[string]any{"id": "fail", "label": "Fail", "running": false}
	if diff := cmp.Diff([]any{first, fails}, listed()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		name, body, says string
		change           func(*http.Request)
		status           int
	}{
		{"done", `{"id":"publish-17-6-0-security"}`, "", nil, 200},
		{"a page that is out of date", `{"id":"publish-17-6-0-security"}`, `"publish-17-6-0-security" is not offered any more.`, nil, 200},
		{"by its label", `{"id":"Publish 17.6.1 (security)"}`, "", nil, 200},
		{"what goes wrong", `{"id":"fail"}`, "The shop is closed.", nil, 200},
		{"nothing", `{}`, `"" is not offered any more.`, nil, 200},
		{"another page", `{"id":"fail"}`, "The request lacks the header X-Slackdev: 1.", func(r *http.Request) { r.Header.Del("X-Slackdev") }, 403},
		{"another origin", `{"id":"fail"}`, "", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"a form", `{"id":"fail"}`, "The body must be JSON, and say so: Content-Type: application/json.", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
	} {
		status, got := ask(t, ws, http.MethodPost, "/dev/api/act", c.body, orNothing(c.change))
		if says, _ := got["error"].(string); status != c.status || says != c.says || status == 200 && got["ok"] != (c.says == "") {
			t.Errorf("%s: %d %v", c.name, status, got)
		}
	}
	if diff := cmp.Diff([]string{"17.6.0", "17.6.1"}, r.all()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
	if status, _ := ask(t, ws, http.MethodGet, "/dev/api/actions", "", func(r *http.Request) { r.Header.Del("X-Slackdev") }); status != http.StatusForbidden {
		t.Errorf("the list was given to another page: %d", status)
	}
}

func orNothing(change func(*http.Request)) func(*http.Request) {
	if change == nil {
		return func(*http.Request) {}
	}
	return change
}

func TestNothingIsOffered(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if status, got := ask(t, ws, http.MethodGet, "/dev/api/actions", ""); status != http.StatusOK || len(got["actions"].([]any)) != 0 {
		t.Errorf("%d %v", status, got)
	}
	if err := ws.Act(t.Context(), "Publish"); !errors.Is(err, ErrNotPossible) {
		t.Errorf("it was done: %v", err)
	}
}

func TestActionsOfOneName(t *testing.T) {
	t.Parallel()
	var did []int
	ws := start(t, func(o *Options) {
		o.Actions = func() (out []Action) {
			for n := range 3 {
				out = append(out, Action{Label: "Go", Do: func(context.Context) error { did = append(did, n); return nil }})
			}
			return out
		}
	})
	for _, id := range []string{"go-3", "go", "go-2", "Go"} {
		if err := ws.Act(t.Context(), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if diff := cmp.Diff([]int{2, 0, 1, 0}, did); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
}

// An action runs once at a time, may use the workspace, and outlives who asked.
func TestActionUnderWay(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	var ws *Workspace
	var mu sync.Mutex
	moved := false
	ws = start(t, func(o *Options) {
		o.Actions = func() []Action {
			return []Action{{Label: "Wait", Note: ws.Clock().Now().String(), Do: func(ctx context.Context) error {
				<-hold
				err := ws.Clock().Advance(ctx, time.Hour)
				mu.Lock()
				defer mu.Unlock()
				moved = err == nil
				return err
			}}}
		}
	})
	running := func() bool {
		_, got := ask(t, ws, http.MethodGet, "/dev/api/actions", "")
		return got["actions"].([]any)[0].(map[string]any)["running"] == true
	}
	asking, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		req, err := http.NewRequestWithContext(asking, http.MethodPost, ws.URL()+"/dev/api/act", strings.NewReader(`{"id":"wait"}`))
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("X-Slackdev", "1")
		req.Header.Set("Content-Type", "application/json")
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			t.Error("it was answered")
		}
	}()
	if err := ws.WaitFor(t.Context(), running); err != nil {
		t.Fatal(err)
	}
	leave()
	<-gone
	if err := ws.Act(t.Context(), "Wait"); !errors.Is(err, ErrNotPossible) {
		t.Errorf("it was done twice at once: %v", err)
	}
	close(hold)
	if err := ws.WaitFor(t.Context(), func() bool { return !running() }); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !moved {
		t.Error("it did not come to its end")
	}
}

// TestActionsInABrowser presses them by hand and by keyboard.
func TestActionsInABrowser(t *testing.T) {
	t.Parallel()
	r := &releases{hold: make(chan struct{})}
	ws := start(t, offering(r))
	windows := look(t, ws, "ana", "omar")
	ana, omar := windows[0], windows[1]
	const list = `[...document.querySelectorAll('[data-testid="act"]')].map((b) => b.innerText + (b.disabled ? ' (busy)' : '')).join('; ')`
	const status = `document.querySelector('[data-testid="acts-status"]').innerText`

	omar.click(`[data-testid="actions"]`)
	ana.keys(`[data-testid="actions"]`, kb.Enter)
	ana.until(list + ` === 'Publish 17.6.0 (security); Fail'`)
	ana.until(`document.getElementById(document.querySelector('[data-testid="act"]').getAttribute('aria-describedby')).innerText === 'The app is to notice.'`)
	ana.keys(`[data-action="publish-17-6-0-security"]`, kb.Enter)
	ana.until(list + ` === 'Publish 17.6.0 (security) (busy); Fail'`)
	omar.until(list + ` === 'Publish 17.6.0 (security) (busy); Fail'`)
	close(r.hold)
	ana.until(list + ` === 'Publish 17.6.1 (security); Fail'`)
	omar.until(list + ` === 'Publish 17.6.1 (security); Fail'`)
	ana.until(status + ` === 'Done: Publish 17.6.0 (security).'`)
	ana.until(`document.activeElement.dataset.action === 'publish-17-6-1-security'`)
	ana.click(`[data-action="fail"]`)
	ana.until(status + ` === 'The shop is closed.'`)
	if diff := cmp.Diff([]string{"17.6.0"}, r.all()); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}

func TestNoButtonWithoutActions(t *testing.T) {
	t.Parallel()
	ws := start(t)
	look(t, ws, "ana")[0].until(`document.querySelector('[data-testid="actions"]').hidden`)
}
