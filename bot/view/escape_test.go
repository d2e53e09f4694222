package view

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudimage/workflow"
)

func TestTypedText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                  "",
		"plain":                             "plain",
		"  around  ":                        "around",
		"<!channel> & co":                   "&lt;!channel&gt; &amp; co",
		"&lt;":                              "&amp;lt;",
		"*bold* _it_ ~no~ `code`":           "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ",
		"snake_case and 2*3":                "snake_case and 2*3",
		"über_größe":                        "über_größe",
		"__init__":                          "ˍˍinitˍˍ",
		"ami_*":                             "amiˍ∗",
		"> quote\n> more":                   "\u2060&gt; quote\n\u2060&gt; more",
		"a > b":                             "a &gt; b",
		"@here, @Channel, a@here.com, @ana": "@\u2060here, @\u2060Channel, a@here.com, @ana",
		"one\r\ntwo\rthree\u2028four":       "one\ntwo\nthree\nfour",
		"bell\x07 null\x00 del\x7f":         "bell null del",
		"\u202egnp.exe\u2066\u200f":         "gnp.exe",
		"שלום":                              "\u2068שלום\u2069",
		"\xff broken":                       "broken",
		"👩🏽‍🚀 :tada:":                       "👩🏽‍🚀 :tada:",
	} {
		if got := typed(in); got != want {
			t.Errorf("typed(%q) = %q, want %q", in, got, want)
		}
	}
	if got, want := typedLine(" a\n\n b\tc  d ", 0), "a b c d"; got != want {
		t.Errorf("typedLine = %q, want %q", got, want)
	}
}

