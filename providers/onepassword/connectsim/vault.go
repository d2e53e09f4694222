package connectsim

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Vault is a vault and what is in it.
type Vault struct {
	ID    string // made from the name when empty
	Name  string
	Items []Item
	// OutOfScope says that the token may not read it: it is not listed, and asking
	// for it is refused.
	OutOfScope bool
}

// Item is an item of a vault.
type Item struct {
	ID       string // made from the title when empty
	Title    string
	Category string // such as LOGIN; API_CREDENTIAL when empty
	Fields   []Field
	Files    []File
}

// Field is a field of an item.
type Field struct {
	ID      string // made from the label when empty
	Section string // the section's label; empty for none
	Label   string
	Value   string
	Type    string // such as STRING; CONCEALED when empty
	Purpose string // USERNAME, PASSWORD, NOTES or empty
}

// File is a file that is attached to an item.
type File struct {
	ID      string // made from the name when empty
	Section string // the section's label; empty for none
	Name    string
	Content string
}

// ID is an id of the form that 1Password's have, and always the same for the
// same parts.
func ID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:26]
}

// filled is a vault with its ids.
func filled(v Vault) Vault {
	if v.ID == "" {
		v.ID = ID("vault", v.Name)
	}
	items := make([]Item, 0, len(v.Items))
	for _, i := range v.Items {
		items = append(items, filledItem(v.ID, i))
	}
	v.Items = items
	return v
}

func filledItem(vault string, i Item) Item {
	if i.ID == "" {
		i.ID = ID("item", vault, i.Title)
	}
	if i.Category == "" {
		i.Category = "API_CREDENTIAL"
	}
	i.Fields = append([]Field(nil), i.Fields...)
	for n := range i.Fields {
		f := &i.Fields[n]
		if f.ID == "" {
			f.ID = ID("field", i.ID, f.Section, f.Label)
		}
		if f.Type == "" {
			f.Type = "CONCEALED"
		}
	}
	i.Files = append([]File(nil), i.Files...)
	for n := range i.Files {
		if f := &i.Files[n]; f.ID == "" {
			f.ID = ID("file", i.ID, f.Section, f.Name)
		}
	}
	return i
}
