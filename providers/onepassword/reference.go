package onepassword

import (
	"fmt"
	"strings"
	"unicode"
)

// scheme is how a reference begins.
const scheme = "op://"

// longestReference is how long a reference may be, in bytes. 1Password states no
// limit; what is longer is something else that was put in the wrong place.
const longestReference = 1024

// Reference says where in 1Password a secret is. Each part is a name, in any
// case, or an id; Section may be empty.
//
// Source: https://developer.1password.com/docs/cli/secret-reference-syntax
type Reference struct {
	Vault, Item, Section, Field string
}

// IsReference reports whether a value is meant as a reference, well-formed or
// not. No token or key begins like one.
func IsReference(value string) bool {
	return len(value) >= len(scheme) && strings.EqualFold(value[:len(scheme)], scheme)
}

// ParseReference reads op://vault/item/[section/]field. It is as strict as
// 1Password: parts are letters without accents, digits, spaces and the marks - _
// and a full stop, and whatever is called otherwise is named by its id. Two things are
// refused that 1Password takes, for they are slips of the pen: empty parts, and
// spaces around a part. An attribute, as in ?attribute=otp, is refused too: a
// setting wants a value that stays.
func ParseReference(text string) (Reference, error) {
	bad := func(format string, args ...any) (Reference, error) {
		return Reference{}, &Error{Reference: shorten(text), Kind: ErrInvalid, Sentence: fmt.Sprintf(format, args...)}
	}
	switch {
	case len(text) > longestReference:
		return bad("a reference has %d characters at most", longestReference)
	case !strings.HasPrefix(text, scheme):
		return bad("a reference begins with op://, in lower case")
	}
	path := text[len(scheme):]
	if _, query, ok := strings.Cut(path, "?"); ok {
		return bad("attributes such as ?%s are not understood; name a field whose value is the secret", shorten(query))
	}
	parts := strings.Split(path, "/")
	if len(parts) != 3 && len(parts) != 4 {
		return bad("a reference is op://vault/item/field or op://vault/item/section/field, and this has %d parts", len(parts))
	}
	for _, p := range parts {
		switch {
		case p == "":
			return bad("a part of it is empty; a reference is op://vault/item/[section/]field")
		case strings.TrimSpace(p) != p:
			return bad("there is a space around %.40q; take it out", p)
		}
		if i := strings.IndexFunc(p, func(r rune) bool { return !allowed(r) }); i >= 0 {
			return bad("%.40q has a character that references must not have (letters from a to z, digits, spaces, - _ and . are allowed); use the id of what is called so", p)
		}
	}
	r := Reference{Vault: parts[0], Item: parts[1], Field: parts[len(parts)-1]}
	if len(parts) == 4 {
		r.Section = parts[2]
	}
	return r, nil
}

// String returns the reference as it is written.
func (r Reference) String() string {
	parts := []string{r.Vault, r.Item}
	if r.Section != "" {
		parts = append(parts, r.Section)
	}
	return scheme + strings.Join(append(parts, r.Field), "/")
}

// allowed reports whether a name in a reference may have a character.
func allowed(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_. ", r)
}

// shorten is what is shown of a text that may be anything, so that an error stays a
// line.
func shorten(text string) string {
	text, _, more := strings.Cut(text, "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
	if runes := []rune(text); len(runes) > 120 {
		text, more = string(runes[:120]), true
	}
	if more {
		text += "…"
	}
	return text
}
