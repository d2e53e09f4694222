package slackdev

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func text(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

// statusOf is the HTTP status that slack-go was answered with; 0 for none.
func statusOf(err error) int {
	var s slack.StatusCodeError
	if errors.As(err, &s) {
		return s.Code
	}
	return 0
}

func TestACallIsAnsweredWhatAFaultSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  Fault
		stored bool
		told   func(error) bool
	}{
		"429": {Fault{RetryAfter: 29500 * time.Millisecond}, false, func(err error) bool {
			var limited *slack.RateLimitedError
			return errors.As(err, &limited) && limited.RetryAfter == 30*time.Second
		}},
		"500":              {Fault{Status: 500}, false, func(err error) bool { return statusOf(err) == 500 }},
		"504":              {Fault{Status: 504}, false, func(err error) bool { return statusOf(err) == 504 }},
		"a code":           {Fault{Code: "restricted_action"}, false, func(err error) bool { return codeOf(err) == "restricted_action" }},
		"stored, then 500": {Fault{StoredThenStatus: 500}, true, func(err error) bool { return statusOf(err) == 500 }},
		"an answer lost":   {Fault{LoseAnswer: true}, true, func(err error) bool { return errors.Is(err, io.EOF) }},
		"a timeout":        {Fault{Timeout: 20 * time.Millisecond}, false, func(err error) bool { return errors.Is(err, io.EOF) }},
		"a slow network":   {Fault{Latency: 20 * time.Millisecond}, true, func(err error) bool { return err == nil }},
	} {
		ws := start(t)
		began := time.Now()
		ws.FailNext("chat.postMessage", 1, c.fault)
		_, _, err := api(ws).PostMessage("C0GENERAL", text("hello"))
		if !c.told(err) {
			t.Errorf("%s: the app was told %v", name, err)
		}
		if got := ws.User("ana").Sees("#general"); strings.Contains(got, "hello") != c.stored {
			t.Errorf("%s: she sees %q", name, got)
		}
		if took := time.Since(began); took < max(c.fault.Timeout, c.fault.Latency) {
			t.Errorf("%s: it took %s", name, took)
		}
		call := ws.Calls("chat.postMessage")[0]
		if call.OK != (err == nil) || len(ws.Faults()) != 0 {
			t.Errorf("%s: logged %+v, armed %v", name, call, ws.Faults())
		}
		if _, _, err := api(ws).PostMessage("C0GENERAL", text("again")); err != nil {
			t.Errorf("%s: the next call: %v", name, err)
		}
	}
}

func TestACallerWhoDoesNotWaitIsNoLongerServed(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ws.FailNext(AnyMethod, -1, Fault{Timeout: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := api(ws).AuthTestContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := ws.WaitFor(t.Context(), func() bool { return ws.FailedCallCount("auth.test") == 1 }); err != nil {
		t.Error(err)
	}
}

func TestMissingScopeNamesWhatIsNeededAndProvided(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.ScopesGranted = []string{"chat:write", "users:read"} })
	for needed, fault := range map[string]Fault{"users:read": {Code: "missing_scope"}, "users:write": {Code: "missing_scope", Needed: "users:write"}} {
		ws.FailNext("users.info", 1, fault)
		got := post(t, ws, ws.BotToken(), "users.info", map[string][]string{"user": {"U0ANA"}})
		if got["error"] != "missing_scope" || got["needed"] != needed || got["provided"] != "chat:write,users:read" {
			t.Errorf("%v", got)
		}
	}
}

