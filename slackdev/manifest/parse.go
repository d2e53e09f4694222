package manifest

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A SyntaxError is a manifest that cannot be read as one, and where.
type SyntaxError struct {
	Line, Column int // from 1; 0 when the manifest as a whole is meant
	Message      string
}

// Error returns the place and the reason, such as `line 3, column 5: unknown
// field "colour"`.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Parse reads a manifest, YAML or JSON. Keys Slack's schema does not have, keys
// given twice, values of the wrong type and keys without a value are errors of
// type [*SyntaxError].
func Parse(data []byte) (Manifest, error) {
	var m Manifest
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Manifest{}, located(err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return Manifest{}, &SyntaxError{Message: "the manifest is empty"}
	}
	if len(file.Docs) > 1 {
		return Manifest{}, at(file.Docs[1].Start, "one manifest is enough: remove the second document")
	}
	body := file.Docs[0].Body
	if empty := findEmpty(body); empty != nil {
		return Manifest{}, at(empty, "this key has no value: give it one or remove it")
	}
	if err := yaml.NodeToValue(body, &m, yaml.Strict()); err != nil {
		return Manifest{}, located(err)
	}
	return m, nil
}

// findEmpty returns the first key without a value, in the parts that are
// judged. Slack refuses null and empty strings, and a Go struct cannot tell
// them from an absent key.
func findEmpty(root ast.Node) *token.Token {
	f := &emptyFinder{}
	ast.Walk(f, root)
	return f.found
}

type emptyFinder struct{ found *token.Token }

// Visit looks at one node, and further down until something is found.
func (f *emptyFinder) Visit(node ast.Node) ast.Visitor {
	if f.found != nil {
		return nil
	}
	pair, ok := node.(*ast.MappingValueNode)
	if !ok {
		return f
	}
	switch pair.Key.GetToken().Value {
	case "app_directory", "functions", "workflows", "datastores", "types", "external_auth_providers", "mcp_servers",
		"agent_view", "assistant_view", "code_channels", "workflow_steps", "metadata_subscriptions":
		return nil // kept, not judged
	}
	switch value := pair.Value.(type) {
	case *ast.NullNode:
		f.found = pair.Key.GetToken()
	case *ast.StringNode:
		if value.Value == "" {
			f.found = pair.Key.GetToken()
		}
	}
	return f
}

// located gives an error of the YAML package its place.
func located(err error) error {
	var place yaml.Error
	if !errors.As(err, &place) {
		return &SyntaxError{Message: err.Error()}
	}
	message := place.GetMessage()
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		message = "this must be " + inWords(wrong.DstType)
	}
	return at(place.GetToken(), message)
}

// inWords is a Go type as the author of a manifest knows it.
func inWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "a list"
	default:
		return "a group of keys"
	}
}

func at(t *token.Token, message string) error {
	if t == nil || t.Position == nil {
		return &SyntaxError{Message: message}
	}
	return &SyntaxError{Line: t.Position.Line, Column: t.Position.Column, Message: message}
}