func TestCutting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		limit    int
	}{
		{"exactly ten", "exactly t…", 10},
		{"exactly10!", "exactly10!", 10},
		{"a <b", "a…", 5},
		{"a <b", "a &lt;b", 7},
		{"a &", "a &amp;", 7},
		{"a &", "a…", 6},
		{"&&&", "&amp;…", 6},
		{"grüße aus Köln", "grüße a…", 8},
		{"👩🏽‍🚀👩🏽‍🚀", "👩🏽…", 4},
		{"one  two", "one…", 5},
	} {
		if got := typedLine(c.in, c.limit); got != c.want {
			t.Errorf("typedLine(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
	for _, c := range []struct {
		in, want string
		limit    int
	}{
		{"see <@U0ANA00001> now", "see…", 10},
		{"see <@U0ANA00001> now", "see <@U0ANA00001>…", 19},
		{"a &amp; b", "a…", 6},
		{"a &amp; b", "a &amp;…", 8},
		{"fits", "fits", 4},
	} {
		if got := cutMarkup(c.in, c.limit); got != c.want {
			t.Errorf("cutMarkup(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
	if got, want := cut("grüße", 3), "gr…"; got != want {
		t.Errorf("cut = %q, want %q", got, want)
	}
}

// mark is what Slack would format: a mark that begins or ends a word.
var mark = regexp.MustCompile("`|(^|[^\\pL\\pN])[*_~]|[*_~]($|[^\\pL\\pN])")

// checkTyped holds the promises of typed text.
func checkTyped(t *testing.T, in, out string, limit int) {
	t.Helper()
	if strings.ContainsAny(out, "<>") {
		t.Errorf("%q became %q, which holds a reference", in, out)
	}
	if rest := entity.ReplaceAllString(out, ""); strings.Contains(rest, "&") {
		t.Errorf("%q became %q, which holds an & that is no entity", in, out)
	}
	if m := mark.FindString(out); m != "" {
		t.Errorf("%q became %q, in which %q formats", in, out, m)
	}
	if !utf8.ValidString(out) {
		t.Errorf("%q became %q, which is not text", in, out)
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "&gt;") {
			t.Errorf("%q became %q, which quotes", in, out)
		}
	}
	if n := utf8.RuneCountInString(strings.Trim(out, isolate+endIsolate)); limit > 0 && n > limit {
		t.Errorf("%q became %q, which has %d characters, not %d", in, out, n, limit)
	}
}

func FuzzTypedText(f *testing.F) {
	f.Add(hostile(300), 20)
	f.Add("a_b_ *c* `d` ~e~ & < >", 7)
	f.Add("\u202e\xff\x00שלום", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(limit%200, 0)
		if limit > 0 {
			limit += 2
		}
		checkTyped(t, s, typed(s), 0)
		checkTyped(t, s, typedLine(s, limit), limit)
		checkTyped(t, s, typedCut(s, limit), limit)
	})
}

// FuzzSentence puts the same text into every kind of argument.
func FuzzSentence(f *testing.F) {
	f.Add("<!channel> & *x* `y`")
	f.Add("U0ANA00001")
	f.Add("2026-01-15")
	f.Add("S0GROUP001")
	f.Fuzz(func(t *testing.T, s string) {
		inner := workflow.Say("%s and %q", s, workflow.Strong(s))
		text := workflow.Say("%s %q %s %s %s %s %s %s", s, s, workflow.UserID(s), workflow.ChannelID(s),
			workflow.TeamName{Name: s, Group: s}, workflow.Date(s), workflow.Command(s), inner)
		checkMarkup(t, Sentence(text))
		checkMarkup(t, cutMarkup(Sentence(text), 60))
		if !utf8.ValidString(Plain(text)) {
			t.Errorf("%q became %q, which is not text", s, Plain(text))
		}
	})
}

// FuzzLink puts anything where an address and its words go.
func FuzzLink(f *testing.F) {
	f.Add("https://example.com/a|b>c?d=<e>&f", "words | <more>")
	f.Add("javascript:alert(1)", "x")
	f.Add("https://ana:secret@example.com", "")
	f.Fuzz(func(t *testing.T, address, words string) {
		out := link(address, words, 60)
		checkMarkup(t, out)
		if strings.Count(out, "<") > 1 {
			t.Errorf("%q and %q became %q", address, words, out)
		}
	})
}

func TestSentence(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 15, 17, 4, 0, 0, time.UTC)
	for _, c := range []struct {
		text            workflow.Text
		markup, inPlain string
	}{
		{workflow.Say("%s did %q.", omar, "<it>"), "<@U0OMAR0001> did “&lt;it&gt;”.", "That person did “<it>”."},
		{workflow.Say("%s did it.", workflow.Bot), "cloudimage did it.", "Cloudimage did it."},
		{workflow.Say("In %s.", workflow.ChannelID("C0CLOUD001")), "In <#C0CLOUD001>.", "In that channel."},
		{workflow.Say("Ask %s.", workflow.TeamName{Name: "R&D", Group: "S0GROUP01"}), "Ask <!subteam^S0GROUP01>.", "Ask R&D."},
		{workflow.Say("Ask %s.", workflow.TeamName{Name: "R&D", Group: "strategic-partnerships"}), "Ask R&amp;D.", "Ask R&D."},
		{workflow.Say("On %s.", workflow.Date("2026-01-15")), "On Thu 15 Jan 2026.", "On Thu 15 Jan 2026."},
		{workflow.Say("On %s.", workflow.Date("")), "On no date.", "On no date."},
		{workflow.Say("At %s.", at), "At <!date^1768496640^{date_short_pretty} at {time}|Thu 15 Jan 2026 17:04 UTC>.", "At Thu 15 Jan 2026, 17:04 UTC."},
		{workflow.Say("At %s.", time.Time{}), "At no date.", "At no date."},
		{workflow.Say("%d of %d", 3, 14), "3 of 14", "3 of 14"},
		{workflow.Say("%s, really", workflow.Strong("2*3 & more")), "*2∗3 &amp; more*, really", "2*3 & more, really"},
		{workflow.Say("Type %s.", workflow.Command("/cloudimage `new` & go")), "Type `/cloudimage ˋnewˋ &amp; go`.", "Type /cloudimage `new` & go."},
		{workflow.Say("%s!", workflow.Say("%s and %s", "<a>", ana)), "&lt;a&gt; and <@U0ANA00001>!", "<a> and that person!"},
		{workflow.Say("%s", workflow.UserID("U1> <!channel")), "U1&gt; &lt;!channel", "That person"},
		{workflow.Text{}, "", ""},
	} {
		if got := Sentence(c.text); got != c.markup {
			t.Errorf("Sentence(%v) = %q, want %q", c.text, got, c.markup)
		}
		if got := Plain(c.text); got != c.inPlain {
			t.Errorf("Plain(%v) = %q, want %q", c.text, got, c.inPlain)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"https://example.com/a?b=1&c=2", "here", "<https://example.com/a?b=1&amp;c=2|here>"},
		{"https://example.com/a|b", "one | two", "<https://example.com/a%7Cb|one ¦ two>"},
		{"https://ana:secret@example.com/", "", "<https://example.com/>"},
		{"mailto:ana@example.com", "mail", "mail"},
		{"javascript:alert(1)", "<x>", "&lt;x&gt;"},
		{"not a link", "words", "words"},
	} {
		if got := link(c[0], c[1], 60); got != c[2] {
			t.Errorf("link(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
