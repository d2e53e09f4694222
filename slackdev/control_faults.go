package slackdev

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// This file is the part of the control API that makes things go wrong: what the
// Go API does in FailNext and its like, for other programs and for the page.

func (ws *Workspace) faultRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /dev/api/faults", ws.serveFaults)
	mux.HandleFunc("GET /dev/api/limits", ws.serveLimits)
	post := func(path string, h http.HandlerFunc) { mux.HandleFunc("POST /dev/api/"+path, h) }
	post("faults", ordered(ws.orderFault))
	post("faults/clear", ordered(ws.orderClear))
	post("faults/release", ordered(func(struct{}) (any, error) { ws.ReleaseHung(); return nil, nil }))
	post("faults/calm", ordered(func(struct{}) (any, error) { ws.Calm(); return nil, nil }))
	post("disconnect", ordered(ws.orderDisconnect))
	post("socket_mode", ordered(ws.orderSocketMode))
	post("rates", ordered(ws.orderRates))
	post("plan", ordered(ws.orderPlan))
	post("scopes", ordered(ws.orderScopes))
	post("token", ordered(ws.orderToken))
}

// ordered answers a POST whose body is exactly of type B: a field it does not have
// is an error. What do returns is the id that the outcome tells.
func ordered[B any](do func(B) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !askedByPage(w, r) {
			return
		}
		var body B
		raw, err := readBody(w, r, maxControlBody)
		if err == nil {
			err = decodeStrictly(raw, requestName(r), jsonKeys(reflect.TypeFor[B]()), &body)
		}
		var more any
		if err == nil {
			more, err = do(body)
		}
		if err != nil {
			status := http.StatusBadRequest
			if errors.Is(err, ErrNotPossible) {
				status = http.StatusOK // no fault of the request: it is just not so now
			}
			out, _ := refused(err)
			writeControl(w, status, out)
			return
		}
		answer := map[string]any{"ok": true}
		if id, ok := more.(string); ok {
			answer["id"] = id
		}
		writeControl(w, http.StatusOK, answer)
	}
}

// faultOrder is the body of POST /dev/api/faults. It says what is to go wrong:
// with a call, or with an envelope.
//
//	{"method": "chat.postMessage", "times": 1, "retry_after": 30}
//	{"method": "views.update", "code": "hash_conflict"}
//	{"method": "*", "standing": true, "latency": "800ms"}
//	{"envelope": "drop", "times": 2}
//
// "method" is a method of the Web API, "*" for any (the default), "response_url"
// or "trigger_id". "times" is how often, 1 by default; "standing" is until it is
// taken back. Exactly one field says what happens, as those of Fault do, and
// "latency" may stand beside it. Durations are as Go writes them.
//
// "envelope" is "drop" (the next, or as many as times says), "duplicate" (the next
// one is sent as often as times says, 2 by default), "reorder" (the next waits for
// the one after it), "delay" (each is late by latency; 0s ends it) or "redeliver"
// (the last one is sent once more, at once).
type faultOrder struct {
	Method           string `json:"method"`
	Times            int    `json:"times"`
	Standing         bool   `json:"standing"`
	RetryAfter       int    `json:"retry_after"` // seconds
	Status           int    `json:"status"`
	Code             string `json:"code"`
	Needed           string `json:"needed"`
	StoredThenStatus int    `json:"stored_then_status"`
	LoseAnswer       bool   `json:"lose_answer"`
	Timeout          string `json:"timeout"`
	Hang             bool   `json:"hang"`
	Latency          string `json:"latency"`
	Envelope         string `json:"envelope"`
}

// Of what may be ordered there is no more than anybody can mean.
const (
	maxFaultTimes = 1000
	maxFaultWait  = 10 * time.Minute
	maxRetryAfter = 3600
)

var (
	codeForm   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	methodForm = regexp.MustCompile(`^([a-z][A-Za-z]*(\.[a-z][A-Za-z]*)+|\*|response_url|trigger_id)$`)
)

func (ws *Workspace) orderFault(o faultOrder) (any, error) {
	if o.Envelope != "" {
		return nil, ws.orderEnvelopeFault(o)
	}
	f, err := o.fault()
	if err != nil {
		return nil, err
	}
	if o.Method == "" {
		o.Method = AnyMethod
	}
	if err := ws.checkFaultMethod(o.Method, f); err != nil {
		return nil, err
	}
	n := o.Times
	switch {
	case o.Standing && n != 0:
		return nil, errors.New("say times or standing, not both")
	case o.Standing:
		n = -1
	case n == 0:
		n = 1
	case n < 0 || n > maxFaultTimes:
		return nil, fmt.Errorf("times must be 1 to %d, not %d", maxFaultTimes, n)
	}
	return ws.FailNext(o.Method, n, f), nil
}

func (ws *Workspace) checkFaultMethod(name string, f Fault) error {
	if !methodForm.MatchString(name) {
		return fmt.Errorf("%q is no method: it must be one of the Web API, *, response_url or trigger_id", name)
	}
	if _, known := ws.methods[name]; !known && strings.Contains(name, ".") {
		return fmt.Errorf("this workspace does not know the method %s, so nothing can go wrong with it", name)
	}
	if name == TriggerID && f != (Fault{Code: expiredTrigger}) {
		return errors.New("of a trigger_id the only fault is the code expired_trigger_id")
	}
	return nil
}

// fault reads what is to happen.
func (o *faultOrder) fault() (Fault, error) {
	f := Fault{
		RetryAfter: time.Duration(o.RetryAfter) * time.Second, Status: o.Status, Code: o.Code, Needed: o.Needed,
		StoredThenStatus: o.StoredThenStatus, LoseAnswer: o.LoseAnswer, Hang: o.Hang,
	}
	var err error
	if f.Timeout, err = faultWait("timeout", o.Timeout); err != nil {
		return f, err
	}
	if f.Latency, err = faultWait("latency", o.Latency); err != nil {
		return f, err
	}
	happens := 0
	for _, given := range []bool{o.RetryAfter != 0, o.Status != 0, o.Code != "", o.StoredThenStatus != 0, o.LoseAnswer, f.Timeout > 0, o.Hang} {
		if given {
			happens++
		}
	}
	switch {
	case happens > 1:
		return f, errors.New("one thing can happen to a call: say one of retry_after, status, code, stored_then_status, lose_answer, timeout and hang")
	case happens == 0 && f.Latency == 0:
		return f, errors.New("say what is to happen: retry_after, status, code, stored_then_status, lose_answer, timeout, hang or latency")
	case o.RetryAfter < 0 || o.RetryAfter > maxRetryAfter:
		return f, fmt.Errorf("retry_after must be 1 to %d seconds, not %d", maxRetryAfter, o.RetryAfter)
	case o.Status != 0 && (o.Status < 500 || o.Status > 599):
		return f, fmt.Errorf("status must be 500 to 599, not %d; for 429 say retry_after", o.Status)
	case o.StoredThenStatus != 0 && (o.StoredThenStatus < 500 || o.StoredThenStatus > 599):
		return f, fmt.Errorf("stored_then_status must be 500 to 599, not %d", o.StoredThenStatus)
	case o.Code != "" && !codeForm.MatchString(o.Code):
		return f, fmt.Errorf("code must be an error code like not_in_channel, not %q", o.Code)
	case o.Needed != "" && o.Code != "missing_scope":
		return f, errors.New("needed goes with the code missing_scope alone")
	}
	return f, nil
}

func faultWait(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > maxFaultWait {
		return 0, fmt.Errorf("%s must be a duration up to %s, like 800ms or 10s, not %q", field, maxFaultWait, text)
	}
	return d, nil
}
