package awssim

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// filter is one of a request: what has any of the values fits.
type filter struct {
	name   string
	values []string
}

func (f form) filters() []filter {
	var out []filter
	f.each("Filter", func(p string) {
		out = append(out, filter{f[p+"Name"], f.list(p + "Value")})
	})
	return out
}

// attributes are what a thing can be filtered by; false means that there is no such
// filter.
type attributes func(name string) ([]string, bool)

// match reports whether a thing fits all filters. Tags are filtered alike for all.
func match(list []filter, tags map[string]string, of attributes) (bool, error) {
	fits := true
	for _, f := range list {
		have, ok := tagFilter(f.name, tags)
		if !ok {
			have, ok = of(f.name)
		}
		if !ok {
			return false, refuse("InvalidParameterValue", "The filter '%s' is invalid", f.name)
		}
		if !slices.ContainsFunc(have, func(h string) bool {
			return slices.ContainsFunc(f.values, func(v string) bool { return like(v, h) })
		}) {
			fits = false
		}
	}
	return fits, nil
}

func tagFilter(name string, tags map[string]string) ([]string, bool) {
	if name == "tag-key" {
		return keys(tags), true
	}
	k, ok := strings.CutPrefix(name, "tag:")
	if !ok {
		return nil, false
	}
	if v, has := tags[k]; has {
		return []string{v}, true
	}
	return nil, true
}

// like reports whether a value fits a pattern, in which * is any text and ? any
// character; a backslash takes their meaning away.
func like(pattern, value string) bool {
	p, v := []rune(pattern), []rune(value)
	star, back := -1, 0
	i, j := 0, 0
	for j < len(v) {
		switch {
		case i < len(p) && p[i] == '*':
			star, back = i, j
			i++
		case i+1 < len(p) && p[i] == '\\' && p[i+1] == v[j]:
			i, j = i+2, j+1
		case i < len(p) && (p[i] == '?' || p[i] == v[j]):
			i, j = i+1, j+1
		case star >= 0:
			back++
			i, j = star+1, back
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// page cuts a list, which is in the order of its keys, to what comes after a token. A
// token stays good when the list changes. With most 0 there is no limit.
func page[T any](op string, list []T, key func(T) string, most int, token string) ([]T, string, error) {
	if token != "" {
		b, err := base64.RawURLEncoding.DecodeString(token)
		after, ok := strings.CutPrefix(string(b), op+" ")
		if err != nil || !ok {
			return nil, "", refuseWith(http.StatusBadRequest, "InvalidNextToken", "The specified next token is not valid.")
		}
		list = slices.DeleteFunc(slices.Clone(list), func(v T) bool { return key(v) <= after })
	}
	if most <= 0 || len(list) <= most {
		return list, "", nil
	}
	list = list[:most]
	return list, base64.RawURLEncoding.EncodeToString([]byte(op + " " + key(list[most-1]))), nil
}

// pageOf is the page that a request of EC2 asks for.
func pageOf[T any](c *request, list []T, key func(T) string, least int) ([]T, node, error) {
	most, err := c.form.whole("MaxResults", 0)
	if err != nil {
		return nil, node{}, err
	}
	if _, given := c.form["MaxResults"]; given && (most < least || most > 1000) {
		return nil, node{}, refuse("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value between %d and 1000.", most, least)
	}
	out, next, err := page(c.op, list, key, most, c.form["NextToken"])
	return out, opt("nextToken", next), err
}

// withNext adds the token of the next page to a reply, if there is one.
func withNext(m map[string]any, next string) map[string]any {
	if next != "" {
		m["NextToken"] = next
	}
	return m
}
