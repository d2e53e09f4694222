package ingestsim

import (
	"maps"
	"slices"
	"strings"
)

// doc is a resource, without its schema: which one is said depends on who reads it.
type doc = map[string]any

// content is everything that a product consists of in one place: in draft, in preview
// or live.
type content struct{ docs map[string]doc } // by durable id

func newContent() *content { return &content{map[string]doc{}} }

// clone is a copy that shares nothing.
func (c *content) clone() *content {
	out := newContent()
	if c != nil {
		for id, d := range c.docs {
			out.docs[id] = cloned(d)
		}
	}
	return out
}

// of are the resources of a type, by their id.
func (c *content) of(kind string) []doc {
	var out []doc
	if c == nil {
		return nil
	}
	for _, id := range c.ids() {
		if kindOf(id) == kind {
			out = append(out, c.docs[id])
		}
	}
	return out
}

// ids are in an order that is always the same: the product, its plans, and the rest.
func (c *content) ids() []string {
	if c == nil {
		return nil
	}
	rank := func(id string) string {
		at := slices.Index([]string{productType, planType}, kindOf(id))
		if at < 0 {
			return "9" + id
		}
		return string(rune('0'+at)) + id
	}
	return slices.SortedFunc(maps.Keys(c.docs), func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
}

// kindOf is the type that a durable id begins with.
func kindOf(id string) string {
	kind, _, _ := strings.Cut(id, "/")
	return kind
}

// cloned is a deep copy of a resource.
func cloned(d doc) doc {
	out, _ := copied(d).(map[string]any)
	return out
}

func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, one := range v {
			out[k] = copied(one)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = copied(one)
		}
		return out
	}
	return v
}

// word is a member that is a string, and empty otherwise.
func word(v any, path ...string) string {
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// items are the objects in a member that is a list.
func items(v any, name string) []map[string]any {
	m, _ := v.(map[string]any)
	list, _ := m[name].([]any)
	var out []map[string]any
	for _, one := range list {
		if o, ok := one.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// shown is a resource as a version of the API shows it.
func shown(d doc, version string) doc {
	out := cloned(d)
	kind := kindOf(word(d, "id"))
	out["$schema"] = schemaFor(kind, version)
	switch n := level(schemaFor(kind, version)); {
	case kind == techType && n < 5:
		lower(out)
	case kind == propertyType && n < 3:
		delete(out, "industries")
		delete(out, "appVersion")
	}
	return out
}

// lower leaves out what only the newest schema of a technical configuration can say. An
// answer must fit the schema that it names; that the service does it like this is a
// guess.
func lower(d doc) {
	old := func(m map[string]any) bool { return word(m, "imageType") != "arm64Gen2" }
	keep := func(m map[string]any, name string, fits func(map[string]any) bool) {
		if m[name] == nil {
			return
		}
		kept := []any{}
		for _, one := range items(m, name) {
			if fits(one) {
				kept = append(kept, one)
			}
		}
		m[name] = kept
	}
	for _, sku := range items(d, "skus") {
		delete(sku, "securityType")
	}
	keep(d, "skus", old)
	keep(d, "vmImageVersions", func(v map[string]any) bool {
		keep(v, "vmImages", old)
		return len(items(v, "vmImages")) > 0
	})
	for _, name := range []string{"skus", "vmImageVersions"} {
		if list, ok := d[name].([]any); ok && len(list) == 0 {
			delete(d, name)
		}
	}
}
