package azure

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// carrier carries the requests of all clients. It sees to it that tokens go to the
// configured servers only: the address that an operation is followed at, or that the
// next page of a list is at, comes with an answer.
type carrier struct {
	base    http.RoundTripper
	servers servers
	who     *identity
}

// errElsewhere is that a token would have gone elsewhere.
var errElsewhere = errors.New("an answer leads to another server than the configured one, which is not given our token")

func (t *carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	s := sentOf(r.Context())
	if r.Header.Get("Authorization") == "" {
		resp, err := t.base.RoundTrip(t.plain(r))
		if err != nil && s != nil {
			s.login.Store(true)
		}
		return resp, err
	}
	if !t.trusts(r.URL) {
		return nil, errElsewhere
	}
	if s != nil {
		s.sent.Store(true)
		s.credential.Store(int64(t.who.of(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))))
	}
	return t.base.RoundTrip(r)
}

// plain turns a request for a token into one by http, where the authority is a
// stand-in on this machine: the client library takes https for it only.
func (t *carrier) plain(r *http.Request) *http.Request {
	a := t.servers.authority
	if a.Scheme != "http" || r.URL.Scheme != "https" || r.URL.Host != a.Host {
		return r
	}
	out := r.Clone(r.Context())
	out.URL.Scheme = "http"
	return out
}

// trusts reports whether a server is one that gets our tokens.
func (t *carrier) trusts(u *url.URL) bool {
	for _, own := range []*url.URL{t.servers.manager, t.servers.graph} {
		host, is := strings.ToLower(own.Host), strings.ToLower(u.Host)
		if u.Scheme == own.Scheme && (is == host || own.Scheme == "https" && strings.HasSuffix(is, "."+host)) {
			return true
		}
	}
	return false
}

// sent is how far a call came.
type sent struct {
	sent       atomic.Bool  // a request with a token has left
	login      atomic.Bool  // one for a token got no answer
	credential atomic.Int64 // the number of the credential that the token was of
}

type sentKey struct{}

func sentOf(ctx context.Context) *sent {
	s, _ := ctx.Value(sentKey{}).(*sent)
	return s
}

// noRedirect lets no answer send us elsewhere with a token.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
