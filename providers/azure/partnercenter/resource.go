package partnercenter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"cloudimage/workflow/images"
)

// This file keeps resources as they were read. Only what is changed is taken apart; the
// rest goes back byte for byte.

// The types of resources.
const (
	configureKind  = "configure"
	treeKind       = "resource-tree"
	submissionKind = "submission"
	productKind    = "product"
	planKind       = "plan"
	propertyKind   = "property"
	listingKind    = "listing"
	techKind       = "virtual-machine-plan-technical-configuration"
)

// schemas is where the schemas of resources are.
const schemas = "https://schema.mp.microsoft.com/schema/"

// resource is an object of JSON whose members nobody has looked into.
type resource map[string]json.RawMessage

// member reads a member into something, and reports whether there is one of that form.
func (r resource) member(name string, into any) bool {
	raw, ok := r[name]
	return ok && json.Unmarshal(raw, into) == nil
}

// text is a member that is a string; empty for any other.
func (r resource) text(name string) string {
	var s string
	r.member(name, &s)
	return s
}

// object is a member that is an object; empty for any other.
func (r resource) object(name string) resource {
	var o resource
	r.member(name, &o)
	return o
}

// objects are the members of a list that are objects.
func (r resource) objects(name string) (out []resource) {
	var list []json.RawMessage
	r.member(name, &list)
	for _, raw := range list {
		var o resource
		if json.Unmarshal(raw, &o) == nil && o != nil {
			out = append(out, o)
		}
	}
	return out
}

// with is a copy with another value of a member.
func (r resource) with(name string, v any) resource {
	out := maps.Clone(r)
	if out == nil {
		out = resource{}
	}
	out[name] = raw(v)
	return out
}

// without is a copy without a member.
func (r resource) without(name string) resource {
	out := maps.Clone(r)
	delete(out, name)
	return out
}

// raw is a value as JSON, with characters as they are.
func raw(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // there is nothing in it that JSON does not have
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// kind is the type of a resource, by its durable id or else by its schema.
func (r resource) kind() string {
	if kind, _, ok := strings.Cut(r.text("id"), "/"); ok {
		return kind
	}
	parts := strings.Split(r.text("$schema"), "/")
	return parts[max(len(parts)-2, 0)]
}

// digest tells one content of a resource from another.
func (r resource) digest() string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw(r)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	h := sha256.Sum256(raw(v)) // members in the order of their names
	return hex.EncodeToString(h[:8])
}

// atLeast reports whether a resource was written with that version of its schema, or a
// newer one. A preview is older than what it is a preview of.
func (r resource) atLeast(version string) bool {
	own := r.text("$schema")
	own = own[strings.LastIndexByte(own, '/')+1:]
	if own == "" {
		return true
	}
	return schemaOrder(own) >= schemaOrder(version)
}

func schemaOrder(version string) string {
	date, preview, ok := strings.Cut(version, "-preview")
	n := 9999
	if ok {
		if _, err := fmt.Sscan(preview, &n); err != nil {
			n = 0
		}
	}
	return fmt.Sprintf("%s %04d", date, n)
}

// tree is all of a product in one place.
type tree struct {
	target    string
	there     bool // the product is in that place
	resources []resource
}

// of are the resources of a type.
func (t *tree) of(kind string) (out []resource) {
	if t == nil {
		return nil
	}
	for _, r := range t.resources {
		if r.kind() == kind {
			out = append(out, r)
		}
	}
	return out
}

// submission is the id of the submission that brought the product there; empty where it
// is not said.
func (t *tree) submission() string {
	for _, r := range t.of(submissionKind) {
		if r.object("target").text("targetType") == t.target {
			return r.text("id")
		}
	}
	return ""
}

// techOf is the technical configuration of a plan there; nil when there is none.
func (t *tree) techOf(plan string) *tech {
	for _, r := range t.of(techKind) {
		if r.plan() == plan {
			t := techOf(r)
			return &t
		}
	}
	return nil
}

// plan is the durable id of the plan that a technical configuration is of.
func (r resource) plan() string { return planKind + "/" + guids(r.text("id")) }

// id is a resource by its durable id; nil when there is none.
func (t *tree) id(id string) resource {
	for _, r := range t.resources {
		if r.text("id") == id {
			return r
		}
	}
	return nil
}

// content tells what a resource says, without what says only how it is written.
func (r resource) content() string {
	return r.without("$schema").without("validations").without("resourceName").digest()
}

// guids are what comes after the type in a durable id.
func guids(id string) string {
	_, after, _ := strings.Cut(id, "/")
	return after
}

// unreadable is the fault of an answer in a form that we do not know.
func unreadable(what string) error {
	return &images.Fault{Class: images.Passing, What: what, Said: "What Partner Center says of " + what + " cannot be read."}
}
