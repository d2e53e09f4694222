package ingestsim

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// readOne answers the draft of one resource. What is in preview or live is seen in the
// tree alone.
func (s *Server) readOne(c *request) (answer, error) {
	for _, p := range s.products {
		if d := p.draft.docs[c.path]; d != nil {
			return answer{http.StatusOK, shown(d, c.version)}, nil
		}
	}
	return answer{}, absent(c.path)
}

// query answers a list of products or plans.
func (s *Server) query(c *request) (answer, error) {
	var found []doc
	switch c.op {
	case productType:
		for _, p := range s.products {
			found = append(found, p.draft.of(productType)...)
		}
	case planType:
		id := c.query.Get("product")
		p := s.find(strings.TrimPrefix(id, productType+"/"))
		if id == "" {
			return answer{}, bad("The query parameter product is required.")
		}
		if p == nil || id != p.id() {
			return answer{}, absent(id)
		}
		found = p.draft.of(planType)
	default:
		return answer{}, bad("Resources of type %s cannot be queried.", c.op)
	}
	external, kind := c.query.Get("externalid"), c.query.Get("type")
	found = slices.DeleteFunc(found, func(d doc) bool {
		return external != "" && word(d, "identity", "externalId") != external || kind != "" && c.op == productType && word(d, "type") != kind
	})
	var out []any
	for _, d := range found {
		out = append(out, shown(d, c.version))
	}
	return s.page(c, out)
}

// readTree answers everything that a product consists of in one place.
func (s *Server) readTree(c *request) (answer, error) {
	p, err := s.productOf(c)
	if err != nil {
		return answer{}, err
	}
	target, err := c.target()
	if err != nil {
		return answer{}, err
	}
	if target == "" {
		target = "draft"
	}
	where := p.at(target)
	if where == nil {
		return answer{}, refuse(http.StatusNotFound, "The product is not in "+target+".",
			because(resourceNotFound, p.id(), "There is no %s submission.", target))
	}
	resources := []any{}
	for _, id := range where.ids() {
		resources = append(resources, shown(where.docs[id], c.version))
	}
	if sub := p.current(target); sub != nil {
		resources = append(resources, sub.shown(p, c.version))
	} else {
		resources = append(resources, p.draftSubmission(c.version))
	}
	return answer{http.StatusOK, map[string]any{
		"$schema": schemaFor(treeType, c.version), "root": p.id(), "target": map[string]any{"targetType": target}, "resources": resources,
	}}, nil
}

// productOf is the product in a path such as submission/GUID or
// resource-tree/product/GUID.
func (s *Server) productOf(c *request) (*product, error) {
	parts := c.parts[1:]
	if len(parts) > 0 && parts[0] == productType {
		parts = parts[1:]
	} else if c.op == treeType {
		return nil, bad("The tree is that of a product: resource-tree/product/<id>.")
	}
	if len(parts) == 0 {
		return nil, bad("The product is missing.")
	}
	if p := s.find(parts[0]); p != nil && len(parts) == 1 {
		return p, nil
	}
	return nil, absent(c.path)
}

// target is the place that a query names, and may be quoted.
func (c *request) target() (string, error) {
	t := strings.Trim(c.query.Get("targettype"), `"`)
	if t != "" && !slices.Contains([]string{"draft", "preview", "live"}, t) {
		return "", bad("The targetType %q is not one of draft, preview, live.", t)
	}
	return t, nil
}

// readSubmissions answers one submission, or a list: the draft's and those that are
// active, or all that ever had one target. Documents do not say what is listed for a
// target, nor in which order; see [Server.SetOldestFirst].
func (s *Server) readSubmissions(c *request) (answer, error) {
	if len(c.parts) == 3 && c.parts[1] != productType {
		return s.readSubmission(c)
	}
	p, err := s.productOf(c)
	if err != nil {
		return answer{}, err
	}
	target, err := c.target()
	if err != nil {
		return answer{}, err
	}
	var out []any
	for _, sub := range slices.Backward(p.subs) {
		if target == sub.target || target == "" && p.active(sub) {
			out = append(out, sub.shown(p, c.version))
		}
	}
	if s.oldest {
		slices.Reverse(out)
	}
	if target == "" || target == "draft" {
		out = append([]any{p.draftSubmission(c.version)}, out...)
	}
	return s.page(c, out)
}

func (s *Server) readSubmission(c *request) (answer, error) {
	if p := s.find(c.parts[1]); p != nil {
		if c.parts[2] == "0" {
			return answer{http.StatusOK, p.draftSubmission(c.version)}, nil
		}
		// One that went on to live has the id twice; the later says more.
		for _, sub := range slices.Backward(p.subs) {
			if sub.id == c.path {
				return answer{http.StatusOK, sub.shown(p, c.version)}, nil
			}
		}
	}
	return answer{}, absent(c.path)
}

func (sub *submission) shown(p *product, version string) doc {
	return doc{
		"$schema": schemaFor(submissionType, version), "id": sub.id, "product": p.id(),
		"target": map[string]any{"targetType": sub.target}, "lifecycleState": "generallyAvailable",
		"status": sub.status, "result": sub.result, "created": moment(sub.created),
	}
}

// draftSubmission stands for the draft, which was not submitted.
func (p *product) draftSubmission(version string) doc {
	return doc{
		"$schema": schemaFor(submissionType, version), "id": submissionType + "/" + p.guid + "/0", "product": p.id(),
		"target": map[string]any{"targetType": "draft"}, "lifecycleState": "generallyAvailable",
	}
}

// pageSize is how much of a list is answered when nobody says otherwise. The true
// number is not documented.
const pageSize = 100

// page cuts a list.
func (s *Server) page(c *request, list []any) (answer, error) {
	size := pageSize
	if text := c.query.Get("$maxpagesize"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return answer{}, bad("$maxpagesize must be a positive whole number.")
		}
		size = min(n, pageSize)
	}
	from := 0
	if token := c.query.Get("continuationtoken"); token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		after, ok := strings.CutPrefix(string(text), c.path+" ")
		n, wrong := strconv.Atoi(after)
		if err != nil || !ok || wrong != nil || n < 0 {
			return answer{}, bad("The continuationToken is not valid.")
		}
		from = min(n, len(list))
	}
	out := map[string]any{"value": append([]any{}, list[from:min(from+size, len(list))]...)}
	if from+size < len(list) {
		q := maps.Clone(c.query)
		q.Set("continuationtoken", base64.RawURLEncoding.EncodeToString([]byte(c.path+" "+strconv.Itoa(from+size))))
		out["@nextLink"] = s.link(c.path) + "?" + spelled(q).Encode()
	}
	return answer{http.StatusOK, out}, nil
}

// spelled are parameters as documents spell them.
func spelled(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		switch k {
		case "continuationtoken":
			k = "continuationToken"
		case "externalid":
			k = "externalId"
		case "targettype":
			k = "targetType"
		}
		out[k] = v
	}
	return out
}
