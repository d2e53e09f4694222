package slackdev

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func video(address string) string {
	return `[{"type":"divider"},{"type":"video","video_url":"` + address + `","thumbnail_url":"https://x.example/t.png","alt_text":"x","title":{"type":"plain_text","text":"How it is built"}}]`
}

// TestVideosAreOfTheAppsDomains shows videos on each surface, with and without
// what an app needs for it.
func TestVideosAreOfTheAppsDomains(t *testing.T) {
	t.Parallel()
	may := strings.NewReplacer("chat:write,", `chat:write, "links:read", "links.embed:write",`, "features:", "features:\n  unfurl_domains: [videos.example, Other.example]")
	ws := start(t, func(o *Options) { o.Manifest = []byte(may.Replace(testManifest)) })
	const refused = "[ERROR] Video validation failed: Domain is not a valid unfurl domain claimed by your app [json-pointer:"
	for address, good := range map[string]bool{
		"https://videos.example/1":         true,
		"https://eu.videos.example/1":      true,
		"https://other.example:8443/1":     true,
		"https://evilvideos.example/1":     false,
		"https://videos.example.evil/1":    false,
		"https://elsewhere.example/videos": false,
	} {
		got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {video(address)}})
		if (got["ok"] == true) != good || !good && (got["error"] != "invalid_blocks" || at(got, "response_metadata", "messages", 0) != refused+"/blocks/1]") {
			t.Errorf("%s in a message: %v", address, got)
		}
		got = viewCall(t, ws, "views.publish", "user_id", "U0ANA", "view", `{"type":"home","blocks":`+video(address)+`}`)
		if (got["ok"] == true) != good || !good && (got["error"] != "invalid_arguments" || at(got, "response_metadata", "messages", 0) != refused+"/view/blocks/1]") {
			t.Errorf("%s on Home: %v", address, got)
		}
	}
	inside := `[{"type":"container","title":{"type":"plain_text","text":"c"},"child_blocks":` + strings.Replace(video("https://elsewhere.example"), `{"type":"divider"},`, "", 1) + `}]`
	if got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {inside}}); got["error"] != "invalid_blocks" {
		t.Errorf("inside of another block: %v", got)
	}
	attached := `[{"color":"#00ff00","blocks":` + video("https://elsewhere.example") + `}]`
	if got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "attachments": {attached}}); got["error"] != "invalid_attachments" || at(got, "response_metadata", "messages", 0) != refused+"/attachments/0/blocks/1]" {
		t.Errorf("in an attachment: %v", got)
	}
	s, _ := dial(t, ws)
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(t.Context(), "#general", "/thing") })
	s.ack(s.read(), `{"blocks":`+video("https://elsewhere.example")+`}`)
	if out, err := wait(); !errors.Is(err, ErrBadResponse) {
		t.Errorf("in an ack: %+v, %v", out, err)
	}
	bare := start(t)
	if got := post(t, bare, bare.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {video("https://videos.example/1")}}); got["error"] != "missing_scope" || got["needed"] != "links.embed:write" {
		t.Errorf("without the scope: %v", got)
	}
}

func TestLinkNamesLinksUserGroups(t *testing.T) {
	t.Parallel()
	ws := start(t)
	const text = "@omnibus, me@omnibus.example <!subteam^S1|@omnibus> @nobody @omar @here <https://x.example/@omnibus> (@omnibus)."
	const linked = "<!subteam^S0OMNIBUS>, me@omnibus.example <!subteam^S1|@omnibus> @nobody @omar @here <https://x.example/@omnibus> (<!subteam^S0OMNIBUS>)."
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		for flag, want := range map[string]string{"": text, "false": text, "1": linked, "true": linked} {
			ts := botPost(t, ws, "C0GENERAL", "x", "")
			got := post(t, ws, ws.BotToken(), method, url.Values{"channel": {"C0GENERAL"}, "ts": {string(ts)}, "text": {text}, "link_names": {flag}})
			if at(got, "message", "text") != want {
				t.Errorf("%s with link_names=%s: %v", method, flag, got)
			}
		}
	}
}
