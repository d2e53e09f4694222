package releases

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// DefaultTagPattern fits the tags of GitLab's packages, "18.5.0+ee.0". What else
// there is has no edition, or is a candidate, or is built by the hour.
const DefaultTagPattern = `(?P<version>\d+\.\d+\.\d+)\+(?P<edition>ce|ee)\.(?P<rebuild>\d+)`

// Pattern says which tags name releases. It is made by [NewPattern].
type Pattern struct {
	form                      *regexp.Regexp
	version, edition, rebuild int // groups; -1 where there is none
}

// longestPattern is how many bytes a pattern may have.
const longestPattern = 1000

// NewPattern reads a regular expression. A whole tag has to fit it. Its group
// "version" is the version, as 18.5.0 or 18.5; the groups "edition" and "rebuild"
// may be there. The empty expression is [DefaultTagPattern].
func NewPattern(expression string) (*Pattern, error) {
	if expression == "" {
		expression = DefaultTagPattern
	}
	if len(expression) > longestPattern {
		return nil, fmt.Errorf("the pattern of tags has more than %d characters", longestPattern)
	}
	// Read by itself first: "a)|(b" is none, and would be one in brackets.
	if _, err := regexp.Compile(expression); err != nil {
		return nil, fmt.Errorf("the pattern of tags cannot be read: %w", err)
	}
	form, err := regexp.Compile(`\A(?:` + expression + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("the pattern of tags cannot be read: %w", err)
	}
	p := patternOf(form)
	if p.version < 0 {
		return nil, errors.New(`the pattern of tags does not say what the version is: put it in a group, (?P<version>\d+\.\d+\.\d+)`)
	}
	for i, name := range form.SubexpNames() {
		switch name {
		case "", "version", "edition", "rebuild":
		default:
			return nil, fmt.Errorf("the pattern of tags has a group %q; there may be version, edition and rebuild", name)
		}
		if name != "" && slices.Contains(form.SubexpNames()[:i], name) {
			return nil, fmt.Errorf("the pattern of tags has the group %q twice", name)
		}
	}
	return p, nil
}

func patternOf(form *regexp.Regexp) *Pattern {
	return &Pattern{form: form, version: form.SubexpIndex("version"), edition: form.SubexpIndex("edition"), rebuild: form.SubexpIndex("rebuild")}
}

// longestTag is how many bytes a tag may have that is looked at.
const longestTag = 200

var (
	plainNumber = regexp.MustCompile(`\A(?:0|[1-9][0-9]{0,5})\z`)
	editionForm = regexp.MustCompile(`\A[A-Za-z][A-Za-z0-9-]{0,19}\z`)
)

// Parse reads a tag; false when it names no release. When it was made is not in a
// name, and stays zero.
func (p *Pattern) Parse(name string) (workflow.Tag, bool) {
	if len(name) > longestTag {
		return workflow.Tag{}, false
	}
	m := p.form.FindStringSubmatch(name)
	if m == nil {
		return workflow.Tag{}, false
	}
	tag := workflow.Tag{Name: name}
	var ok bool
	if tag.Version, ok = plainVersion(m[p.version]); !ok {
		return workflow.Tag{}, false
	}
	if p.edition >= 0 && m[p.edition] != "" {
		if !editionForm.MatchString(m[p.edition]) {
			return workflow.Tag{}, false
		}
		tag.Edition = strings.ToUpper(m[p.edition])
	}
	if p.rebuild >= 0 && m[p.rebuild] != "" {
		if !plainNumber.MatchString(m[p.rebuild]) {
			return workflow.Tag{}, false
		}
		tag.Version.Rebuild, _ = strconv.Atoi(m[p.rebuild]) // six digits at most
	}
	return tag, true
}

// ParseTag reads a tag by [DefaultTagPattern].
func ParseTag(name string) (workflow.Tag, bool) { return releaseTag.Parse(name) }

var releaseTag = patternOf(regexp.MustCompile(`\A(?:` + DefaultTagPattern + `)\z`))

// plainVersion reads 18.5.0, or 18.5 which is its first patch; nothing may follow.
func plainVersion(s string) (workflow.Version, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' || strings.ContainsAny(s, "+-") {
		return workflow.Version{}, false
	}
	if b, ok := workflow.ParseBranch(s); ok {
		v := workflow.Version{Major: b.Major, Minor: b.Minor}
		return v, !v.IsZero()
	}
	return workflow.ParseVersion(s)
}

// Lister reads the tags of a repository, whatever they name.
type Lister interface {
	// EachTag hands over the newest tags, the newest first: the name, and when the
	// tag was made or what it names; zero when that is not known. An error may come
	// after some were handed over.
	EachTag(ctx context.Context, yield func(name string, at time.Time)) error
}

// Tags are the tags of a repository that name releases.
type Tags struct {
	from    Lister
	pattern *Pattern
}

var _ maintenance.Tags = (*Tags)(nil)

// NewTags brings a repository and a pattern together.
func NewTags(from Lister, pattern *Pattern) *Tags { return &Tags{from, pattern} }

// mostTags is how many tags are returned.
const mostTags = 500

// Tags implements [maintenance.Tags]. Those that were read before something went
// wrong are returned beside the error.
func (t *Tags) Tags(ctx context.Context) ([]workflow.Tag, error) {
	var out []workflow.Tag
	seen := map[string]bool{}
	err := t.from.EachTag(ctx, func(name string, at time.Time) {
		tag, ok := t.pattern.Parse(name)
		if !ok || seen[name] {
			return
		}
		seen[name] = true
		tag.At = at
		out = append(out, tag)
	})
	slices.SortStableFunc(out, func(a, b workflow.Tag) int { return b.At.Compare(a.At) })
	return out[:min(len(out), mostTags)], err
}
