package process

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

// reader reads one file and collects what is wrong with it.
type reader struct {
	file     string
	problems Problems
	steps    int // decoded so far
}

func (r *reader) problem(at *node, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) fileProblem(format string, args ...any) { r.problem(&node{}, format, args...) }

// object is a mapping whose keys are known.
type object struct {
	r    *reader
	node *node
	what string // "a step"
	// meant are the keys that unknown ones were probably meant to be. It would
	// only confuse to tell that they are missing, too.
	meant map[string]bool
}

// object checks that n is a mapping with the keys of that form. It never fails:
// what could not be read is empty, and the problem is told.
func (r *reader) object(n *node, what string) object {
	o, keys := object{r: r, node: n, what: what, meant: map[string]bool{}}, keysOf(what)
	if n.kind != mapping {
		if n.kind != absent {
			r.problem(n, "%s is written as keys and values, and this is %s; its keys are %s", what, n.kind, list(keys))
		}
		return o
	}
	seen := make(map[string]*node, len(n.entries))
	for _, e := range n.entries {
		if e.key.kind != scalar {
			continue // told already
		}
		if !slices.Contains(keys, e.key.text) {
			r.problem(e.key, "unknown key %q in %s%s", short(e.key.text), what, suggest(e.key.text, keys, "its keys are "+list(keys)))
			if near, ok := nearest(e.key.text, keys); ok {
				o.meant[near] = true
			}
			continue
		}
		if first, ok := seen[e.key.text]; ok {
			r.problem(e.key, "the key %q is given twice in %s; the first is in line %d", e.key.text, what, first.line)
			continue
		}
		seen[e.key.text] = e.key
	}
	return o
}

// name is what errors call the object: by its id where it has one.
func (o object) name() string {
	_, noun, _ := strings.Cut(o.what, " ")
	if id := o.node.get("id"); id.kind == scalar {
		return noun + " " + strconv.Quote(id.text)
	}
	return o.what
}

// need tells that a key is missing.
func (o object) need(key, why string) {
	if o.node.kind == mapping && !o.meant[key] {
		o.r.problem(o.node, "%s has no %q; %s", o.name(), key, why)
	}
}

// Bounds of what people read: a title fits a heading, a text one section of a
// message.
const (
	titleLength = 150
	shortLength = 40
	textLength  = 3000
	// launchDayLength is that of a row of the day of the launch.
	launchDayLength = 60
)

// text is a value of at most limit characters, trimmed. Empty when it is not
// given.
func (o object) text(key string, limit int) string {
	n := o.node.get(key)
	switch n.kind {
	case absent:
		return ""
	case empty:
		o.r.problem(n, "%q in %s has no value; write one or leave the key out", key, o.what)
		return ""
	case scalar:
	default:
		o.r.problem(n, "%q in %s must be text, and this is %s", key, o.what, n.kind)
		return ""
	}
	s := strings.TrimSpace(n.text)
	switch length := utf8.RuneCountInString(s); {
	case length == 0:
		o.r.problem(n, "%q in %s is empty; write something or leave the key out", key, o.what)
	case length > limit:
		o.r.problem(n, "%q in %s has %d characters; at most %d fit", key, o.what, length, limit)
	case strings.ContainsFunc(s, unprintable):
		o.r.problem(n, "%q in %s has a control character in it; leave it out", key, o.what)
	}
	return s
}

func unprintable(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0x7f }

// title is a text of one line that must be given.
func (o object) title(key, why string) string {
	n := o.node.get(key)
	if n.kind == absent {
		o.need(key, why)
		return ""
	}
	return o.line(key, titleLength)
}

// line is a text without line breaks.
func (o object) line(key string, limit int) string {
	s := o.text(key, limit)
	if strings.Contains(s, "\n") {
		o.r.problem(o.node.get(key), "%q in %s must be one line", key, o.what)
	}
	return s
}

// identifier is the form of every name that other places refer to.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

const idLength = 60

// id is a name in the form of an identifier that must be given.
func id[T ~string](o object, key, why string) T {
	if o.node.get(key).kind == absent {
		o.need(key, why)
		return ""
	}
	return name[T](o, key)
}

