package azuresim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// ServeHTTP answers as the service that a path belongs to.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, own) {
		s.serveOwn(w, r)
		return
	}
	if h := s.handler(r.URL.Path); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	if !s.login(w, r) {
		s.serveARM(w, r)
	}
}

// handler is who answers a path, if it is another than the server.
func (s *Server) handler(path string) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := ""
	for prefix := range s.handlers {
		if strings.HasPrefix(path+"/", prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return s.handlers[best]
}

// serveARM answers as Resource Manager.
func (s *Server) serveARM(w http.ResponseWriter, r *http.Request) {
	c := s.read(w, r)
	s.admit(c)
	var reply *http.Response
	err := c.err
	if err == nil {
		reply, err = s.answer(c)
	}
	if errors.Is(err, errDropped) {
		s.done(c.call, 0, "(connection cut)")
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	h.Set("X-Ms-Request-Id", c.id)
	h.Set("X-Ms-Correlation-Request-Id", c.id)
	if v := r.Header.Get("X-Ms-Client-Request-Id"); v != "" {
		h.Set("X-Ms-Client-Request-Id", v)
	}
	h.Set("Cache-Control", "no-cache")
	if err != nil {
		s.fail(w, c, asARM(err))
		return
	}
	s.done(c.call, reply.StatusCode, "")
	c.reply(w, reply)
}

// asARM is an error as Resource Manager says it.
func asARM(err error) *armError {
	if e, ok := errors.AsType[*armError](err); ok {
		return e
	}
	return refuseWith(http.StatusInternalServerError, "InternalServerError", "%v", err)
}

// admit notes a request and finds out who asks, and whether they may.
func (s *Server) admit(c *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now, c.id = s.time(), s.uuid()
	c.base = s.base
	if c.base == "" {
		c.base = "http://" + c.raw.Host
	}
	s.settle(c.now)
	call := Call{
		Method: c.raw.Method, Path: c.raw.URL.Path, Query: c.raw.URL.RawQuery, Region: c.region(), At: c.now,
		Body: c.cleanBody(), Operation: "Unknown",
	}
	if c.route != nil {
		call.Operation, call.Action = c.route.operation(), strings.ReplaceAll(c.route.action, "{namespace}", c.vars["namespace"])
	}
	c.call = s.note(call)
	who, e := s.authenticate(c.raw)
	c.call.Client = who
	if e != nil {
		c.err = e
	}
	if c.err == nil {
		c.err = s.known(c)
	}
}

// known checks that the subscription is there and uses the provider.
func (s *Server) known(c *request) error {
	id, ok := c.vars["sub"]
	if scope := c.vars["scope"]; !ok && strings.HasPrefix(strings.ToLower(scope), "/subscriptions/") {
		id, _, _ = strings.Cut(scope[len("/subscriptions/"):], "/")
		ok = true
	}
	if !ok {
		return nil
	}
	if c.sub = s.subs[strings.ToLower(id)]; c.sub == nil {
		return refuseWith(http.StatusNotFound, "SubscriptionNotFound", "The subscription '%s' could not be found.", id)
	}
	if _, rest, ok := strings.Cut(c.route.pattern, "/providers/"); ok && c.vars["namespace"] == "" && c.route.method != http.MethodGet {
		ns, _, _ := strings.Cut(rest, "/")
		if c.sub.registration(ns) != registered {
			return conflict("MissingSubscriptionRegistration", "The subscription is not registered to use namespace '%s'. See https://aka.ms/rps-not-found for how to register subscriptions.", ns)
		}
	}
	return nil
}

// answer does what is asked, unless a fault comes between.
func (s *Server) answer(c *request) (*http.Response, error) {
	if err := s.fault(c.call, false); err != nil {
		return nil, err
	}
	reply, err := s.effect(c)
	if e, ok := errors.AsType[*armError](err); ok {
		s.done(c.call, e.status, e.code)
	}
	if f := s.fault(c.call, true); f != nil {
		return nil, f
	}
	return reply, err
}

// effect lets the operation happen, for those who are allowed to.
func (s *Server) effect(c *request) (*http.Response, error) {
	s.mu.Lock()
	c.now = s.time()
	s.settle(c.now)
	err := s.allow(c, c.call.Action)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return c.carryOut()
}

// reply sends what a fake server has answered, as the real one would: with the
// addresses of what goes on, and without the fake's own headers.
func (c *request) reply(w http.ResponseWriter, r *http.Response) {
	h := w.Header()
	if c.op != nil {
		c.op.headers(c, h)
	}
	status := r.StatusCode
	if c.status != 0 {
		status = c.status
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || status == http.StatusNoContent || status == http.StatusAccepted || c.raw.Method == http.MethodHead {
		body = nil
	}
	if c.raw.Method == http.MethodDelete || c.raw.Method == http.MethodPost && strings.HasPrefix(c.route.api, "VirtualMachines") {
		body = nil
	}
	if len(body) == 0 {
		w.WriteHeader(status)
		return
	}
	send(w, status, "application/json; charset=utf-8", body)
}

// fail writes an error.
func (s *Server) fail(w http.ResponseWriter, c *request, e *armError) {
	s.done(c.call, e.status, e.code)
	h := w.Header()
	h.Set("X-Ms-Error-Code", e.code)
	if e.bearer != "" {
		h.Set("WWW-Authenticate", e.bearer)
	}
	retryAfter(h, e.after)
	if c.raw.Method == http.MethodHead {
		w.WriteHeader(e.status)
		return
	}
	sendJSON(w, e.status, map[string]any{"error": e.json()})
}

func sendJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, status, "application/json; charset=utf-8", append(body, '\n'))
}

func send(w http.ResponseWriter, status int, media string, body []byte) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	// The caller has gone away when this does not work.
	_, _ = w.Write(body)
}
