package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// This file puts the bot before servers that speak Slack's language with an
// accent. The workspace is as correct as ever; what stands before it is not.

// behind lets the bot reach the workspace only through a server that changes
// what is asked and answered. Either function may be nil.
func behind(t *testing.T, ask func(method string, form url.Values), answer func(method string, resp *http.Response)) func(*Options) {
	return func(o *Options) {
		workspace, err := url.Parse(o.APIURL)
		if err != nil {
			t.Fatal(err)
		}
		workspace.Path = "/"
		proxy := httptest.NewServer(&httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(workspace) // and its host, which it insists on
				if ask == nil || r.In.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
					return
				}
				raw, err := io.ReadAll(r.In.Body)
				if err != nil {
					t.Error(err)
				}
				form, err := url.ParseQuery(string(raw))
				if err != nil {
					t.Error(err)
				}
				ask(path.Base(r.In.URL.Path), form)
				r.Out.Body = io.NopCloser(strings.NewReader(form.Encode()))
				r.Out.ContentLength = int64(len(form.Encode()))
			},
			ModifyResponse: func(resp *http.Response) error {
				if answer != nil {
					answer(path.Base(resp.Request.URL.Path), resp)
				}
				return nil
			},
			ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // the bot stops before what it asks is answered
		})
		t.Cleanup(proxy.Close)
		o.APIURL = proxy.URL + "/api/"
	}
}

// with replaces the body of an answer.
func with(resp *http.Response, status int, body string) {
	resp.Body.Close()
	resp.StatusCode, resp.ContentLength = status, int64(len(body))
	resp.Header.Set("Content-Length", fmt.Sprint(len(body)))
	resp.Header.Set("Content-Type", "text/html")
	resp.Body = io.NopCloser(strings.NewReader(body))
}

// A server may look for the token in the header alone.
func TestTokenInTheHeaderAlone(t *testing.T) {
	t.Parallel()
	s := start(t, says("Here."), slackdev.Options{}, behind(t, func(_ string, form url.Values) { form.Del("token") }, nil))
	if got := s.identity().TeamID; got != string(s.slack.TeamID()) {
		t.Errorf("the bot is in %q", got)
	}
	if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Name != "ana" {
		t.Errorf("ana is %+v, %v", p, err)
	}
}

// A server may send back what was sent to it, blocks as text and times as
// numbers. That is no reason to post again.
func TestPostsThatComeBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	echo := func(method string, resp *http.Response) {
		if method != "chat.postMessage" && method != "chat.update" {
			return
		}
		var a map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			t.Error(err)
		}
		a["message"] = map[string]any{"text": "x", "blocks": `[{"type":"section"}]`, "metadata": "{}", "ts": 7}
		raw, err := json.Marshal(a)
		if err != nil {
			t.Error(err)
		}
		with(resp, http.StatusOK, string(raw))
	}
	site := start(t, says("x"), slackdev.Options{Manifest: []byte(withHistory)}, behind(t, nil, echo))
	s := &shop{site: site, store: site.options.Shown.(*store.Store)}
	r := s.begin()
	s.settled(r)
	if n := s.slack.CallCount("chat.postMessage"); n != 2 {
		t.Errorf("2 messages took %d posts", n)
	}
}

