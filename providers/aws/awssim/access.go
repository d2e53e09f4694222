package awssim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// The key that is there from the beginning is the one of AWS's documents.
const (
	defaultKey    = "AKIAIOSFODNN7EXAMPLE"
	defaultSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// key is an access key.
type key struct {
	secret    string
	principal string
	token     string    // of a session; empty for a user's
	until     time.Time // of a session
}

// Credentials are the access key that a new server knows, with its secret.
func (s *Server) Credentials() (id, secret string) { return defaultKey, defaultSecret }

// AddKey makes an access key known, for the principal with an ARN.
func (s *Server) AddKey(id, secret, principal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[id] = &key{secret: secret, principal: principal}
}

// RemoveKey lets an access key be unknown from now on.
func (s *Server) RemoveKey(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.keys, id)
}

// SetRoles says which roles can be assumed, by ARN. Default: role/cloud-image of the
// account.
func (s *Server) SetRoles(arns ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles = map[string]bool{}
	for _, a := range arns {
		s.roles[a] = true
	}
}

// Deny forbids an action, such as "ec2:RunInstances", "iam:PassRole" or "ec2:*", to
// everyone.
func (s *Server) Deny(action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied[action] = true
}

// Allow takes back a [Server.Deny].
func (s *Server) Allow(action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.denied, action)
}

// authenticate finds out who asks, and in which region.
func (s *Server) authenticate(c *request) error {
	k := s.keys[c.key]
	if k == nil || k.token != c.session {
		return c.unauthentic()
	}
	c.principal = k.principal
	if k.token != "" && !c.now.Before(k.until) {
		switch c.service {
		case ec2:
			return refuse("RequestExpired", "Request has expired.")
		case sts:
			return refuseWith(http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired")
		}
		return refuse("ExpiredTokenException", "The security token included in the request is expired")
	}
	c.reg = s.regions[c.region]
	if c.reg == nil {
		// As in a region that is not enabled for the account.
		return c.unauthentic()
	}
	if c.service == catalog && c.region != "us-east-1" {
		return refuseWith(http.StatusForbidden, "InvalidSignatureException", "Credential should be scoped to a valid region.")
	}
	return nil
}

func (c *request) unauthentic() error {
	switch c.service {
	case ec2:
		return refuseWith(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
	case sts:
		return refuseWith(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	}
	return refuseWith(http.StatusForbidden, "UnrecognizedClientException", "The security token included in the request is invalid.")
}

// authorize refuses what the principal may not do.
func (s *Server) authorize(c *request, action string) error {
	for pattern := range s.denied {
		if covers(pattern, action) {
			return s.forbid(c, action)
		}
	}
	return nil
}

func (s *Server) forbid(c *request, action string) error {
	if action == sts+":GetCallerIdentity" {
		return nil // which needs no permission
	}
	said := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: * because no identity-based policy allows the %s action", c.principal, action, action)
	switch c.service {
	case ec2:
		return refuseWith(http.StatusForbidden, "UnauthorizedOperation",
			"You are not authorized to perform this operation. %s. Encoded authorization failure message: %s", said, s.encode(c, action))
	case sts:
		return refuseWith(http.StatusForbidden, "AccessDenied", "%s", said)
	case catalog:
		return refuseWith(http.StatusForbidden, "AccessDeniedException", "%s", said)
	}
	return refuse("AccessDeniedException", "%s", said)
}

// encode hides why something was forbidden, until it is decoded.
func (s *Server) encode(c *request, action string) string {
	none := map[string]any{"items": []any{}}
	text, err := json.Marshal(map[string]any{
		"allowed": false, "explicitDeny": false, "matchedStatements": none, "failures": none,
		"context": map[string]any{
			"principal": map[string]any{"id": c.key, "arn": c.principal},
			"action":    action,
			"resource":  fmt.Sprintf("arn:aws:ec2:%s:%s:*", c.region, s.account),
			"conditions": map[string]any{"items": []any{
				map[string]any{"key": "ec2:Region", "values": map[string]any{"items": []any{map[string]any{"value": c.region}}}},
			}},
		},
	})
	if err != nil {
		return ""
	}
	code := s.hex() + "_" + s.hex() + "-" + s.hex() + s.hex()
	s.encoded[code] = string(text)
	return code
}

// denials are the actions that are forbidden now.
func (s *Server) denials() []string {
	out := []string{}
	for a := range s.denied {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}
