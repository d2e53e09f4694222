package process

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of the form of a file. The parser works by recursion, and a stack
// that overflows cannot be recovered from, so depth is counted before parsing.
const (
	maxDepth  = 16  // brackets in brackets
	maxIndent = 120 // the column of the deepest key or dash
	maxTokens = 100_000
)

// parse turns the text of a file into its tree; nil when it is not YAML.
func (r *reader) parse(src []byte) *node {
	if len(src) > MaxBytes {
		r.fileProblem("the file is larger than %d KiB; a process is a few pages of text", MaxBytes/1024)
		return nil
	}
	if lines := countLines(src); lines > MaxLines {
		r.fileProblem("the file has %d lines; at most %d are allowed, since a process is a few pages of text", lines, MaxLines)
		return nil
	}
	if at := invalidUTF8(src); at >= 0 {
		before := string(src[:at])
		n := &node{line: 1 + strings.Count(before, "\n"), column: utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1}
		r.problem(n, "the file is not UTF-8 text from here on; save it as UTF-8")
		return nil
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(string(src), "\ufeff"))
	if len(tokens) > maxTokens {
		r.fileProblem("the file has more than %d words and signs; a process is a few pages of text", maxTokens)
		return nil
	}
	if !r.tokensAllowed(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntaxError(err)
		return nil
	}
	return r.document(file)
}

// countLines counts line breaks of all kinds: LF, CR LF and CR.
func countLines(src []byte) int {
	return bytes.Count(src, []byte("\n")) + bytes.Count(src, []byte("\r")) - bytes.Count(src, []byte("\r\n"))
}

func invalidUTF8(src []byte) int {
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// tokensAllowed refuses what the language of process files leaves out of YAML.
func (r *reader) tokensAllowed(tokens token.Tokens) bool {
	before := len(r.problems)
	brackets, run := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			r.tokenProblem(t, "anchors, aliases and merge keys (&, * and <<) are not read in a process; write the value out, or put it in quotes if it is text")
		case token.TagType:
			r.tokenProblem(t, "tags (!) are not read in a process; leave it out, or put the value in quotes if it is text")
		case token.DirectiveType:
			r.tokenProblem(t, "directives (%%) are not read in a process; leave the line out")
		case token.MappingKeyType:
			r.tokenProblem(t, "keys of several lines (?) are not read in a process; write the key before a colon")
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		}
		switch t.Type {
		case token.SequenceEntryType:
			run++
		default:
			run = 0
		}
		if brackets > maxDepth || run > maxDepth || brackets == 0 && indents(t) && t.Position.Column > maxIndent {
			r.tokenProblem(t, "this is nested too deeply for a process")
			return false
		}
	}
	return len(r.problems) == before
}

func indents(t *token.Token) bool {
	return t.Type == token.SequenceEntryType || t.Type == token.MappingValueType
}

// syntaxError reports what the parser could not read.
func (r *reader) syntaxError(err error) {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		message := firstLine(at.GetMessage())
		r.tokenProblem(at.GetToken(), "this is not YAML: %s%s", message, cure(message))
		return
	}
	r.fileProblem("this is not YAML: %s", firstLine(err.Error()))
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

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func (r *reader) tokenProblem(t *token.Token, format string, args ...any) {
	r.problem(&node{line: t.Position.Line, column: t.Position.Column}, format, args...)
}

// document is the one mapping a file consists of.
func (r *reader) document(file *ast.File) *node {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.fileProblem("the file is empty; a process begins with \"process:\" and its name")
		return nil
	case 1:
		return r.tree(bodies[0])
	}
	r.tokenProblem(bodies[1].GetToken(), "a second process begins here; put each process in its own file")
	return nil
}

// tree copies what we read of a syntax tree.
func (r *reader) tree(n ast.Node) *node {
	at := &node{kind: empty}
	if n == nil {
		return at
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		at.line, at.column = t.Position.Line, t.Position.Column
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.MappingNode:
		at.kind = mapping
		for _, v := range n.Values {
			at.entries = append(at.entries, r.entry(v))
		}
		at.startAtFirstKey(n.IsFlowStyle)
	case *ast.MappingValueNode:
		at.kind = mapping
		at.entries = []entry{r.entry(n)}
		at.startAtFirstKey(n.IsFlowStyle)
	case *ast.SequenceNode:
		at.kind = sequence
		for _, v := range n.Values {
			at.items = append(at.items, r.tree(v))
		}
	case *ast.StringNode:
		at.kind, at.text = scalar, n.Value
		at.quoted = n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
	case *ast.LiteralNode:
		at.kind, at.text, at.quoted = scalar, n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		at.kind, at.text = scalar, n.GetToken().Value
	default:
		r.problem(at, "this form of YAML is not read in a process; write keys, lists and text only")
	}
	return at
}

func (r *reader) entry(v *ast.MappingValueNode) entry {
	e := entry{key: r.tree(v.Key), value: r.tree(v.Value)}
	if e.key.kind != scalar {
		r.problem(e.key, "a key must be a word")
	}
	if e.value.kind == empty { // an absent value has no place of its own
		e.value.line, e.value.column = e.key.line, e.key.column
	}
	return e
}

// startAtFirstKey makes a mapping begin where people see it begin; its own
// token is the first colon.
func (n *node) startAtFirstKey(flow bool) {
	if !flow && len(n.entries) > 0 {
		n.line, n.column = n.entries[0].key.line, n.entries[0].key.column
	}
}
