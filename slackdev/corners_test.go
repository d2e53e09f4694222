package slackdev

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

// lockedBuffer is a log that many goroutines write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestTheLogSaysWhatAnAppDoesWrong(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	ws := start(t, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		o.ScopesGranted = []string{"chat:write", "commands"}
	})
	post(t, ws, ws.BotToken(), "chat.postMassage", nil)
	post(t, ws, ws.BotToken(), "users.list", nil)
	ws.User("ana").Say(t.Context(), "dm", "an event without its scope")
	a, _ := dial(t, ws)
	b, _ := dial(t, ws)
	type arrival struct {
		on *rawSocket
		f  frame
	}
	first := make(chan arrival, 1)
	var once sync.Once
	for _, s := range []*rawSocket{a, b} {
		s.serve(func(f frame) string {
			answer := ""
			once.Do(func() { first <- arrival{s, f}; answer = "-" })
			return answer
		})
	}
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	got := <-first
	wrong := a
	if got.on == a {
		wrong = b
	}
	wrong.ack(got.f, "")
	if out, err := wait(); err != nil || !out.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	got.on.ack(got.f, "")
	for range 2 { // frames of a socket are read in order: after these the ack was read
		must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	}
	for _, want := range []string{"chat.postMassage", "needed=users:read", "not awaited", "another socket", "scope is not granted"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
	if strings.Contains(log.String(), ws.BotToken()) || strings.Contains(log.String(), ws.AppToken()) {
		t.Error("the log shows a token")
	}
}

func TestHistoryIsCutByTimeAndPage(t *testing.T) {
	t.Parallel()
	ws := start(t)
	var ts []string
	for i := range 5 {
		ts = append(ts, string(botPost(t, ws, "C0GENERAL", fmt.Sprint(i), "")))
	}
	c := api(ws)
	get := func(p slack.GetConversationHistoryParameters) string {
		t.Helper()
		p.ChannelID = "C0GENERAL"
		var texts []string
		for {
			h, err := c.GetConversationHistory(&p)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range h.Messages {
				texts = append(texts, m.Text)
			}
			if p.Cursor = h.ResponseMetaData.NextCursor; !h.HasMore {
				return strings.Join(texts, "")
			}
		}
	}
	for want, p := range map[string]slack.GetConversationHistoryParameters{
		"43210": {Limit: 2},
		"43":    {Oldest: ts[2]},
		"432":   {Oldest: ts[2], Inclusive: true},
		"10":    {Latest: ts[2]},
		"21":    {Oldest: ts[1], Latest: ts[2], Inclusive: true},
	} {
		if got := get(p); got != want {
			t.Errorf("%+v: %s, want %s", p, got, want)
		}
	}
}

func TestLongTextIsCutWhenPosted(t *testing.T) {
	t.Parallel()
	ws := start(t)
	ts := botPost(t, ws, "C0GENERAL", strings.Repeat("é", maxText+10), "")
	if m, _ := ws.User("ana").Message("#general", ts); len([]rune(m.Raw)) != maxText {
		t.Errorf("%d characters were kept", len([]rune(m.Raw)))
	}
}

func TestHandlesThatFellOutOfTheRingAreExpired(t *testing.T) {
	t.Parallel()
	ws := start(t)
	first := ws.newTrigger(trigger{user: "U0ANA"})
	u := ws.newResponseURL(responseURL{user: "U0ANA", channel: "C0GENERAL"})
	for range 2 * keepHandles {
		ws.newTrigger(trigger{user: "U0ANA"})
		ws.newResponseURL(responseURL{user: "U0ANA", channel: "C0GENERAL"})
	}
	if _, err := ws.exchangeTrigger(first); codeOf(err) != "expired_trigger_id" {
		t.Error(err)
	}
	if _, why := ws.useResponseURL(u[strings.LastIndexByte(u, '/')+1:]); why != "expired_url" {
		t.Error(why)
	}
	if n := len(ws.handles.triggers); n > 2*keepHandles {
		t.Errorf("%d triggers are remembered", n)
	}
}

