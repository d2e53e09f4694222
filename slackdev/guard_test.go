package slackdev

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// A browser tells in Sec-Fetch-Site who asks, also where it sends no Origin: with
// the pictures, scripts and style sheets of another page.
func TestWhatAnotherPageIncludesIsRefused(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, path := range []string{"/", "/dev/static/js/main.js", "/dev/api/workspace", "/dev/files/F0X?as=U0ANA", "/dev/api/events?as=U0NOBODY", "/api/api.test"} {
		for _, c := range []struct {
			site, mode string
			want       bool
		}{
			{"", "", true}, {"same-origin", "cors", true}, {"none", "navigate", true}, {"cross-site", "navigate", true},
			{"cross-site", "no-cors", false}, {"same-site", "no-cors", false}, {"cross-site", "cors", false}, {"same-site", "websocket", false},
		} {
			status, _ := ask(t, ws, http.MethodGet, path, "", func(r *http.Request) {
				r.Header.Set("Sec-Fetch-Site", c.site)
				r.Header.Set("Sec-Fetch-Mode", c.mode)
			})
			followed := c.site != "cross-site" || path == "/" || strings.HasPrefix(path, "/dev/files/") // links
			if (status != http.StatusForbidden) != (c.want && followed) {
				t.Errorf("%s, %s of a %q page: %d", path, c.mode, c.site, status)
			}
		}
	}
}

// Even with a ticket no page of another origin opens a socket; programs do, with
// no origin or with Slack's.
func TestSocketsAreForProgramsAlone(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for origin, want := range map[string]bool{
		"": true, "https://api.slack.com": true, "https://slack.com": true, ws.URL(): true,
		"https://evil.example": false, "null": false, "https://slack.com.evil.example": false, "https://evilslack.com": false, "http://api.slack.com": false,
	} {
		open := post(t, ws, ws.AppToken(), "apps.connections.open", nil)
		address, _ := open["url"].(string)
		if !strings.HasPrefix(address, "ws://127.0.0.1:") {
			t.Fatalf("%v", open)
		}
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, header)
		if conn != nil {
			conn.Close()
		}
		if (err == nil) != want {
			t.Errorf("origin %q: %v, %v", origin, resp, err)
		}
	}
}
