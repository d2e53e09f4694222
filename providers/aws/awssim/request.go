package awssim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The services, by the names in their signatures.
const (
	ec2     = "ec2"
	ssm     = "ssm"
	sts     = "sts"
	quotas  = "servicequotas"
	catalog = "aws-marketplace"
)

// request is one request, taken apart.
type request struct {
	id        string
	seq       int
	service   string
	op        string
	region    string
	principal string
	key       string
	session   string // the session token, when it has one
	form      form   // of the Query protocols
	body      []byte // JSON, of the others
	params    map[string]string
	now       time.Time
	reg       *region
}

// maxBody is more than any of the services takes.
const maxBody = 4 << 20

// read takes a request apart. A request that has no form is refused, but its service
// is known as well as can be, for the form of the answer.
func read(r *http.Request) (*request, error) {
	c := &request{service: guess(r), params: map[string]string{}, form: form{}}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return c, refuseWith(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request is too large.")
	}
	if err := c.scope(r); err != nil {
		return c, err
	}
	switch c.service {
	case ec2, sts:
		return c, c.query(r, body)
	case ssm, quotas:
		_, c.op, _ = strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		c.body = body
	case catalog:
		c.op = strings.Trim(r.URL.Path, "/")
		c.body = body
		if r.Method == http.MethodGet || r.Method == http.MethodPatch {
			c.body = fromQuery(r.URL.Query())
		}
	default:
		return c, refuseWith(http.StatusForbidden, "UnknownService", "There is no service %s.", c.service)
	}
	if len(c.body) == 0 {
		c.body = []byte("{}")
	}
	var v any
	if err := json.Unmarshal(c.body, &v); err != nil {
		return c, refuse("SerializationException", "The body is not JSON.")
	}
	if _, ok := v.(map[string]any); !ok {
		return c, refuse("SerializationException", "Start of structure or map found where not expected.")
	}
	flatten("", v, c.params)
	return c, nil
}

// guess is the service of a request without a signature.
func guess(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	switch {
	case strings.HasPrefix(target, "AmazonSSM."):
		return ssm
	case strings.HasPrefix(target, "ServiceQuotas"):
		return quotas
	case strings.Trim(r.URL.Path, "/") != "":
		return catalog
	}
	return ec2
}

// scope reads the credential scope of the signature.
func (c *request) scope(r *http.Request) error {
	c.session = r.Header.Get("X-Amz-Security-Token")
	head := r.Header.Get("Authorization")
	if head == "" {
		if c.service == ec2 {
			return refuseWith(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
		}
		return refuseWith(http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token")
	}
	broken := refuseWith(http.StatusForbidden, "IncompleteSignature", "Authorization header is not a complete signature.")
	rest, ok := strings.CutPrefix(head, "AWS4-HMAC-SHA256 ")
	if !ok {
		return broken
	}
	parts := map[string]string{}
	for p := range strings.SplitSeq(rest, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		parts[k] = v
	}
	cred := strings.Split(parts["Credential"], "/")
	if len(cred) != 5 || cred[4] != "aws4_request" || parts["SignedHeaders"] == "" || parts["Signature"] == "" {
		return broken
	}
	c.key, c.region, c.service = cred[0], cred[2], cred[3]
	return nil
}

// query reads a request of the Query protocols.
func (c *request) query(r *http.Request, body []byte) error {
	v, err := url.ParseQuery(string(body))
	if err != nil {
		return refuse("MalformedQueryString", "The query string contains a syntax error.")
	}
	for k, list := range r.URL.Query() {
		v[k] = append(v[k], list...)
	}
	for k := range v {
		c.form[k] = v.Get(k)
		if k != "Action" && k != "Version" {
			c.params[k] = v.Get(k)
		}
	}
	if c.op = c.form["Action"]; c.op == "" {
		return refuse("MissingAction", "The request is missing an action.")
	}
	if want := map[string]string{ec2: "2016-11-15", sts: "2011-06-15"}[c.service]; c.form["Version"] != want {
		return refuse("InvalidParameterValue", "Version '%s' is not one that this service has; it has %s.", c.form["Version"], want)
	}
	return nil
}

// fromQuery makes the body of a request that has its parameters in its address.
func fromQuery(q url.Values) []byte {
	m := map[string]string{}
	for k := range q {
		m[k] = q.Get(k)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil
	}
	return b
}

// into reads the body of a JSON request. Members that are not known are ignored, as
// the services do.
func (c *request) into(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return refuse("SerializationException", "A member has the wrong type.")
	}
	return nil
}

// flatten writes a JSON value as the Query protocols would.
func flatten(at string, v any, out map[string]string) {
	join := func(k string) string {
		if at == "" {
			return k
		}
		return at + "." + k
	}
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			flatten(join(k), e, out)
		}
	case []any:
		for i, e := range v {
			flatten(join(strconv.Itoa(i+1)), e, out)
		}
	case nil:
	case float64:
		out[at] = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		out[at] = fmt.Sprint(v)
	}
}

// form is what a request of the Query protocols says.
type form map[string]string

// list is a parameter that is a list: Owner.1, Owner.2.
func (f form) list(name string) []string {
	var out []string
	for i := 1; ; i++ {
		v, ok := f[name+"."+strconv.Itoa(i)]
		if !ok {
			return out
		}
		out = append(out, v)
	}
}

// each calls for each part of a list of structures, with what its members begin with.
func (f form) each(name string, do func(prefix string)) {
	for i := 1; ; i++ {
		p := name + "." + strconv.Itoa(i) + "."
		if !f.any(p) {
			return
		}
		do(p)
	}
}

// any reports whether a parameter begins so.
func (f form) any(prefix string) bool {
	for k := range f {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

func (f form) is(name string) bool { return f[name] == "true" }

// whole is a number, or def when it is not there.
func (f form) whole(name string, def int) (int, error) {
	v, ok := f[name]
	if !ok || v == "" {
		return def, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, badValue(name, v)
	}
	return n, nil
}

// print tells apart two requests of the same operation.
func (f form) print() string {
	var b strings.Builder
	for _, k := range keys(f) {
		fmt.Fprintf(&b, "%q=%q ", k, f[k])
	}
	return b.String()
}

func keys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
