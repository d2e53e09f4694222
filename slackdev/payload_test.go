package slackdev

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// capture runs an act, acks its one envelope empty and returns the payload.
func capture(t *testing.T, s *rawSocket, act func() (Outcome, error)) (frame, map[string]any) {
	t.Helper()
	wait := doing(act)
	f := s.read()
	s.ack(f, "")
	if out, err := wait(); err != nil || !out.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	var p map[string]any
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		t.Fatal(err)
	}
	return f, p
}

// at digs a value out of nested objects and lists.
func at(v any, path ...any) any {
	for _, k := range path {
		switch k := k.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[k]
		case int:
			l, _ := v.([]any)
			if k >= len(l) {
				return nil
			}
			v = l[k]
		}
	}
	return v
}

func keys(v any) string {
	m, _ := v.(map[string]any)
	return strings.Join(sortedKeys(m), " ")
}

func TestSlashPayload(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	f, p := capture(t, s, func() (Outcome, error) {
		return ana.Slash(t.Context(), "#general", "/thing  ask @omar, @omnibus and #cloud-images. <b> & https://x.example/?a=1&b=2 me@omar.example @nobody")
	})
	if f.Type != "slash_commands" || f.Accepts == nil || !*f.Accepts || f.RetryAttempt != nil {
		t.Errorf("envelope: %s", f.raw)
	}
	for k, want := range map[string]string{
		"command": "/thing", "channel_id": "C0GENERAL", "channel_name": "general", "user_id": "U0ANA", "user_name": "ana",
		"team_id": "T0ACME", "team_domain": "acme", "api_app_id": ws.AppID(), "is_enterprise_install": "false",
		"text": "ask <@U0OMAR|omar>, <!subteam^S0OMNIBUS|@omnibus> and <#C0CLOUDIMAGES|cloud-images>. &lt;b&gt; &amp; <https://x.example/?a=1&amp;b=2> me@omar.example @nobody",
	} {
		if p[k] != want {
			t.Errorf("%s is %q, want %q", k, p[k], want)
		}
	}
	if p["trigger_id"] == "" || !strings.HasPrefix(p["response_url"].(string), ws.URL()+"/actions/") {
		t.Errorf("handles: %v %v", p["trigger_id"], p["response_url"])
	}
	if _, p = capture(t, s, func() (Outcome, error) { return ana.Slash(t.Context(), "dm", "/plain @omar <x>") }); p["text"] != "@omar &lt;x&gt;" || p["channel_name"] != "directmessage" || p["channel_id"] != "D0ANA" {
		t.Errorf("unescaped command in a DM: %v", p)
	}
	if _, p = capture(t, s, func() (Outcome, error) { return ana.Slash(t.Context(), "#private-partners", "/plain") }); p["channel_name"] != "privategroup" {
		t.Errorf("private channel: %v", p)
	}
}

const richCard = `[
 {"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Row*"},"accessory":{"type":"overflow","action_id":"more","options":[
   {"text":{"type":"plain_text","text":"History"},"value":"h"},{"text":{"type":"plain_text","text":"Cancel run..."},"value":"c"}]}},
 {"type":"actions","block_id":"a","elements":[
   {"type":"button","action_id":"done","value":"R1:3","style":"primary","text":{"type":"plain_text","text":"Done..."}},
   {"type":"static_select","action_id":"pick","placeholder":{"type":"plain_text","text":"Whose"},"options":[{"text":{"type":"plain_text","text":"Mine"},"value":"m"},{"text":{"type":"plain_text","text":"All"},"value":"all"}],"initial_option":{"text":{"type":"plain_text","text":"Mine"},"value":"m"}},
   {"type":"multi_users_select","action_id":"who"},
   {"type":"datepicker","action_id":"when","initial_date":"2025-11-28"}]}]`

