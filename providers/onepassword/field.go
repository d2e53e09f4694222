package onepassword

import (
	"fmt"
	"net/url"
	"strings"

	sdk "github.com/1Password/connect-sdk-go/onepassword"
)

// value is what the field or the attached file of a reference holds.
func (c *Connect) value(ref Reference, item *sdk.Item, vault string) (string, error) {
	found, err := find(ref, item)
	if err != nil {
		return "", err
	}
	if found.file == nil {
		return found.field.Value, nil
	}
	// The path is made here: the server's own would be put behind the address
	// as it comes, and could lead elsewhere, with the token.
	content, err := c.client().GetFileContent(&sdk.File{ID: found.file.ID,
		ContentPath: fmt.Sprintf("/v1/vaults/%s/items/%s/files/%s/content", vault, item.ID, url.PathEscape(found.file.ID))})
	if err != nil {
		return "", c.failed(ref, err)
	}
	return string(content), nil
}

// place is where the value is: one of the two.
type place struct {
	field *sdk.ItemField
	file  *sdk.File
}

// find looks for a field by its label or id, or for an attached file by its
// name. Without a section in the reference, a field that is in none is meant;
// when there is no such, one that is the only one of its name.
func find(ref Reference, item *sdk.Item) (place, error) {
	var outside, inside []place
	add := func(p place, section *sdk.ItemSection) {
		name := sectionName(item, section)
		switch {
		case ref.Section != "":
			if section != nil && (strings.EqualFold(section.ID, ref.Section) || strings.EqualFold(name, ref.Section)) {
				inside = append(inside, p)
			}
		case section == nil || name == "":
			outside = append(outside, p)
		default:
			inside = append(inside, p)
		}
	}
	for _, f := range item.Fields {
		if f != nil && (f.ID == ref.Field || strings.EqualFold(f.Label, ref.Field)) {
			add(place{field: f}, f.Section)
		}
	}
	for _, f := range item.Files {
		if f != nil && (f.ID == ref.Field || strings.EqualFold(f.Name, ref.Field)) {
			add(place{file: f}, f.Section)
		}
	}
	candidates := outside
	if len(candidates) == 0 {
		candidates = inside
	}
	switch len(candidates) {
	case 1:
		return candidates[0], nil
	case 0:
		where := fmt.Sprintf("in the item %q", ref.Item)
		if ref.Section != "" {
			where = fmt.Sprintf("in the section %q of the item %q", ref.Section, ref.Item)
		}
		return place{}, &Error{ref.String(), ErrMissing, fmt.Sprintf("there is no field %q %s; correct the name, or use the field's id", ref.Field, where)}
	}
	return place{}, &Error{ref.String(), ErrAmbiguous, fmt.Sprintf("%d fields of the item %q are called %q; say which section, or use the field's id", len(candidates), ref.Item, ref.Field)}
}

// sectionName is the label of a section: fields name it by its id alone. Items
// have a section without a label for what was added to none.
func sectionName(item *sdk.Item, section *sdk.ItemSection) string {
	if section == nil {
		return ""
	}
	for _, s := range item.Sections {
		if s != nil && s.ID == section.ID && s.Label != "" {
			return s.Label
		}
	}
	return section.Label
}
