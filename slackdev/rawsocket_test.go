package slackdev

import (
	"encoding/json"
	"net/url"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// rawSocket is a Socket Mode client without a library, to see the very frames.
type rawSocket struct {
	t    testing.TB
	conn *websocket.Conn
	mu   sync.Mutex // one writer at a time
}

type frame struct {
	Type         string          `json:"type"`
	Reason       string          `json:"reason"`
	EnvelopeID   string          `json:"envelope_id"`
	Accepts      *bool           `json:"accepts_response_payload"`
	RetryAttempt *int            `json:"retry_attempt"`
	RetryReason  *string         `json:"retry_reason"`
	Payload      json.RawMessage `json:"payload"`
	Connections  int             `json:"num_connections"`
	raw          []byte
}

// dial opens a socket and reads its hello.
func dial(t testing.TB, ws *Workspace) (*rawSocket, frame) {
	t.Helper()
	got := post(t, ws, ws.AppToken(), "apps.connections.open", nil)
	if got["ok"] != true {
		t.Fatalf("apps.connections.open: %v", got)
	}
	s := dialURL(t, got["url"].(string))
	return s, s.read()
}

func dialURL(t testing.TB, u string) *rawSocket {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), u, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &rawSocket{t: t, conn: conn}
}

func (s *rawSocket) read() frame {
	s.t.Helper()
	f, err := s.next()
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *rawSocket) next() (frame, error) {
	var f frame
	_, raw, err := s.conn.ReadMessage()
	if err != nil {
		return f, err
	}
	f.raw = raw
	return f, json.Unmarshal(raw, &f)
}

func (s *rawSocket) ack(f frame, payload string) {
	s.t.Helper()
	if err := s.write(f, payload); err != nil {
		s.t.Fatal(err)
	}
}

func (s *rawSocket) write(f frame, payload string) error {
	msg := `{"envelope_id":` + string(mustJSON(f.EnvelopeID))
	if payload != "" {
		msg += `,"payload":` + payload
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn.WriteMessage(websocket.TextMessage, []byte(msg+"}"))
}

// doing runs a person's act beside the test and returns its outcome on demand.
func doing(act func() (Outcome, error)) func() (Outcome, error) {
	type result struct {
		out Outcome
		err error
	}
	ch := make(chan result, 1)
	go func() {
		out, err := act()
		ch <- result{out, err}
	}()
	return func() (Outcome, error) { r := <-ch; return r.out, r.err }
}

// serve acks every frame with what answer returns, until the socket closes;
// an answer of "-" leaves the envelope unanswered.
func (s *rawSocket) serve(answer func(frame) string) {
	go func() {
		for {
			f, err := s.next()
			if err != nil {
				return
			}
			if a := answer(f); a != "-" && s.write(f, a) != nil {
				return
			}
		}
	}()
}

// botPost posts as the app and returns the timestamp.
func botPost(t testing.TB, ws *Workspace, channel, text, blocks string) TS {
	t.Helper()
	form := url.Values{"channel": {channel}, "text": {text}}
	if blocks != "" {
		form.Set("blocks", blocks)
	}
	got := post(t, ws, ws.BotToken(), "chat.postMessage", form)
	if got["ok"] != true {
		t.Fatalf("chat.postMessage: %v", got)
	}
	return TS(got["ts"].(string))
}
