package blockkit

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A rule judges one JSON value, where the walk stands. The value is what
// encoding/json makes of it: nil, bool, float64, string, []any or
// map[string]any.
type rule func(w *walk, value any)

// A property is one key of an object.
type property struct {
	name     string
	required bool
	rule     rule
}

func required(name string, r rule) property { return property{name, true, r} }
func optional(name string, r rule) property { return property{name, false, r} }

// A shape is what an object must look like. Slack refuses keys it does not
// know, so the properties are all there are. The "type" that tells shapes
// apart is not listed.
type shape struct {
	properties []property
	// also are the rules that hold between properties. They are asked after
	// each property has been judged and must tolerate wrong ones.
	also []func(w *walk, object map[string]any)
	// open shapes tolerate unknown keys, as Web API methods do.
	open bool
}

// fields judges an object against the shape. The key named apart, if any, has
// been judged already: it is the "type" that chose this shape.
func (s *shape) fields(w *walk, object map[string]any, apart string) {
	known := 0
	for i := range s.properties {
		p := &s.properties[i]
		value, present := object[p.name]
		if !present {
			if p.required {
				w.report("missing_field", "missing required field: "+p.name)
			}
			continue
		}
		known++
		w.enter(p.name, p.rule, value)
	}
	if _, present := object[apart]; present {
		known++
	}
	if known < len(object) && !s.open {
		s.reportUnknown(w, object, apart)
	}
	for _, check := range s.also {
		check(w, object)
	}
}

// reportUnknown names the keys Slack would not know, in a stable order.
func (s *shape) reportUnknown(w *walk, object map[string]any, apart string) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		listed := slices.ContainsFunc(s.properties, func(p property) bool { return p.name == name })
		if !listed && name != apart {
			w.fail("invalid additional property: " + name)
		}
	}
}

// object is the rule for an object that has no "type".
func object(s shape) rule {
	return func(w *walk, value any) {
		if object, ok := asObject(w, value); ok {
			s.fields(w, object, "")
		}
	}
}

// oneOf is the rule for an object whose "type" picks its shape among kinds.
func oneOf(kinds map[string]*shape) rule {
	return fromKit(func(*kit) map[string]*shape { return kinds })
}

// fromKit is the rule for an object whose "type" picks its shape among kinds of
// the kit. With only, no other kinds than those pass.
func fromKit(pick func(*kit) map[string]*shape, only ...string) rule {
	return func(w *walk, value any) {
		object, kind, ok := typed(w, value)
		if !ok {
			return
		}
		s := pick(w.kit)[kind]
		if s == nil || len(only) > 0 && !slices.Contains(only, kind) {
			w.unsupported(kind)
			return
		}
		s.fields(w, object, "type")
	}
}

// typed reads the "type" of an object.
func typed(w *walk, value any) (object map[string]any, kind string, ok bool) {
	object, ok = asObject(w, value)
	if !ok {
		return nil, "", false
	}
	raw, present := object["type"]
	if !present {
		w.report("missing_field", "missing required field: type")
		return nil, "", false
	}
	kind, ok = raw.(string)
	if !ok {
		w.under("type", func() { w.wrongType("must provide a string") })
		return nil, "", false
	}
	return object, kind, true
}

func asObject(w *walk, value any) (map[string]any, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		w.wrongType("must provide an object")
	}
	return object, ok
}

// list is the rule for an array of minItems to maxItems alike items. Items
// beyond the limit are not looked at, which bounds the work.
func list(minItems, maxItems int, item rule) rule {
	return func(w *walk, value any) {
		items, ok := value.([]any)
		if !ok {
			w.wrongType("must provide an array")
			return
		}
		switch {
		case len(items) < minItems:
			w.fail(fmt.Sprintf("must provide at least %d items", minItems))
		case len(items) > maxItems:
			w.fail(fmt.Sprintf("no more than %d items allowed", maxItems))
			items = items[:maxItems]
		}
		w.each(items, item)
	}
}

