package slackdev

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// ParseSeed reads a seed from YAML. It is strict: a key that there is not, a
// name that nobody has or a kind of account that Slack does not know is an
// error, which says where it is and what to do; all of them are told at once.
// name is the file's, for the errors.
func ParseSeed(name string, src []byte) (*Seed, error) {
	f := &seedFile{name: name}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, f.unreadable(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s: a seed is one YAML document with team, users, usergroups and channels", name)
	}
	f.root = file.Docs[0].Body
	var s Seed
	if err := yaml.NodeToValue(f.root, &s, yaml.Strict()); err != nil {
		return nil, f.unreadable(err)
	}
	var told []error
	for _, p := range s.problems() {
		told = append(told, fmt.Errorf("%s: %s", f.place(p.path), p.says))
	}
	if len(told) > 0 {
		return nil, errors.Join(told...)
	}
	return &s, nil
}

// YAML writes the seed as a file that ParseSeed reads.
func (s *Seed) YAML() ([]byte, error) {
	out, err := yaml.MarshalWithOptions(s, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write seed: %w", err)
	}
	return out, nil
}

// seedFile knows where in the file something is.
type seedFile struct {
	name string
	root ast.Node
}

// place is file, line and column of what stands at a path such as
// "users[2].kind", or of what is nearest above it.
func (f *seedFile) place(path string) string {
	for path != "" {
		if p, err := yaml.PathString("$." + path); err == nil {
			if n, err := p.FilterNode(f.root); err == nil && n != nil {
				return f.at(first(n))
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return f.name
}

// first is where a node begins, which for a group of keys is its first key.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

func (f *seedFile) at(t *token.Token) string {
	if t == nil || t.Position == nil {
		return f.name
	}
	return fmt.Sprintf("%s:%d:%d", f.name, t.Position.Line, t.Position.Column)
}

// unreadable says in our words what the reader of YAML has against the file.
func (f *seedFile) unreadable(err error) error {
	var place yaml.Error
	if !errors.As(err, &place) {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	message := place.GetMessage()
	if e, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		message = fmt.Sprintf("there is no key %q here; those there are: %s", e.Token.Value, strings.Join(f.keysBeside(e.Token), ", "))
	}
	if e, ok := errors.AsType[*yaml.TypeError](err); ok {
		message = "this must be " + inWords(e.DstType.Kind())
	}
	if e, ok := errors.AsType[*yaml.UnexpectedNodeTypeError](err); ok {
		message = "this must be " + inWords(reflect.Struct)
		if e.Expected == ast.SequenceType {
			message = "this must be " + inWords(reflect.Slice)
		}
	}
	return fmt.Errorf("%s: %s", f.at(place.GetToken()), message)
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

// keysBeside are the keys that may stand where an unknown one does.
func (f *seedFile) keysBeside(unknown *token.Token) []string {
	under := map[string]any{"team": SeedTeam{}, "users": SeedUser{}, "usergroups": SeedGroup{}, "channels": SeedChannel{}}
	for _, n := range ast.Filter(ast.StringType, f.root) {
		if n.GetToken() != unknown {
			continue
		}
		section, _, _ := strings.Cut(strings.TrimPrefix(n.GetPath(), "$."), ".")
		section, _, _ = strings.Cut(section, "[")
		if v, ok := under[section]; ok {
			return yamlKeys(reflect.TypeOf(v))
		}
	}
	return slices.Sorted(maps.Keys(under))
}

func yamlKeys(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		out = append(out, key)
	}
	return out
}
