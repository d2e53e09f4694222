package slackdev

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev/inspector"
)

// envelopes lists the interactions that an envelope began.
func envelopes(ws *Workspace) []inspector.Interaction {
	return slices.DeleteFunc(ws.Interactions(), func(i inspector.Interaction) bool { return i.EnvelopeID == "" })
}

// story tells the record in lines: interactions, their calls, what changed.
func story(ws *Workspace) string {
	var b strings.Builder
	for _, i := range ws.Interactions() {
		fmt.Fprintf(&b, "%d %s %q", i.ID, i.Kind, i.Name)
		for _, w := range []struct{ word, is string }{{"by", i.User}, {"told", strings.Replace(i.Outcome, "ok", "", 1)}, {"fault", i.Fault}} {
			if w.is != "" {
				fmt.Fprintf(&b, " %s %s", w.word, w.is)
			}
		}
		if i.Because != 0 {
			fmt.Fprintf(&b, " because of %d", i.Because)
		}
		if i.FirstID != 0 {
			fmt.Fprintf(&b, " attempt %d of %d", i.Attempt, i.FirstID)
		}
		b.WriteString("\n")
		seen := map[int64]bool{}
		changes := func(call int64) {
			for _, s := range i.Changes {
				if s.Call == call && !seen[call] {
					fmt.Fprintf(&b, "    %s %s%s %q\n", s.Kind, s.Channel, s.User, s.Text)
				}
			}
			seen[call] = true
		}
		changes(0)
		for _, c := range i.Calls {
			fmt.Fprintf(&b, "  %s", c.Method)
			if c.By != "" {
				fmt.Fprintf(&b, " by %s", c.By)
			}
			if c.Likely {
				b.WriteString(", likely")
			}
			fmt.Fprintf(&b, " %s\n", strings.Join(strings.Fields(c.Error+" "+c.Fault), " "))
			changes(c.Seq)
		}
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

func tells(t *testing.T, ws *Workspace, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(story(ws))); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
}

func TestAModalBelongsToTheCommandThatOpenedIt(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	trigger := triggerOf(t, ws, s, ws.User("ana"))
	triggerOf(t, ws, s, ws.User("lee"))
	got := viewCall(t, ws, "views.open", "trigger_id", trigger, "view", modalNamed("Loading"))
	id := at(got, "view", "id").(string)
	viewCall(t, ws, "views.update", "view_id", id, "view", modalNamed("Ready"))
	viewCall(t, ws, "views.update", "view_id", id, "hash", "old", "view", modalNamed("Late"))
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 slash_command "/thing" by U0ANA
  views.open by trigger_id
    modal_opened U0ANA "Loading"
  views.update by view_id
    modal_updated U0ANA "Ready"
  views.update by view_id hash_conflict
3 slash_command "/thing" by U0LEE`)
	update := ws.Interactions()[1].Changes[1]
	if title := at(decoded(t, update.Before), "title", "text"); title != "Loading" {
		t.Errorf("before the update it was %v", title)
	}
	if title := at(decoded(t, update.After), "title", "text"); title != "Ready" || update.ViewID != id {
		t.Errorf("after the update it is %v: %+v", title, update)
	}
}

func decoded(t *testing.T, raw json.RawMessage) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAnEphemeralBelongsToTheResponseURL(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	_, p := capture(t, s, func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	triggerOf(t, ws, s, ws.User("lee"))
	to := p["response_url"].(string)
	for _, body := range []string{`{"text":"*One* moment"}`, `{"text":"Hello all","response_type":"in_channel"}`, `{"blocks":[{"type":"none"}]}`} {
		respond(t, to, body)
	}
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 slash_command "/thing" by U0ANA
  response_url by response_url
    ephemeral_posted C0GENERALU0ANA "*One* moment"
  response_url by response_url
    message_posted C0GENERAL "Hello all"
  response_url by response_url invalid_blocks
3 slash_command "/thing" by U0LEE`)
	if args := ws.Interactions()[1].Calls[0].Args; args["response_url"] != to || args["body"] != `{"text":"*One* moment"}` {
		t.Errorf("arguments: %v", args)
	}
}

