package onepassword_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"cloudimage/providers/onepassword"
)

func TestReferences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]onepassword.Reference{
		"op://vault/item/field":                                  {Vault: "vault", Item: "item", Field: "field"},
		"op://GitLab Images/AWS_1.2/Seller account/access-key":   {Vault: "GitLab Images", Item: "AWS_1.2", Section: "Seller account", Field: "access-key"},
		"op://ionaiwtdvgclrixbt6ztpqcxnq/p7eflcy7f5mk7vg6zrzf/x": {Vault: "ionaiwtdvgclrixbt6ztpqcxnq", Item: "p7eflcy7f5mk7vg6zrzf", Field: "x"},
		"op://../././.": {Vault: "..", Item: ".", Section: ".", Field: "."},
	} {
		got, err := onepassword.ParseReference(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s is %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestReferencesThatAreNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                             "begins with op://",
		"vault/item/field":                             "begins with op://",
		"OP://vault/item/field":                        "begins with op://, in lower case",
		"op://":                                        "this has 1 parts",
		"op://vault/item":                              "op://vault/item: a reference is op://vault/item/field or op://vault/item/section/field, and this has 2 parts",
		"op://vault/item/section/field/x":              "this has 5 parts",
		"op:///item/field":                             "a part of it is empty",
		"op://vault//field":                            "a part of it is empty",
		"op://vault/item/":                             "a part of it is empty",
		"op://vault/item/field ":                       `there is a space around "field "; take it out`,
		"op://vault/ item/field":                       `there is a space around " item"`,
		"op://vault/item/field\n":                      `there is a space around "field\n"`,
		"op://vault/it\tem/field":                      `"it\tem" has a character that references must not have`,
		"op://vault/Zoë/field":                         `"Zoë" has a character`,
		"op://vault/item/%66ield":                      `"%66ield" has a character`,
		`op://vault/a"b/field`:                         `"a\"b" has a character`,
		"op://vault/a\x00b/field":                      `"a\x00b" has a character`,
		"op://vault/\xff/field":                        `has a character`,
		"op://vault/item/field?attribute=otp":          "attributes such as ?attribute=otp are not understood",
		"op://vault/item/" + strings.Repeat("a", 1024): "a reference has 1024 characters at most",
	} {
		_, err := onepassword.ParseReference(text)
		if !errors.Is(err, onepassword.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

func TestIsReference(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"op://": true, "op://vault/item/field": true, "OP://x": true, // a slip that is to be told of
		"": false, "op:/": false, "xoxb-1": false, " op://vault/item/field": false, "/op://": false,
	} {
		if got := onepassword.IsReference(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// FuzzReference holds that what is read is written as it was, and that nothing
// is read that could mean more than names.
func FuzzReference(f *testing.F) {
	for _, seed := range []string{"op://a/b/c", "op://a b/c.d/e_f/g-h", "op://a/b", "OP://a/b/c", "op://a/b/c?attribute=otp", "op://ä/b/c", "op://a//c", "op://a/ b/c", "\x00", "op://\u202e\xff\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := onepassword.ParseReference(text)
		if err != nil {
			if !errors.Is(err, onepassword.ErrInvalid) || strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) || len(err.Error()) > 1500 {
				t.Errorf("a strange error: %q", err)
			}
			return
		}
		if ref.String() != text {
			t.Errorf("%q became %q", text, ref)
		}
		if again, err := onepassword.ParseReference(ref.String()); err != nil || again != ref {
			t.Errorf("%q is %+v and then %+v, %v", text, ref, again, err)
		}
		for _, part := range []string{ref.Vault, ref.Item, ref.Field} {
			if part == "" || strings.TrimSpace(part) != part || strings.ContainsAny(part, "/\\\"'%?#&\n\r\t") {
				t.Errorf("%q has the part %q", text, part)
			}
		}
	})
}