// A server may say in a page of its own that it lacks a method.
func TestMethodsThatAreMissing(t *testing.T) {
	t.Parallel()
	has := map[string]bool{openSocket: true, "auth.test": true, "chat.postMessage": true, "chat.update": true, "views.open": true}
	for name, missing := range map[string]func(*http.Response){
		"a page":               func(r *http.Response) { with(r, http.StatusNotFound, "<h1>Not Found</h1>") },
		"a page and no status": func(r *http.Response) { with(r, http.StatusOK, "not found") },
		"a code":               func(r *http.Response) { with(r, http.StatusOK, `{"ok":false,"error":"unknown_method"}`) },
		"a yes to everything":  func(r *http.Response) { with(r, http.StatusOK, `{"ok":true}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := start(t, says("Here."), slackdev.Options{}, behind(t, nil, func(method string, resp *http.Response) {
				if !has[method] {
					missing(resp)
				}
			}))
			s := &shop{site: site, store: site.options.Shown.(*store.Store)}
			out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
			if err != nil || !mentions(string(out.Response), "Here.") {
				t.Errorf("the answer is %s, %v", out.Response, err)
			}
			if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.ID != "U0ANA" || p.Outsider || p.Guest || p.Zone == nil {
				t.Errorf("ana is %+v, %v", p, err)
			}
			s.settled(s.begin())
		})
	}
}

// A list of people without an end is read once.
func TestListWithoutAnEnd(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{}, behind(t, nil, func(method string, resp *http.Response) {
		if method == "users.list" {
			with(resp, http.StatusOK, `{"ok":true,"members":[{"id":"U0ANA","name":"ana"}],"response_metadata":{"next_cursor":"again"}}`)
		}
	}))
	if n := s.slack.CallCount("users.list"); n != 2 {
		t.Errorf("it was read %d times", n)
	}
}

// Where a modal cannot be changed, another is opened.
func TestModalsThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	s := start(t, deskFunc(func(_ context.Context, req commands.Request) (commands.Reply, error) {
		if req.Verb == "next" {
			return commands.Reply{Page: &commands.Page{Title: "The second page"}}, nil
		}
		return commands.Reply{Page: &commands.Page{Title: "The first page", Rows: []commands.Row{{
			Text: workflow.Say("Go on."), Buttons: []commands.Button{{Label: "Next", Verb: "next"}},
		}}}}, nil
	}), slackdev.Options{DisabledMethods: []string{"views.update"}})
	ana := s.slack.User("ana")
	see := func(title string) {
		t.Helper()
		s.until(title, func() bool {
			v, ok := ana.Modal()
			return ok && strings.Contains(v.Text(), title)
		})
	}
	if _, err := ana.Slash(t.Context(), "#general", "/cloudimage first"); err != nil {
		t.Fatal(err)
	}
	see("The first page")
	if _, err := ana.Click(t.Context(), slackdev.InModal("Next")); err != nil {
		t.Fatal(err)
	}
	see("The second page")
}

// Who waits for a modal gets it although there were too many calls.
func TestModalAfterAShortWait(t *testing.T) {
	t.Parallel()
	s := start(t, deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		return commands.Reply{Page: &commands.Page{Title: "The page"}}, nil
	}), slackdev.Options{})
	s.slack.FailNext("views.open", 1, slackdev.Fault{RetryAfter: time.Second})
	ana := s.slack.User("ana")
	if _, err := ana.Slash(t.Context(), "#general", "/cloudimage first"); err != nil {
		t.Fatal(err)
	}
	s.until("the modal", func() bool { _, ok := ana.Modal(); return ok })
}

// Where nothing can be deleted, what is out of date at least says so.
func TestMessagesThatCannotBeDeleted(t *testing.T) {
	t.Parallel()
	site := start(t, says("x"), slackdev.Options{Manifest: []byte(withHistory), DisabledMethods: []string{"chat.delete"}})
	s := &shop{site: site, store: site.options.Shown.(*store.Store)}
	r := s.begin()
	s.give(r, "create-issue")
	s.until("omar's message", func() bool { return len(s.posts("omar", "dm", r)) == 1 })
	older := s.posts("omar", "dm", r)[0].TS
	s.ask(r, "gather-documentation", "contact-support")
	s.until("the news", func() bool { return len(s.posts("omar", "dm", r)) == 2 })
	s.until("the older message to be put away", func() bool {
		m := s.slack.User("omar").Messages("dm")
		return m[0].TS == older && mentions(m[0].Text(), "There is a newer message") && len(m[0].Controls()) == 0
	})
}

// What people did is told apart although the server sends one and the same
// trigger with everything.
func TestOneTriggerForEverything(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []workflow.RequestID
	s := start(t, deskFunc(func(_ context.Context, req commands.Request) (commands.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, req.ID)
		return commands.Reply{Text: workflow.Say("%s", req.Verb)}, nil
	}), slackdev.Options{})
	for i, verb := range []string{"mine", "help", "help", "mine"} {
		frame := fmt.Sprintf(`{"envelope_id":"e%d","type":"slash_commands","accepts_response_payload":true,"payload":{"command":"/cloudimage","text":%q,"user_id":"U0ANA","channel_id":"C0GENERAL","trigger_id":"trigger"}}`, i, verb)
		out, err := s.slack.SendEnvelope(t.Context(), json.RawMessage(frame))
		if err != nil || !mentions(string(out.Response), verb) {
			t.Errorf("%s was answered with %s, %v", verb, out.Response, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 4 {
		t.Errorf("of 4 commands %d were carried out: %v", len(asked), asked)
	}
	for i, a := range asked {
		for _, b := range asked[:i] {
			if a == b {
				t.Errorf("two commands are the request %q", a)
			}
		}
	}
}

// Triggers of Slack's hold together what is delivered again.
func TestTriggersThatCanBeReliedOn(t *testing.T) {
	t.Parallel()
	var s seen
	at := time.Now()
	for i := range 3 {
		trigger := fmt.Sprint("t", i)
		for delivery := range 3 {
			in := Incoming{Trigger: trigger, Key: "trigger:" + trigger, Delivery: fmt.Sprint(trigger, delivery)}
			if _, first := s.first(&in, at); first != (delivery == 0) || in.Key != "trigger:"+trigger {
				t.Errorf("delivery %d of %s: first %v, key %q", delivery, trigger, first, in.Key)
			}
		}
	}
}

// A copy is answered as the first is, and not with nothing, which would close a
// form or leave a command without its answer.
func TestCopyThatIsReadBeforeTheFirstIsAnswered(t *testing.T) {
	t.Parallel()
	finish := make(chan struct{})
	s := start(t, deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		<-finish
		return commands.Reply{Text: workflow.Say("The answer.")}, nil
	}), slackdev.Options{})
	s.slack.DuplicateNext(2)
	var answered sync.WaitGroup
	answered.Go(func() {
		out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
		if err != nil || !mentions(string(out.Response), "The answer.") {
			t.Errorf("the answer is %s, %v", out.Response, err)
		}
	})
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if s.counted("slash_commands", "duplicate") > 0 || t.Failed() {
			break
		}
	}
	close(finish)
	answered.Wait()
}

// An envelope that does not say whether it takes an answer takes one, if it is
// of a kind that does.
func TestEnvelopesThatDoNotSayWhatTheyTake(t *testing.T) {
	t.Parallel()
	person := `"user":{"id":"U1"},"user_id":"U1"`
	for _, c := range []struct {
		envelope, payload, accepts string
		want                       bool
	}{
		{"slash_commands", `{` + person + `}`, ``, true},
		{"slash_commands", `{` + person + `}`, `,"accepts_response_payload":false`, false},
		{"interactive", `{"type":"view_submission",` + person + `}`, ``, true},
		{"interactive", `{"type":"view_submission",` + person + `}`, `,"accepts_response_payload":false`, false},
		{"interactive", `{"type":"block_actions",` + person + `}`, ``, false},
		{"interactive", `{"type":"block_actions",` + person + `,"team":"T1","channel":7}`, `,"accepts_response_payload":true`, true},
		{"events_api", `{"type":"event_callback","event":{"type":"message"}}`, ``, false},
	} {
		frame := fmt.Sprintf(`{"envelope_id":"e","type":%q,"payload":%s%s}`, c.envelope, c.payload, c.accepts)
		if e, err := Decode([]byte(frame)); err != nil || e.Accepts != c.want {
			t.Errorf("%s: accepts is %v, %v", frame, e.Accepts, err)
		}
	}
}

// A form that is refused where no answer is taken is not refused in silence.
func TestRefusalThatIsNotTaken(t *testing.T) {
	t.Parallel()
	problem := workflow.Say("Choose a day.")
	s := start(t, deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		return commands.Reply{}, &workflow.Error{Kind: workflow.Invalid, Message: problem, Fields: map[workflow.FieldID]workflow.Text{"day": problem}}
	}), slackdev.Options{})
	for i, metadata := range []string{"new|", "!"} {
		frame := fmt.Sprintf(`{"envelope_id":"e%d","type":"interactive","accepts_response_payload":false,"payload":{"type":"view_submission","user":{"id":"U0ANA"},"trigger_id":"t%d",
			"view":{"id":"V%d","type":"modal","private_metadata":%q,"state":{"values":{"day":{"day":{"type":"datepicker","selected_date":null}}}}}}}`, i, i, i, metadata)
		if out, err := s.slack.SendEnvelope(t.Context(), json.RawMessage(frame)); err != nil || len(out.Response) > 0 {
			t.Errorf("the answer is %s, %v", out.Response, err)
		}
	}
	s.until("the words", func() bool {
		return mentions(s.slack.User("ana").Sees("dm"), "Choose a day.", "I cannot tell which form that was")
	})
}
