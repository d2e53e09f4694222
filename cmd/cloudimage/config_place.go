package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// This file knows where in a configuration something is, so that every error in
// one reads like a compiler's: file, line and column, what is wrong, what to do.

// source is a configuration's text. A nil source has no places.
type source struct {
	name string
	root ast.Node // nil when the file says nothing
}

// decode reads a file into v, which is strict: it has all keys there are.
func decode(name string, text []byte, v any) (*source, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, unreadable(name, v, nil, err)
	}
	if len(file.Docs) > 1 {
		return nil, fmt.Errorf("%s: one document is enough; remove what follows the second ---", position(name, file.Docs[1].Start))
	}
	s := &source{name: name}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil || file.Docs[0].Body.Type() == ast.NullType {
		return s, nil
	}
	s.root = file.Docs[0].Body
	if err := yaml.NodeToValue(s.root, v, yaml.Strict()); err != nil {
		return nil, unreadable(name, v, s.root, err)
	}
	return s, nil
}

// unreadable says in our words what the reader of YAML has against a file.
func unreadable(name string, v any, root ast.Node, err error) error {
	var place yaml.Error
	if !errors.As(err, &place) {
		return fmt.Errorf("%s: %w", name, err)
	}
	message := place.GetMessage()
	if e, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		message = fmt.Sprintf("there is no key %q here; those there are: %s", e.Token.Value, strings.Join(keysBeside(reflect.TypeOf(v), root, e.Token), ", "))
	}
	if e, ok := errors.AsType[*yaml.TypeError](err); ok {
		message = "this must be " + inWords(e.DstType.Kind())
	}
	if e, ok := errors.AsType[*yaml.UnexpectedNodeTypeError](err); ok {
		message = "this must be " + expected(e.Expected)
	}
	return fmt.Errorf("%s: %s", position(name, place.GetToken()), message)
}

// keysBeside are the keys that may stand where an unknown one does.
func keysBeside(t reflect.Type, root ast.Node, unknown *token.Token) []string {
	above, _ := keysAbove(root, unknown)
	for _, key := range above {
		t = inside(t, key)
	}
	t = bare(t)
	if t.Kind() != reflect.Struct {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// keysAbove are the keys under which a key stands; false when it does not stand
// here.
func keysAbove(n ast.Node, wanted *token.Token) ([]string, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			key := pair.Key.GetToken()
			if key == wanted {
				return nil, true
			}
			if above, ok := keysAbove(pair.Value, wanted); ok {
				return append([]string{key.Value}, above...), true
			}
		}
	case *ast.SequenceNode:
		for _, item := range n.Values {
			if above, ok := keysAbove(item, wanted); ok {
				return above, true
			}
		}
	}
	return nil, false
}

// inside is the type of what stands under a key.
func inside(t reflect.Type, key string) reflect.Type {
	switch t = bare(t); t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("yaml") == key {
				return t.Field(i).Type
			}
		}
	}
	return t
}

// bare is a type without pointers to it and lists of it.
func bare(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

func inWords(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "a list, such as [a, b]"
	case reflect.Bool:
		return "true or false"
	}
	return "a group of keys"
}

func expected(n ast.NodeType) string {
	if n == ast.SequenceType {
		return inWords(reflect.Slice)
	}
	return inWords(reflect.Struct)
}

// at is an error about what stands at a path such as "teams.omnibus.members[0]".
func (s *source) at(path, format string, args ...any) error {
	place := ""
	if s != nil {
		place = position(s.name, find(s.root, strings.ReplaceAll(path, "[", ".["))) + ": "
	}
	return fmt.Errorf(place+path+": "+format, args...)
}

// find is the token of what stands at a path such as "teams.omnibus.members.[0]",
// or of what is nearest above it; nil when nothing is.
func find(n ast.Node, path string) *token.Token {
	key, rest, _ := strings.Cut(path, ".")
	if index, isIndex := strings.CutPrefix(key, "["); isIndex {
		list, ok := n.(*ast.SequenceNode)
		i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		if !ok || err != nil || i >= len(list.Values) {
			return nil
		}
		return orFind(list.Values[i].GetToken(), list.Values[i], rest)
	}
	if m, ok := n.(*ast.MappingNode); ok {
		for _, pair := range m.Values {
			if at := pair.Key.GetToken(); at.Value == key {
				return orFind(at, pair.Value, rest)
			}
		}
	}
	return nil
}

// orFind looks further down while there is a path.
func orFind(above *token.Token, n ast.Node, path string) *token.Token {
	return cmp.Or(find(n, path), above)
}

func position(name string, t *token.Token) string {
	if t == nil || t.Position == nil {
		return name
	}
	return fmt.Sprintf("%s:%d:%d", name, t.Position.Line, t.Position.Column)
}
