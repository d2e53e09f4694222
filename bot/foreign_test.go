package bot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestIsSlack(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"":                               true,
		"https://slack.com/api/":         true,
		"https://www.slack.com/api/":     true,
		"https://SLACK-GOV.com/api/":     true,
		"https://acme.slack.com:443/":    true,
		"http://127.0.0.1:9000/api/":     false,
		"https://slack.com.example/api/": false,
		"https://notslack.com/api/":      false,
		"http://slack.com@127.0.0.1/":    false,
		"://":                            false,
	} {
		if got := IsSlack(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// foreignAnswers are the ways in which servers that are not Slack's say things,
// and what is made of them.
var foreignAnswers = []struct {
	name   string
	method string
	status int
	body   string
	want   string // of the body; the same as it was when empty
	code   int    // of the status; 200 when zero
}{
	{name: "as Slack", method: "users.info", body: `{"ok":true,"user":{"id":"U1"}}`},
	{name: "refused as by Slack", method: "users.info", body: `{"ok":false,"error":"user_not_found"}`, want: `{"ok":false,"error":"user_not_found"}`},
	{name: "no such method, as by Slack", method: "pins.add", body: `{"ok":false,"error":"unknown_method"}`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "no such method, in other words", method: "users.info", body: `{"ok":false,"error":"Method not found"}`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "no such method, without ok", method: "users.info", body: `{"error":"not implemented"}`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "a page that there is none", method: "users.info", status: 404, body: `<html>Not Found</html>`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "nothing but a status", method: "users.info", status: 501, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "JSON of another make", method: "users.info", status: 404, body: `{"detail":"Not Found"}`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "text with a good status", method: "chat.delete", body: `not found`, want: `{"ok":false,"error":"unknown_method"}`},
	{name: "nothing with a good status", method: "chat.delete", want: `{"ok":false,"error":"unknown_method"}`},
	{name: "an error with a status", method: "chat.update", status: 400, body: `{"ok":false,"error":"message_not_found"}`, want: `{"ok":false,"error":"message_not_found"}`},
	{name: "refused without a reason", method: "chat.update", body: `{"ok":false}`, want: `{"ok":false,"error":"unknown_error"}`},
	{name: "an error that is an object", method: "chat.update", body: `{"ok":false,"error":{"code":7}}`, want: `{"ok":false,"error":"unknown_error"}`},
	{name: "its own trouble", method: "chat.update", status: 503, body: `try later`, code: 503},
	{name: "no socket", method: openSocket, status: 404, body: `nothing here`, code: 404},
	{name: "a post that comes back as it was sent", method: "chat.postMessage",
		body: `{"ok":true,"channel":"C1","ts":"1.2","message":{"text":"x","blocks":"[{\"type\":\"section\"}]","metadata":"{}","unfurl_links":"false"}}`,
		want: `{"ok":true,"channel":"C1","ts":"1.2"}`},
	{name: "a post whose time is a number", method: "chat.postMessage", body: `{"ok":true,"channel":{"id":"C1"},"ts":1700000000.25}`, want: `{"ok":true,"channel":"C1","ts":"1700000000.25"}`},
	{name: "a post whose time is in the message", method: "chat.postMessage", body: `{"ok":true,"message":{"ts":"1.2"}}`, want: `{"ok":true,"channel":"","ts":"1.2"}`},
	{name: "a view without anything", method: "views.open", body: `{"ok":true,"view":7}`, want: `{"ok":true,"channel":"","ts":""}`},
	{name: "a view that comes back as it was sent", method: "views.open", body: `{"ok":true,"view":{"id":"V1","hash":1.5,"blocks":"[]","state":7}}`, want: `{"ok":true,"channel":"","ts":"","view":{"id":"V1","hash":"1.5"}}`},
	{name: "a view that was closed", method: "views.update", body: `{"ok":false,"error":"not_found"}`, want: `{"ok":false,"error":"not_found"}`},
	{name: "blocks that are refused", method: "chat.postMessage", body: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] no"]}}`,
		want: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] no"]}}`},
}

func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range foreignAnswers {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.status == 0 {
				c.status = http.StatusOK
			}
			if c.code == 0 {
				c.code = http.StatusOK
			}
			if c.want == "" {
				c.want = c.body
			}
			got, err := foreignAnswer(c.method, &http.Response{StatusCode: c.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body))})
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != c.code || !sameJSON(string(body), c.want) || got.ContentLength != int64(len(body)) {
				t.Errorf("%d %s (%d bytes), want %d %s", got.StatusCode, body, got.ContentLength, c.code, c.want)
			}
		})
	}
}

