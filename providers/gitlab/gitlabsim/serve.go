package gitlabsim

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// This file takes a request from the wire to its handler and back, with what
// goes wrong on the way.

// root is where the API is.
const root = "/api/v4"

// request is an API request under way. Handlers run with the server locked.
type request struct {
	s      *Server
	http   *http.Request
	params params
	path   map[string]string // the named parts of the path, unescaped
	user   *user             // nil is nobody
	token  *token
	header http.Header // of the answer
}

// created, accepted and noContent are answers with another status than 200.
type (
	created   struct{ body any }
	accepted  struct{ body any }
	noContent struct{}
)

// ServeHTTP serves the API under /api/v4 and the pages everywhere else. A fault
// that closes the connection panics with http.ErrAbortHandler, as net/http
// wants it; so use a real server for those.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.base == "" && r.Host != "" {
		s.base = "http://" + r.Host
	}
	s.mu.Unlock()
	if path, ok := strings.CutPrefix(r.URL.EscapedPath(), root); ok && (path == "" || path[0] == '/') {
		s.serveAPI(w, r, path)
		return
	}
	switch outage := s.faults.down(); outage {
	case 0:
		s.servePages(w, r)
	case Refusing:
		panic(http.ErrAbortHandler)
	default:
		write(w, reply{status: int(outage), kind: "text/html", body: []byte(proxyPage(int(outage)))})
	}
}

// reply is an answer that is ready to be sent.
type reply struct {
	status int
	kind   string // the content type
	header http.Header
	body   []byte
}

func write(w http.ResponseWriter, a reply) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	w.Write(a.body) // the caller may be gone
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, path string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		http.Error(w, "Request Entity Too Large", http.StatusRequestEntityTooLarge)
		return
	}
	seq := s.calls.number()
	c := Call{Seq: seq, ID: requestID(seq), At: s.now(), Method: r.Method, Path: path, Query: r.URL.Query(), RawBody: body}
	// The query is left out: it is in Query, and would win over the body.
	if only, err := readParams(&http.Request{Header: r.Header, URL: &url.URL{}}, body); err == nil && len(only) > 0 {
		c.Body = only
	}
	c.User = s.nameOf(secretOf(r))

	f, outage := s.faults.take(r.Method, path)
	if f.Hold {
		s.faults.hold(r.Context())
	}
	if outage == Refusing || f.LoseRequest || r.Context().Err() != nil {
		c.Lost = true
		s.calls.add(c)
		panic(http.ErrAbortHandler)
	}
	a, faulty := f.reply(outage)
	if !faulty {
		s.hooks.before(c)
		c.Done = true
		a = s.carryOut(r, path, body)
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set("X-Request-Id", c.ID)
	a.header.Set("Cache-Control", "max-age=0, private, must-revalidate")
	c.Status, c.Response, c.Lost = a.status, a.body, f.LoseReply
	s.calls.add(c)
	if !faulty {
		s.hooks.after(c)
	}
	if f.HoldReply {
		s.faults.hold(r.Context())
	}
	if f.LoseReply {
		panic(http.ErrAbortHandler)
	}
	write(w, a)
}

// reply is the answer of a fault that does not reach GitLab's own code.
func (f Fault) reply(o Outage) (reply, bool) {
	status := f.Status
	if o != 0 {
		status = int(o)
	}
	switch {
	case f.RetryAfter > 0:
		seconds := int((f.RetryAfter + time.Second - 1) / time.Second)
		return reply{status: http.StatusTooManyRequests, kind: "text/plain", body: []byte(retryLater),
			header: http.Header{"Retry-After": {strconv.Itoa(seconds)}}}, true
	case status == 0:
		return reply{}, false
	case f.Body != "":
		return reply{status: status, kind: "application/json", body: []byte(f.Body)}, true
	case status >= 500:
		return reply{status: status, kind: "text/html", body: []byte(proxyPage(status))}, true
	}
	b, err := marshal(map[string]string{"message": strconv.Itoa(status) + " " + http.StatusText(status)})
	return reply{status: status, kind: "application/json", body: b}, err == nil
}

// carryOut does what a request asks for.
func (s *Server) carryOut(r *http.Request, path string, body []byte) reply {
	q := &request{s: s, http: r, header: http.Header{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if limited, ok := s.limit(q, secretOf(r)); !ok {
		return limited
	}
	status, answer := http.StatusOK, any(nil)
	result, err := s.dispatch(q, path, body)
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		status, answer = refused.status, refused.body
		if status == http.StatusUnauthorized {
			q.header.Set("WWW-Authenticate", `Bearer realm="Protected by OAuth 2.0"`)
		}
	case err != nil:
		status, answer = http.StatusInternalServerError, map[string]string{"message": "500 Internal Server Error"}
	default:
		switch x := result.(type) {
		case created:
			status, answer = http.StatusCreated, x.body
		case accepted:
			status, answer = http.StatusAccepted, x.body
		case noContent:
			return reply{status: http.StatusNoContent, header: q.header}
		default:
			answer = result
		}
	}
	b, err := marshal(answer)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"message":"500 Internal Server Error"}`)
	}
	return reply{status: status, kind: "application/json", header: q.header, body: bytes.TrimSpace(b)}
}

// dispatch finds the operation, asks whose request it is, and runs it.
func (s *Server) dispatch(q *request, path string, body []byte) (any, error) {
	method := q.http.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	op, parts := s.find(method, path)
	if op == nil {
		return nil, &apiError{http.StatusNotFound, map[string]string{"error": "404 Not Found"}}
	}
	q.path = parts
	if err := s.authenticate(q, op.scopes()); err != nil {
		return nil, err
	}
	if q.user == nil && (op.signedIn || method != http.MethodGet) {
		return nil, unauthorized()
	}
	var err error
	if q.params, err = readParams(q.http, body); err != nil {
		return nil, err
	}
	return op.do(q)
}

// nameOf is whose token it is, for the record.
func (s *Server) nameOf(secret string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.state.tokens[secret]; t != nil {
		return t.user.username
	}
	return ""
}
