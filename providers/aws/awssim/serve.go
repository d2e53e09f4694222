package awssim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// action does one operation and says its reply: nodes in the Query protocols, and
// what can be written as JSON in the others. It is called with the server locked.
type action func(s *Server, c *request) (any, error)

// actions are the operations of all services.
func actions() map[string]action {
	out := map[string]action{}
	for service, list := range map[string]map[string]action{
		ec2: ec2Actions(), ssm: ssmActions(), sts: stsActions(), quotas: quotaActions(), catalog: catalogActions(),
	} {
		for op, do := range list {
			out[service+":"+op] = do
		}
	}
	return out
}

// ServeHTTP answers as the service that a request was signed for.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, own) {
		s.serveOwn(w, r)
		return
	}
	c, err := read(r)
	s.mu.Lock()
	c.now, c.id = s.time(), s.uuid()
	call := s.note(c)
	if err == nil {
		err = s.authenticate(c)
		call.Principal = c.principal
	}
	s.mu.Unlock()
	var reply any
	if err == nil {
		reply, err = s.answer(c, call)
	}
	var drop *dropped
	if errors.As(err, &drop) {
		s.done(call, "(connection cut)")
		panic(http.ErrAbortHandler)
	}
	var e *awsError
	if err != nil && !errors.As(err, &e) {
		e = refuseWith(http.StatusInternalServerError, "InternalError", "%v", err)
	}
	if e != nil {
		s.done(call, e.code)
		c.fail(w, e)
		return
	}
	c.reply(w, reply)
}

// answer does what is asked, unless a fault comes between.
func (s *Server) answer(c *request, call *Call) (any, error) {
	if err := s.fault(call, false); err != nil {
		return nil, err
	}
	reply, err := s.effect(c)
	if e, ok := errors.AsType[*awsError](err); ok {
		s.done(call, e.code)
	}
	if f := s.fault(call, true); f != nil {
		return nil, f
	}
	return reply, err
}

func (s *Server) effect(c *request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.time()
	do, ok := s.actions[c.service+":"+c.op]
	if !ok {
		return nil, c.unknown()
	}
	if err := s.throttle(c); err != nil {
		return nil, err
	}
	if err := s.authorize(c, c.service+":"+c.op); err != nil {
		return nil, err
	}
	if c.service == ec2 && c.form.is("DryRun") {
		return nil, refuseWith(http.StatusPreconditionFailed, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
	}
	delete(c.form, "DryRun")
	s.settle(c.now)
	return do(s, c)
}

// unknown is what each protocol says to an operation that it does not have.
func (c *request) unknown() error {
	switch c.service {
	case ec2, sts:
		return refuse("InvalidAction", "The action %s is not valid for this web service.", c.op)
	}
	return refuse("UnknownOperationException", "The operation %s is not known.", c.op)
}

// reply writes what an operation answered.
func (c *request) reply(w http.ResponseWriter, v any) {
	w.Header().Set("X-Amzn-Requestid", c.id)
	switch c.service {
	case ec2:
		n := node{name: c.op + `Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"`, kids: []node{tx("requestId", c.id)}}
		n.kids = append(n.kids, v.(nodes)...)
		send(w, http.StatusOK, "text/xml;charset=UTF-8", document(n))
	case sts:
		n := node{name: c.op + `Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"`, kids: []node{
			el(c.op+"Result", v.(nodes)...), el("ResponseMetadata", tx("RequestId", c.id)),
		}}
		send(w, http.StatusOK, "text/xml", document(n))
	default:
		body, err := json.Marshal(v)
		if err != nil {
			c.fail(w, refuseWith(http.StatusInternalServerError, "InternalServerError", "The answer could not be written."))
			return
		}
		send(w, http.StatusOK, c.media(), string(body))
	}
}

// fail writes an error.
func (c *request) fail(w http.ResponseWriter, e *awsError) {
	w.Header().Set("X-Amzn-Requestid", c.id)
	switch c.service {
	case ec2:
		send(w, e.status, "text/xml;charset=UTF-8", document(el("Response",
			el("Errors", el("Error", tx("Code", e.code), tx("Message", e.message))), tx("RequestID", c.id))))
	case sts:
		kind := "Sender"
		if e.status >= http.StatusInternalServerError {
			kind = "Receiver"
		}
		send(w, e.status, "text/xml", document(el("ErrorResponse",
			el("Error", tx("Type", kind), tx("Code", e.code), tx("Message", e.message)), tx("RequestId", c.id))))
	default:
		m := map[string]any{"__type": e.code, "message": e.message}
		if c.service == catalog {
			m = map[string]any{"Message": e.message}
			w.Header().Set("X-Amzn-Errortype", e.code)
		}
		for k, v := range e.fields {
			m[k] = v
		}
		body, err := json.Marshal(m)
		if err != nil {
			body = []byte("{}")
		}
		send(w, e.status, c.media(), string(body))
	}
}

func (c *request) media() string {
	if c.service == catalog {
		return "application/json"
	}
	return "application/x-amz-json-1.1"
}

func send(w http.ResponseWriter, status int, media, body string) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	// The caller has gone away when this does not work.
	_, _ = io.WriteString(w, body)
}
