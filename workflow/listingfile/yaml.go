package listingfile

import (
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"cloudimage/workflow"
)

// This file makes entries of YAML; yaml_bounds.go says what of YAML is read at all.

// yaml makes entries of the items of "listings".
func (r *reader) yaml(text string) []*entry {
	if !r.textAllowed(text) {
		return nil
	}
	tokens := lexer.Tokenize(text)
	if !r.tokensAllowed(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.notYAML(err)
		return nil
	}
	body, ok := r.document(file)
	if !ok {
		return nil
	}
	if _, isList := body.(*ast.SequenceNode); isList {
		r.problem(at(body), "this list has no name; write \"%s:\" in the line above it", keyListings)
		return nil
	}
	var entries []*entry
	given, ok := r.object(body, "the file", fileKeys)
	if !ok {
		return nil
	}
	items, ok := given[keyListings]
	if !ok {
		if len(given) == 0 && len(r.problems) == 0 {
			r.problem(at(body), "the file has no %q; begin it with that, and write the listings below it, each with a dash", keyListings)
		}
		return nil
	}
	for i, n := range r.items(items, keyListings, "a listing") {
		if i == MaxListings {
			r.problem(at(n), "the file has more than %d listings; split it into several", MaxListings)
			break
		}
		entries = append(entries, r.entry(n))
	}
	return entries
}

// document is what the one document of a file holds.
func (r *reader) document(file *ast.File) (ast.Node, bool) {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.problem(place{}, "the file is empty; begin it with \"%s:\"", keyListings)
		return nil, false
	case 1:
		return bodies[0], true
	}
	r.problem(at(bodies[1]), "a second document begins here; write all listings below one \"%s:\"", keyListings)
	return nil, false
}

func (r *reader) entry(n ast.Node) *entry {
	e := newEntry(at(n))
	given, ok := r.object(n, "a listing", keys)
	if !ok {
		for _, need := range needed {
			e.settled[need.key] = true // it would only confuse to tell that they are missing
		}
	}
	for key, v := range given {
		switch {
		case v == nil: // told already
			e.settled[key] = true
		case key == keyRegions:
			e.values[key] = value{place: at(v)}
			for _, item := range r.items(v, keyRegions, "a region") {
				r.region(e, item)
			}
		default:
			r.scalar(e, key, v)
		}
	}
	return e
}

// region reads "us-east-1" or "{ name: me-central-1, version: 17.4.0 }".
func (r *reader) region(e *entry, n ast.Node) {
	if text, ok := scalar(n); ok {
		if text = clean(text); text == "" {
			r.problem(at(n), "this region has no name; write one or leave it out")
			return
		}
		e.regions = append(e.regions, region{name: value{at(n), text}})
		return
	}
	one := newEntry(at(n))
	given, ok := r.object(n, "a region", regionKeys)
	for key, v := range given {
		if v != nil {
			r.scalar(one, key, v)
		}
	}
	if _, named := given[keyName]; ok && !named {
		r.problem(at(n), "this region has no %q; say which it is", keyName)
	}
	if name := one.values[keyName]; name.text != "" {
		e.regions = append(e.regions, region{name, one.values[keyVersion]})
	}
}

// scalar reads a single value.
func (r *reader) scalar(e *entry, key string, n ast.Node) {
	text, ok := scalar(n)
	switch text = clean(text); {
	case !ok:
		r.problem(at(n), "%q must be a single value, and this is %s", key, kind(n))
		e.settled[key] = true
	case text == "":
		r.problem(at(n), "%q is empty; write something or leave the key out", key)
		e.settled[key] = true
	default:
		e.values[key] = value{at(n), text}
	}
}

// object is the values of a mapping by key; nil for one of which a problem was told.
// Unknown keys stand for the ones they were probably meant to be. False when it is no
// mapping.
func (r *reader) object(n ast.Node, what string, known []string) (map[string]ast.Node, bool) {
	all, ok := pairs(n)
	if !ok {
		r.problem(at(n), "%s is written as keys and values, and this is %s; its keys are %s", what, kind(n), list(known))
		return nil, false
	}
	out, lines := make(map[string]ast.Node, len(all)), make(map[string]int, len(all))
	for _, pair := range all {
		where := at(pair.Key)
		key, ok := scalar(pair.Key)
		switch first := lines[key]; {
		case !ok:
			r.problem(where, "a key must be a word")
		case !slices.Contains(known, key):
			r.problem(where, "unknown key %s in %s%s", shown(key), what, suggest(key, known, "its keys are "+list(known)))
			if near, ok := nearest(key, known); ok && lines[near] == 0 {
				out[near] = nil
			}
		case first > 0:
			r.problem(where, "the key %q is given twice in %s; the first is in line %d", key, what, first)
		case pair.Value == nil || pair.Value.Type() == ast.NullType:
			r.problem(where, "%q has no value; write one or leave the key out", key)
			out[key], lines[key] = nil, where.line
		default:
			out[key], lines[key] = pair.Value, where.line
		}
	}
	return out, true
}

// items are those of a list.
func (r *reader) items(n ast.Node, key, what string) []ast.Node {
	if n == nil {
		return nil // told already
	}
	list, ok := n.(*ast.SequenceNode)
	switch {
	case !ok:
		r.problem(at(n), "%q must be a list, and this is %s; begin each item with a dash", key, kind(n))
		return nil
	case len(list.Values) == 0:
		r.problem(at(n), "%q has nothing in it; write %s or leave the key out", key, what)
	}
	return list.Values
}

// pairs are the keys and values of a mapping; false when it is none.
func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// scalar is a single value as it is written; false when it is none. A number stays
// as it is: 17.10 is no 17.1.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// kind is what a value is, in words.
func kind(n ast.Node) string {
	if _, ok := pairs(n); ok {
		return "keys and values"
	}
	if _, ok := scalar(n); ok {
		return "a single value"
	}
	if _, ok := n.(*ast.SequenceNode); ok {
		return "a list"
	}
	return "nothing"
}

// at is where people see a value begin; a mapping's own token is its first colon.
func at(n ast.Node) place {
	if list, ok := pairs(n); ok && len(list) > 0 {
		if m, flow := n.(*ast.MappingNode); !flow || !m.IsFlowStyle {
			return at(list[0].Key)
		}
	}
	return placeOf(n.GetToken())
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// notYAML tells what the parser could not read.
func (r *reader) notYAML(err error) {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil {
		r.problem(place{}, "this is not YAML; compare it with the example in docs/listings.md")
		return
	}
	message, _, _ := strings.Cut(strings.TrimSpace(e.GetMessage()), "\n")
	if len(message) > 200 || workflow.LooksSecret(message) { // it may repeat what is written there
		message = "something is not in the right place"
	}
	r.problem(placeOf(e.GetToken()), "this is not YAML: %s%s", message, cure(message))
}

// cure says what usually helps against a message of the parser.
func cure(message string) string {
	switch {
	case strings.Contains(message, "mapping value is not allowed"):
		return "; put text with a colon in it in quotes"
	case strings.Contains(message, "'\t' that cannot start"):
		return "; indent with spaces, not with tabs"
	case strings.Contains(message, "value is not allowed"):
		return "; begin it below the first letter of the line it belongs with"
	}
	return ""
}
