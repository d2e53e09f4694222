package slackdev

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets   = 10
	maxAckFrame  = 20480            // bytes; Slack ignores frames that reach it
	writeWait    = 10 * time.Second // for one frame to one socket
	maxReadFrame = 4 << 20
)

// errNoSocket: the app has no socket open.
var errNoSocket = errors.New("no socket is open")

// socketSet is the app's open sockets and the envelopes they have not answered.
type socketSet struct {
	log *slog.Logger

	mu      sync.Mutex
	open    []*socket
	turn    int
	tickets map[string]bool
	pending map[string]*pendingAck
	refused bool // Socket Mode is switched off
	closed  bool
	wg      sync.WaitGroup // readers and pingers; added to only while not closed
}

// pendingAck is an envelope whose answer is awaited.
type pendingAck struct {
	acked   chan ackFrame // capacity 1
	sentTo  []*socket
	tooLong int // bytes of an ack that was dropped for its size
}

// ackFrame is what the app answers.
type ackFrame struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex // one writer at a time
	gone chan struct{}
	once sync.Once
}

func newSocketSet(log *slog.Logger) *socketSet {
	return &socketSet{log: log, tickets: map[string]bool{}, pending: map[string]*pendingAck{}}
}

func (s *socketSet) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *socketSet) issue(ticket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickets[ticket] = true
}

// redeem takes a ticket; each is good for one connection.
func (s *socketSet) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	return ok
}

// add counts the socket in, unless there are too many; it returns the number
// of sockets that are open then.
func (s *socketSet) add(k *socket) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= maxSockets {
		return len(s.open), false
	}
	s.wg.Add(1)
	s.open = append(s.open, k)
	return len(s.open), true
}

func (s *socketSet) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.open {
		if o == k {
			s.open = append(s.open[:i:i], s.open[i+1:]...)
			return
		}
	}
}

// pick chooses the socket for the next envelope: each gets every nth. p, if
// any, notes it.
func (s *socketSet) pick(p *pendingAck) (*socket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) == 0 {
		return nil, errNoSocket
	}
	s.turn++
	k := s.open[s.turn%len(s.open)]
	if p != nil {
		p.sentTo = append(p.sentTo, k)
	}
	return k, nil
}

func (s *socketSet) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*socket(nil), s.open...)
}

func (s *socketSet) expect(id string) *pendingAck {
	p := &pendingAck{acked: make(chan ackFrame, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[id] = p
	return p
}

func (s *socketSet) forget(id string) (tooLong int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.pending[id]; p != nil {
		tooLong = p.tooLong
	}
	delete(s.pending, id)
	return tooLong
}

// acked hands an ack to whoever waits for it. An envelope is answered once;
// what comes later, or for an envelope nobody sent, is noted and dropped.
func (s *socketSet) acked(k *socket, raw []byte) {
	f, err := decodeAck(raw)
	if err != nil {
		s.log.Warn("the app sent a frame that is not an ack", "err", err, "bytes", len(raw))
		return
	}
	s.mu.Lock()
	p := s.pending[f.EnvelopeID]
	if p != nil && len(raw) >= maxAckFrame {
		p.tooLong = len(raw)
		s.mu.Unlock()
		s.log.Warn("the app's ack is too long and was dropped, as Slack does; ack empty and use views.update", "envelope_id", f.EnvelopeID, "bytes", len(raw), "limit", maxAckFrame)
		return
	}
	elsewhere := p != nil && !slices.Contains(p.sentTo, k)
	delete(s.pending, f.EnvelopeID)
	s.mu.Unlock()
	if elsewhere {
		s.log.Warn("the app acked on another socket than the envelope came by; it counts here, but Slack does not say that it does", "envelope_id", f.EnvelopeID)
	}
	if p == nil {
		s.log.Warn("the app acked an envelope that is not awaited: late, twice or unknown", "envelope_id", f.EnvelopeID)
		return
	}
	p.acked <- f
}

// decodeAck reads an ack frame.
func decodeAck(raw []byte) (ackFrame, error) {
	var f ackFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, err
	}
	if f.EnvelopeID == "" {
		return f, errors.New("envelope_id is missing")
	}
	if string(f.Payload) == "null" {
		f.Payload = nil
	}
	return f, nil
}

func (s *socketSet) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for _, k := range s.all() {
		k.close()
	}
	s.wg.Wait()
}

func (k *socket) write(frame []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, frame)
}

func (k *socket) close() {
	k.once.Do(func() {
		close(k.gone)
		// The peer may be gone already; closing is all that matters.
		k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		k.conn.Close()
	})
}

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
	k := &socket{conn: conn, gone: make(chan struct{})}
	defer k.close()
	n, ok := ws.sockets.add(k)
	if !ok {
		k.write(ws.disconnectFrame(DisconnectTooManyWebsockets))
		return
	}
	defer ws.sockets.wg.Done()
	defer ws.hub.tell(change{kind: "workspace"})
	defer ws.sockets.remove(k)
	if err := k.write(ws.helloFrame(n)); err != nil {
		return
	}
	ws.hub.tell(change{kind: "workspace"})
	ws.sockets.wg.Go(func() { k.ping(ws.opts.PingInterval) })
	for {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return
		}
		ws.sockets.acked(k, raw)
	}
}

// ping sends the first ping at once: clients that watch for pings take a
// socket that has seen none for a dead one.
func (k *socket) ping(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for n := 0; ; n++ {
		if err := k.conn.WriteControl(websocket.PingMessage, []byte("Ping from slackdev"), time.Now().Add(writeWait)); err != nil {
			k.close()
			return
		}
		select {
		case <-t.C:
		case <-k.gone:
			return
		}
	}
}

func (ws *Workspace) helloFrame(n int) []byte {
	return mustJSON(map[string]any{
		"type": "hello", "num_connections": n,
		"connection_info": map[string]any{"app_id": ws.st.app.id},
		"debug_info": map[string]any{
			"host": "applink-slackdev", "started": ws.clock.Now().Format("2006-01-02 15:04:05.000"),
			"build_number": 1, "approximate_connection_time": 18060,
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
	frame := ws.disconnectFrame(reason)
	for _, k := range ws.sockets.all() {
		ws.retire(k, frame, reason)
	}
	ws.hub.tell(change{kind: "workspace"})
}

// DisconnectOne does what Disconnect does to the oldest socket alone.
func (ws *Workspace) DisconnectOne(reason DisconnectReason) {
	if all := ws.sockets.all(); len(all) > 0 {
		ws.retire(all[0], ws.disconnectFrame(reason), reason)
		ws.hub.tell(change{kind: "workspace"})
	}
}

// EnableSocketMode lets sockets be opened again after link_disabled.
func (ws *Workspace) EnableSocketMode() { ws.sockets.refuse(false) }

func (s *socketSet) refuse(v bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = v
}

// retire takes a socket out of the round and closes it. A warned socket still
// gets envelopes for ten seconds.
func (ws *Workspace) retire(k *socket, frame []byte, reason DisconnectReason) {
	if reason == DisconnectWarning {
		k.write(frame)
		t := time.AfterFunc(10*time.Second, k.close)
		ws.sockets.wg.Go(func() { <-k.gone; t.Stop() })
		return
	}
	ws.sockets.remove(k)
	k.write(frame)
	k.close()
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
