// Package openapi holds what GitLab publishes of the part of its REST API that
// this program and its stand-in use, and tells where a call disagrees with it.
//
// # Vocabulary
//
//   - An operation is a method and a path, with its parameters and what it
//     answers. A parameter has a place (path, query, body), a type, and often a
//     list of values.
//   - A schema is an object of an answer with the types of its fields. A field
//     that ends in "?" is not always there; a type that ends in "?" may be null.
//   - A fact is an entry of testdata/openapi.json. Each operation and schema says
//     where it was taken from: "openapi" is GitLab's OpenAPI description, anything
//     else a page of its documentation or an entity of its source.
//
// The published description calls a field a string when nobody said what it is.
// Such fields have the type that the documentation's examples show, or "any".
package openapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed testdata/openapi.json
var published []byte

// Facts are all facts.
type Facts struct {
	Source     string            // the repository and file
	Commit     string            // of that repository
	Note       string            // how they were taken
	Schemas    map[string]Schema // by name
	Operations []Operation
}

// Schema is an object in an answer.
type Schema struct {
	From   string
	Fields map[string]string // type by name
}

// Operation is one operation of the API.
type Operation struct {
	Method, Path string // /projects/{id}/issues, below /api/v4
	From         string
	Status       []int   // of success
	Params       []Param // of the query and the body
	Response     string  // a type; "" is no body
	Also         string  // a type of success with status 202
}

// Param is a parameter.
type Param struct {
	Name     string
	In       string // query or body
	Type     string
	Required bool     `json:",omitempty"`
	Enum     []string `json:",omitempty"`
}

// Read reads the facts.
func Read() (Facts, error) {
	var f Facts
	if err := json.Unmarshal(published, &f); err != nil {
		return Facts{}, fmt.Errorf("read the facts of GitLab's API: %w", err)
	}
	return f, nil
}

// find is the operation of a path below /api/v4, escaped as it is sent.
func (f *Facts) find(method, path string) *Operation {
	have := strings.Split(strings.Trim(path, "/"), "/")
	for i := range f.Operations {
		op := &f.Operations[i]
		if op.Method == method && matches(strings.Split(strings.Trim(op.Path, "/"), "/"), have) {
			return op
		}
	}
	return nil
}

func matches(want, have []string) bool {
	if len(want) != len(have) {
		return false
	}
	for i, w := range want {
		if !strings.HasPrefix(w, "{") && w != have[i] || have[i] == "" {
			return false
		}
	}
	return true
}
