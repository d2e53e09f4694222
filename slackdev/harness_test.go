package slackdev

import (
	"context"
	"encoding/json"
	"errors"

	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

const testManifest = `
display_information: { name: Test App }
features:
  app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false }
  bot_user: { display_name: testapp }
  shortcuts:
    - { name: New thing, type: global, callback_id: new_thing, description: Starts a thing }
    - { name: Link it, type: message, callback_id: link_it, description: Links a message }
  slash_commands:
    - { command: /thing, description: Things, usage_hint: "new | list", should_escape: true }
    - { command: /plain, description: No escaping, should_escape: false }
oauth_config:
  scopes:
    bot: [commands, chat:write, users:read, usergroups:read, files:write, files:read, channels:read, groups:read, im:read, im:write,
      channels:join, pins:write, pins:read, bookmarks:write, bookmarks:read, app_mentions:read, im:history, "users:read.email"]
    bot_optional: [channels:history, groups:history, "chat:write.public"]
settings:
  event_subscriptions:
    bot_events: [app_home_opened, app_mention, message.im, member_joined_channel, subteam_members_changed, subteam_updated, user_change]
  interactivity: { is_enabled: true }
  socket_mode_enabled: true
`

var testNow = time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)

// start opens a workspace with the test manifest at a fixed moment.
func start(t *testing.T, change ...func(*Options)) *Workspace {
	t.Helper()
	o := Options{Manifest: []byte(testManifest), Now: testNow, IDSeed: 1, AckTimeout: 2 * time.Second}
	for _, c := range change {
		c(&o)
	}
	ws, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
	})
	return ws
}

// api is slack-go's client with the workspace's tokens.
func api(ws *Workspace) *slack.Client {
	return slack.New(ws.BotToken(), slack.OptionAppLevelToken(ws.AppToken()), slack.OptionAPIURL(ws.APIURL()),
		slack.OptionHTTPClient(&http.Client{Timeout: 10 * time.Second}))
}

// bot is an app written with slack-go's Socket Mode client: each field, when
// set, handles its kind and returns the payload of the ack; a handler that
// returns noAck leaves the envelope unanswered.
type bot struct {
	api    *slack.Client
	slash  func(slack.SlashCommand) any
	block  func(slack.InteractionCallback) any
	submit func(slack.InteractionCallback) any
	other  func(slack.InteractionCallback) any
	event  func(slackevents.EventsAPIEvent, *socketmode.Request) any
}

type noAckType struct{}

var noAck any = noAckType{}

// connect runs the bot on n sockets until the test ends.
func connect(t *testing.T, ws *Workspace, n int, b *bot) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.api = api(ws)
	done := make(chan struct{}, n)
	for range n {
		sm := socketmode.New(b.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
		go func() {
			for {
				select {
				case ev := <-sm.Events:
					b.handle(ctx, sm, ev)
				case <-ctx.Done():
					return
				}
			}
		}()
		go func() {
			sm.RunContext(ctx)
			done <- struct{}{}
		}()
	}
	t.Cleanup(func() {
		cancel()
		for range n {
			<-done
		}
	})
	if err := ws.WaitConnected(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

func (b *bot) handle(ctx context.Context, sm *socketmode.Client, ev socketmode.Event) {
	if ev.Request == nil {
		return
	}
	var answer any
	switch data := ev.Data.(type) {
	case slack.SlashCommand:
		if b.slash != nil {
			answer = b.slash(data)
		}
	case slack.InteractionCallback:
		answer = b.interact(data)
	case slackevents.EventsAPIEvent:
		if b.event != nil {
			answer = b.event(data, ev.Request)
		}
	}
	if answer == noAck {
		return
	}
	sm.AckCtx(ctx, ev.Request.EnvelopeID, answer)
}

func (b *bot) interact(ic slack.InteractionCallback) any {
	h := b.other
	switch ic.Type {
	case slack.InteractionTypeBlockActions:
		h = b.block
	case slack.InteractionTypeViewSubmission:
		h = b.submit
	}
	if h == nil {
		return nil
	}
	return h(ic)
}

// post calls a Web API method with a form and returns the decoded answer.
func post(t testing.TB, ws *Workspace, token, method string, form url.Values) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ws.APIURL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return answered(t, req)
}

// rawPost calls a method with JSON and without a token.
func rawPost(t *testing.T, ws *Workspace, method, body string) map[string]any {
	t.Helper()
	return rawAs(t, ws, "", method, "application/json; charset=utf-8", body)
}

// rawCall calls a method with any body.
func rawCall(t *testing.T, ws *Workspace, method, contentType, body string) map[string]any {
	t.Helper()
	return rawAs(t, ws, ws.BotToken(), method, contentType, body)
}

func rawAs(t *testing.T, ws *Workspace, token, method, contentType, body string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ws.APIURL()+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return answered(t, req)
}

// answered sends a request and returns the decoded answer.
func answered(t testing.TB, req *http.Request) map[string]any {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatalf("%s: %v", req.URL.Path, err)
	}
	return out
}

// codeOf is the error code of a slack-go error, or what it says otherwise.
func codeOf(err error) string {
	var r slack.SlackErrorResponse
	switch {
	case err == nil:
		return ""
	case errors.As(err, &r):
		return r.Err
	}
	return err.Error()
}

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
