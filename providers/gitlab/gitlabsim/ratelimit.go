package gitlabsim

import (
	"net"
	"net/http"
	"strconv"
)

// retryLater is the text of GitLab's 429 (Gitlab::Throttle).
const retryLater = "Retry later\n"

// rates counts requests in windows of a minute, by who makes them.
type rates struct {
	window int64
	seen   map[string]int
}

// limit counts a request and sets the rate limit's headers
// (lib/gitlab/rack_attack.rb). When it is one too many, the answer says so.
func (s *Server) limit(q *request, secret string) (reply, bool) {
	if s.opts.RateLimit <= 0 {
		return reply{}, true
	}
	now := s.now().Unix()
	if w := now / 60; w != s.limits.window {
		s.limits.window = w
		clear(s.limits.seen)
	}
	who, name := "", "throttle_authenticated_api"
	if t := s.state.tokens[secret]; t != nil {
		who = "user " + t.user.username
	} else {
		host, _, err := net.SplitHostPort(q.http.RemoteAddr)
		if err != nil {
			host = q.http.RemoteAddr
		}
		who, name = "address "+host, "throttle_unauthenticated_api"
	}
	s.limits.seen[who]++
	seen, after := s.limits.seen[who], 60-now%60
	reset := now + after
	h := q.header
	h.Set("RateLimit-Name", name)
	h.Set("RateLimit-Limit", strconv.Itoa(s.opts.RateLimit))
	h.Set("RateLimit-Observed", strconv.Itoa(seen))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(0, s.opts.RateLimit-seen)))
	h.Set("RateLimit-Reset", strconv.FormatInt(reset, 10))
	h.Set("RateLimit-ResetTime", unix(reset).Format(http.TimeFormat))
	if seen <= s.opts.RateLimit {
		return reply{}, true
	}
	h.Set("Retry-After", strconv.FormatInt(after, 10))
	return reply{status: http.StatusTooManyRequests, kind: "text/plain", header: h, body: []byte(retryLater)}, false
}
