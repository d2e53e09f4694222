package awssim

import (
	"net/http"
	"strings"
	"time"
)

// bucket holds the tokens of one operation in one region.
type bucket struct {
	tokens float64
	at     time.Time
}

// rate is how much a bucket holds, and how much is added in a second.
type rate struct{ size, refill float64 }

// take takes tokens out of a bucket, and is false when there are not enough.
func (b *bucket) take(r rate, n float64, now time.Time) bool {
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = min(r.size, b.tokens+passed*r.refill)
		b.at = now
	}
	if b.tokens < n {
		return false
	}
	b.tokens -= n
	return true
}

// requestRate is how often an operation may be called. Those of EC2 are the table of
// its developer's guide, those of the catalog its quotas; what has none is not
// limited.
func requestRate(c *request) (rate, bool) {
	switch c.service {
	case ec2:
		return ec2Rate(c), true
	case catalog:
		r, ok := map[string]rate{
			"StartChangeSet": {5, 5}, "DescribeChangeSet": {10, 10}, "ListChangeSets": {5, 5},
			"CancelChangeSet": {5, 5}, "DescribeEntity": {20, 20}, "ListEntities": {10, 10},
		}[c.op]
		return r, ok
	}
	return rate{}, false
}

func ec2Rate(c *request) rate {
	if r, ok := map[string]rate{
		"RunInstances": {5, 2}, "StartInstances": {5, 2}, "TerminateInstances": {100, 5},
		"CreateTags": {100, 10}, "DeleteTags": {100, 10}, "DescribeTags": {100, 10},
	}[c.op]; ok {
		return r
	}
	if !strings.HasPrefix(c.op, "Describe") && !strings.HasPrefix(c.op, "Get") {
		return rate{50, 5}
	}
	if strings.HasPrefix(c.op, "Describe") && !c.form.any("Filter.") && !c.form.any("MaxResults") && !narrowed(c.form) {
		return rate{50, 10}
	}
	return rate{100, 20}
}

// narrowed reports whether a request names what it asks for.
func narrowed(f form) bool {
	for k := range f {
		if head, _, ok := strings.Cut(k, "."); ok && strings.HasSuffix(head, "Id") || strings.HasSuffix(k, "Id") {
			return true
		}
	}
	return false
}

// resourceRate is how many resources an operation may ask for.
func resourceRate(op string) (rate, bool) {
	r, ok := map[string]rate{
		"RunInstances": {1000, 2}, "StartInstances": {1000, 2},
		"StopInstances": {1000, 20}, "TerminateInstances": {1000, 20},
	}[op]
	return r, ok
}

// throttle refuses what comes too fast.
func (s *Server) throttle(c *request) error {
	r, ok := requestRate(c)
	if !s.rated || !ok {
		return nil
	}
	fits := s.spend("request "+c.service+":"+c.op+" "+c.region, r, 1, c.now)
	if rr, ok := resourceRate(c.op); fits && ok && c.service == ec2 {
		n := max(1, len(c.form.list("InstanceId")))
		if most, err := c.form.whole("MaxCount", 1); c.op == "RunInstances" && err == nil {
			n = max(1, most)
		}
		fits = s.spend("resource "+c.op+" "+c.region, rr, float64(n), c.now)
	}
	switch {
	case fits:
		return nil
	case c.service == ec2:
		return refuseWith(http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded.")
	}
	return refuseWith(http.StatusTooManyRequests, "ThrottlingException", "Rate exceeded")
}

// spend takes tokens out of the bucket of a name, which is full when it is new.
func (s *Server) spend(name string, r rate, n float64, now time.Time) bool {
	b := s.buckets[name]
	if b == nil {
		b = &bucket{tokens: r.size, at: now}
		s.buckets[name] = b
	}
	return b.take(r, n, now)
}

// SetRates says whether what comes too fast is refused, from now on.
func (s *Server) SetRates(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rated = on
}