func TestBlockActionsFromAMessage(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ts := botPost(t, ws, "C0SHAREDDIGITALOCEAN", "card", richCard)
	oscar := ws.User("oscar")
	_, p := capture(t, s, func() (Outcome, error) {
		return oscar.Click(t.Context(), In("#shared-digitalocean", "Done"))
	})
	if got := keys(p); got != "actions api_app_id channel container enterprise is_enterprise_install message response_url state team token trigger_id type user" {
		t.Errorf("keys: %s", got)
	}
	if diff := cmp.Diff(map[string]any{"id": "U0OSCAR", "username": "oscar", "name": "oscar", "team_id": "T0PARTNER"}, p["user"]); diff != "" {
		t.Errorf("an outsider's user:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"type": "message", "message_ts": string(ts), "channel_id": "C0SHAREDDIGITALOCEAN", "is_ephemeral": false}, p["container"]); diff != "" {
		t.Errorf("container:\n%s", diff)
	}
	if at(p, "team", "id") != "T0ACME" || at(p, "channel", "name") != "shared-digitalocean" || at(p, "message", "ts") != string(ts) || at(p, "message", "bot_id") == nil || len(at(p, "message", "blocks").([]any)) != 2 {
		t.Errorf("team, channel or message: %v", p)
	}
	a := at(p, "actions", 0)
	if at(a, "action_id") != "done" || at(a, "block_id") != "a" || at(a, "type") != "button" || at(a, "value") != "R1:3" || at(a, "style") != "primary" || at(a, "text", "text") != "Done..." || at(a, "action_ts") == nil {
		t.Errorf("action: %v", a)
	}
	want := map[string]any{
		"pick": map[string]any{"type": "static_select", "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "Mine"}, "value": "m"}},
		"who":  map[string]any{"type": "multi_users_select", "selected_users": []any{}},
		"when": map[string]any{"type": "datepicker", "selected_date": "2025-11-28"},
	}
	if diff := cmp.Diff(map[string]any{"a": want}, at(p, "state", "values")); diff != "" {
		t.Errorf("state of untouched elements:\n%s", diff)
	}
	_, p = capture(t, s, func() (Outcome, error) {
		return oscar.Click(t.Context(), In("#shared-digitalocean", "more"), Choose("Cancel run"))
	})
	if at(p, "actions", 0, "selected_option", "value") != "c" || at(p, "actions", 0, "value") != nil {
		t.Errorf("overflow: %v", at(p, "actions", 0))
	}
	_, p = capture(t, s, func() (Outcome, error) {
		return oscar.Click(t.Context(), In("#shared-digitalocean", "who"), Choose("ana", "omar"))
	})
	if diff := cmp.Diff([]any{"U0ANA", "U0OMAR"}, at(p, "actions", 0, "selected_users")); diff != "" {
		t.Error(diff)
	}
	_, p = capture(t, s, func() (Outcome, error) { return ws.User("ana").Click(t.Context(), In("#shared-digitalocean", "done")) })
	if got := at(p, "state", "values", "a", "who", "selected_users"); len(got.([]any)) != 0 {
		t.Errorf("what one person chose is in another's state: %v", got)
	}
	_, p = capture(t, s, func() (Outcome, error) { return oscar.Click(t.Context(), In("#shared-digitalocean", "done")) })
	if got := at(p, "state", "values", "a", "who", "selected_users"); len(got.([]any)) != 2 {
		t.Errorf("what he chose is not in his state: %v", got)
	}
}

func TestBlockActionsFromEphemeralThreadAndDM(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	form := map[string][]string{"channel": {"C0GENERAL"}, "user": {"U0ANA"}, "text": {"x"}, "blocks": {okButton}}
	if got := post(t, ws, ws.BotToken(), "chat.postEphemeral", form); got["ok"] != true {
		t.Fatal(got)
	}
	_, p := capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go")) })
	if at(p, "container", "is_ephemeral") != true || p["message"] != nil || p["response_url"] == nil || at(p, "channel", "id") != "C0GENERAL" {
		t.Errorf("ephemeral: %v", p)
	}
	parent := botPost(t, ws, "C0GENERAL", "parent", "")
	form = map[string][]string{"channel": {"C0GENERAL"}, "thread_ts": {string(parent)}, "text": {"x"}, "blocks": {okButton}}
	if got := post(t, ws, ws.BotToken(), "chat.postMessage", form); got["ok"] != true {
		t.Fatal(got)
	}
	reply := ana.Thread("#general", parent)[1].TS
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), In("#general", "Go").At(reply)) })
	if at(p, "container", "thread_ts") != string(parent) || at(p, "message", "thread_ts") != string(parent) {
		t.Errorf("thread: %v", p)
	}
	botPost(t, ws, "U0ANA", "dm", okButton)
	s.ack(s.read(), "") // the app is told of its own message
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), InDM("Go")) })
	if at(p, "channel", "id") != "D0ANA" || at(p, "channel", "name") != "directmessage" {
		t.Errorf("dm: %v", p["channel"])
	}
}

