package slackdev

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// picture uploads a small picture and shares it in a channel, or with nobody.
func picture(t *testing.T, ws *Workspace, channel string) FileID {
	t.Helper()
	got := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", url.Values{"filename": {"a.png"}, "length": {"4"}})
	resp, err := http.Post(got["upload_url"].(string), "image/png", strings.NewReader("data"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	id := got["file_id"].(string)
	form := url.Values{"files": {`[{"id":"` + id + `"}]`}}
	if channel != "" {
		form.Set("channel_id", channel)
	}
	if got := post(t, ws, ws.BotToken(), "files.completeUploadExternal", form); got["ok"] != true {
		t.Fatal(got)
	}
	return FileID(id)
}

// heavyUse has the app and a person do a bit of everything, over and over.
func heavyUse(t *testing.T, ws *Workspace, times int) {
	t.Helper()
	ana, last := ws.User("ana"), TS("")
	for i := range times {
		ts := botPost(t, ws, "C0GENERAL", "card", richCard)
		must[Outcome](t)(ana.Click(t.Context(), In("C0GENERAL", "when").At(ts), Choose("2025-12-24")))
		must[Outcome](t)(ana.Say(t.Context(), "dm", fmt.Sprint("message ", i)))
		if i%3 == 0 && last != "" {
			post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "text": {"reply"}, "thread_ts": {string(last)}})
		}
		post(t, ws, ws.BotToken(), "chat.postEphemeral", url.Values{"channel": {"C0GENERAL"}, "text": {"psst"}, "user": {"U0ANA"}})
		post(t, ws, ws.BotToken(), "pins.add", url.Values{"channel": {"C0GENERAL"}, "timestamp": {string(ts)}})
		picture(t, ws, "C0GENERAL")
		botPost(t, ws, "C0GENERAL", "chart", `[{"type":"image","alt_text":"chart","slack_file":{"id":"`+string(picture(t, ws, ""))+`"}}]`)
		post(t, ws, ws.AppToken(), "apps.connections.open", nil)
		if i%10 == 0 {
			last = ts
		}
	}
}

// census counts what the workspace remembers.
func (ws *Workspace) census() map[string]int {
	n := map[string]int{}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, c := range ws.st.channels {
		n["messages"] = max(n["messages"], len(c.log))
		n["messages by ts"] = max(n["messages by ts"], len(c.byTS))
		n["pins"] = max(n["pins"], len(c.pins))
		for _, m := range c.log {
			n["replies"] = max(n["replies"], len(m.replies))
		}
	}
	for _, u := range ws.st.users {
		for _, list := range u.ephemerals {
			n["ephemerals"] = max(n["ephemerals"], len(list))
		}
	}
	n["files"], n["files in order"], n["loose files"] = len(ws.st.files), len(ws.st.fileOrder), len(ws.st.loose)
	n["views"], n["external ids"] = len(ws.st.views), len(ws.st.externals)
	for _, k := range ws.SocketInfos() {
		n["acks awaited"] += k.Unacked
	}
	ws.tickets.mu.Lock()
	defer ws.tickets.mu.Unlock()
	n["tickets"] = len(ws.tickets.order)
	n["triggers"], n["response URLs"] = len(ws.handles.triggers), len(ws.handles.urls)
	n["interactions"], n["calls"] = len(ws.Interactions()), len(ws.Calls(""))
	return n
}

