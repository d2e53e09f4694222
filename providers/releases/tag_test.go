package releases

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestTagsThatNameReleases(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", 30)
	for _, c := range []struct {
		tag              string
		version, edition string // of a release; empty for anything else
	}{
		{"18.5.0+ee.0", "18.5.0", "EE"},
		{"18.5.0+ce.0", "18.5.0", "CE"},
		{"13.3.0+ee.1", "13.3.0+1", "EE"},
		{"0.0.1+ee.0", "0.0.1", "EE"},
		{"18.11.11+ee.12", "18.11.11+12", "EE"},

		{"18.5.0+rc42.ee.0", "", ""},
		{"18.5.0+rc1.ce.0", "", ""},
		{"12.5.201910241610+a2d57d06bce.76630cc9985", "", ""},
		{"1.2.3.ci-test.1", "", ""},
		{"6.x.omnibus", "", ""},
		{"1.1.1+ce.sec.1", "", ""},
		{"18.5.0", "", ""},
		{"v18.5.0+ee.0", "", ""},
		{"18.5.0+EE.0", "", ""},
		{"18.5.0-ee.0", "", ""},
		{"18.5+ee.0", "", ""},
		{"18.5.0.1+ee.0", "", ""},
		{"18.05.0+ee.0", "", ""},
		{"018.5.0+ee.0", "", ""},
		{"18.5.0+ee.01", "", ""},
		{"0.0.0+ee.0", "", ""},
		{"18.5.0+ee.", "", ""},
		{"18.5.0+ee", "", ""},
		{"18.5.0+ee.0\n", "", ""},
		{"\n18.5.0+ee.0", "", ""},
		{" 18.5.0+ee.0", "", ""},
		{"18.5.0+ee.0 ", "", ""},
		{"18.5.0+ee.0\x00", "", ""},
		{"18.5.0+ee.0+ee.0", "", ""},
		{"refs/tags/18.5.0+ee.0", "", ""},
		{"١٨.٥.٠+ee.0", "", ""},
		{"１８.5.0+ee.0", "", ""},
		{"18.5.0＋ee.0", "", ""},
		{"18.5.0+ее.0", "", ""}, // in Cyrillic
		{huge + ".5.0+ee.0", "", ""},
		{"18.5.0+ee." + huge, "", ""},
		{"1234567.5.0+ee.0", "", ""},
		{"999999.5.0+ee.0", "999999.5.0", "EE"},
		{"18.5.201910241610+ee.0", "", ""},
		{strings.Repeat("1", 10_000) + "+ee.0", "", ""},
		{"", "", ""},
	} {
		tag, ok := ParseTag(c.tag)
		if want := c.version != ""; ok != want || tag.Version.String() != c.version || tag.Edition != c.edition || want && tag.Name != c.tag {
			t.Errorf("%.60q: %+v, %v", c.tag, tag, ok)
		}
	}
}

func TestPatternsOfOtherProducts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, pattern, tag string
		want               workflow.Tag
		ok                 bool
	}{
		{"a v before it", `v(?P<version>\d+\.\d+\.\d+)`, "v1.4.2", workflow.Tag{Name: "v1.4.2", Version: workflow.Version{Major: 1, Minor: 4, Patch: 2}}, true},
		{"a pattern is for all of a tag", `v(?P<version>\d+\.\d+\.\d+)`, "v1.4.2-rc1", workflow.Tag{}, false},
		{"from its beginning", `v(?P<version>\d+\.\d+\.\d+)`, "xv1.4.2", workflow.Tag{}, false},
		{"each of two", `v(?P<version>\d+\.\d+\.\d+)|nightly`, "v1.4.2-rc1", workflow.Tag{}, false},
		{"and one that has no version", `v(?P<version>\d+\.\d+\.\d+)|nightly`, "nightly", workflow.Tag{}, false},
		{"two numbers are the first patch", `(?P<version>\d+\.\d+)`, "1.4", workflow.Tag{Name: "1.4", Version: workflow.Version{Major: 1, Minor: 4}}, true},
		{"a version is nothing more", `v(?P<version>.+)`, "v1.4.2-rc.1", workflow.Tag{}, false},
		{"nor has it a v", `(?P<version>.+)`, "v1.4.2", workflow.Tag{}, false},
		{"a rebuild", `(?P<version>\d+\.\d+\.\d+)(?:-(?P<rebuild>\d+))?`, "1.4.2-3", workflow.Tag{Name: "1.4.2-3", Version: workflow.Version{Major: 1, Minor: 4, Patch: 2, Rebuild: 3}}, true},
		{"or none", `(?P<version>\d+\.\d+\.\d+)(?:-(?P<rebuild>\d+))?`, "1.4.2", workflow.Tag{Name: "1.4.2", Version: workflow.Version{Major: 1, Minor: 4, Patch: 2}}, true},
		{"an edition in any letters", `(?P<edition>\w+)/(?P<version>[\d.]+)`, "community/1.4.2", workflow.Tag{Name: "community/1.4.2", Version: workflow.Version{Major: 1, Minor: 4, Patch: 2}, Edition: "COMMUNITY"}, true},
		{"an edition is a word", `(?P<edition>.+)/(?P<version>[\d.]+)`, "a b/1.4.2", workflow.Tag{}, false},
		{"lines do not count as tags", `(?m)^(?P<version>\d+\.\d+\.\d+)$`, "x\n1.4.2", workflow.Tag{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := must[*Pattern](t)(NewPattern(c.pattern)).Parse(c.tag)
			if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
				t.Errorf("%v (-want +got):\n%s", ok, diff)
			}
		})
	}
}

func TestPatternsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, pattern, want string }{
		{"brackets", `(?P<version>\d+`, "the pattern of tags cannot be read"},
		{"brackets that would close ours", `(?P<version>\d+)|a)|(b`, "the pattern of tags cannot be read"},
		{"no version", `\d+`, "does not say what the version is"},
		{"a group nobody knows", `(?P<version>\d+)(?P<editon>x)`, `has a group "editon"`},
		{"a group twice", `(?P<version>\d+)|(?P<version>x)`, `has the group "version" twice`},
		{"too long", strings.Repeat("x", 2000), "more than 1000 characters"},
		{"too much", `(?P<version>\d{1,1000}{1,1000})`, "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := NewPattern(c.pattern); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// listed is a repository.
type listed struct {
	names []string
	err   error
}

func (l listed) EachTag(_ context.Context, yield func(string, time.Time)) error {
	for i, n := range l.names {
		yield(n, today.Add(time.Duration(i)*time.Minute))
	}
	return l.err
}

func TestTagsOfARepository(t *testing.T) {
	t.Parallel()
	wrong := errors.New("it broke")
	got, err := NewTags(listed{[]string{"18.5.0+ce.0", "18.5.0+rc1.ee.0", "18.5.0+ee.0", "18.5.0+ee.0"}, wrong}, must[*Pattern](t)(NewPattern(""))).Tags(t.Context())
	want := []workflow.Tag{
		{Name: "18.5.0+ee.0", Version: version("18.5.0"), Edition: "EE", At: today.Add(2 * time.Minute)},
		{Name: "18.5.0+ce.0", Version: version("18.5.0"), Edition: "CE", At: today},
	}
	if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, wrong) {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