func TestHomeAndModalPayloads(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	f, p := capture(t, s, func() (Outcome, error) { return ana.OpenHome(t.Context()) })
	if f.Type != "events_api" || *f.Accepts || *f.RetryAttempt != 0 || *f.RetryReason != "" {
		t.Errorf("envelope: %s", f.raw)
	}
	if p["type"] != "event_callback" || at(p, "event", "type") != "app_home_opened" || at(p, "event", "tab") != "home" || at(p, "event", "channel") != "D0ANA" || p["event_id"] == "" || at(p, "authorizations", 0, "is_bot") != true {
		t.Errorf("event: %v", p)
	}
	view := `{"type":"home","private_metadata":"pm","callback_id":"home","blocks":` + okButton + `}`
	if got := post(t, ws, ws.BotToken(), "views.publish", map[string][]string{"user_id": {"U0ANA"}, "view": {view}}); got["ok"] != true {
		t.Fatal(got)
	}
	home, _ := ana.Home()
	_, p = capture(t, s, func() (Outcome, error) { return ana.Click(t.Context(), InHome("Go")) })
	if got := keys(p); got != "actions api_app_id container enterprise is_enterprise_install team token trigger_id type user view" {
		t.Errorf("keys: %s", got)
	}
	if diff := cmp.Diff(map[string]any{"type": "view", "view_id": string(home.ID)}, p["container"]); diff != "" {
		t.Error(diff)
	}
	if at(p, "view", "hash") != home.Hash || at(p, "view", "private_metadata") != "pm" || at(p, "view", "root_view_id") != string(home.ID) || at(p, "view", "state", "values") == nil {
		t.Errorf("view: %v", p["view"])
	}
	open := openWith(t, ws, s, ana, `{"type":"modal","callback_id":"cb","private_metadata":"m","notify_on_close":true,"title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	 {"type":"input","block_id":"i","optional":true,"label":{"type":"plain_text","text":"Note"},"element":{"type":"plain_text_input","action_id":"v"}},
	 {"type":"input","block_id":"c","optional":true,"label":{"type":"plain_text","text":"Kinds"},"element":{"type":"checkboxes","action_id":"v","options":[{"text":{"type":"plain_text","text":"EE"},"value":"ee"},{"text":{"type":"plain_text","text":"CE"},"value":"ce"}]}},
	 {"type":"input","block_id":"d","dispatch_action":true,"optional":true,"label":{"type":"plain_text","text":"Day"},"element":{"type":"datepicker","action_id":"v"}},
	 {"type":"input","block_id":"where","optional":true,"label":{"type":"plain_text","text":"Where"},"element":{"type":"conversations_select","action_id":"v","default_to_current_conversation":true,"response_url_enabled":true}}]}`)
	_, p = capture(t, s, func() (Outcome, error) { return ana.Fill(t.Context(), "Day", "2025-12-01") })
	if at(p, "actions", 0, "selected_date") != "2025-12-01" || at(p, "container", "view_id") != string(open.ID) || at(p, "view", "state", "values", "d", "v", "selected_date") != "2025-12-01" {
		t.Errorf("dispatching input: %v", p)
	}
	must[Outcome](t)(ana.Fill(t.Context(), "Kinds", "CE"))
	f, p = capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) })
	if f.Type != "interactive" || !*f.Accepts || p["type"] != "view_submission" {
		t.Errorf("submission: %s", f.raw)
	}
	values := at(p, "view", "state", "values")
	if at(values, "i", "v", "value") != nil || keys(at(values, "i", "v")) != "type value" || at(values, "c", "v", "selected_options", 0, "value") != "ce" || at(values, "where", "v", "selected_conversation") != "C0GENERAL" {
		t.Errorf("values: %v", values)
	}
	if at(p, "response_urls", 0, "channel_id") != "C0GENERAL" || at(p, "response_urls", 0, "block_id") != "where" {
		t.Errorf("response_urls: %v", p["response_urls"])
	}
	openWith(t, ws, s, ana, `{"type":"modal","callback_id":"cb2","notify_on_close":true,"title":{"type":"plain_text","text":"T"},"blocks":[]}`)
	_, p = capture(t, s, func() (Outcome, error) { return ana.Close(t.Context()) })
	if p["type"] != "view_closed" || p["is_cleared"] != false || at(p, "view", "callback_id") != "cb2" {
		t.Errorf("view_closed: %v", p)
	}
}

// openWith has ana run a command and the app open the view on its trigger.
func openWith(t *testing.T, ws *Workspace, s *rawSocket, who *Person, view string) View {
	t.Helper()
	_, p := capture(t, s, func() (Outcome, error) { return who.Slash(t.Context(), "#general", "/thing") })
	got := post(t, ws, ws.BotToken(), "views.open", map[string][]string{"trigger_id": {p["trigger_id"].(string)}, "view": {view}})
	if got["ok"] != true {
		t.Fatalf("views.open: %v", got)
	}
	v, ok := who.Modal()
	if !ok {
		t.Fatal("no modal is open")
	}
	return v
}