// str is the rule for a string of minLength to maxLength characters, which are
// Unicode code points as Slack counts them, not bytes.
func str(minLength, maxLength int) rule {
	return func(w *walk, value any) { length(w, value, minLength, maxLength) }
}

// length judges a string and returns it.
func length(w *walk, value any, minLength, maxLength int) (string, bool) {
	s, ok := value.(string)
	if !ok {
		w.wrongType("must provide a string")
		return "", false
	}
	switch n := runes(s); {
	case n < minLength:
		w.fail(fmt.Sprintf("must be more than %d characters", minLength-1))
		return s, false
	case n > maxLength:
		w.fail(fmt.Sprintf("must be less than %d characters", maxLength+1))
		return s, false
	}
	return s, true
}

// runes is the length of a string as Slack counts it.
func runes(s string) int { return utf8.RuneCountInString(s) }

// enum is the rule for one of a few words.
func enum(words ...string) rule {
	return func(w *walk, value any) {
		s, ok := value.(string)
		switch {
		case !ok:
			w.wrongType("must provide a string")
		case !slices.Contains(words, s):
			w.fail("must be a valid enum value")
		}
	}
}

// boolean is the rule for true or false.
func boolean(w *walk, value any) {
	if _, ok := value.(bool); !ok {
		w.wrongType("must be a boolean")
	}
}

// integer is the rule for a whole number of at least low and at most high. The
// words are Slack's, whose "less" and "greater" include the limit.
func integer(low, high float64) rule {
	return func(w *walk, value any) {
		n, ok := value.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			w.wrongType("must provide an integer")
		case n < low:
			w.fail("must be greater than " + strconv.FormatFloat(low, 'f', -1, 64))
		case n > high:
			w.fail("must be less than " + strconv.FormatFloat(high, 'f', -1, 64))
		}
	}
}

// number is the rule for any number.
func number(w *walk, value any) {
	if _, ok := value.(float64); !ok {
		w.wrongType("must provide a number")
	}
}

// link is the rule for a URL a person follows. Any scheme passes, as Slack
// opens slack:// and mailto: links too.
func link(maxLength int) rule {
	return address(maxLength, func(u *url.URL) bool { return u.Scheme != "" })
}

// secure is the rule for a URL Slack fetches itself.
func secure(maxLength int) rule {
	return address(maxLength, func(u *url.URL) bool { return u.Scheme == "https" && u.Host != "" })
}

func address(maxLength int, good func(*url.URL) bool) rule {
	return func(w *walk, value any) {
		s, ok := length(w, value, 1, maxLength)
		if !ok {
			return
		}
		if u, err := url.Parse(s); err != nil || !good(u) {
			w.fail("invalid url")
		}
	}
}

// exactlyOne is the rule that one and only one of the keys is there.
func exactlyOne(names ...string) func(*walk, map[string]any) {
	some, one := atLeastOne(names...), atMostOne(names...)
	return func(w *walk, object map[string]any) {
		some(w, object)
		one(w, object)
	}
}

// atMostOne is the rule that the keys exclude each other.
func atMostOne(names ...string) func(*walk, map[string]any) {
	message := "must define only one of " + quoted(names)
	return func(w *walk, object map[string]any) {
		if present(object, names) > 1 {
			w.failWhole(object, message)
		}
	}
}

// atLeastOne is the rule that one of the keys is there.
func atLeastOne(names ...string) func(*walk, map[string]any) {
	message := "must define either " + quoted(names)
	return func(w *walk, object map[string]any) {
		if present(object, names) == 0 {
			w.failWhole(object, message)
		}
	}
}

// present is how many of the keys are there.
func present(object map[string]any, names []string) int {
	n := 0
	for _, name := range names {
		if _, ok := object[name]; ok {
			n++
		}
	}
	return n
}

// quoted writes names as Slack does: `a`, `b` or `c`.
func quoted(names []string) string {
	s := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			s += " or "
		default:
			s += ", "
		}
		s += "`" + name + "`"
	}
	return s
}
