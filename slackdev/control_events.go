package slackdev

import (
	"fmt"
	"net/http"
	"time"
)

// keepAlive is the time between comments on an idle stream, so that dead pages
// are noticed.
const keepAlive = 20 * time.Second

// serveEvents streams what changes for one person, as server-sent events. An
// EventSource cannot send headers, so this alone goes without X-Slackdev; the
// guard has checked host and origin, and it tells no content.
func (ws *Workspace) serveEvents(w http.ResponseWriter, r *http.Request) {
	policy(w)
	as := UserID("")
	ws.mu.Lock()
	u := ws.st.personByName(r.URL.Query().Get("as"))
	known := u != nil
	if known {
		as = u.id
	}
	ws.mu.Unlock()
	flush, ok := w.(http.Flusher)
	if !known || !ok {
		http.Error(w, errNobody.Error(), http.StatusBadRequest)
		return
	}
	feed := ws.hub.subscribe(as)
	defer ws.hub.unsubscribe(feed)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\n\n")
	flush.Flush()
	idle := time.NewTicker(keepAlive)
	defer idle.Stop()
	for {
		select {
		case <-feed.signal:
			for _, c := range feed.take() {
				if !ws.mayHear(as, c) {
					continue
				}
				fmt.Fprintf(w, "event: %s\ndata: %s\n\n", c.kind, ws.eventData(c))
			}
		case <-idle.C:
			fmt.Fprint(w, ":\n\n")
		case <-r.Context().Done():
			return
		case <-ws.ctx.Done():
			return
		}
		flush.Flush()
	}
}

// mayHear keeps news of channels from those who cannot see them.
func (ws *Workspace) mayHear(as UserID, c change) bool {
	if c.channel == "" {
		return true
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.st.channelIDs[c.channel]
	return ch != nil && ch.visibleTo(ws.st.userIDs[as])
}

func (ws *Workspace) eventData(c change) []byte {
	switch c.kind {
	case "messages":
		return mustJSON(map[string]any{"channel": c.channel})
	case "clock":
		return mustJSON(map[string]any{"now": ws.clock.Now().Format(time.RFC3339Nano), "frozen": ws.clock.Frozen()})
	}
	return []byte("{}")
}
