package slackdev

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"cloudimage/slackdev/socketmode"
)

const (
	// A socket says in its hello how long it will live. Only those that ask for
	// it with debug_reconnects=true are taken at their word: the workspace's
	// clock leaps over days, and no app wants to reconnect all that while.
	socketLife      = 18060 * time.Second
	socketLifeDebug = 360 * time.Second
)

// serveSocket makes a connection that holds a ticket a socket.
func (ws *Workspace) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !ws.tickets.redeem(r.URL.Query().Get("ticket")) {
		http.Error(w, "The ticket is unknown or used: call apps.connections.open for a new one.", http.StatusNotFound)
		return
	}
	life, debug := socketLife, r.URL.Query().Get("debug_reconnects") == "true"
	if debug {
		life = socketLifeDebug
	}
	hello := func(k *socketmode.Socket, open int) []byte {
		if debug {
			ws.recycle(k, life)
		}
		return ws.helloFrame(open, life)
	}
	ws.sockets.Serve(w, r, hello, ws.disconnectFrame(DisconnectTooManyWebsockets))
}

// recycle closes the socket when it has lived its time, by the workspace's clock.
func (ws *Workspace) recycle(k *socketmode.Socket, life time.Duration) {
	ws.clock.After(life, func(context.Context) {
		if slices.Contains(ws.sockets.All(), k) {
			ws.retire(k, DisconnectRefreshRequested)
			ws.hub.tell(change{kind: "workspace"})
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
		ws.tickets.refuse(true)
	}
	ws.record.Fault("every socket was closed: "+string(reason), ws.clock.Now())
	for _, k := range ws.sockets.All() {
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
	if all := ws.sockets.All(); len(all) > 0 {
		ws.record.Fault("one socket was closed: "+string(reason), ws.clock.Now())
		ws.retire(all[0], reason)
		ws.hub.tell(change{kind: "workspace"}, change{kind: "interactions"})
	}
}

// EnableSocketMode lets sockets be opened again after link_disabled.
func (ws *Workspace) EnableSocketMode() {
	ws.tickets.refuse(false)
	ws.tellFaults()
}

// retire takes a socket out of the round and closes it once it was told why. A
// warned socket still gets envelopes for ten seconds.
func (ws *Workspace) retire(k *socketmode.Socket, reason DisconnectReason) {
	if reason == DisconnectWarning {
		ws.sockets.Warn(k, ws.disconnectFrame(reason))
		return
	}
	ws.sockets.Retire(k, ws.disconnectFrame(reason))
}

// openConnection answers apps.connections.open.
func openConnection(c *call) (any, error) {
	if c.args.has("token") {
		return nil, fail("not_allowed_token_type")
	}
	if !c.ws.socketMode() {
		return nil, fail("access_denied")
	}
	ticket := c.ws.ids.uuid()
	c.ws.tickets.issue(ticket)
	q := url.Values{"ticket": {ticket}, "app_id": {c.ws.st.app.id}}
	return reply{"url": "ws" + c.ws.url[len("http"):] + "/link/?" + q.Encode()}, nil
}

// SocketInfos lists the app's open sockets, oldest first.
func (ws *Workspace) SocketInfos() []socketmode.Info { return ws.sockets.Infos() }
