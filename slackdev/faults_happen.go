package slackdev

import (
	"net/http"
	"strconv"
	"time"
)

// This file lets the faults of calls happen.

// attempt is a call at the door: what is needed to answer it and to log it.
type attempt struct {
	*call
	w     http.ResponseWriter
	name  string
	began time.Time
}

// spoil lets happen what comes before the call is done. It reports whether the
// call is over with that.
func (ws *Workspace) spoil(a attempt, f Fault) bool {
	ws.pause(a, f.Latency)
	if f.Hang {
		ws.hang(a.ctx)
	}
	switch {
	case f.RetryAfter > 0:
		ws.tooMany(a, f.RetryAfter)
	case f.Status != 0:
		ws.logCall(a.call, a.name, a.began, f.Status, nil, fail("http_"+strconv.Itoa(f.Status)))
		http.Error(a.w, statusText(f.Status), f.Status)
	case f.Timeout > 0:
		ws.pause(a, f.Timeout)
		ws.logCall(a.call, a.name, a.began, 0, nil, fail("no_answer"))
		hangUp()
	default:
		return false
	}
	return true
}

// spoilAnswer lets happen what comes after the call was done. It reports whether
// it was answered, or will never be.
func (ws *Workspace) spoilAnswer(a attempt, f Fault, raw []byte, err error) bool {
	switch {
	case f.StoredThenStatus != 0:
		ws.logCall(a.call, a.name, a.began, f.StoredThenStatus, raw, err)
		http.Error(a.w, statusText(f.StoredThenStatus), f.StoredThenStatus)
	case f.LoseAnswer:
		ws.logCall(a.call, a.name, a.began, 0, raw, fail("answer_lost"))
		hangUp()
	default:
		return false
	}
	return true
}

// tooMany answers 429.
func (ws *Workspace) tooMany(a attempt, wait time.Duration) {
	a.w.Header().Set("Retry-After", strconv.Itoa(retrySeconds(wait)))
	a.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	ws.logCall(a.call, a.name, a.began, http.StatusTooManyRequests, nil, fail("ratelimited"))
	a.w.WriteHeader(http.StatusTooManyRequests)
	a.w.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
}

// hangUp ends the connection of the request that is being served; the caller sees
// that it ended and no more.
func hangUp() { panic(http.ErrAbortHandler) }

// pause waits in real time, as long as anybody is there to wait for the answer.
func (ws *Workspace) pause(a attempt, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-a.ctx.Done():
	case <-ws.ctx.Done():
	}
}

// spoiledCode is the failure of a call whose fault has a code of Slack's.
func (c *call) spoiledCode(f Fault, scope string) error {
	if f.Code != "missing_scope" {
		return fail(f.Code)
	}
	if f.Needed != "" {
		scope = f.Needed
	}
	return &failure{code: f.Code, detail: reply{"needed": scope, "provided": c.granted}}
}
