package gitlab

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// errReserve is why GitLab is not even asked.
var errReserve = errors.New("the number of requests that GitLab allows is nearly used up")

// limits is what GitLab said about how much may be asked of it.
//
// GitLab counts requests by account in windows of time, a minute unless its
// operators chose otherwise, and counts the refused ones too. So near the end of a
// window nothing is asked any more until it is over: waiting inside a call would
// keep the caller from whatever else it has to do, and being refused first would
// leave nothing for the people and jobs that share the account, nor for the
// operator who runs a check just then.
// https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
type limits struct {
	mu    sync.Mutex
	until time.Time
}

// reserve is how many requests of a window are left to others: a tenth, ten at
// most, and one at least. Requests under way were counted by GitLab, but not yet
// by us, so a few more than these may still be made.
func reserve(limit int64) int64 {
	if limit <= 0 {
		return 1
	}
	return min(max(limit/10, 1), 10)
}

// longestWait bounds what a header may make us wait, should it be wrong.
const longestWait = time.Hour

// wait is how long nothing may be asked; 0 when it may.
func (l *limits) wait(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.until.Sub(now), 0)
}

// note takes notice of the headers of an answer. Answers come out of order, so one
// that says there is plenty left ends nothing: the window does.
func (l *limits) note(h http.Header, now time.Time) {
	remaining, ok := number(h, "RateLimit-Remaining")
	if !ok {
		return
	}
	limit, _ := number(h, "RateLimit-Limit")
	if remaining > reserve(limit) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := now.Add(reset(h, now)); until.After(l.until) {
		l.until = until
	}
}

// waitOf is how long GitLab asks us to wait; 0 when it did not say.
func waitOf(a *answer, now time.Time) time.Duration {
	if a.status != http.StatusTooManyRequests && a.status < 500 {
		return 0
	}
	if wait := retryAfter(a.header, now); wait > 0 {
		return wait
	}
	if a.status == http.StatusTooManyRequests {
		return reset(a.header, now)
	}
	return 0
}

// retryAfter is the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if seconds, ok := number(h, "Retry-After"); ok {
		return clamp(seconds)
	}
	if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return min(max(at.Sub(theirs(h, now)), 0), longestWait)
	}
	return 0
}

// reset is how long the window still lasts. GitLab gives the moment, in seconds
// since 1970; what is far too small for that is taken as seconds, as the draft of
// the standard has it.
func reset(h http.Header, now time.Time) time.Duration {
	at, ok := number(h, "RateLimit-Reset")
	switch {
	case !ok:
		return 0
	case at < 1e9:
		return clamp(at)
	}
	return min(max(time.Unix(at, 0).Sub(theirs(h, now)), 0), longestWait)
}

// theirs is the time by GitLab's clock, which ours may not quite agree with. When
// it is a day off, one of them is a clock of tests or demos, and ours is right.
func theirs(h http.Header, now time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil && at.Sub(now).Abs() < 24*time.Hour {
		return at
	}
	return now
}

func clamp(seconds int64) time.Duration {
	return time.Duration(min(max(seconds, 0), int64(longestWait/time.Second))) * time.Second
}

func number(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64)
	return n, err == nil
}
