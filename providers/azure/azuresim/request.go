package azuresim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is how much a request may send.
const maxBody = 4 << 20

// request is one request to Resource Manager, while it is answered.
type request struct {
	s     *Server
	raw   *http.Request
	route *route
	vars  map[string]string
	path  string // as the provider writes it, escaped
	query url.Values
	body  []byte
	base  string // of links
	id    string
	now   time.Time
	sub   *subscription
	call  *Call

	op     *operation // that it has begun
	status int
	err    error
}

// read finds out what is asked. An error is remembered, because those who ask must
// say who they are before they are told.
func (s *Server) read(w http.ResponseWriter, r *http.Request) *request {
	c := &request{s: s, raw: r, query: lowerKeys(r.URL.Query()), vars: map[string]string{}}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		c.err = refuseWith(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is too large.")
		return c
	}
	c.body = body
	var segments []string
	for p := range strings.SplitSeq(r.URL.EscapedPath(), "/") {
		if p != "" {
			segments = append(segments, p)
		}
	}
	other := false
	for _, rt := range s.routes {
		vars, path, ok := rt.match(segments)
		if !ok {
			continue
		}
		if rt.method == r.Method {
			c.route, c.vars, c.path = rt, vars, path
			break
		}
		other = true
	}
	switch {
	case c.route != nil:
		c.err = c.wellFormed()
	case other:
		c.err = refuseWith(http.StatusMethodNotAllowed, "HttpMethodNotSupported", "The requested resource does not support http method '%s'.", r.Method)
	default:
		c.err = refuseWith(http.StatusNotFound, "InvalidResourceType", "The resource type could not be found at the path '%s'.", r.URL.Path)
	}
	return c
}

// wellFormed checks what Resource Manager does before any provider is asked.
func (c *request) wellFormed() error {
	if c.query.Get("api-version") == "" {
		return refuse("MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
	}
	if c.route.method == http.MethodPut || c.route.method == http.MethodPatch {
		var m map[string]any
		if err := json.Unmarshal(c.body, &m); err != nil || m == nil {
			return refuse("InvalidRequestContent", "The request content was invalid and could not be deserialized: 'it is not a JSON object'.")
		}
		if at, ok := m["location"].(string); ok && c.s.places[plain(at)] == nil {
			return refuse("LocationNotAvailableForResourceType", "The provided location '%s' is not available for this type of resource. List of available regions for the resource type is '%s'.", at, strings.Join(c.s.Locations(), ","))
		}
	}
	return nil
}

// lowerKeys makes the names of query parameters lower case, since they are compared
// without it.
func lowerKeys(in url.Values) url.Values {
	out := url.Values{}
	for k, v := range in {
		k = strings.ToLower(k)
		out[k] = append(out[k], v...)
	}
	return out
}

// region is where what the request is about is, or will be.
func (c *request) region() string {
	var in struct {
		Location string `json:"location"`
	}
	// A body that cannot be read has no location.
	_ = json.Unmarshal(c.body, &in)
	if in.Location != "" {
		return plain(in.Location)
	}
	if at := c.vars["location"]; at != "" {
		return plain(at)
	}
	for id := strings.ToLower(c.resourceID()); strings.Contains(id, "/providers/"); id, _, _ = cutLast(id, "/") {
		if r := c.s.resources[id]; r != nil {
			return r.common().location
		}
	}
	if g := c.s.groups[strings.ToLower(c.vars["sub"]+"/"+c.vars["group"])]; g != nil {
		return g.location
	}
	return ""
}

// resourceID is the path without escapes, which is the id of what it names.
func (c *request) resourceID() string {
	if text, err := url.PathUnescape(c.path); err == nil {
		return text
	}
	return c.path
}

// cleanBody is a body without what is secret.
func (c *request) cleanBody() string {
	if len(c.body) == 0 {
		return ""
	}
	var v any
	if json.Unmarshal(c.body, &v) != nil {
		return string(c.body)
	}
	out, err := json.Marshal(scrub(v))
	if err != nil {
		return ""
	}
	return string(out)
}

// scrub leaves out what is secret, wherever it is.
func scrub(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			switch strings.ToLower(k) {
			case "adminpassword", "protectedparameters", "runaspassword":
				delete(v, k)
			default:
				v[k] = scrub(v[k])
			}
		}
	case []any:
		for i := range v {
			v[i] = scrub(v[i])
		}
	}
	return v
}

// forFake is the request as the SDK's fake servers understand it: they know names
// only as the provider writes them.
func (c *request) forFake() *http.Request {
	r := c.raw.Clone(c.raw.Context())
	r.URL = &url.URL{Scheme: "https", Host: "management.azure.com", Path: c.resourceID(), RawPath: c.path, RawQuery: c.rawQuery()}
	r.Body = nil
	if len(c.body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(c.body))
	}
	return r
}

// rawQuery is the query with the names as the SDK writes them.
func (c *request) rawQuery() string {
	out := url.Values{}
	for k, v := range c.query {
		switch k {
		case "forcedeletiontypes":
			k = "forceDeletionTypes"
		case "forcedeletion":
			k = "forceDeletion"
		case "skipshutdown":
			k = "skipShutdown"
		}
		out[k] = v
	}
	return out.Encode()
}

// skip is how many entries of a list the asker has seen.
func (c *request) skip() int {
	n, err := strconv.Atoi(c.query.Get("$skiptoken"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
