package azuresim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// lifetime is how long a token is good, in seconds.
const lifetime = 3599

// The audiences that tokens can be for, as [Server.Authorize] takes them.
const (
	AudienceARM   = "https://management.azure.com"
	AudienceGraph = "https://graph.microsoft.com"
)

// audience is the one name of a resource that tokens are for, and empty for one that
// the tenant does not know.
func audience(resource string) string {
	switch a := strings.TrimRight(resource, "/"); a {
	case AudienceARM, "https://management.core.windows.net":
		return AudienceARM
	case AudienceGraph, "00000003-0000-0000-c000-000000000000":
		return AudienceGraph
	case "https://api.partner.microsoft.com", "https://api.partnercenter.microsoft.com":
		return a
	}
	return ""
}

// claims are what a token says.
type claims struct {
	Audience string `json:"aud"`
	Issuer   string `json:"iss"`
	From     int64  `json:"iat"`
	Begins   int64  `json:"nbf"`
	Until    int64  `json:"exp"`
	Client   string `json:"appid"`
	Object   string `json:"oid"`
	Tenant   string `json:"tid"`
	Subject  string `json:"sub"`
	Version  string `json:"ver"`
	Kind     string `json:"idtyp"`
	Epoch    int    `json:"xms_epoch"` // of the server's tokens
	Serial   string `json:"uti"`
}

// issue is a new token. The server is locked.
func (s *Server) issue(c *client, aud string, now time.Time) string {
	body, err := json.Marshal(claims{
		Audience: aud, Issuer: "https://sts.windows.net/" + s.tenant + "/", From: now.Unix(), Begins: now.Unix(),
		Until: now.Add(lifetime * time.Second).Unix(), Client: c.id, Object: c.object, Tenant: s.tenant,
		Subject: c.object, Version: "1.0", Kind: "app", Epoch: s.epoch, Serial: s.hex(),
	})
	if err != nil {
		return ""
	}
	enc := base64.RawURLEncoding
	head := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256","kid":"azuresim"}`)) + "." + enc.EncodeToString(body)
	return head + "." + enc.EncodeToString(s.sign(head))
}

func (s *Server) sign(text string) []byte {
	m := hmac.New(sha256.New, []byte("the key of "+s.tenant))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// bearer reads the token of a request, if it is one of this server's.
func (s *Server) bearer(r *http.Request) (claims, bool) {
	var c claims
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	head, tail, ok := cutLast(strings.TrimSpace(token), ".")
	if !strings.EqualFold(kind, "Bearer") || !ok {
		return c, false
	}
	sig, err := base64.RawURLEncoding.DecodeString(tail)
	if err != nil || !hmac.Equal(sig, s.sign(head)) {
		return c, false
	}
	_, body, _ := strings.Cut(head, ".")
	text, err := base64.RawURLEncoding.DecodeString(body)
	return c, err == nil && json.Unmarshal(text, &c) == nil
}

func cutLast(s, sep string) (string, string, bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// The reasons of [Server.Authorize].
const (
	TokenMissing  = "missing"  // there is none
	TokenInvalid  = "invalid"  // it is not one of this tenant's
	TokenExpired  = "expired"  // it was one
	TokenAudience = "audience" // it is for something else
)

// Authorize judges the token of a request for an audience such as [AudienceGraph]. It
// answers the application id of whoever asks, whether the token is good, and if it is
// not, why: one of the constants above.
func (s *Server) Authorize(r *http.Request, forAudience string) (client string, ok bool, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.authorize(r, forAudience)
}

func (s *Server) authorize(r *http.Request, forAudience string) (client string, ok bool, why string) {
	if r.Header.Get("Authorization") == "" {
		return "", false, TokenMissing
	}
	c, ok := s.bearer(r)
	switch {
	case !ok:
		return "", false, TokenInvalid
	case c.Epoch != s.epoch || s.time().Unix() >= c.Until || s.clients[c.Client] == nil:
		return c.Client, false, TokenExpired
	case c.Audience != audience(forAudience):
		return c.Client, false, TokenAudience
	}
	return c.Client, true, ""
}

// ExpireTokens ends all tokens that were given so far.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
}

// authenticate finds out who asks Resource Manager.
func (s *Server) authenticate(r *http.Request) (string, *armError) {
	who, ok, why := s.authorize(r, AudienceARM)
	if ok {
		return who, nil
	}
	e := refuseWith(http.StatusUnauthorized, "InvalidAuthenticationToken", "The access token is invalid.")
	said := "invalid_token"
	switch why {
	case TokenMissing:
		e.code, e.message, said = "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", ""
	case TokenExpired:
		c, _ := s.bearer(r)
		e.code = "ExpiredAuthenticationToken"
		e.message = "The access token expiry UTC time '" + time.Unix(c.Until, 0).UTC().Format("1/2/2006 3:04:05 PM") + "' is earlier than current UTC time '" + s.time().Format("1/2/2006 3:04:05 PM") + "'."
	case TokenAudience:
		e.code = "InvalidAuthenticationTokenAudience"
		e.message = "The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences '" + AudienceARM + "/', '" + AudienceARM + "'."
	}
	e.bearer = `Bearer authorization_uri="https://login.microsoftonline.com/` + s.tenant + `"`
	if said != "" {
		e.bearer += `, error="` + said + `", error_description="` + e.message + `"`
	}
	return who, e
}
