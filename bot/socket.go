package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// socket is one Socket Mode connection. It is read here and not by a client
// library because such a library decodes the whole message that a click brings
// along, which takes longer than all that is done about the click; see
// docs/performance.md.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	which   int // of the two

	// What its reader knows, and nobody else asks.
	known   bool // it has said hello, or brought something
	leaving bool // Slack has said that it closes it
}

const (
	maxFrame = 4 << 20
	// aliveFor is how long a connection is believed in without a sign of life.
	// Slack pings every few seconds.
	aliveFor = 30 * time.Second
	// mutedFor is the same for a server that never pinged nor answered a ping:
	// its silence tells little.
	mutedFor = 4 * aliveFor
	// askAfter is how long a connection may be silent before it is pinged.
	askAfter = aliveFor / 3
)

// dial opens a connection with a ticket of Slack's. The address holds the
// ticket and appears in no error.
func dial(ctx context.Context, api *slack.Client) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, address, err := api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("apps.connections.open: %w", err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout, ReadBufferSize: 16 << 10}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if unreadable, ok := errors.AsType[*url.Error](err); ok {
		err = unreadable.Err // without the address
	}
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("open a socket: %w (%s)", err, resp.Status)
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	conn.SetReadLimit(maxFrame)
	return &socket{conn: conn}, nil
}

// read hands over each frame until the connection ends, and says why it did.
// The frame is overwritten by the next one.
func (k *socket) read(each func(frame []byte)) error {
	patience := mutedFor
	var heard atomic.Int64 // when, in nanoseconds
	alive := func() error {
		now := time.Now()
		heard.Store(now.UnixNano())
		return k.conn.SetReadDeadline(now.Add(patience))
	}
	pong := k.conn.PingHandler()
	k.conn.SetPingHandler(func(data string) error {
		patience = aliveFor
		if err := alive(); err != nil {
			return err
		}
		return pong(data)
	})
	k.conn.SetPongHandler(func(string) error {
		patience = aliveFor
		return alive()
	})
	over := make(chan struct{})
	defer close(over)
	go k.ask(&heard, over)
	var frame bytes.Buffer
	for {
		if err := alive(); err != nil {
			return err
		}
		_, r, err := k.conn.NextReader()
		if err != nil {
			return err
		}
		frame.Reset()
		if _, err := frame.ReadFrom(r); err != nil {
			return err
		}
		each(frame.Bytes())
	}
}

// ask pings a silent connection until it is over. Slack never is silent for that
// long; a stand-in may send nothing between two envelopes.
func (k *socket) ask(heard *atomic.Int64, over <-chan struct{}) {
	tick := time.NewTicker(askAfter)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			if now.UnixNano()-heard.Load() >= int64(askAfter)/2 {
				// That it cannot be sent shows when nothing is heard.
				_ = k.conn.WriteControl(websocket.PingMessage, nil, now.Add(goodbye))
			}
		case <-over:
			return
		}
	}
}

// acknowledgement is what an envelope is answered with.
type acknowledgement struct {
	EnvelopeID string `json:"envelope_id"`
	Payload    any    `json:"payload,omitempty"`
}

// maxAck is the largest acknowledgement Slack takes; larger ones are ignored
// without a word.
const maxAck = 20 << 10

// ackFrame is more than an acknowledgement holds beside its payload.
const ackFrame = 512

// fitsAck reports whether Slack takes the payload with an acknowledgement.
func fitsAck(payload any) bool {
	raw, err := json.Marshal(payload)
	return err == nil && len(raw) < maxAck-ackFrame
}

// encode is the frame of the acknowledgement. What is too large for Slack goes
// out without its payload, so that at least the click counts, and is an error.
func (a acknowledgement) encode() ([]byte, error) {
	raw, err := json.Marshal(a)
	if err == nil && len(raw) < maxAck {
		return raw, nil
	}
	if err == nil {
		err = fmt.Errorf("an answer of %d bytes is more than Slack takes with an acknowledgement", len(raw))
	}
	bare, bareErr := json.Marshal(acknowledgement{EnvelopeID: a.EnvelopeID})
	if bareErr != nil {
		return nil, bareErr
	}
	return bare, err
}

// write sends a frame, until the deadline of ctx.
func (k *socket) write(ctx context.Context, frame []byte) error {
	by, _ := ctx.Deadline()
	k.writing.Lock()
	defer k.writing.Unlock()
	if err := k.conn.SetWriteDeadline(by); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, frame)
}

// goodbye is how long is waited for a closing frame to go out.
const goodbye = time.Second

// close ends the connection; reading from it ends too.
func (k *socket) close() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	// The other side may be gone, and that is as good.
	_ = k.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(goodbye))
	_ = k.conn.Close()
}
