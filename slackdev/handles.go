package slackdev

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// This file keeps the two handles an app gets with an interaction: the trigger,
// good for one modal within three seconds, and the response URL, good for five
// answers within thirty minutes. Both are remembered in a bounded ring; those
// that fell out of it are as good as expired.

const (
	triggerLife     = 3 * time.Second
	responseURLLife = 30 * time.Minute
	responseURLUses = 5
	keepHandles     = 8192
)

type handles struct {
	mu        sync.Mutex
	triggers  map[string]*trigger
	urls      map[string]*responseURL
	trigOrder []string
	urlOrder  []string
}

type trigger struct {
	user    UserID
	view    ViewID    // the view it came from, if any
	channel ChannelID // the conversation it came from, if any
	made    time.Time
	used    bool
}

type responseURL struct {
	user    UserID
	channel ChannelID
	ts      TS // of the message acted on, if any
	made    time.Time
	uses    int
}

func newHandles() *handles {
	return &handles{triggers: map[string]*trigger{}, urls: map[string]*responseURL{}}
}

// remember adds key to the ring and returns what fell out of it.
func remember[V any](m map[string]V, order []string, key string, v V) []string {
	m[key] = v
	order = append(order, key)
	if len(order) > 2*keepHandles {
		for _, k := range order[:keepHandles] {
			delete(m, k)
		}
		order = append([]string(nil), order[keepHandles:]...)
	}
	return order
}

func (ws *Workspace) newTrigger(t trigger) string {
	t.made = ws.clock.Now()
	if ws.takeFault(TriggerID).Code != "" {
		t.made = t.made.Add(-2 * triggerLife)
	}
	id := strings.Join([]string{decimal(ws.ids.next()), decimal(ws.ids.next()), ws.ids.secret()}, ".")
	ws.handles.mu.Lock()
	defer ws.handles.mu.Unlock()
	ws.handles.trigOrder = remember(ws.handles.triggers, ws.handles.trigOrder, id, &t)
	return id
}

func decimal(n uint64) string {
	const digits = "0123456789"
	var b [13]byte
	for i := range b {
		b[i] = digits[n%10]
		n /= 10
	}
	return string(b[:])
}

// exchange uses a trigger up.
func (ws *Workspace) exchangeTrigger(id string) (trigger, error) {
	h := ws.handles
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.triggers[id]
	switch {
	case t == nil && strings.Count(id, ".") == 2:
		return trigger{}, fail("expired_trigger_id")
	case t == nil:
		return trigger{}, fail("invalid_trigger_id")
	case t.used:
		return trigger{}, fail("exchanged_trigger_id")
	case ws.clock.Now().Sub(t.made) > triggerLife:
		return trigger{}, fail("expired_trigger_id")
	}
	t.used = true
	return *t, nil
}

func (ws *Workspace) newResponseURL(r responseURL) string {
	r.made = ws.clock.Now()
	token := ws.ids.secret()
	ws.handles.mu.Lock()
	defer ws.handles.mu.Unlock()
	ws.handles.urlOrder = remember(ws.handles.urls, ws.handles.urlOrder, token, &r)
	return ws.url + "/actions/" + token
}

// useResponseURL counts one use.
func (ws *Workspace) useResponseURL(token string) (responseURL, string) {
	h := ws.handles
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.urls[token]
	switch {
	case r == nil:
		return responseURL{}, "expired_url"
	case r.uses >= responseURLUses:
		return responseURL{}, "used_url"
	case ws.clock.Now().Sub(r.made) > responseURLLife:
		return responseURL{}, "expired_url"
	}
	r.uses++
	return *r, ""
}

// responseBody is what an app posts to a response URL.
type responseBody struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal any             `json:"replace_original"`
	DeleteOriginal  any             `json:"delete_original"`
	ThreadTS        TS              `json:"thread_ts"`
}

func truthy(v any) bool { return v == true || v == "true" }

func (ws *Workspace) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	c := &call{ws: ws, ctx: r.Context(), args: args{form: map[string][]string{"response_url": {ws.url + r.URL.Path}, "body": {string(raw)}}}}
	at := attempt{c, w, ResponseURL, began}
	f := ws.takeFault(ResponseURL)
	c.fault = f
	if ws.spoil(at, f) {
		return
	}
	status, code := http.StatusNotFound, f.Code
	if code == "" {
		status, code = ws.answerResponseURL(c, r.PathValue("token"), raw)
	}
	var logErr error
	if code != "ok" {
		logErr = fail(code)
	}
	if ws.spoilAnswer(at, f, nil, logErr) {
		return
	}
	ws.logCall(c, ResponseURL, began, status, nil, logErr)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, code)
}

func (ws *Workspace) answerResponseURL(c *call, token string, raw []byte) (int, string) {
	var b responseBody
	if json.Unmarshal(raw, &b) != nil {
		return http.StatusBadRequest, "invalid_payload"
	}
	to, refusal := ws.useResponseURL(token)
	if refusal != "" {
		return http.StatusNotFound, refusal
	}
	k, err := c.contentOf(b.Text, b.Blocks, b.Attachments)
	if err != nil {
		c.problems = problemsOf(err)
		return http.StatusBadRequest, err.Error()
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, u := ws.st.channelIDs[to.channel], ws.st.userIDs[to.user]
	original := ws.visibleMessage(u, ch, to.ts)
	switch {
	case truthy(b.DeleteOriginal) && original != nil:
		c.shows(ws.messageShown("deleted", original, ws.messageJSON(original)))
		ws.withdraw(u, original)
		return http.StatusOK, "ok"
	case k.empty():
		return http.StatusBadRequest, "no_text"
	case truthy(b.ReplaceOriginal) && original != nil && (original.bot || original.ephemeral != ""):
		before := ws.messageJSON(original)
		original.text, original.blocks, original.attachments = k.text, k.blocks, k.attachments
		ws.reviseMessage(original, k.doc)
		if original.ephemeral == "" {
			ws.revised(before, original)
		}
		c.shows(ws.messageShown("updated", original, before))
		return http.StatusOK, "ok"
	case b.ResponseType == "in_channel":
		m := ws.newBotMessage(ch, k)
		m.thread = threadOf(ch, b.ThreadTS)
		ws.publish(m)
		c.shows(ws.messageShown("posted", m, nil))
		return http.StatusOK, "ok"
	}
	m := ws.showEphemeral(ch, u, k)
	m.thread = threadOf(ch, b.ThreadTS)
	c.shows(ws.messageShown("posted", m, nil))
	return http.StatusOK, "ok"
}

// visibleMessage finds a message the person sees: a stored one or an
// ephemeral of his own.
func (ws *Workspace) visibleMessage(u *user, ch *channel, ts TS) *message {
	if ch == nil || u == nil || ts == "" {
		return nil
	}
	if m := ch.byTS[ts]; m != nil {
		return m
	}
	for _, m := range u.ephemerals[ch.id] {
		if m.ts == ts {
			return m
		}
	}
	return nil
}

// withdraw deletes a message, stored or ephemeral.
func (ws *Workspace) withdraw(u *user, m *message) {
	if m.ephemeral == "" {
		ws.removeMessage(m)
		return
	}
	list := u.ephemerals[m.channel.id]
	for i := range list {
		if list[i] == m {
			u.ephemerals[m.channel.id] = append(list[:i:i], list[i+1:]...)
			break
		}
	}
	ws.hub.tell(change{kind: "messages", channel: m.channel.id, user: u.id})
}
