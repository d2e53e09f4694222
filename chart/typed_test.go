package chart

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTyped(t *testing.T) {
	t.Parallel()
	p := testPen(t)
	for _, c := range []struct {
		name, in, want string
		lost           bool
	}{
		{"plain text stays", "AWS EE image, arm64", "AWS EE image, arm64", false},
		{"accents of the font stay", "Zürich Škoda Łódź", "Zürich Škoda Łódź", false},
		{"Greek stays", "Ελλάδα", "Ελλάδα", false},
		{"Cyrillic stays", "Облако", "Облако", false},
		{"accents that are typed apart come together", "Zu\u0308rich", "Zürich", false},
		{"accents that the font lacks go", "x\u0323\u0301y\u0334", "xy", false},
		{"letters without their accents, where those are lacking", "ȷ\u030c", "ȷ", false},
		{"wide letters become plain", "ＧｉｔＬａｂ", "GitLab", false},
		{"Chinese is lost, and said once", "Alibaba 云市场 EE", "Alibaba ? EE", true},
		{"emoji are lost", "🚀 launch 🎉🎉", "? launch ?", true},
		{"joined emoji are lost once", "👩‍💻 ok", "? ok", true},
		{"Hebrew is lost, for its order", "ענן cloud", "? cloud", true},
		{"Arabic is lost", "سحابة", "?", true},
		{"question marks stay", "really???", "really???", false},
		{"marks of direction go", "a\u200f\u202eb", "ab", false},
		{"control characters are spaces", "a\x00\x1bb\r\n\tc", "a b c", false},
		{"spaces are one", "  a \u00a0 b  ", "a b", false},
		{"what is no text is lost", "a\xff\xfeb", "a?b", true},
		{"nothing is nothing", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, lost := typed(c.in, p.has)
			if got != c.want || lost != c.lost {
				t.Errorf("got %q, %v, want %q, %v", got, lost, c.want, c.lost)
			}
		})
	}
}

func TestTypedIsBounded(t *testing.T) {
	t.Parallel()
	p := testPen(t)
	got, _ := typed(strings.Repeat("ﷺ", 1<<20)+strings.Repeat("x", 1<<20), p.has)
	if n := utf8.RuneCountInString(got); n > maxTyped {
		t.Errorf("%d characters are left", n)
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	p := testPen(t)
	for _, c := range []struct{ name, typed, id, want string }{
		{"a name is itself", "AWS EE", "lst-1", "AWS EE"},
		{"a name that is lost is its ID", "云市场", "lst-1", "lst-1"},
		{"a name of marks alone is its ID", "\u202e...", "lst-1", "lst-1"},
		{"a name that is lost in part has its ID", "云市场 EE", "lst-1", "? EE (lst-1)"},
		{"a name that is lost in part, without an ID", "云市场 EE", "", "? EE"},
		{"nothing at all is its place", "云", "市", "no. 3"},
		{"no name is its place", "", "", "no. 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := named(c.typed, c.id, 2, p.has); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFitEndsWithAnEllipsis(t *testing.T) {
	t.Parallel()
	p, h := testPen(t), hand{size: 28}
	for _, c := range []struct {
		in    string
		width float64
		want  string
	}{
		{"AWS", 100, "AWS"},
		{"AWS Marketplace", 140, "AWS Ma…"},
		{"AWS, Azure", 95, "AWS…"},
		{"AWS", 30, "…"},
		{"AWS", 10, ""},
		{"", 0, ""},
	} {
		got := p.fit(c.in, h, c.width)
		if got != c.want || p.width(got, h) > c.width {
			t.Errorf("%q in %g pixels became %q of %g pixels, want %q", c.in, c.width, got, p.width(got, h), c.want)
		}
	}
}

func TestWrapKeepsItsLines(t *testing.T) {
	t.Parallel()
	p, h := testPen(t), hand{size: 20}
	got := p.wrap("one two three four "+strings.Repeat("x", 200), h, 100, 2)
	if len(got) != 2 || got[0] != "one two" || !strings.HasSuffix(got[1], "…") {
		t.Errorf("got %q", got)
	}
	if got := p.wrap("", h, 100, 2); got != nil {
		t.Errorf("nothing became %q", got)
	}
}
