package slackdev

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// Who left, and a bot, sees nothing any more, by whatever request.
func TestOnlyPeopleWhoAreHereLook(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if err := ws.ChangeUser("omar", func(p *SeedUser) { p.Kind = KindDeleted }); err != nil {
		t.Fatal(err)
	}
	plain := func(*http.Request) {}
	for _, path := range []string{"conversations", "messages?channel=C0GENERAL&", "pins?channel=C0GENERAL&", "home", "modals", "screen?channel=C0GENERAL&", "events"} {
		for who, want := range map[string]int{"omar": http.StatusBadRequest, "testapp": http.StatusBadRequest, "nobody": http.StatusBadRequest, "ana": http.StatusOK} {
			if path == "events" && who == "ana" {
				continue // it would not end
			}
			sep := "?"
			if path[len(path)-1] == '&' {
				sep = ""
			}
			if status, body := ask(t, ws, http.MethodGet, "/dev/api/"+path+sep+"as="+who, "", plain); status != want {
				t.Errorf("%s asks for %s: %d %s", who, path, status, body)
			}
		}
	}
}

// The bot sees the files of conversations that it sees, as long as its token is good.
func TestTheBotSeesFilesWhereItIs(t *testing.T) {
	t.Parallel()
	ws := start(t)
	if out, err := ws.User("ana").Upload(t.Context(), "#private-partners", Upload{Name: "plan.png", Data: []byte("x")}); err != nil {
		t.Fatal(out, err)
	}
	m, _ := ws.User("ana").Find("#private-partners", "plan.png")
	id := string(m.Files[0])
	get := func() int {
		status, _ := ask(t, ws, http.MethodGet, "/dev/files/"+id, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+ws.BotToken()) })
		return status
	}
	shows := url.Values{"channel": {"C0GENERAL"}, "blocks": {`[{"type":"image","alt_text":"x","slack_file":{"id":"` + id + `"}}]`}}
	check := func(when string, want bool) {
		t.Helper()
		if got := get() == http.StatusOK; got != want {
			t.Errorf("%s: it can download the file: %v", when, got)
		}
		for method, form := range map[string]url.Values{"files.info": {"file": {id}}, "chat.postMessage": shows} {
			if got := post(t, ws, ws.BotToken(), method, form); (got["ok"] == true) != want {
				t.Errorf("%s: %s: %v", when, method, got)
			}
		}
	}
	check("outside", false)
	if err := ws.User("ana").Invite("#private-partners", "testapp"); err != nil {
		t.Fatal(err)
	}
	check("inside", true)
	ws.RevokeToken()
	check("with a revoked token", false)
}

// A file may be shown by its link, and in a message that is yet to come.
func TestFilesThatAreShownByLinkAreKept(t *testing.T) {
	t.Parallel()
	blocks := []byte(`[{"type":"image","slack_file":{"url":"http:\/\/127.0.0.1:1\/dev\/files\/F0123456789"}},{"type":"image","slack_file":{"url":"https://acme.slack.com/files/U0ANA/F0ABCDEFGHI/a.png"}}]`)
	st := newState()
	attached := []byte(`[{"blocks":[{"type":"image","slack_file":{"id":"F0ATTACHED"}}]}]`)
	st.scheduled = []*scheduled{{content: content{blocks: blocks, attachments: attached}}}
	var seen []FileID
	st.eachShown(func(id FileID) { seen = append(seen, id) })
	if want := []FileID{"F0123456789", "F0ABCDEFGHI", "F0ATTACHED"}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}
