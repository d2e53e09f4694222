package socketmode

import (
	"errors"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// This file is one socket and its queue. One writer takes frames from the
// queue, so a reader that is slow or dead holds up itself alone. What Slack does
// with such a reader it does not say; here a socket that lets a frame wait for
// ten seconds in the network, or whose queue is full, is closed. What was in the
// queue then was not acked: events come again by their retries, and people are
// told that the app did not respond.

const (
	maxQueued      = 10_000
	maxQueuedBytes = 8 << 20

	writeWait = 10 * time.Second // for one frame to one socket
)

var (
	errQueueFull = errors.New("the queue of the socket is full")
	errGone      = errors.New("the socket is gone")
)

// Socket is one connection of the app.
type Socket struct {
	conn   *websocket.Conn
	number int       // 1 is the first
	at     time.Time // when it was opened, by the workspace's clock

	mu      sync.Mutex
	waiting []queued
	bytes   int         // of what waits
	leaving bool        // nothing is queued after what is there, and nothing delayed
	timer   *time.Timer // closes a socket that was warned
	sent    int         // envelopes queued
	acked   int         // envelopes acked by it

	wake chan struct{} // capacity 1: there is something new to look at
	gone chan struct{}
	once sync.Once
}

// queued is a frame on its way to one socket.
type queued struct {
	frame    []byte
	at       time.Time
	envelope bool // a delay holds up envelopes alone
}

func newSocket(conn *websocket.Conn) *Socket {
	return &Socket{conn: conn, wake: make(chan struct{}, 1), gone: make(chan struct{})}
}

// put adds a frame to the queue. It never blocks.
func (k *Socket) put(q queued) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.leaving || k.ended():
		return errGone
	case len(k.waiting) >= maxQueued || k.bytes+len(q.frame) > maxQueuedBytes && len(k.waiting) > 0:
		return errQueueFull
	}
	k.waiting = append(k.waiting, q)
	k.bytes += len(q.frame)
	if q.envelope {
		k.sent++
	}
	k.nudge()
	return nil
}

func (k *Socket) ended() bool {
	select {
	case <-k.gone:
		return true
	default:
		return false
	}
}

// nudge has the writer look at the queue.
func (k *Socket) nudge() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// finish has the socket closed once what waits is written.
func (k *Socket) finish() {
	k.mu.Lock()
	k.leaving = true
	k.mu.Unlock()
	k.nudge()
}

// later does something with the socket after a time, if it is still there. The
// first to be set is the one that counts.
func (k *Socket) later(d time.Duration, do func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer == nil && !k.ended() {
		k.timer = time.AfterFunc(d, do)
	}
}

// write writes what is queued until the socket is gone.
func (k *Socket) write(latency func() time.Duration) {
	defer k.close()
	for {
		q, wait, over := k.take(latency())
		switch {
		case over:
			return
		case wait > 0:
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-k.wake:
			case <-k.gone:
			}
			t.Stop()
		case q.frame == nil:
			select {
			case <-k.wake:
			case <-k.gone:
			}
		default:
			if k.writeFrame(q.frame) != nil {
				return
			}
		}
	}
}

// take takes the frame whose time has come. Without one it tells how long to
// wait for it, or that there is nothing more to write.
func (k *Socket) take(latency time.Duration) (q queued, wait time.Duration, over bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended() || k.leaving && len(k.waiting) == 0 {
		return q, 0, true
	}
	if len(k.waiting) == 0 {
		return q, 0, false
	}
	q = k.waiting[0]
	if q.envelope && !k.leaving {
		if wait = time.Until(q.at.Add(latency)); wait > 0 {
			return queued{}, wait, false
		}
	}
	k.waiting[0] = queued{}
	k.waiting = k.waiting[1:]
	k.bytes -= len(q.frame)
	return q, 0, false
}

func (k *Socket) writeFrame(frame []byte) error {
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, frame)
}

// ping sends the first ping at once: clients that watch for pings take a
// socket that has seen none for a dead one.
func (k *Socket) ping(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := k.conn.WriteControl(websocket.PingMessage, []byte("Ping from slackdev"), time.Now().Add(writeWait)); err != nil {
			k.abort()
			return
		}
		select {
		case <-t.C:
		case <-k.gone:
			return
		}
	}
}

// close says goodbye; only the writer may, as it may have to wait.
func (k *Socket) close() {
	k.end(func() {
		// The peer may be gone already; closing is all that matters.
		k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	})
}

// abort cuts the socket off. It does not block.
func (k *Socket) abort() { k.end(func() {}) }

func (k *Socket) end(goodbye func()) {
	k.once.Do(func() {
		close(k.gone)
		k.mu.Lock()
		if k.timer != nil {
			k.timer.Stop()
		}
		k.mu.Unlock()
		goodbye()
		k.conn.Close()
	})
}
