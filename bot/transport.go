package bot

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// transport carries every HTTP call of the bot. Calls of the Web API get the
// bot's token as a header, where the client library puts it into the form: a
// server may look in either place. A response address gets no token.
type transport struct {
	http.RoundTripper
	api   string // the Web API's address, ending in a slash
	token string // the bot's
	// foreign is set when the server is not Slack's own; see foreignAnswer.
	foreign bool
	// below is set when the methods are below api/ of the address. Where an
	// address ends differs between SDKs.
	below atomic.Bool
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	method, isCall := strings.CutPrefix(req.URL.String(), t.api)
	if !isCall {
		return t.RoundTripper.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	if req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+t.token)
	}
	if t.below.Load() {
		req.URL.Path = belowAPI(req.URL.Path)
	}
	resp, err := t.RoundTripper.RoundTrip(req)
	if err != nil || !t.foreign {
		return resp, err
	}
	if resp.StatusCode == http.StatusNotFound && (method == openSocket || method == "auth.test") {
		resp = t.lookBelow(req, resp)
	}
	return foreignAnswer(method, resp)
}

// lookBelow tries the call below api/, and is the answer of there if there is a
// Web API.
func (t *transport) lookBelow(req *http.Request, missing *http.Response) *http.Response {
	if strings.HasSuffix(t.api, "/api/") || t.below.Load() || req.GetBody == nil {
		return missing
	}
	again := req.Clone(req.Context())
	again.URL.Path = belowAPI(req.URL.Path)
	body, err := req.GetBody()
	if err != nil {
		return missing
	}
	again.Body = body
	found, err := t.RoundTripper.RoundTrip(again)
	if err != nil {
		return missing
	}
	if found.StatusCode != http.StatusOK {
		found.Body.Close()
		return missing
	}
	missing.Body.Close()
	t.below.Store(true)
	return found
}

// belowAPI is the path of a method below api/.
func belowAPI(path string) string {
	slash := strings.LastIndex(path, "/") + 1
	return path[:slash] + "api/" + path[slash:]
}