func TestShortcutPayloads(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	_, p := capture(t, s, func() (Outcome, error) { return ana.Shortcut(t.Context(), "New thing") })
	if got := keys(p); got != "action_ts api_app_id callback_id enterprise is_enterprise_install team token trigger_id type user" || p["callback_id"] != "new_thing" {
		t.Errorf("shortcut: %s %v", got, p["callback_id"])
	}
	ts := botPost(t, ws, "C0GENERAL", "card", okButton)
	_, p = capture(t, s, func() (Outcome, error) { return ana.MessageAction(t.Context(), "#general", ts, "link_it") })
	if p["message_ts"] != string(ts) || at(p, "message", "text") != "card" || at(p, "channel", "id") != "C0GENERAL" || p["response_url"] == nil || p["type"] != "message_action" {
		t.Errorf("message action: %v", p)
	}
	for name, act := range map[string]func() (Outcome, error){
		"unknown shortcut":    func() (Outcome, error) { return ana.Shortcut(t.Context(), "nothing") },
		"unknown command":     func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/nothing") },
		"outsider's command":  func() (Outcome, error) { return ws.User("oscar").Slash(t.Context(), "#shared-digitalocean", "/thing") },
		"outsider's shortcut": func() (Outcome, error) { return ws.User("oscar").Shortcut(t.Context(), "new_thing") },
		"invisible channel":   func() (Outcome, error) { return ws.User("gus").Slash(t.Context(), "#random", "/thing") },
		"archived channel":    func() (Outcome, error) { return ana.Slash(t.Context(), "#old-images", "/thing") },
		"the deactivated":     func() (Outcome, error) { return ws.User("dana").Slash(t.Context(), "#general", "/thing") },
		"nobody":              func() (Outcome, error) { return ws.User("zoe").Say(t.Context(), "#general", "x") },
		"no membership":       func() (Outcome, error) { return ws.User("noor").Say(t.Context(), "#shared-digitalocean", "x") },
		"gone message":        func() (Outcome, error) { return ana.MessageAction(t.Context(), "#general", "1.000000", "link_it") },
	} {
		out, err := act()
		if out.OK || out.Error == "" || err == nil || out.EnvelopeID != "" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	botPost(t, ws, "C0GENERAL", "card", `[{"type":"actions","block_id":"b","elements":[{"type":"external_select","action_id":"run","min_query_length":2,"placeholder":{"type":"plain_text","text":"Find a run"}}]}]`)
	openWith(t, ws, s, ana, `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	 {"type":"input","block_id":"p","label":{"type":"plain_text","text":"Partner"},"element":{"type":"external_select","action_id":"v"}}]}`)
	if _, out, err := ana.Suggest(t.Context(), In("#general", "Find a run"), "x"); err == nil || out.EnvelopeID != "" {
		t.Errorf("one letter was sent: %+v", out)
	}
	wait := doing(func() (Outcome, error) {
		sug, out, err := ana.Suggest(t.Context(), In("#general", "Find a run"), "di")
		if err == nil && (len(sug.All()) != 1 || sug.All()[0].Value != "1") {
			t.Errorf("offers: %+v", sug)
		}
		return out, err
	})
	f := s.read()
	var p map[string]any
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		t.Fatal(err)
	}
	if p["type"] != "block_suggestion" || p["value"] != "di" || p["action_id"] != "run" || p["block_id"] != "b" || at(p, "message", "ts") == nil || p["trigger_id"] != nil || !*f.Accepts {
		t.Errorf("%s", f.raw)
	}
	s.ack(f, `{"option_groups":[{"label":{"type":"plain_text","text":"G"},"options":[{"text":{"type":"plain_text","text":"DigitalOcean"},"value":"1"}]}]}`)
	if _, err := wait(); err != nil {
		t.Error(err)
	}
	wait = doing(func() (Outcome, error) { return ana.Fill(t.Context(), "Partner", "digital") })
	s.ack(s.read(), `{"options":[{"text":{"type":"plain_text","text":"Other"},"value":"0"},{"text":{"type":"plain_text","text":"DigitalOcean"},"value":"1"}]}`)
	if _, err := wait(); err != nil {
		t.Fatal(err)
	}
	if v, _ := ana.Modal(); !strings.Contains(v.Text(), "Partner: DigitalOcean") {
		t.Errorf("she sees\n%s", v.Text())
	}
	for name, answer := range map[string]string{"none": "", "no text": `{"options":[{"value":"1"}]}`, "nonsense": `{"options":7}`} {
		wait = doing(func() (Outcome, error) {
			_, out, err := ana.Suggest(t.Context(), InModal("Partner"), "digital")
			return out, err
		})
		s.ack(s.read(), answer)
		if out, err := wait(); err == nil || out.OK {
			t.Errorf("%s: %+v", name, out)
		}
	}
}
