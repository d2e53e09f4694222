package ingestsim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// root is where the API is, and own where the server shows and takes what the API does
// not.
const (
	root = "/rp/product-ingestion/"
	own  = "/_ingestsim/"
)

// maxBody is more than any request has.
const maxBody = 8 << 20

// request is what a call asks for.
type request struct {
	now     time.Time
	method  string
	path    string // below the root
	parts   []string
	query   url.Values
	body    []byte
	op      string
	version string
	id      string
}

// answer is what a call is answered.
type answer struct {
	status int
	body   any
}

// ServeHTTP answers requests for the API and for the server's own pages.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, own) {
		s.serveOwn(w, r)
		return
	}
	c, err := read(r)
	s.mu.Lock()
	c.now, c.id = s.time(), s.guid()
	call := s.note(c)
	s.mu.Unlock()
	w.Header().Set("Request-Id", c.id)
	if given := r.Header.Get("Client-Request-Id"); given != "" {
		w.Header().Set("Client-Request-Id", given)
	}
	if not := s.authorize(r); not != nil {
		err = refuse(http.StatusUnauthorized, not.Error())
	}
	var out answer
	if err == nil {
		out, err = s.answer(c, call)
	}
	var drop *dropped
	if errors.As(err, &drop) {
		s.done(call, 0, "(connection cut)")
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		var e *refusal
		if !errors.As(err, &e) {
			e = refuse(http.StatusInternalServerError, err.Error())
		}
		s.done(call, e.status, e.problem.Code)
		if e.retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(e.retry))
		}
		sendJSON(w, e.status, map[string]any{"error": e.problem})
		return
	}
	s.done(call, out.status, "")
	sendJSON(w, out.status, out.body)
}

// read takes a request apart.
func read(r *http.Request) (*request, error) {
	c := &request{method: r.Method, query: url.Values{}, op: "unknown"}
	path, ok := strings.CutPrefix(r.URL.Path, root)
	c.path = strings.Trim(path, "/")
	c.parts = strings.Split(c.path, "/")
	given, err := url.ParseQuery(r.URL.RawQuery)
	// The names of parameters are the same in any case.
	for k, v := range given {
		c.query[strings.ToLower(k)] = append(c.query[strings.ToLower(k)], v...)
	}
	if err != nil {
		return c, bad("The query cannot be read.")
	}
	if !ok {
		return c, absent(r.URL.Path)
	}
	c.op = operation(c.parts)
	if c.body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1)); err != nil {
		return c, bad("The body cannot be read.")
	}
	if len(c.body) > maxBody {
		return c, refuse(http.StatusRequestEntityTooLarge, "The body is too large.")
	}
	return c, nil
}

// operation is what a path is about.
func operation(parts []string) string {
	switch {
	case parts[0] != configureType:
		if known()[parts[0]] != nil {
			return parts[0]
		}
	case len(parts) == 1:
		return configureType
	case len(parts) == 2:
		return "configure-detail"
	case len(parts) == 3 && parts[2] == "status":
		return "configure-status"
	case len(parts) == 3 && parts[2] == "cancel":
		return "configure-cancel"
	}
	return "unknown"
}

// answer does what is asked, unless a fault comes between.
func (s *Server) answer(c *request, call *Call) (answer, error) {
	if err := s.fault(call, false); err != nil {
		return answer{}, err
	}
	out, err := s.effect(c)
	var e *refusal
	if errors.As(err, &e) {
		s.done(call, e.status, e.problem.Code)
	}
	if f := s.fault(call, true); f != nil {
		return answer{}, f
	}
	return out, err
}

func (s *Server) effect(c *request) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.time()
	s.settle(c.now)
	if c.op == "unknown" {
		return answer{}, absent(c.path)
	}
	want := http.MethodGet
	if c.op == configureType || c.op == "configure-cancel" {
		want = http.MethodPost
	}
	if c.method != want {
		return answer{}, refuse(http.StatusMethodNotAllowed, "The method is not allowed here.")
	}
	c.version = strings.Trim(c.query.Get("$version"), `"`)
	if c.version == "" {
		return answer{}, bad("The query parameter $version is required.")
	}
	if !slices.Contains(versions(), c.version) {
		return answer{}, bad("The version %q is not known.", c.version)
	}
	switch c.op {
	case configureType:
		return s.submit(c)
	case "configure-status", "configure-detail", "configure-cancel":
		return s.aboutJob(c)
	case treeType:
		return s.readTree(c)
	case submissionType:
		return s.readSubmissions(c)
	}
	if len(c.parts) == 1 {
		return s.query(c)
	}
	return s.readOne(c)
}

func sendJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, status, "application/json; charset=utf-8", string(body)+"\n")
}

func send(w http.ResponseWriter, status int, media, body string) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	// The caller has gone away when this does not work.
	_, _ = io.WriteString(w, body)
}
