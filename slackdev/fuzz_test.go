package slackdev

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzArgs: whatever is posted to the Web API is answered as JSON with ok, and
// never takes the server down.
func FuzzArgs(f *testing.F) {
	ws, err := Start(Options{Manifest: []byte(testManifest), Now: testNow, IDSeed: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { ws.Close() })
	h := ws.guard(ws.routes())
	f.Add("chat.postMessage", "application/json", `{"channel":"C0GENERAL","text":"x","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*x*"}}]}`)
	f.Add("chat.update", "application/x-www-form-urlencoded", `channel=C0GENERAL&ts=1.0&blocks=%5B%5D`)
	f.Add("views.publish", "application/json", `{"user_id":"U0ANA","view":{"type":"home","blocks":[]}}`)
	f.Add("views.open", "application/json", `{"trigger_id":"1.2.3","view":"{}"}`)
	f.Add("conversations.history", "", `channel=C0GENERAL&cursor=b2Zmc2V0Oi0x&limit=-3&oldest=x`)
	f.Add("files.completeUploadExternal", "multipart/form-data; boundary=x", "--x\r\n\r\n--x--")
	f.Add("blocks.validate", "application/json", `{"view":{"type":"modal"}}`)
	f.Fuzz(func(t *testing.T, method, kind, body string) {
		if strings.ContainsAny(method, "/\\ %?#\x00\r\n") || method == "" || method == "." || method == ".." || !isPrintable(method) {
			return
		}
		r := httptest.NewRequest(http.MethodPost, ws.APIURL()+method, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+ws.BotToken())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var out struct {
			OK    *bool  `json:"ok"`
			Error string `json:"error"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.OK == nil || *out.OK == (out.Error != "") {
			t.Errorf("%s %q: %d %s", method, body, w.Code, w.Body)
		}
		if out.Error == "internal_error" {
			t.Errorf("%s %q broke the server", method, body)
		}
	})
}

func isPrintable(s string) bool {
	for _, r := range s {
		if r < 0x21 || r > 0x7e {
			return false
		}
	}
	return true
}

// FuzzOrder: whatever is posted to the control API is answered with ok or a
// sentence.
func FuzzOrder(f *testing.F) {
	ws, err := Start(Options{Manifest: []byte(testManifest), Now: testNow, IDSeed: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { ws.Close() })
	h := ws.guard(ws.routes())
	sample := map[string]any{
		"as": "ana", "channel": "general", "text": "/thing", "ts": "1.0", "view_id": "V", "advance": "1s", "button": "Go", "label": "Name",
		"state": map[string]any{"b": map[string]any{"a": map[string]any{"type": "x"}}}, "choose": []string{"x"}, "values": []string{"x"},
		"message": "x", "emoji": "tada", "name": "plans", "content": "x", "content_base64": "eA==", "sockets": 1, "timeout": "1ms",
	}
	for name := range controlActs() {
		body := map[string]any{"as": "ana"}
		for _, field := range strings.Fields(orderFields()[name]) {
			if v, ok := sample[field]; ok {
				body[field] = v
			}
		}
		f.Add(name, string(mustJSON(body)))
	}
	names := controlActs()
	f.Fuzz(func(t *testing.T, name, body string) {
		if names[name] == nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // nothing comes that is waited for
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, ws.URL()+"/dev/api/"+name, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Slackdev", "1")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var out Outcome
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.OK == (out.Error != "") {
			t.Errorf("%s %q: %d %s", name, body, w.Code, w.Body)
		}
	})
}
