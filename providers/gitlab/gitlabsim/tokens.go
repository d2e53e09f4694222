package gitlabsim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// This file holds the tokens, and how a request says whose it is
// (lib/api/api_guard.rb).

type token struct {
	id                int64
	secret, name      string
	user              *user
	scopes            []string
	expires           string // YYYY-MM-DD or ""
	revoked           bool
	created, lastUsed time.Time
}

// AddToken adds a personal access token. It panics when there is nobody of that
// name, or the secret is empty or taken.
func (s *Server) AddToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.Secret == "" || s.state.tokens[t.Secret] != nil {
		panic("gitlabsim: a token has no secret, or it is taken")
	}
	if len(t.Scopes) == 0 {
		t.Scopes = []string{"api"}
	}
	made := &token{id: s.ids.next("token"), secret: t.Secret, name: cmp.Or(t.Name, "token"), user: s.mustUser(t.User),
		scopes: slices.Clone(t.Scopes), created: s.now()}
	if !t.Expires.IsZero() {
		made.expires = t.Expires.UTC().Format(time.DateOnly)
	}
	s.state.tokens[t.Secret] = made
}

// RevokeToken revokes a token; it panics when there is none with this secret.
func (s *Server) RevokeToken(secret string) {
	s.changeToken(secret, func(t *token) { t.revoked = true })
}

// ExpireToken lets a token end today, so that it is not accepted any more; it
// panics when there is none with this secret.
func (s *Server) ExpireToken(secret string) {
	s.changeToken(secret, func(t *token) { t.expires = s.now().Format(time.DateOnly) })
}

// SetTokenExpiry says on which day a token ends, zero for never; it panics when
// there is none with this secret.
func (s *Server) SetTokenExpiry(secret string, day time.Time) {
	s.changeToken(secret, func(t *token) {
		t.expires = ""
		if !day.IsZero() {
			t.expires = day.UTC().Format(time.DateOnly)
		}
	})
}

func (s *Server) changeToken(secret string, do func(*token)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.tokens[secret]
	if t == nil {
		panic("gitlabsim: there is no token with this secret")
	}
	do(t)
}

// expired reports whether a token has ended: it is valid until the midnight at
// which its day begins, UTC.
func (t *token) expired(now time.Time) bool {
	return t.expires != "" && t.expires <= now.Format(time.DateOnly)
}

// secretOf is the token that a request carries, "" when none.
func secretOf(r *http.Request) string {
	if t := r.Header.Get("PRIVATE-TOKEN"); t != "" {
		return t
	}
	scheme, t, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(t)
	}
	return ""
}

// authenticate says whose request it is: nobody's when it has no token. The
// scopes that would do are those of the route.
func (s *Server) authenticate(q *request, scopes []string) error {
	secret := secretOf(q.http)
	if secret == "" {
		return nil
	}
	t := s.state.tokens[secret]
	switch {
	case t == nil:
		return unauthorized()
	case t.revoked:
		return bearer("invalid_token", "Token was revoked. You have to re-authorize from the user.")
	case t.expired(s.now()):
		return bearer("invalid_token", "Token is expired. You can either do re-authorization or token refresh.")
	case !slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(t.scopes, scope) }):
		return &apiError{http.StatusForbidden, struct {
			Error       string `json:"error"`
			Description string `json:"error_description"`
			Scope       string `json:"scope"`
		}{"insufficient_scope", "The request requires higher privileges than provided by the access token.", strings.Join(scopes, " ")}}
	case !t.user.active():
		return message(http.StatusForbidden, "403 Forbidden - Your account has been blocked.")
	}
	t.lastUsed = s.now()
	q.user, q.token = t.user, t
	return nil
}

func bearer(code, description string) error {
	return &apiError{http.StatusUnauthorized, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{code, description}}
}
