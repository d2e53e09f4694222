package slackdev

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// This file holds docs/slackdev.md to what there is: the apps it shows are those
// that the tests run, and each request in it is sent.

func docs(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("../docs/slackdev.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// blocksOf are the code blocks of a language.
func blocksOf(page, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestTheAppsInTheDocumentsAreRun(t *testing.T) {
	t.Parallel()
	page := docs(t)
	for language, names := range map[string][]string{
		"js": {"testdata/bolt/hello.js"},
		"go": {"testdata/slackgo/main.go", "harness_doc_test.go"},
	} {
		blocks := blocksOf(page, language)
		if len(blocks) != len(names) {
			t.Errorf("there are %d blocks of %s, want %d", len(blocks), language, len(names))
			continue
		}
		for i, name := range names {
			src, err := os.ReadFile(name)
			if err != nil || !strings.Contains(string(src), blocks[i]) {
				t.Errorf("this is not in %s, %v:\n%s", name, err, blocks[i])
			}
		}
	}
}

func TestTheSeedInTheDocumentsIsOne(t *testing.T) {
	t.Parallel()
	blocks := blocksOf(docs(t), "yaml")
	if len(blocks) != 1 {
		t.Fatalf("%d blocks", len(blocks))
	}
	s, err := ParseSeed("slackdev.md", []byte(blocks[0]))
	if err != nil {
		t.Fatal(err)
	}
	ws := start(t, func(o *Options) { o.Seed = s })
	if got := ws.User("lee").Messages("C0WITHPARTNERS"); ws.User("ana").ID() != "U0ANA" || len(got) != 0 {
		t.Error("its ids are others than the page says")
	}
}

const todoManifest = `
display_information: { name: To do }
features:
  app_home: { home_tab_enabled: true, messages_tab_enabled: true }
  bot_user: { display_name: todo }
  slash_commands: [{ command: /todo, description: Asks what is to be done }]
  shortcuts:
    - { name: New task, type: global, callback_id: new_task, description: Asks }
    - { name: Copy, type: message, callback_id: copy, description: Copies }
oauth_config: { scopes: { bot: [commands, "chat:write", "files:read"] } }
settings:
  event_subscriptions: { bot_events: [app_home_opened] }
  interactivity: { is_enabled: true }
  socket_mode_enabled: true
`

const todoModal = `{"type":"modal","callback_id":"todo","title":{"type":"plain_text","text":"To do"},"submit":{"type":"plain_text","text":"Add"},"blocks":[
	{"type":"input","block_id":"task","label":{"type":"plain_text","text":"Task"},"element":{"type":"plain_text_input","action_id":"v"}},
	{"type":"input","block_id":"where","label":{"type":"plain_text","text":"Where"},"element":{"type":"external_select","action_id":"v","min_query_length":1}},
	{"type":"input","block_id":"photo","optional":true,"label":{"type":"plain_text","text":"Photo"},"element":{"type":"file_input","action_id":"v"}}]}`

const todoCard = `[{"type":"section","text":{"type":"mrkdwn","text":"Water the plants"}},{"type":"actions","elements":[
	{"type":"button","action_id":"done","text":{"type":"plain_text","text":"Done"},"value":"1"},
	{"type":"static_select","action_id":"urgent","placeholder":{"type":"plain_text","text":"How urgent?"},"options":[{"text":{"type":"plain_text","text":"Very"},"value":"3"}]}]}]`

// todo is the app that the page's requests are made of: it does its work before
// it acks, so that nothing has to be waited for.
func todo(t *testing.T, ws *Workspace) {
	t.Helper()
	s, _ := dial(t, ws)
	s.serve(func(f frame) string {
		if f.Payload == nil { // the workspace closes the socket
			return ""
		}
		var p struct {
			Type      string `json:"type"`
			TriggerID string `json:"trigger_id"`
			Event     struct {
				Type string `json:"type"`
			} `json:"event"`
		}
		if err := json.Unmarshal(f.Payload, &p); err != nil {
			t.Error(err)
		}
		switch {
		case f.Type == "slash_commands" || p.Type == "shortcut":
			viewCall(t, ws, "views.open", "trigger_id", p.TriggerID, "view", todoModal)
		case p.Type == "block_suggestion":
			return `{"options":[{"text":{"type":"plain_text","text":"Garden"},"value":"1"}]}`
		case p.Type == "view_submission":
			botPost(t, ws, "C0GENERAL", "Water the plants", todoCard)
		case p.Event.Type == "app_home_opened":
			viewCall(t, ws, "views.publish", "user_id", "U0ANA", "view", `{"type":"home","blocks":[{"type":"section","text":{"type":"plain_text","text":"Your tasks"}}]}`)
		}
		return ""
	})
}

var (
	postRow = regexp.MustCompile("(?m)^\\| `([\\w/]+)` \\| `({.*})` \\|")
	getRow  = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (?:`(\\?[^`]*)`)? ?\\|")
)

func TestTheRequestsInTheDocumentsAreSent(t *testing.T) {
	t.Parallel()
	page := docs(t)
	between := func(from, to string) string { return page[strings.Index(page, from):strings.Index(page, to)] }
	acting, reading := between("## Acting from a program", "### Reading"), between("### Reading", "## Tests in Go")
	ws := start(t, func(o *Options) { o.Manifest = []byte(todoManifest) })
	todo(t, ws)
	sent := map[string]bool{"action": true} // the page's own, which is not for people
	send := func(section string) {
		t.Helper()
		for _, m := range postRow.FindAllStringSubmatch(section, -1) {
			sent[m[1]] = true
			if status, out := ask(t, ws, http.MethodPost, "/dev/api/"+m[1], m[2]); status != 200 || out["ok"] != true {
				t.Errorf("%s %s: %d %v", m[1], m[2], status, out)
			}
		}
	}
	send(acting)
	for name := range controlActs() {
		if !sent[name] {
			t.Errorf("the page says nothing of %s", name)
		}
	}
	read := map[string]bool{}
	for _, m := range getRow.FindAllStringSubmatch(reading, -1) {
		read[m[1]] = true
		if status, out := ask(t, ws, http.MethodGet, "/dev/api/"+m[1]+m[2], ""); status != 200 || len(out) == 0 {
			t.Errorf("%s%s: %d %v", m[1], m[2], status, out)
		}
	}
	if len(read) < 8 {
		t.Errorf("only %d reads were found", len(read))
	}
	ask(t, ws, http.MethodPost, "/dev/api/message", `{"as":"lee","channel":"general","text":"No trouble"}`)
	for _, body := range blocksOf(acting, "json")[1:] {
		if status, out := ask(t, ws, http.MethodPost, "/dev/api/wait", body); status != 200 || out["ok"] != true {
			t.Errorf("%s: %d %v", body, status, out)
		}
	}
	if _, out := ask(t, ws, http.MethodGet, "/dev/api/screen?as=ana&channel=general", ""); !strings.Contains(out["text"].(string), "Water the plants\n[Done] [") {
		t.Errorf("she reads %v", out["text"])
	}
	send(between("## Clock and faults", "## What keeps others out")) // last, as nothing works any more
	if !sent["faults/calm"] {
		t.Error("faults are not sent")
	}
}
