package azuresim

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The client that a new server knows.
const (
	defaultClient = "c11e0000-0000-4000-8000-00000000c11e"
	defaultObject = "0b1ec700-0000-4000-8000-00000000c11e"
	defaultSecret = "sim~8Q~cloud-image.secret_value"
)

// client is an application that may sign in.
type client struct {
	id, object, secret string
	expired            bool        // its secret
	federated          []federated // whose tokens stand for it
}

// federated is who may stand for a client with tokens of its own.
type federated struct{ issuer, subject string }

// Credentials are the id and the secret of the client that a new server knows.
func (s *Server) Credentials() (client, secret string) { return defaultClient, defaultSecret }

// ObjectID is the id, as principals of roles have it, of the client that a new server
// knows.
func (s *Server) ObjectID() string { return defaultObject }

// AddClient lets another client sign in with a secret, or changes the secret of one.
// A client may sign in with a certificate too; see [Server.AddFederation] for others'
// tokens.
func (s *Server) AddClient(id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = strings.ToLower(id)
	if c := s.clients[id]; c != nil {
		c.secret, c.expired = secret, false
		return
	}
	s.clients[id] = &client{id: id, object: s.uuid(), secret: secret}
}

// RemoveClient takes a client away; its tokens are no longer good.
func (s *Server) RemoveClient(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, strings.ToLower(id))
}

// ExpireSecret lets the secret of a client be too old.
func (s *Server) ExpireSecret(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.clients[strings.ToLower(id)]; c != nil {
		c.expired = true
	}
}

// AddFederation lets tokens of an issuer for a subject stand for a client.
func (s *Server) AddFederation(id, issuer, subject string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.clients[strings.ToLower(id)]; c != nil {
		c.federated = append(c.federated, federated{issuer, subject})
	}
}

// grant is what a client asks a token with.
type grant struct {
	client, secret, assertion, kind, scope, resource, grantType string
}

func readGrant(form url.Values) grant {
	return grant{
		client: strings.ToLower(form.Get("client_id")), secret: form.Get("client_secret"),
		assertion: form.Get("client_assertion"), kind: form.Get("client_assertion_type"),
		scope: form.Get("scope"), resource: form.Get("resource"), grantType: form.Get("grant_type"),
	}
}

// prove checks that a client is who it says. The server is locked.
func (s *Server) prove(g grant) (*client, *entraError) {
	c := s.clients[g.client]
	if c == nil {
		return nil, entra(400, "unauthorized_client", 700016, "Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", g.client, s.tenant)
	}
	switch {
	case g.assertion != "":
		if g.kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			return nil, entra(400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_assertion_type'.")
		}
		return c, c.stands(g.assertion)
	case g.secret == "":
		return nil, entra(401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.")
	case g.secret != c.secret:
		return nil, entra(401, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", c.id)
	case c.expired:
		return nil, entra(401, "invalid_client", 7000222, "The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.", c.id)
	}
	return c, nil
}

// stands judges an assertion: one that the client has made with a certificate of its
// own, or one of a party that it trusts. Neither its signature nor its end is looked
// at, because both belong to clocks and keys that are not here.
func (c *client) stands(assertion string) *entraError {
	var says struct {
		Issuer  string `json:"iss"`
		Subject string `json:"sub"`
	}
	parts := strings.Split(assertion, ".")
	bad := entra(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
	if len(parts) != 3 {
		return bad
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(text, &says) != nil {
		return bad
	}
	if strings.EqualFold(says.Issuer, c.id) {
		if !strings.EqualFold(says.Subject, c.id) {
			return entra(401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
		}
		return nil
	}
	if !slices.Contains(c.federated, federated{says.Issuer, says.Subject}) {
		return entra(401, "invalid_client", 700213, "No matching federated identity record found for presented assertion subject '%s'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation", says.Subject)
	}
	return nil
}

// token answers a grant. The server is locked.
func (s *Server) token(tenant string, g grant, now time.Time) (map[string]any, *entraError) {
	if !strings.EqualFold(tenant, s.tenant) {
		return nil, entra(400, "invalid_request", 90002, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", tenant)
	}
	if g.grantType == "" {
		return nil, entra(400, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.")
	}
	if g.grantType != "client_credentials" {
		return nil, entra(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '%s'.", g.grantType)
	}
	if g.client == "" {
		return nil, entra(400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.")
	}
	c, e := s.prove(g)
	if e != nil {
		return nil, e
	}
	aud, e := g.audience(s.tenant)
	if e != nil {
		return nil, e
	}
	return map[string]any{
		"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": s.issue(c, aud, now),
	}, nil
}

// audience is what a token is asked for: a resource, or its scope with /.default.
func (g grant) audience(tenant string) (string, *entraError) {
	resource := g.resource
	if resource == "" {
		var scopes []string
		for _, v := range strings.Fields(g.scope) {
			if !slices.Contains([]string{"openid", "offline_access", "profile"}, v) {
				scopes = append(scopes, v)
			}
		}
		if len(scopes) != 1 || !strings.HasSuffix(scopes[0], "/.default") {
			return "", entra(400, "invalid_scope", 1002012, "The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", g.scope)
		}
		resource = strings.TrimSuffix(scopes[0], "/.default")
	}
	aud := audience(resource)
	if aud == "" {
		return "", entra(400, "invalid_resource", 500011, "The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.", resource, tenant)
	}
	return aud, nil
}