func TestMemoryIsBoundedByWhatIsKept(t *testing.T) {
	t.Parallel()
	const keep = 25
	ws := start(t, func(o *Options) { o.KeepMessages, o.KeepInteractions, o.KeepCalls = keep, 20, 30 })
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	heavyUse(t, ws, 40)
	before := ws.census()
	heavyUse(t, ws, 80) // three times as much in all
	after := ws.census()
	for name, limit := range map[string]int{
		"messages": keep, "messages by ts": keep, "pins": keep, "replies": keep, "ephemerals": keep, "files": keep + looseFiles + 2, "files in order": keep + looseFiles + 2,
		"loose files": looseFiles, "views": 0, "external ids": 0, "acks awaited": 0, "tickets": keepTickets, "interactions": 20, "calls": 30,
	} {
		if before[name] > limit || after[name] > limit {
			t.Errorf("%s: %d, then %d, may be %d", name, before[name], after[name], limit)
		}
	}
	if before["messages"] != keep || after["messages"] != keep || after["pins"] == 0 || after["ephemerals"] == 0 || after["files"] == 0 {
		t.Errorf("less is kept than may be: %v", after)
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	checkKept(t, ws.st)
}

// checkKept sees to it that nothing hangs on a message that was forgotten.
func checkKept(t *testing.T, st *state) {
	t.Helper()
	for _, c := range st.channels {
		pinned := 0
		for _, m := range c.log {
			if c.byTS[m.ts] != m || m.isReply() && c.byTS[m.thread] == nil {
				t.Errorf("%s: the message of %s has lost its place or its parent", c.name, m.ts)
			}
			if m.pinned {
				pinned++
			}
			for _, ts := range m.replies {
				if r := c.byTS[ts]; r == nil || r.thread != m.ts {
					t.Errorf("%s: the reply of %s is not there", c.name, ts)
				}
			}
			for _, id := range filesIn(m.files, m.blocks, m.attachments) {
				if st.files[id] == nil {
					t.Errorf("%s: a file is gone that the message of %s shows", c.name, m.ts)
				}
			}
		}
		if pinned != len(c.pins) || len(c.byTS) != len(c.log) {
			t.Errorf("%s: %d messages are pinned and %d pins known, %d of %d messages have a ts", c.name, pinned, len(c.pins), len(c.byTS), len(c.log))
		}
	}
}

func TestAParentStaysWhileAReplyDoes(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.KeepMessages = 4 })
	parent := botPost(t, ws, "C0GENERAL", "parent", "")
	reply := func(text string) {
		post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "text": {text}, "thread_ts": {string(parent)}})
	}
	sees := func(want string) {
		t.Helper()
		if got := strings.ReplaceAll(ws.User("ana").SeesThread("#general", parent), "\n\n", " "); got != want {
			t.Errorf("the thread reads %q, want %q", got, want)
		}
	}
	reply("r1")
	botPost(t, ws, "C0GENERAL", "one", "")
	reply("r2")
	sees("parent r1 r2")
	botPost(t, ws, "C0GENERAL", "two", "")
	sees("parent r2")
	botPost(t, ws, "C0GENERAL", "three", "")
	botPost(t, ws, "C0GENERAL", "four", "")
	sees("parent")
	if m, _ := ws.User("ana").Message("#general", parent); m.ReplyCount != 0 || m.Thread != "" {
		t.Errorf("without replies it is still the parent of a thread: %+v", m)
	}
	botPost(t, ws, "C0GENERAL", "five", "")
	sees("")
	refusal{"chat.update", "channel=C0GENERAL&text=x&ts=" + string(parent), "message_not_found"}.check(t, ws, ws.BotToken())
}

func TestEverythingIsKeptOnRequest(t *testing.T) {
	t.Parallel()
	if ws := start(t); ws.st.keepMessages != defaultKeepMessages {
		t.Errorf("by default %d messages are kept", ws.st.keepMessages)
	}
	ws := start(t, func(o *Options) { o.KeepMessages = -1 })
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.st.channelIDs["C0GENERAL"]
	for range defaultKeepMessages + 1 {
		ws.st.post(&message{ts: ws.st.nextTS(testNow), channel: ch, user: "U0ANA", text: "x"})
	}
	if n := len(ch.log); n != defaultKeepMessages+1 {
		t.Errorf("%d messages are kept", n)
	}
}

func TestTheOldestFilesMakeRoom(t *testing.T) {
	t.Parallel()
	st := newState()
	for i := range keepFiles + 10 {
		st.addFile(&file{id: FileID(fmt.Sprint("F", i)), size: 1, data: []byte("x")})
	}
	if len(st.files) != keepFiles || st.files["F9"] != nil || st.files["F10"] == nil || st.fileBytes != keepFiles {
		t.Errorf("%d files of %d bytes are kept", len(st.files), st.fileBytes)
	}
	st.addFile(&file{id: "FBIG", size: keepFileBytes})
	if len(st.files) != 1 || len(st.fileOrder) != 1 || st.fileBytes != keepFileBytes {
		t.Errorf("%d files of %d bytes are kept beside a big one", len(st.files), st.fileBytes)
	}
}
