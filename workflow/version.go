package workflow

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Version is a version of the product, and how often its packages were built again
// since: 17.5.1, and 17.5.1+1 for its first rebuild. The zero Version is none.
type Version struct {
	Major, Minor, Patch int
	Rebuild             int // 0 for the first packages
}

// versionForm takes what people and packages write: "17.5.1", "v17.5.1", "17.5.1+1",
// "17.5.1-ee.1". A number has six digits at most.
var versionForm = regexp.MustCompile(`^v?(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:[+-](?:([a-z]{1,20})\.)?(0|[1-9]\d{0,5}))?$`)

// unreleased is what comes before a release, where packages have their edition.
var unreleased = []string{"rc", "pre", "alpha", "beta", "preview", "dev", "nightly"}

// ParseVersion reads a version as people and packages write it; false when it is
// none, or one that is not released, such as a release candidate.
func ParseVersion(s string) (Version, bool) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil || slices.Contains(unreleased, m[4]) {
		return Version{}, false
	}
	var n [4]int
	for i, digits := range []string{m[1], m[2], m[3], m[5]} {
		n[i], _ = strconv.Atoi(digits) // digits, or nothing
	}
	v := Version{n[0], n[1], n[2], n[3]}
	return v, v != (Version{})
}

// String is "17.5.1", or "17.5.1+1" for a rebuild; empty for no version.
func (v Version) String() string {
	switch {
	case v == (Version{}):
		return ""
	case v.Rebuild > 0:
		return fmt.Sprintf("%d.%d.%d+%d", v.Major, v.Minor, v.Patch, v.Rebuild)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// Compare orders versions; a rebuild comes after what it rebuilds.
func (v Version) Compare(o Version) int {
	return cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor), cmp.Compare(v.Patch, o.Patch), cmp.Compare(v.Rebuild, o.Rebuild))
}

// IsZero reports whether it is no version.
func (v Version) IsZero() bool { return v == Version{} }

// Branch is the minor version that it is of: 17.5.
func (v Version) Branch() Branch { return Branch{v.Major, v.Minor} }

// First is the version without its rebuilds.
func (v Version) First() Version {
	v.Rebuild = 0
	return v
}

// MarshalText implements [encoding.TextMarshaler].
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *Version) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*v = Version{}
		return nil
	}
	read, ok := ParseVersion(string(b))
	if !ok {
		return fmt.Errorf("%q is no version", b)
	}
	*v = read
	return nil
}

// Branch is a minor version with all its patches: 17.5.
type Branch struct{ Major, Minor int }

var branchForm = regexp.MustCompile(`^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`)

// ParseBranch reads a minor version, "17.5".
func ParseBranch(s string) (Branch, bool) {
	m := branchForm.FindStringSubmatch(s)
	if m == nil {
		return Branch{}, false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return Branch{major, minor}, true
}

// String is "17.5".
func (b Branch) String() string { return fmt.Sprintf("%d.%d", b.Major, b.Minor) }

// Compare orders branches.
func (b Branch) Compare(o Branch) int {
	return cmp.Or(cmp.Compare(b.Major, o.Major), cmp.Compare(b.Minor, o.Minor))
}
