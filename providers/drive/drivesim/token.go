package drivesim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// keyID is the id of the account's key.
const keyID = "0123456789abcdef0123456789abcdef01234567"

// scope is where all scopes of Drive begin.
const scope = "https://www.googleapis.com/auth/"

// The scopes that the methods take, as their documentation lists them. drive.file is
// missing: it reaches what was made with it alone, and no template was.
var (
	reading = []string{scope + "drive", scope + "drive.readonly", scope + "drive.metadata", scope + "drive.metadata.readonly"}
	writing = []string{scope + "drive"}
)

// grant is what a token is good for.
type grant struct {
	scopes []string
	until  time.Time
}

// claims are what an assertion says.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Scope    string `json:"scope"`
	Audience string `json:"aud"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// token hands out an access token for a signed assertion.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.act(w, true) {
		return
	}
	refuse := func(code, description string) {
		answer(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
	}
	if r.PostFormValue("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		refuse("unsupported_grant_type", "Invalid grant_type: "+r.PostFormValue("grant_type"))
		return
	}
	c, fault := s.verify(r.PostFormValue("assertion"))
	now := s.now()
	issued, expires := time.Unix(c.Issued, 0), time.Unix(c.Expires, 0)
	scopes := strings.Fields(c.Scope)
	switch {
	case fault != "":
		refuse("invalid_grant", fault)
	case c.Issuer != s.account:
		refuse("invalid_grant", "Invalid grant: account not found")
	case c.Subject != "":
		refuse("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.")
	case c.Audience != s.URL()+"/token":
		refuse("invalid_grant", "Invalid JWT: Failed audience check. The right audience is "+s.URL()+"/token")
	case expires.Sub(issued) > time.Hour || !expires.After(now) || issued.After(now.Add(5*time.Minute)):
		refuse("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !strings.HasPrefix(s, scope) }):
		refuse("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
	default:
		token := "ya29." + rand.Text()
		s.tokens[token] = grant{scopes, now.Add(time.Hour)}
		answer(w, http.StatusOK, map[string]any{"access_token": token, "expires_in": 3599, "token_type": "Bearer"})
	}
}

// verify checks the signature of an assertion and reads it. What is wrong with it
// is said in Google's words.
func (s *Server) verify(assertion string) (c claims, fault string) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return c, "Bad Request"
	}
	var header struct {
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
	}
	if decode(parts[0], &header) != nil || header.Algorithm != "RS256" {
		return c, "Invalid JWT: Only RS256 is supported."
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || header.KeyID != "" && header.KeyID != keyID {
		return c, "Invalid JWT Signature."
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&s.signing.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return c, "Invalid JWT Signature."
	}
	if decode(parts[1], &c) != nil {
		return c, "Invalid JWT: the claims are no JSON"
	}
	return c, ""
}

func decode(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// authorized reports whether a request may; otherwise it has been answered.
// s.mu is held.
func (s *Server) authorized(w http.ResponseWriter, r *http.Request, scopes []string) bool {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, ok := s.tokens[token]
	if !ok || !s.now().Before(g.until) {
		refuse(w, http.StatusUnauthorized, "Invalid Credentials", problem{Domain: "global", Reason: "authError", Location: "Authorization", LocationType: "header"})
		return false
	}
	if !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(g.scopes, s) }) {
		refuse(w, http.StatusForbidden, "Request had insufficient authentication scopes.", problem{Domain: "global", Reason: "insufficientPermissions"})
		return false
	}
	return true
}

// RevokeTokens makes all tokens invalid that were handed out.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}
