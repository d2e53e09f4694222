package slackdev

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestWaitsReturnWhenItIsSo(t *testing.T) {
	t.Parallel()
	ws := start(t)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		go func() {
			b.api.OpenView(c.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: plain("Hello"), Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewSectionBlock(plain("some words"), nil, nil),
			}}})
			b.api.PublishView(c.UserID, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewSectionBlock(plain("your things"), nil, nil),
			}}}, "")
			b.api.PostMessage("C0GENERAL", slack.MsgOptionText("posted", false))
		}()
		return nil
	}
	connect(t, ws, 1, b)
	ana, ctx := ws.User("ana"), t.Context()
	must[Outcome](t)(ana.Slash(ctx, "general", "/thing"))
	m := must[Message](t)(ana.WaitForText(ctx, "general", "posted"))
	v := must[View](t)(ana.WaitForModal(ctx, "some words"))
	h := must[View](t)(ana.WaitForHome(ctx, "your things"))
	if m.Text() != "posted" || v.Title != "Hello" || h.Type != "home" {
		t.Errorf("%+v, %+v, %+v", m, v, h)
	}
	if err := ws.WaitForCalls(ctx, "chat.postMessage", 1); err != nil {
		t.Error(err)
	}
	gone := make(chan error, 2)
	go func() { gone <- ana.WaitForNoModal(ctx) }()
	go func() { gone <- ana.WaitForGone(ctx, "general", "posted") }()
	must[Outcome](t)(ana.Close(ctx))
	if _, _, err := b.api.DeleteMessage("C0GENERAL", string(m.TS)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-gone; err != nil {
			t.Error(err)
		}
	}
}

func TestWaitsThatFailSayWhatIsSeen(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ana := ws.User("ana")
	botPost(t, ws, "C0GENERAL", "something else", "")
	over, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	_, text := ana.WaitForText(over, "general", "posted")
	_, modal := ana.WaitForModal(over, "Hello")
	for want, err := range map[string]error{
		`not seen: ana saw no "posted" in general; instead there is:` + "\nsomething else":  text,
		`not seen: ana still saw "some" in general; instead there is:` + "\nsomething else": ana.WaitForGone(over, "general", "some"),
		`not seen: ana saw no modal that says "Hello"; instead there is:` + "\n":            modal,
		`not seen: calls of views.open did not reach 2; instead there is:` + "\n0 calls":    ws.WaitForCalls(over, "views.open", 2),
	} {
		if !errors.Is(err, ErrNotSeen) || err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
}

func TestWaitingOverHTTP(t *testing.T) {
	t.Parallel()
	ws := start(t)
	wait := func(body string) (int, map[string]any) {
		t.Helper()
		return ask(t, ws, http.MethodPost, "/dev/api/wait", body)
	}
	if status, out := wait(`{"sockets":1,"timeout":"1ms"}`); status != http.StatusRequestTimeout || out["error"] != "After 1ms it is not so that sockets >= 1." || out["seen"] != "sockets: 0" {
		t.Errorf("%d %v", status, out)
	}
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	seen := make(chan string, 1)
	go func() {
		status, out := wait(`{"as":"ana","channel":"#general","text":"good news","sockets":1,"method":"chat.postMessage","timeout":"1m"}`)
		seen <- fmt.Sprintf("%v %v %v", status, out["ok"], out["seen"])
	}()
	ts := botPost(t, ws, "C0GENERAL", "good news", "")
	if got, want := <-seen, "200 true sockets: 1\ncalls of chat.postMessage: 1\ngood news"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if status, out := wait(`{"as":"ana","channel":"general","text":"good","gone":true,"timeout":"1ms"}`); status != 408 || out["error"] != `After 1ms it is not so that ana sees no more of "good" in general.` || out["seen"] != "good news" {
		t.Errorf("%d %v", status, out)
	}
	post(t, ws, ws.BotToken(), "chat.delete", url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}})
	for _, body := range []string{
		`{"as":"ana","channel":"general","text":"good","gone":true}`,
		`{"as":"U0ANA","surface":"modal","gone":true}`,
		`{"as":"ana","gone":true}`, // the modal is meant where nothing else is said
		`{"as":"ana","title":"Hello","gone":true,"method":"chat.postMessage","calls":1}`,
	} {
		if status, out := wait(body); status != 200 || out["ok"] != true {
			t.Errorf("%s: %d %v", body, status, out)
		}
	}
	if status, out := wait(`{"as":"ana","surface":"home","text":"x","title":"y","timeout":"1ms"}`); status != 408 || !strings.Contains(out["error"].(string), `"x" with the title "y" in the Home tab`) {
		t.Errorf("%d %v", status, out)
	}
	if status, out := wait(`{"as":"ana","channel":"generl","text":"x","timeout":"1ms"}`); status != 408 || out["error"] != `After 1ms it is not so that ana sees "x" in generl. There is no channel generl that ana can see.` {
		t.Errorf("%d %v", status, out)
	}
	if status, out := wait(`{"as":"ana","title":"Hello","timeout":"1ms"}`); status != 408 || !strings.Contains(out["error"].(string), `the title "Hello" in the modal`) {
		t.Errorf("%d %v", status, out)
	}
}

// exampleTest is a test that notes what happens to it.
type exampleTest struct {
	fatal   []any
	cleanup []func()
}

func (*exampleTest) Helper()             {}
func (e *exampleTest) Fatal(args ...any) { e.fatal = append(e.fatal, args...); panic(e) }
func (e *exampleTest) Cleanup(f func())  { e.cleanup = append(e.cleanup, f) }

func TestAWorkspaceOfATestEndsWithIt(t *testing.T) {
	t.Parallel()
	e := &exampleTest{}
	ws := New(e, Options{Now: testNow})
	if len(e.cleanup) != 1 {
		t.Fatalf("%d cleanups", len(e.cleanup))
	}
	e.cleanup[0]()
	if err := ws.WaitFor(t.Context(), func() bool { return false }); err == nil || len(e.fatal) > 0 {
		t.Errorf("it is still open: %v, %v", err, e.fatal)
	}
	defer func() {
		if recover() != e || len(e.fatal) != 1 {
			t.Errorf("a workspace that cannot start does not end the test: %v", e.fatal)
		}
	}()
	New(e, Options{Addr: "0.0.0.0:0", AckTimeout: time.Second})
}