func TestWhatTheClockLedToIsTheAppsOwn(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	ana := ws.User("ana")
	must[Outcome](t)(ana.Slash(t.Context(), "#general", "/thing"))
	ts := botPost(t, ws, "C0GENERAL", "card", richCard)
	must[Outcome](t)(ana.Click(t.Context(), In("#general", "Done")))
	viewCall(t, ws, "chat.update", "channel", "C0GENERAL", "ts", string(ts), "text", "card, done")
	for range 2 {
		if err := ws.Clock().Advance(t.Context(), 12*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	viewCall(t, ws, "chat.update", "channel", "C0GENERAL", "ts", string(ts), "text", "card, late")
	viewCall(t, ws, "chat.delete", "channel", "C0GENERAL", "ts", string(ts))
	must[Outcome](t)(ana.Slash(t.Context(), "#general", "/thing"))
	botPost(t, ws, "C0GENERAL", "new card", "")
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
2 slash_command "/thing" by U0ANA
  chat.postMessage by time, likely
    message_posted C0GENERAL "card"
3 block_actions "done" by U0ANA
  chat.update by message
    message_updated C0GENERAL "card, done"
4 clock "moved forward by 1 day"
5 app "on its own, after the clock was moved" because of 4
  chat.update
    message_updated C0GENERAL "card, late"
  chat.delete
    message_deleted C0GENERAL "card, late"
6 slash_command "/thing" by U0ANA
  chat.postMessage by time, likely
    message_posted C0GENERAL "new card"`)
	if move := ws.Interactions()[3]; !move.At.Equal(testNow) || !move.Until.Equal(testNow.Add(24*time.Hour)) {
		t.Errorf("the move went from %v to %v", move.At, move.Until)
	}
}

func TestTwoPeopleAtOnceAreToldApart(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "" })
	first := botPost(t, ws, "C0GENERAL", "first", richCard)
	second := botPost(t, ws, "C0CLOUDIMAGES", "second", richCard)
	must[Outcome](t)(ws.User("ana").Click(t.Context(), In("#general", "Done")))
	must[Outcome](t)(ws.User("omar").Click(t.Context(), In("#cloud-images", "Done")))
	viewCall(t, ws, "chat.update", "channel", "C0GENERAL", "ts", string(first), "text", "first, done")
	viewCall(t, ws, "chat.update", "channel", "C0CLOUDIMAGES", "ts", string(second), "text", "second, done")
	botPost(t, ws, "C0GENERAL", "well done", "")
	viewCall(t, ws, "views.publish", "user_id", "U0OMAR", "view", `{"type":"home","blocks":[{"type":"section","text":{"type":"plain_text","text":"Nothing to do"}}]}`)
	must[Outcome](t)(ws.User("ana").Slash(t.Context(), "#random", "/thing"))
	viewCall(t, ws, "chat.update", "channel", "C0GENERAL", "ts", string(first), "text", "first, undone")
	tells(t, ws, `
1 app "starting up"
  apps.connections.open
  chat.postMessage
    message_posted C0GENERAL "first"
  chat.postMessage
    message_posted C0CLOUDIMAGES "second"
2 block_actions "done" by U0ANA
  chat.update by message
    message_updated C0GENERAL "first, done"
  chat.postMessage by time, likely
    message_posted C0GENERAL "well done"
3 block_actions "done" by U0OMAR
  chat.update by message
    message_updated C0CLOUDIMAGES "second, done"
  views.publish by time, likely
    home_published U0OMAR "Nothing to do"
4 slash_command "/thing" by U0ANA
  chat.update by message, likely
    message_updated C0GENERAL "first, undone"`)
}
