package ingestsim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// findings are what a schema has against a value, as far as it was looked at.
type findings struct{ list []error }

func (f *findings) add(path, format string, args ...any) {
	if path == "" {
		path = "the resource"
	}
	f.list = append(f.list, fmt.Errorf("%s %s", path, fmt.Sprintf(format, args...)))
}

// rule holds a value to one part of a schema.
type rule func(f *findings, path string, v any)

// fields are the members that an object may have. A name with "!" at its end must be
// there.
type fields map[string]rule

// object has these members and no others.
func object(members fields) rule {
	return func(f *findings, path string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			f.add(path, "must be an object")
			return
		}
		for _, name := range sortedKeys(members) {
			bare, must := strings.CutSuffix(name, "!")
			value, there := m[bare]
			switch {
			case there:
				members[name](f, join(path, bare), value)
			case must:
				f.add(join(path, bare), "is required")
			}
		}
		for _, name := range sortedKeys(m) {
			if members[name] == nil && members[name+"!"] == nil {
				f.add(join(path, name), "is not known to the schema")
			}
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// anything is not looked at: it is for members that only the service writes.
func anything(*findings, string, any) {}

// text has so many characters. Below 0 there is no limit.
func text(least, most int) rule {
	return func(f *findings, path string, v any) {
		s, ok := v.(string)
		if !ok {
			f.add(path, "must be a string")
			return
		}
		if n := utf8.RuneCountInString(s); n < least || most >= 0 && n > most {
			f.add(path, "must have between %d and %d characters", least, most)
		}
	}
}

// free is a string of any length.
func free() rule { return text(0, -1) }

// like is a string that a pattern fits.
func like(pattern string) rule {
	re := regexp.MustCompile(pattern)
	return func(f *findings, path string, v any) {
		s, ok := v.(string)
		if !ok {
			f.add(path, "must be a string")
		} else if !re.MatchString(s) {
			f.add(path, "must fit %s", pattern)
		}
	}
}

// both are two rules for one value.
func both(a, b rule) rule {
	return func(f *findings, path string, v any) {
		a(f, path, v)
		b(f, path, v)
	}
}

// among is one of some words.
func among(words ...string) rule {
	return func(f *findings, path string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			f.add(path, "must be one of %s", strings.Join(words, ", "))
		}
	}
}

func boolean(f *findings, path string, v any) {
	if _, ok := v.(bool); !ok {
		f.add(path, "must be true or false")
	}
}

// number is between two limits. Numbers are as [decode] reads them.
func number(least, most float64) rule {
	return func(f *findings, path string, v any) {
		text, _ := v.(json.Number)
		if n, err := text.Float64(); err != nil || n < least || n > most {
			f.add(path, "must be a number between %v and %v", least, most)
		}
	}
}

// list has so many items, each of which a rule fits. Below 0 there is no limit.
func list(least, most int, item rule) rule {
	return func(f *findings, path string, v any) {
		items, ok := v.([]any)
		if !ok {
			f.add(path, "must be a list")
			return
		}
		if len(items) < least || most >= 0 && len(items) > most {
			f.add(path, "must have between %d and %d items, and has %d", least, most, len(items))
		}
		for i, one := range items {
			item(f, fmt.Sprintf("%s[%d]", path, i), one)
		}
	}
}

// mapped is an object with free names.
func mapped(value rule) rule {
	return func(f *findings, path string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			f.add(path, "must be an object")
			return
		}
		for _, name := range sortedKeys(m) {
			value(f, join(path, name), m[name])
		}
	}
}

// reference names another resource: by its durable id, by what its publisher calls it,
// or by its name in the same request.
func reference(f *findings, path string, v any) {
	switch r := v.(type) {
	case string:
		durable(f, path, r)
	case map[string]any:
		switch {
		case len(r) != 1:
			f.add(path, "must have externalId or resourceName alone")
		case r["externalId"] != nil:
			like(`^[a-z0-9][a-z0-9_-]{2,49}$`)(f, join(path, "externalId"), r["externalId"])
		case r["resourceName"] != nil:
			like(`^[a-zA-Z0-9_-]{1,50}$`)(f, join(path, "resourceName"), r["resourceName"])
		default:
			f.add(path, "must have externalId or resourceName")
		}
	default:
		f.add(path, "must be a durable id or a reference")
	}
}

func durable(f *findings, path string, v any) {
	like(`^[a-z](-?[a-z0-9]+)*/[a-z0-9-]+(/?[a-z0-9-])*$`)(f, path, v)
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