func TestFaultsAreListedCountedAndTakenBack(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	standing := ws.FailNext("users.info", -1, Fault{Status: 503})
	counted := ws.FailNext(AnyMethod, 2, Fault{Code: "fatal_error"})
	own := ws.FailNext("users.info", 1, Fault{Code: "internal_error"})
	slow := ws.FailNext(AnyMethod, -1, Fault{Latency: time.Millisecond})
	if id := ws.FailNext("users.info", 0, Fault{Status: 500}); id != "" {
		t.Errorf("none at all is armed as %s", id)
	}
	asks := func() string {
		_, err := c.GetUserInfo("U0ANA")
		if s := statusOf(err); s != 0 {
			return http.StatusText(s)
		}
		return codeOf(err)
	}
	// The method's own before any, the counted before the standing.
	for i, want := range []string{"internal_error", "fatal_error", "fatal_error", "Service Unavailable", "Service Unavailable"} {
		if got := asks(); got != want {
			t.Errorf("call %d: %q, want %q", i, got, want)
		}
	}
	list := ws.Faults()
	if len(list) != 2 || list[0].ID != standing || list[0].Left != 0 || list[0].Happened != 2 || list[1].ID != slow || list[1].Happened != 5 {
		t.Errorf("%+v", list)
	}
	if ws.TakeBack(counted) || ws.TakeBack(own) || !ws.TakeBack(standing) || ws.TakeBack(standing) {
		t.Error("what is over was taken back, or what stands was not")
	}
	if got := asks(); got != "" {
		t.Errorf("after it was taken back: %s", got)
	}
	ws.ClearFaults()
	if len(ws.Faults()) != 0 {
		t.Error(ws.Faults())
	}
}

func TestTheNextUpdateConflictsAndTheNextTriggerIsExpired(t *testing.T) {
	t.Parallel()
	ws := start(t)
	got := make(chan error, 2)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		v := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("New thing"), Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
		opened, err := b.api.OpenView(c.TriggerID, v)
		if err == nil {
			_, err = b.api.UpdateView(v, "", opened.Hash, opened.ID)
		}
		got <- err
		return nil
	}
	connect(t, ws, 1, b)
	ws.FailNext("views.update", 1, Fault{Code: "hash_conflict"})
	ws.FailNext(AnyMethod, -1, Fault{Latency: time.Millisecond}) // a trigger is no call
	for _, want := range []string{"hash_conflict", "expired_trigger_id", ""} {
		if want == "expired_trigger_id" {
			ws.ExpireNextTrigger()
		}
		if _, err := ws.User("ana").Slash(t.Context(), "general", "/thing"); err != nil {
			t.Fatal(err)
		}
		if err := <-got; codeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestFaultsOfResponseURLs(t *testing.T) {
	t.Parallel()
	ws := start(t)
	b := &bot{}
	urls := make(chan string, 1)
	b.slash = func(c slack.SlashCommand) any { urls <- c.ResponseURL; return nil }
	connect(t, ws, 1, b)
	if _, err := ws.User("ana").Slash(t.Context(), "general", "/thing"); err != nil {
		t.Fatal(err)
	}
	url := <-urls
	for _, c := range []struct {
		fault  Fault
		status int
		answer string
	}{
		{Fault{Code: "used_url"}, 404, "used_url"},
		{Fault{Status: 502}, 502, "Bad Gateway"},
		{Fault{RetryAfter: time.Second}, 429, `{"ok":false,"error":"ratelimited"}`},
		{Fault{StoredThenStatus: 500}, 500, "Internal Server Error"},
	} {
		ws.FailNext(ResponseURL, 1, c.fault)
		resp, err := http.Post(url, "application/json", strings.NewReader(`{"text":"answer"}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || strings.TrimSpace(string(body)) != c.answer {
			t.Errorf("%s: %d %q %v", c.fault.Words(), resp.StatusCode, body, err)
		}
	}
	if got := ws.User("ana").Sees("#general"); strings.Count(got, "answer") != 1 {
		t.Errorf("she sees %q", got)
	}
}

func TestWhatAFaultDoesIsSaidInWords(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]Fault{
		"nothing":                                  {},
		"429, Retry-After 30 s":                    {RetryAfter: 29500 * time.Millisecond},
		"HTTP 500, nothing is done":                {Status: 500},
		"no answer, cut after 2s, nothing is done": {Timeout: 2 * time.Second},
		"missing_scope, needed pins:write":         {Code: "missing_scope", Needed: "pins:write"},
		"hash_conflict":                            {Code: "hash_conflict"},
		"done, but answered HTTP 500":              {StoredThenStatus: 500},
		"done, but the answer is lost":             {LoseAnswer: true},
		"hangs until it is released, 1s slower":    {Hang: true, Latency: time.Second},
		"800ms slower":                             {Latency: 800 * time.Millisecond},
	} {
		if got := f.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