func TestAnEphemeralInAThreadStaysThereAndCanBeWithdrawn(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	parent := botPost(t, ws, "C0GENERAL", "parent", "")
	form := url.Values{"channel": {"C0GENERAL"}, "user": {"U0ANA"}, "text": {"psst"}, "thread_ts": {string(parent)}, "blocks": {okButton}}
	if got := post(t, ws, ws.BotToken(), "chat.postEphemeral", form); got["ok"] != true {
		t.Fatal(got)
	}
	if ana.Sees("#general") != "parent" || len(ana.Thread("#general", parent)) != 2 {
		t.Errorf("she sees %q", ana.Sees("#general"))
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	token := p["response_url"].(string)
	token = token[strings.LastIndexByte(token, '/')+1:]
	if status, code := ws.answerResponseURL(&call{ws: ws}, token, []byte(`{"delete_original":true}`)); status != 200 {
		t.Fatal(code)
	}
	if n := len(ana.Thread("#general", parent)); n != 1 {
		t.Errorf("the thread has %d messages", n)
	}
}

func TestDeletingAReplyOrAPinnedMessageLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	parent := string(botPost(t, ws, "C0GENERAL", "parent", ""))
	_, reply, err := c.PostMessage("C0GENERAL", slack.MsgOptionText("reply", false), slack.MsgOptionTS(parent))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddPin("C0GENERAL", slack.NewRefToMessage("C0GENERAL", parent)); err != nil {
		t.Fatal(err)
	}
	for _, ts := range []string{reply, parent} {
		if _, _, err := c.DeleteMessage("C0GENERAL", ts); err != nil {
			t.Fatal(err)
		}
		if ts == reply {
			if m, _ := ws.User("ana").Message("#general", TS(parent)); m.ReplyCount != 0 || !m.Pinned {
				t.Errorf("%+v", m)
			}
		}
	}
	if items, _, err := c.ListPins("C0GENERAL"); err != nil || len(items) != 0 {
		t.Errorf("%v, %v", items, err)
	}
}

func TestPeopleWhoDoNotExistChangeNothing(t *testing.T) {
	t.Parallel()
	ws := start(t)
	zoe := ws.User("zoe")
	for name, err := range map[string]error{"join": zoe.Join("#general"), "leave": zoe.Leave("#general"), "invite": zoe.Invite("#general", "ana")} {
		if err == nil {
			t.Errorf("%s was possible", name)
		}
	}
	noor := ws.User("noor")
	if err := noor.Leave("#random"); err != nil {
		t.Error(err)
	}
	if err := noor.Leave("#random"); err == nil {
		t.Error("she left twice")
	}
	if err := noor.Invite("#random", "lee"); err == nil {
		t.Error("someone who is not a member invited")
	}
	if err := ws.User("gus").Join("#random"); err == nil {
		t.Error("a guest joined a channel he cannot see")
	}
}

func TestTheRecordPutsCallsUnderTheirInteraction(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	trig := triggerOf(t, ws, s, ws.User("ana"))
	triggerOf(t, ws, s, ws.User("lee"))
	viewCall(t, ws, "views.open", "trigger_id", trig, "view", modalNamed("m"))
	items := envelopes(ws)
	if len(items) != 2 || len(items[0].Calls) != 1 || items[0].Calls[0].Method != "views.open" || items[0].User != "U0ANA" || len(items[1].Calls) != 0 {
		t.Errorf("%+v", items)
	}
	small := start(t, func(o *Options) { o.KeepInteractions = 3 })
	s, _ = dial(t, small)
	s.serve(func(frame) string { return "" })
	for range 5 {
		must[Outcome](t)(small.User("ana").Slash(t.Context(), "#general", "/thing"))
	}
	if items := small.Interactions(); len(items) != 3 || items[2].ID != 6 {
		t.Errorf("%+v", items)
	}
}

func TestOneSocketOfTwoIsReplaced(t *testing.T) {
	t.Parallel()
	ws := start(t)
	a, _ := dial(t, ws)
	b, _ := dial(t, ws)
	ws.DisconnectOne(DisconnectRefreshRequested)
	if f := a.read(); f.Type != "disconnect" {
		t.Errorf("%s", f.raw)
	}
	b.serve(func(frame) string { return "" })
	for range 3 {
		must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#general", "/thing"))
	}
}
