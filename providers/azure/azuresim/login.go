package azuresim

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// entraError is an answer of the token service that is no token.
type entraError struct {
	status  int
	kind    string // as OAuth names it
	number  int
	message string
}

func (e *entraError) Error() string { return fmt.Sprintf("AADSTS%d: %s", e.number, e.message) }

func entra(status int, kind string, number int, format string, args ...any) *entraError {
	return &entraError{status, kind, number, fmt.Sprintf(format, args...)}
}

// login reports whether a request is for the token service, and answers it.
func (s *Server) login(w http.ResponseWriter, r *http.Request) bool {
	tenant, rest, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	switch rest {
	case "oauth2/v2.0/token", "oauth2/token":
		s.serveToken(w, r, tenant)
	case "v2.0/.well-known/openid-configuration", ".well-known/openid-configuration":
		s.serveDiscovery(w, r, tenant)
	case "discovery/instance":
		s.serveInstance(w, r)
	default:
		return false
	}
	return true
}

// authority is where the token service says that it is. It is always https, as the
// real one's, and whoever uses it knows how it can be reached.
func (s *Server) authority(r *http.Request) (url, host string) {
	host = r.Host
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, at, ok := strings.Cut(s.base, "://"); ok {
		host = at
	}
	return "https://" + host, host
}

func (s *Server) serveToken(w http.ResponseWriter, r *http.Request, tenant string) {
	if r.Method != http.MethodPost {
		s.failLogin(w, nil, entra(http.StatusBadRequest, "invalid_request", 900561, "The endpoint only accepts POST requests. Received a %s request.", r.Method))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	g := readGrant(r.PostForm)
	s.mu.Lock()
	call := s.note(Call{Operation: "Login.Token", Method: r.Method, Path: r.URL.Path, Client: g.client, At: s.time()})
	s.mu.Unlock()
	if err != nil {
		s.failLogin(w, call, entra(http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'."))
		return
	}
	if err := s.fault(call, false); err != nil {
		s.failLogin(w, call, err)
		return
	}
	s.mu.Lock()
	out, e := s.token(tenant, g, s.time())
	s.mu.Unlock()
	if err := s.fault(call, true); err != nil {
		s.failLogin(w, call, err)
		return
	}
	if e != nil {
		s.failLogin(w, call, e)
		return
	}
	s.done(call, http.StatusOK, "")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	sendJSON(w, http.StatusOK, out)
}

// failLogin answers that there is no token, with a fault or with an error of OAuth.
func (s *Server) failLogin(w http.ResponseWriter, call *Call, err error) {
	note := func(status int, code string) {
		if call != nil {
			s.done(call, status, code)
		}
	}
	if errors.Is(err, errDropped) {
		note(0, "(connection cut)")
		panic(http.ErrAbortHandler)
	}
	var e *entraError
	if a, ok := errors.AsType[*armError](err); ok {
		e = entra(a.status, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again. %s", a.message)
		retryAfter(w.Header(), a.after)
	} else if !errors.As(err, &e) {
		e = entra(http.StatusInternalServerError, "server_error", 90033, "A transient error has occurred. Please try again.")
	}
	note(e.status, fmt.Sprintf("AADSTS%d", e.number))
	s.mu.Lock()
	trace, now := s.uuid(), s.time()
	s.mu.Unlock()
	sendJSON(w, e.status, map[string]any{
		"error": e.kind, "error_codes": []int{e.number}, "timestamp": now.Format("2006-01-02 15:04:05Z"),
		"error_description": e.Error() + " Trace ID: " + trace + " Correlation ID: " + trace + " Timestamp: " + now.Format("2006-01-02 15:04:05Z"),
		"trace_id":          trace, "correlation_id": trace,
		"error_uri": fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", e.number),
	})
}

func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request, tenant string) {
	if !strings.EqualFold(tenant, s.tenant) && tenant != "common" && tenant != "organizations" {
		s.failLogin(w, nil, entra(http.StatusBadRequest, "invalid_tenant", 90002, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", tenant))
		return
	}
	at, host := s.authority(r)
	at += "/" + tenant
	sendJSON(w, http.StatusOK, map[string]any{
		"token_endpoint": at + "/oauth2/v2.0/token", "authorization_endpoint": at + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint": at + "/oauth2/v2.0/devicecode", "issuer": at + "/v2.0",
		"jwks_uri": at + "/discovery/v2.0/keys", "token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"response_modes_supported": []string{"query", "fragment", "form_post"}, "response_types_supported": []string{"code", "id_token", "code id_token", "id_token token"},
		"subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported": []string{"openid", "profile", "email", "offline_access"}, "tenant_region_scope": "NA",
		"cloud_instance_name": "microsoftonline.com", "cloud_graph_host_name": host, "msgraph_host": host,
	})
}

func (s *Server) serveInstance(w http.ResponseWriter, r *http.Request) {
	at, host := s.authority(r)
	tenant := s.tenant
	if u, err := url.Parse(r.URL.Query().Get("authorization_endpoint")); err == nil {
		if t, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/"); t != "" {
			tenant = url.PathEscape(t)
		}
	}
	sendJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": at + "/" + tenant + "/v2.0/.well-known/openid-configuration", "api-version": "1.1",
		"metadata": []any{map[string]any{"preferred_network": host, "preferred_cache": host, "aliases": []string{host}}},
	})
}

func retryAfter(h http.Header, d time.Duration) {
	if n := int(d / time.Second); n > 0 {
		h.Set("Retry-After", fmt.Sprint(n))
	}
}