// sameJSON reports whether two texts are the same, as JSON if they are any.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestForeignWaits(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{"": "1", "3": "3", "0.2": "1", "1.5": "2", "soon": "1", "-4": "1", "NaN": "1"} {
		resp := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Body: http.NoBody}
		resp.Header.Set("Retry-After", said)
		got, err := foreignAnswer("chat.update", resp)
		if err != nil || got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") != want {
			t.Errorf("%q is %q, %v; want %q", said, got.Header.Get("Retry-After"), err, want)
		}
	}
}

// seenCall is what a server saw of a call.
type seenCall struct{ path, authorization string }

func TestTransport(t *testing.T) {
	t.Parallel()
	server := func(prefix string) (string, *[]seenCall) {
		var calls []seenCall
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls = append(calls, seenCall{r.URL.Path, r.Header.Get("Authorization")})
			if !strings.HasPrefix(r.URL.Path, prefix) {
				http.NotFound(w, r)
				return
			}
			fmt.Fprint(w, `{"ok":true}`)
		}))
		t.Cleanup(s.Close)
		return s.URL, &calls
	}
	post := func(client *http.Client, address, authorization string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("token=xoxb-1"))
		if err != nil {
			t.Fatal(err)
		}
		if authorization != "" {
			req.Header.Set("Authorization", authorization)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := req.Header.Get("Authorization"); got != authorization {
			t.Errorf("the caller's request was changed: %q", got)
		}
		return resp.StatusCode
	}
	check := func(name string, got, want []seenCall) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the server saw %v, want %v", name, got, want)
		}
	}

	address, calls := server("/")
	client := &http.Client{Transport: &transport{RoundTripper: http.DefaultTransport, api: address + "/api/", token: "xoxb-1"}}
	post(client, address+"/api/auth.test", "")
	post(client, address+"/api/"+openSocket, "Bearer xapp-1")
	post(client, address+"/response/1", "")
	check("tokens", *calls, []seenCall{{"/api/auth.test", "Bearer xoxb-1"}, {"/api/" + openSocket, "Bearer xapp-1"}, {"/response/1", ""}})

	address, calls = server("/api/")
	client = &http.Client{Transport: &transport{RoundTripper: http.DefaultTransport, api: address + "/", token: "xoxb-1", foreign: true}}
	if got := post(client, address+"/auth.test", ""); got != http.StatusOK {
		t.Errorf("the methods below api/ were not found: %d", got)
	}
	post(client, address+"/chat.update", "")
	check("methods below api/", *calls, []seenCall{{"/auth.test", "Bearer xoxb-1"}, {"/api/auth.test", "Bearer xoxb-1"}, {"/api/chat.update", "Bearer xoxb-1"}})

	address, calls = server("/nowhere/")
	client = &http.Client{Transport: &transport{RoundTripper: http.DefaultTransport, api: address + "/", token: "xoxb-1", foreign: true}}
	if got := post(client, address+"/"+openSocket, "Bearer xapp-1"); got != http.StatusNotFound {
		t.Errorf("no Web API at all is answered with %d", got)
	}
	check("no Web API", *calls, []seenCall{{"/" + openSocket, "Bearer xapp-1"}, {"/api/" + openSocket, "Bearer xapp-1"}})
}