// name is a name in the form of an identifier, empty when it is not given.
func name[T ~string](o object, key string) T {
	n := o.node.get(key)
	s := o.line(key, idLength)
	return T(checkName(o.r, n, s))
}

// names is a list of names.
func names[T ~string](o object, key string) []T {
	var out []T
	for _, n := range o.list(key, 0) {
		if n.kind != scalar {
			o.r.problem(n, "%q in %s is a list of names, and this is %s", key, o.what, n.kind)
			out = append(out, "")
			continue
		}
		v := T(checkName(o.r, n, n.text))
		if i := slices.Index(out, v); i >= 0 && v != "" {
			o.r.problem(n, "%q is in this list already, in line %d", v, o.node.get(key).item(i).line)
			v = ""
		}
		out = append(out, v)
	}
	return out
}

// checkName is s, or nothing when it is not a name.
func checkName(r *reader, n *node, s string) string {
	if s == "" {
		return ""
	}
	if !identifier.MatchString(s) || len(s) > idLength {
		r.problem(n, "%q cannot be a name; write at most %d small letters, digits and single hyphens, such as \"create-issue\"", short(s), idLength)
		return ""
	}
	return s
}

// short is s as far as a message needs it.
func short(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}

// flag is true or false; false when it is not given.
func (o object) flag(key string) bool {
	n := o.node.get(key)
	if n.kind == absent {
		return false
	}
	if n.kind != scalar || n.quoted || n.text != "true" && n.text != "false" {
		o.r.problem(n, "%q in %s must be true or false, without quotes", key, o.what)
	}
	return n.text == "true"
}

// number is a whole number from least to most; 0 when it is not given.
func (o object) number(key string, least, most int) int {
	n := o.node.get(key)
	if n.kind == absent {
		return 0
	}
	v, err := strconv.Atoi(n.text)
	if n.kind != scalar || n.quoted || err != nil || v < least || v > most {
		o.r.problem(n, "%q in %s must be a whole number from %d to %d", key, o.what, least, most)
		return 0
	}
	return v
}

// days is a number of business days, at most a year of them; 0 when it is not
// given.
func (o object) days(key string) int { return o.number(key, 1, 260) }

// oneOf is one of the words; empty when it is not given.
func oneOf[T ~string](o object, key string, words ...T) T {
	n := o.node.get(key)
	s := o.line(key, textLength)
	if s == "" || slices.Contains(words, T(s)) {
		return T(s)
	}
	o.r.problem(n, "%q cannot be %q in %s%s", key, short(s), o.what, suggest(s, words, "it can be "+either(words)))
	return ""
}

// list is the items of a list of at most that many; 0 is as many as
// [MaxSteps], which no list may exceed.
func (o object) list(key string, most int) []*node {
	n := o.node.get(key)
	switch n.kind {
	case absent:
		return nil
	case sequence:
	default:
		o.r.problem(n, "%q in %s must be a list, and this is %s; begin each item with a dash", key, o.what, n.kind)
		return nil
	}
	if len(n.items) == 0 {
		o.r.problem(n, "%q in %s has nothing in it; write something or leave the key out", key, o.what)
	}
	if most == 0 {
		most = MaxSteps
	}
	if len(n.items) > most {
		o.r.problem(n.item(most), "%q in %s has %d items; at most %d are allowed", key, o.what, len(n.items), most)
		return n.items[:most]
	}
	return n.items
}

// each decodes the items of a list.
func each[T any](o object, key string, most int, decode func(*node) T) []T {
	var out []T
	for _, n := range o.list(key, most) {
		out = append(out, decode(n))
	}
	return out
}

var (
	subjects   = []workflow.Subject{workflow.SubjectPartnership, workflow.SubjectCatalyst}
	roles      = []workflow.Role{workflow.ToChaser, workflow.ToStage, workflow.ToOwner}
	providers  = []workflow.Provider{workflow.AWS, workflow.Azure, workflow.Manual}
	fieldTypes = []workflow.FieldType{
		workflow.ShortText, workflow.LongText, workflow.URL, workflow.URLs, workflow.DateField,
		workflow.Person, workflow.Number, workflow.Choice, workflow.VaultItem,
	}
)
