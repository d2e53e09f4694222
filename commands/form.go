package commands

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

// Form asks a person for answers. Submitting it makes a [Request] of the same
// verb and target with [Values].
type Form struct {
	Verb   string
	Target Target
	Title  string // 24 characters at most
	Submit string // 24 characters at most
	Intro  []workflow.Text
	Fields []Field
}

// here is a form whose answer is told where it was opened.
func here(req Request, f *Form) Reply {
	f.Target.Channel = cmp.Or(req.Target.Channel, req.Channel)
	return Reply{Form: f}
}

// FieldKind is how a field is asked for.
type FieldKind string

// The kinds of fields.
const (
	Text     FieldKind = "text"
	LongText FieldKind = "long-text"
	Link     FieldKind = "link"
	Number   FieldKind = "number"
	Date     FieldKind = "date"
	Person   FieldKind = "person"
	Select   FieldKind = "select" // one of Options, in a menu
	Radio    FieldKind = "radio"  // one of Options, all in sight; 10 at most
	Checks   FieldKind = "checks" // any of Options; 10 at most
)

// Field is one answer of a form.
type Field struct {
	ID        workflow.FieldID
	Label     string
	Hint      string
	Kind      FieldKind
	Optional  bool
	Initial   []string // option values, a date, a user id or text
	Options   []Option
	MaxLength int // of texts; 0 for 3,000 characters
}

// Option is one choice of a field.
type Option struct {
	Value string
	Label string
	Note  string // a line under the label
}

// longestOption is how many characters the value of an option takes; one that has more
// could not be chosen.
const longestOption = 150

// optionValue is what an option is known by: the text, or its digest where it is too long.
func optionValue(s string) string {
	if utf8.RuneCountInString(s) <= longestOption {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// fieldKinds are how each type of evidence is asked for.
var fieldKinds = map[workflow.FieldType]FieldKind{
	workflow.ShortText: Text,
	workflow.LongText:  LongText,
	workflow.URL:       Link,
	workflow.URLs:      LongText,
	workflow.DateField: Date,
	workflow.Person:    Person,
	workflow.Number:    Number,
	workflow.Choice:    Select,
	workflow.VaultItem: Text,
}

// evidenceField asks for one piece of evidence, with the answer kept from before.
func evidenceField(f workflow.Field, before string) Field {
	out := Field{
		ID: f.ID, Label: f.Label, Hint: f.Hint, Kind: fieldKinds[f.Type],
		Optional: f.Optional, MaxLength: f.MaxLength,
	}
	if before != "" {
		out.Initial = []string{before}
	}
	for _, o := range f.Options {
		out.Options = append(out.Options, Option{Value: o, Label: o})
	}
	if f.Private {
		out.Hint = joinHints(out.Hint, "Seen by your team and the project owner only.")
	}
	if f.Ask != "" {
		out.Hint = joinHints(out.Hint, f.Ask)
	}
	return out
}

func joinHints(a, b string) string {
	if a == "" {
		return b
	}
	return strings.TrimSuffix(a, ".") + ". " + capital(b)
}

// fill puts answers that were given before into the fields that ask for them.
func (f *Form) fill(v Values) {
	for i := range f.Fields {
		if given := v[f.Fields[i].ID]; len(given) > 0 {
			f.Fields[i].Initial = given
		}
	}
}

// mostAsked is how many characters a field of text takes.
const mostAsked = 3000

// leaveOutLong takes out the fields whose text is longer than a form takes, and says so:
// what is not asked for stays.
func (f *Form) leaveOutLong() {
	f.Fields = slices.DeleteFunc(f.Fields, func(field Field) bool {
		if len(field.Initial) == 0 || len([]rune(field.Initial[0])) <= mostAsked {
			return false
		}
		f.Intro = append(f.Intro, workflow.Say("%s is longer than a form takes, and stays as it is. An import changes it.", field.Label))
		return true
	})
}

// overrideField asks an admin why they act in place of others.
func overrideField() Field {
	return reasonField("Why do you act in place of the people it belongs to?")
}

// reasonField asks why.
func reasonField(label string) Field {
	return Field{ID: workflow.FieldReason, Label: label, Kind: LongText, MaxLength: 500}
}
