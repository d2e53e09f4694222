package slackdev

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets   = 10
	writeWait    = 10 * time.Second // for one frame to one socket
	warnedFor    = 10 * time.Second // how long a socket lives after its warning
	maxReadFrame = 4 << 20

	// A socket says in its hello how long it will live. Only those that ask for
	// it with debug_reconnects=true are taken at their word: the workspace's
	// clock leaps over days, and no app wants to reconnect all that while.
	socketLife      = 18060 * time.Second
	socketLifeDebug = 360 * time.Second
)

// serveSocket upgrades a connection that holds a ticket and reads its acks.
func (ws *Workspace) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !ws.sockets.redeem(r.URL.Query().Get("ticket")) {
		http.Error(w, "The ticket is unknown or used: call apps.connections.open for a new one.", http.StatusNotFound)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // guard has checked it
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		ws.log.Warn("a socket could not be upgraded", "err", err)
		return
	}
	conn.SetReadLimit(maxReadFrame)
	k := newSocket(conn)
	defer k.abort()
	life, debug := socketLife, r.URL.Query().Get("debug_reconnects") == "true"
	if debug {
		life = socketLifeDebug
	}
	hello := func(n int) []byte {
		if debug {
			ws.recycle(k.number, life)
		}
		return ws.helloFrame(n, life)
	}
	if !ws.sockets.add(k, ws.clock.Now(), hello) {
		k.writeFrame(ws.disconnectFrame(DisconnectTooManyWebsockets))
		k.close()
		return
	}
	defer ws.sockets.wg.Done()
	defer ws.hub.tell(change{kind: "workspace"})
	defer ws.sockets.remove(k)
	ws.hub.tell(change{kind: "workspace"})
	ws.sockets.wg.Go(func() { k.ping(ws.opts.PingInterval) })
	for {
		_, raw, err := conn.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			ws.log.Error("the app sent a frame that is far too long, so its socket was closed; Slack drops acks of 20480 bytes and more", "socket", k.number, "limit", maxReadFrame)
		}
		if err != nil {
			return
		}
		ws.sockets.acked(k, raw)
	}
}

// recycle closes the socket when it has lived its time, by the workspace's clock.
func (ws *Workspace) recycle(number int, life time.Duration) {
	ws.clock.After(life, func(context.Context) {
		for _, k := range ws.sockets.all() {
			if k.number == number {
				ws.retire(k, DisconnectRefreshRequested)
				ws.hub.tell(change{kind: "workspace"})
			}
		}
	})
}

func (ws *Workspace) helloFrame(n int, life time.Duration) []byte {
	return mustJSON(map[string]any{
		"type": "hello", "num_connections": n,
		"connection_info": map[string]any{"app_id": ws.st.app.id},
		"debug_info": map[string]any{
			"host": "applink-slackdev", "started": ws.clock.Now().Format("2006-01-02 15:04:05.000"),
			"build_number": 1, "approximate_connection_time": int(life / time.Second),
		},
	})
}

// DisconnectReason is why Slack closes a socket.
type DisconnectReason string

// The reasons a disconnect frame may give.
const (
	DisconnectWarning           DisconnectReason = "warning"           // it will close in ten seconds
	DisconnectRefreshRequested  DisconnectReason = "refresh_requested" // routine
	DisconnectLinkDisabled      DisconnectReason = "link_disabled"     // Socket Mode was switched off
	DisconnectTooManyWebsockets DisconnectReason = "too_many_websockets"
)

func (ws *Workspace) disconnectFrame(r DisconnectReason) []byte {
	return mustJSON(map[string]any{"type": "disconnect", "reason": r, "debug_info": map[string]any{"host": "applink-slackdev"}})
}

// Disconnect sends a disconnect frame to every socket and closes it: at once,
// or ten seconds later when the reason is a warning. After link_disabled no
// socket can be opened until EnableSocketMode.
func (ws *Workspace) Disconnect(reason DisconnectReason) {
	if reason == DisconnectLinkDisabled {
		ws.sockets.refuse(true)
	}
	ws.record.Fault("every socket was closed: "+string(reason), ws.clock.Now())
	for _, k := range ws.sockets.all() {
		ws.retire(k, reason)
	}
	ws.hub.tell(change{kind: "workspace"}, change{kind: "faults"}, change{kind: "interactions"})
}

// DisconnectOne does what Disconnect does to the oldest socket alone.
// link_disabled is never about one socket: it closes all of them.
func (ws *Workspace) DisconnectOne(reason DisconnectReason) {
	if reason == DisconnectLinkDisabled {
		ws.Disconnect(reason)
		return
	}
	if all := ws.sockets.all(); len(all) > 0 {
		ws.record.Fault("one socket was closed: "+string(reason), ws.clock.Now())
		ws.retire(all[0], reason)
		ws.hub.tell(change{kind: "workspace"}, change{kind: "interactions"})
	}
}

// EnableSocketMode lets sockets be opened again after link_disabled.
func (ws *Workspace) EnableSocketMode() {
	ws.sockets.refuse(false)
	ws.tellFaults()
}

// retire takes a socket out of the round and closes it once it was told why. A
// warned socket still gets envelopes for ten seconds.
func (ws *Workspace) retire(k *socket, reason DisconnectReason) {
	frame := queued{frame: ws.disconnectFrame(reason)}
	if reason != DisconnectWarning {
		ws.sockets.leave(k)
		k.put(frame) // fails only where nobody is left to tell
		k.finish()
		return
	}
	k.put(frame)
	k.later(warnedFor, func() {
		ws.sockets.leave(k)
		k.finish()
	})
}

// openConnection answers apps.connections.open.
func openConnection(c *call) (any, error) {
	if c.args.has("token") {
		return nil, fail("not_allowed_token_type")
	}
	s := c.ws.sockets
	s.mu.Lock()
	refused := s.refused
	s.mu.Unlock()
	if refused {
		return nil, fail("access_denied")
	}
	ticket := c.ws.ids.uuid()
	s.issue(ticket)
	q := url.Values{"ticket": {ticket}, "app_id": {c.ws.st.app.id}}
	return reply{"url": "ws" + c.ws.url[len("http"):] + "/link/?" + q.Encode()}, nil
}
