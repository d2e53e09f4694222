package slackdev

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// subscribed is an app that hears of all that people do here.
func subscribed(o *Options) {
	listening(o)
	src := strings.Replace(string(o.Manifest), "message.groups,", "message.groups, reaction_added, reaction_removed, pin_added, pin_removed, file_shared, channel_created, channel_archive, channel_unarchive, group_archive,", 1)
	o.Manifest = []byte(strings.Replace(src, "pins:read,", "pins:read, \"reactions:read\", \"reactions:write\",", 1))
}

// pick reads the values at paths such as "item.ts" of an event.
func pickAll(e map[string]any, paths ...string) []any {
	var out []any
	for _, p := range paths {
		var keys []any
		for _, k := range strings.Split(p, ".") {
			keys = append(keys, k)
		}
		out = append(out, at(e, keys...))
	}
	return out
}

func TestPeopleEditAndDeleteTheirOwnMessages(t *testing.T) {
	t.Parallel()
	ws := start(t, subscribed)
	got, ana, lee := heard(t, ws), ws.User("ana"), ws.User("lee")
	must[Outcome](t)(ana.Say(t.Context(), "#general", "frist"))
	<-got
	m, _ := ana.Find("#general", "frist")
	if out, err := lee.Edit(t.Context(), "#general", m.TS, "mine"); err == nil || out.Error != "The message is not by lee." {
		t.Errorf("another's: %+v, %v", out, err)
	}
	if out, err := ana.Edit(t.Context(), "#general", m.TS, " "); err == nil {
		t.Errorf("nothing: %+v", out)
	}
	if out := must[Outcome](t)(ana.Edit(t.Context(), "#general", m.TS, "first @lee")); out.EnvelopeID == "" {
		t.Errorf("the app was not waited for: %+v", out)
	}
	want := []any{"message_changed", true, "first <@U0LEE>", "U0ANA", "frist"}
	if diff := cmp.Diff(want, pickAll(<-got, "subtype", "hidden", "message.text", "message.edited.user", "previous_message.text")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m, ok := lee.Message("#general", m.TS); !ok || m.Text() != "first @lee" || !m.Edited {
		t.Errorf("he reads %+v", m)
	}
	bots := card(t, api(ws))
	<-got
	if _, err := ana.Delete(t.Context(), "#general", bots); err == nil {
		t.Error("she deleted the app's message")
	}
	must[Outcome](t)(ana.Delete(t.Context(), "#general", m.TS))
	if diff := cmp.Diff([]any{"message_deleted", string(m.TS)}, pickAll(<-got, "subtype", "deleted_ts")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, there := lee.Find("#general", "first"); there {
		t.Error("it is still there")
	}
}

func TestPeopleReact(t *testing.T) {
	t.Parallel()
	ws := start(t, subscribed)
	got, c, ana := heard(t, ws), api(ws), ws.User("ana")
	ts := card(t, c)
	<-got
	must[Outcome](t)(ana.React(t.Context(), "general", ts, ":tada:"))
	want := []any{"reaction_added", "U0ANA", "tada", string(ws.BotUserID()), "message", "C0GENERAL", string(ts)}
	if diff := cmp.Diff(want, pickAll(<-got, "type", "user", "reaction", "item_user", "item.type", "item.channel", "item.ts")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ref := slack.NewRefToMessage("C0GENERAL", string(ts))
	if err := c.AddReaction("tada", ref); err != nil {
		t.Fatal(err)
	}
	<-got
	must[Outcome](t)(ws.User("lee").React(t.Context(), "general", ts, "+1"))
	<-got
	if m, _ := ana.Message("general", ts); !slices.Equal(m.Reactions, []string{"tada 2", "+1 1"}) {
		t.Errorf("she sees %q", m.Reactions)
	}
	for code, err := range map[string]error{
		"already_reacted": c.AddReaction("tada", ref), "no_reaction": c.RemoveReaction("heart", ref), "invalid_name": c.AddReaction("no name", ref),
		"message_not_found": c.AddReaction("tada", slack.NewRefToMessage("C0GENERAL", "1.0")), "channel_not_found": c.AddReaction("tada", slack.NewRefToMessage("C0NONE", "1.0")),
		"bad_timestamp": c.AddReaction("tada", slack.NewRefToMessage("C0GENERAL", "yesterday")),
	} {
		if codeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	for _, emoji := range []string{"tada", "no name"} {
		if out, err := ana.React(t.Context(), "general", ts, emoji); err == nil || out.Error == "" {
			t.Errorf("%s: %+v", emoji, out)
		}
	}
	must[Outcome](t)(ana.Unreact(t.Context(), "general", ts, "tada"))
	if diff := cmp.Diff([]any{"reaction_removed", "tada"}, pickAll(<-got, "type", "reaction")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r, err := c.GetReactions(ref, slack.NewGetReactionsParameters())
	if err != nil || len(r.Reactions) != 2 || r.Reactions[0].Name != "tada" || r.Reactions[0].Count != 1 || r.Reactions[0].Users[0] != string(ws.BotUserID()) {
		t.Errorf("%+v, %v", r, err)
	}
	must[Outcome](t)(ws.User("lee").Unreact(t.Context(), "general", ts, "+1"))
	if m, _ := ana.Message("general", ts); !slices.Equal(m.Reactions, []string{"tada 1"}) {
		t.Errorf("she sees %q", m.Reactions)
	}
}

func TestPeoplePinUploadAndManageChannels(t *testing.T) {
	t.Parallel()
	ws := start(t, subscribed)
	got, c, ana := heard(t, ws), api(ws), ws.User("ana")
	ts := card(t, c)
	<-got
	must[Outcome](t)(ana.Pin(t.Context(), "general", ts))
	if diff := cmp.Diff([]any{"pin_added", "C0GENERAL", "parent", "1"}, pickAll(<-got, "type", "channel_id", "item.message.text", "pin_count")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ana.Pin(t.Context(), "general", ts); err == nil {
		t.Error("it was pinned twice")
	}
	must[Outcome](t)(ana.Unpin(t.Context(), "general", ts))
	if diff := cmp.Diff([]any{"pin_removed", false}, pickAll(<-got, "type", "has_pins")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ana.Unpin(t.Context(), "general", ts); err == nil {
		t.Error("it was unpinned twice")
	}

	must[Outcome](t)(ana.Upload(t.Context(), "general", Upload{Name: "n.txt", Data: []byte("hi"), Text: "see", Thread: ts}))
	first, second := <-got, <-got
	if first["type"] != "message" {
		first, second = second, first
	}
	if diff := cmp.Diff([]any{"file_share", "see", string(ts)}, pickAll(first, "subtype", "text", "thread_ts")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	id, _ := second["file_id"].(string)
	if f, ok := ws.User("lee").File(FileID(id)); !ok || string(f.Data) != "hi" || second["type"] != "file_shared" {
		t.Errorf("%v leads to %+v", second, f)
	}
	if _, err := ana.Upload(t.Context(), "general", Upload{Name: "empty.txt"}); err == nil {
		t.Error("an empty file was sent")
	}

	must[Outcome](t)(ana.CreateChannel(t.Context(), "plans", false))
	if diff := cmp.Diff([]any{"channel_created", "C0PLANS", "U0ANA"}, pickAll(<-got, "type", "channel.id", "channel.creator")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, who := range map[string]string{"plans": "ana", "Loud": "ana", "guests-own": "gus"} {
		if _, err := ws.User(who).CreateChannel(t.Context(), name, false); err == nil {
			t.Errorf("%s made %s", who, name)
		}
	}
	must[Outcome](t)(ana.CreateChannel(t.Context(), "secret-plans", true))
	if ws.User("lee").Join("secret-plans") == nil {
		t.Error("he joined a private channel")
	}
	must[Outcome](t)(ana.Archive(t.Context(), "cloud-images"))
	if e := <-got; e["subtype"] != "channel_archive" {
		t.Errorf("%v", e)
	}
	if diff := cmp.Diff([]any{"channel_archive", "C0CLOUDIMAGES", "U0ANA"}, pickAll(<-got, "type", "channel", "user")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ana.Say(t.Context(), "cloud-images", "x"); err == nil {
		t.Error("she wrote into an archived channel")
	}
	must[Outcome](t)(ana.Unarchive(t.Context(), "cloud-images"))
	if got := types(t, got, 2); !slices.Equal(got, []string{"message/channel_unarchive", "channel_unarchive"}) {
		t.Errorf("%q", got)
	}
	must[Outcome](t)(ana.Archive(t.Context(), "private-partners"))
	if got := types(t, got, 2); !slices.Equal(got, []string{"message/channel_archive", "group_archive"}) {
		t.Errorf("%q", got)
	}
	for where, who := range map[string]string{"general": "ana", "dm": "ana", "nowhere": "ana", "cloud-images": "gus", "old-images": "ana"} {
		if _, err := ws.User(who).Archive(t.Context(), where); err == nil {
			t.Errorf("%s archived %s", who, where)
		}
	}
	if len(got) > 0 {
		t.Errorf("and it was told %v", <-got)
	}
}

// TestEverythingAPersonDoesIsOneRequest holds the two ways of acting together:
// who adds to the one adds to the other, or says here why not.
func TestEverythingAPersonDoesIsOneRequest(t *testing.T) {
	t.Parallel()
	const reads = "" // it is not an act
	acts := map[string]string{
		"ID": reads, "Name": reads, "Zone": reads, "Find": reads, "Messages": reads, "Thread": reads, "DM": reads, "Message": reads, "File": reads,
		"Sees": reads, "SeesThread": reads, "Modal": reads, "Modals": reads, "Home": reads,
		"Slash": "slash", "Say": "message", "SayIn": "message", "Broadcast": "message", "Click": "click", "Fill": "fill", "FillIn": "fill",
		"Suggest": "suggest", "Submit": "submit", "Close": "close", "CloseAll": "close", "OpenHome": "home_opened", "OpenTab": "home_opened",
		"Shortcut": "shortcut", "MessageAction": "message_action", "Join": "join", "Leave": "leave", "Invite": "invite",
		"Reload": "reload", "MarkRead": "mark", "Edit": "edit", "Delete": "delete", "React": "react", "Unreact": "unreact",
		"Upload": "upload", "Attach": "upload", "Pin": "pin", "Unpin": "unpin", "CreateChannel": "create_channel", "Archive": "archive", "Unarchive": "unarchive",
		"WaitForText": "wait", "WaitForGone": "wait", "WaitForModal": "wait", "WaitForNoModal": "wait", "WaitForHome": "wait",
	}
	nobodys := map[string]string{
		"clock": "Workspace.Clock", "action": "the page's, which knows ids; people's is click",
	}
	have := map[string]bool{}
	for m := range reflect.TypeFor[*Person]().Methods() {
		act, known := acts[m.Name]
		switch {
		case !known:
			t.Errorf("Person.%s: say which request does the same, or that it is no act", m.Name)
		case act != reads && controlActs()[act] == nil:
			t.Errorf("Person.%s: there is no request %s", m.Name, act)
		}
		have[act] = true
		delete(acts, m.Name)
	}
	for name := range acts {
		t.Errorf("there is no Person.%s any more", name)
	}
	for act := range controlActs() {
		if !have[act] && nobodys[act] == "" {
			t.Errorf("%s: say which method of Person does the same", act)
		}
		if _, ok := orderFields()[act]; !ok {
			t.Errorf("%s: say which fields it has", act)
		}
	}
	for act, fields := range orderFields() {
		if controlActs()[act] == nil && act != "act" {
			t.Errorf("there is no act %s", act)
		}
		for _, f := range strings.Fields(fields) {
			if !slices.Contains(jsonKeys(reflect.TypeFor[order]()), f) {
				t.Errorf("%s: an order has no field %s", act, f)
			}
		}
	}
}

func TestRequestsAreReadStrictly(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, c := range []struct{ path, body, says string }{
		{"message", `{"as":"ana","chanel":"general","text":"x"}`, `There is no field "chanel" in message; those there are: as, channel, reply_broadcast, text, thread, thread_ts.`},
		{"message", `{"as":"ana","channel":"general","text":7}`, `The field "text" must be text, not number.`},
		{"message", `{"as":"ana","channel":"general","text":"x","reply_broadcast":"yes"}`, `The field "reply_broadcast" must be true or false, not string.`},
		{"click", `{"as":"ana","button":"x","choose":"y"}`, `The field "choose" must be a list of texts, not string.`},
		{"wait", `{"sockets":"1"}`, `The field "sockets" must be a whole number, not string.`},
		{"action", `{"as":"ana","action":[]}`, `The field "action" must be an object, not array.`},
		{"message", `[]`, "The body must be a JSON object."},
		{"message", `null`, "The body must be a JSON object."},
		{"message", `{"as":"ana"} {}`, "The body must be a JSON object."},
		{"message", `{"as":"nobody","channel":"general","text":"x"}`, `There is nobody named "nobody".`},
		{"message", `{"as":"buildbot","channel":"general","text":"x"}`, "Buildbot is a bot."},
		{"message", `{"channel":"general","text":"x"}`, "The request must say who acts: as must be the name or the id of a person."},
		{"wait", `{}`, "Say what to wait for: text, title, gone, sockets or method."},
		{"wait", `{"text":"x","channel":"general"}`, "Say who looks: as must be a person."},
		{"wait", `{"as":"ana","text":"x","channel":"general","surface":"modal"}`, "Look at a channel or at another surface, not at both."},
		{"wait", `{"as":"ana","text":"x","surface":"roof"}`, `There is no surface "roof": it is message, modal or home.`},
		{"wait", `{"sockets":1,"timeout":"soon"}`, `The timeout "soon" is not a time like 10s, of at most 5m0s.`},
		{"wait", `{"sockets":1,"timeout":"1h"}`, `The timeout "1h" is not a time like 10s, of at most 5m0s.`},
	} {
		status, out := ask(t, ws, http.MethodPost, "/dev/api/"+c.path, c.body)
		if status != 400 || out["ok"] != false || out["error"] != c.says {
			t.Errorf("%s %s: %d %v", c.path, c.body, status, out)
		}
	}
	for path, want := range map[string]int{"clik": http.StatusNotFound, "screen": http.StatusNotFound} {
		if status, out := ask(t, ws, http.MethodPost, "/dev/api/"+path, "{}"); status != want || out["error"] != "There is no request POST "+path+" here." {
			t.Errorf("%s: %d %v", path, status, out)
		}
	}
	if status, out := ask(t, ws, http.MethodGet, "/dev/api/click", ""); status != http.StatusMethodNotAllowed || out["ok"] != false {
		t.Errorf("an act that is read: %d %v", status, out)
	}
	for _, path := range []string{"screen?as=ana&channel=generl", "screen?as=nobody&channel=general", "screen?as=ana&surface=roof"} {
		if status, out := ask(t, ws, http.MethodGet, "/dev/api/"+path, ""); status != 400 || out["ok"] != false {
			t.Errorf("%s: %d %v", path, status, out)
		}
	}
	for act, body := range map[string]string{
		"home_opened": `{"as":"ana","tab":"about"}`,
		"upload":      `{"as":"ana","channel":"general","name":"a.txt","content":"x","content_base64":"eA=="}`,
	} {
		if status, out := ask(t, ws, http.MethodPost, "/dev/api/"+act, body); status != 200 || out["ok"] != false {
			t.Errorf("%s %s: %d %v", act, body, status, out)
		}
	}
	if got := ws.User("ana").Sees("general"); got != "" {
		t.Errorf("something was done: %s", got)
	}
}
