package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CheckCall tells where a call disagrees with what GitLab publishes; nothing is
// full agreement. The path is below /api/v4 and escaped as it was sent; the
// bodies are JSON, or empty. An answer that is no success is only asked to be an
// error in one of GitLab's forms.
func CheckCall(method, path string, query url.Values, requestBody, responseBody []byte, status int) []string {
	f, err := Read()
	if err != nil {
		return []string{err.Error()}
	}
	op := f.find(method, path)
	if op == nil {
		if status == http.StatusNotFound {
			return nil // and that is what GitLab says as well
		}
		return []string{fmt.Sprintf("%s %s is no operation that GitLab publishes", method, path)}
	}
	c := &checker{facts: &f}
	if status < 400 || status >= 500 {
		// What was refused may have been wrong; what was taken must not be.
		c.query(op, query)
		c.request(op, query, requestBody)
	}
	c.response(op, responseBody, status)
	for i := range c.found {
		c.found[i] = method + " " + op.Path + ": " + c.found[i]
	}
	return c.found
}

type checker struct {
	facts *Facts
	found []string
}

func (c *checker) say(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (op *Operation) param(name string) *Param {
	for i := range op.Params {
		if op.Params[i].Name == name {
			return &op.Params[i]
		}
	}
	return nil
}

// query checks what stands in the address. GitLab takes the parameters of a body
// from there as well.
func (c *checker) query(op *Operation, query url.Values) {
	for _, key := range slices.Sorted(maps.Keys(query)) {
		name := strings.TrimSuffix(key, "[]")
		if strings.HasPrefix(name, "not[") {
			name = "not"
		}
		p := op.param(name)
		if p == nil {
			c.say("the parameter %s is not known", key)
			continue
		}
		for _, v := range query[key] {
			c.word(p, v)
		}
	}
}

// word checks a value that was sent as text.
func (c *checker) word(p *Param, v string) {
	ok := true
	for _, part := range alternatives(p.Type) {
		ok = true
		switch part {
		case "integer", "integers":
			_, err := strconv.ParseInt(v, 10, 64)
			ok = err == nil || v == ""
		case "boolean":
			_, err := strconv.ParseBool(v)
			ok = err == nil
		case "time":
			_, err := time.Parse(time.RFC3339Nano, v)
			ok = err == nil
		}
		if ok {
			break
		}
	}
	if !ok {
		c.say("%s is %q, which is no %s", p.Name, v, p.Type)
	}
	c.allowed(p, v)
}

func (c *checker) allowed(p *Param, v string) {
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, v) {
		c.say("%s is %q, which is none of %s", p.Name, v, strings.Join(p.Enum, ", "))
	}
}

func (c *checker) request(op *Operation, query url.Values, body []byte) {
	sent := map[string]any{}
	if len(bytes.TrimSpace(body)) > 0 {
		v, err := decode(body)
		object, ok := v.(map[string]any)
		if err != nil || !ok {
			c.say("the body is no JSON object")
			return
		}
		sent = object
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		p := op.param(name)
		if p == nil {
			c.say("the parameter %s is not known", name)
			continue
		}
		c.value(p.Name, sentType(p.Type), sent[name])
		if s, ok := sent[name].(string); ok {
			c.allowed(p, s)
		}
	}
	for _, p := range op.Params {
		if _, there := sent[p.Name]; p.Required && !there && !query.Has(p.Name) {
			c.say("the parameter %s is missing", p.Name)
		}
	}
}

// sentType is the type of a parameter in a body: null and, for lists, one
// string with commas are taken too.
func sentType(t string) string {
	switch t {
	case "strings":
		return "strings|string?"
	case "integers":
		return "integers?"
	}
	return t + "?"
}

func (c *checker) response(op *Operation, body []byte, status int) {
	switch {
	case status >= 500 || status == http.StatusTooManyRequests:
		return // what stands before GitLab may have answered, with text
	case status >= 400:
		v, err := decode(body)
		object, ok := v.(map[string]any)
		if err != nil || !ok || object["message"] == nil && object["error"] == nil {
			c.say("%d without a message or an error: %s", status, body)
		}
		return
	case !slices.Contains(op.Status, status):
		c.say("the status is %d, want one of %v", status, op.Status)
		return
	}
	want := op.Response
	if status == http.StatusAccepted && op.Also != "" {
		want = op.Also
	}
	if want == "" || status == http.StatusNoContent {
		if len(bytes.TrimSpace(body)) > 0 {
			c.say("a body with status %d: %s", status, body)
		}
		return
	}
	v, err := decode(body)
	if err != nil {
		c.say("the answer is no JSON: %v", err)
		return
	}
	c.value("the answer", want, v)
}

func decode(body []byte) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind it")
	}
	return v, nil
}

// alternatives are the types of which one will do.
func alternatives(t string) []string { return strings.Split(strings.TrimSuffix(t, "?"), "|") }

// value checks a value against a type.
func (c *checker) value(where, t string, v any) {
	if v == nil {
		if !strings.HasSuffix(t, "?") && t != "any" {
			c.say("%s is null, want %s", where, t)
		}
		return
	}
	for _, part := range alternatives(t) {
		try := &checker{facts: c.facts}
		if try.one(where, part, v); len(try.found) == 0 {
			return
		}
		if len(alternatives(t)) == 1 {
			c.found = append(c.found, try.found...)
			return
		}
	}
	c.say("%s is %v, want %s", where, v, t)
}

func (c *checker) one(where, t string, v any) {
	if item, ok := strings.CutPrefix(t, "[]"); ok {
		list, ok := v.([]any)
		if !ok {
			c.say("%s is no list", where)
		}
		for i, x := range list {
			c.value(fmt.Sprintf("%s[%d]", where, i), item, x)
		}
		return
	}
	if s, ok := c.facts.Schemas[t]; ok {
		c.object(where, s, v)
		return
	}
	ok := true
	switch t {
	case "any":
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "integer":
		n, isNumber := v.(float64)
		ok = isNumber && n == math.Trunc(n)
	case "object":
		_, ok = v.(map[string]any)
	case "time":
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339Nano, s)
		ok = err == nil
	case "date":
		s, _ := v.(string)
		_, err := time.Parse(time.DateOnly, s)
		ok = err == nil || s == ""
	case "strings":
		c.one(where, "[]string", v)
	case "integers":
		c.one(where, "[]integer", v)
	default:
		c.say("%s: the facts know no type %q", where, t)
	}
	if !ok {
		c.say("%s is %v, want %s", where, v, t)
	}
}

func (c *checker) object(where string, s Schema, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		c.say("%s is %v, want an object", where, v)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		value, there := object[strings.TrimSuffix(name, "?")]
		switch {
		case there:
			c.value(where+"."+strings.TrimSuffix(name, "?"), s.Fields[name], value)
		case !strings.HasSuffix(name, "?"):
			c.say("%s.%s is missing", where, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, always := s.Fields[name]
		_, sometimes := s.Fields[name+"?"]
		if !always && !sometimes {
			c.say("%s.%s is not known", where, name)
		}
	}
}
