package mirror

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// What could mean something means nothing. J stands for the joiner.
func TestPlainMeansNothing(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                            "",
		"  a\t b\r\n\nc \n":           "a b c",
		"*a* _b_ **c**":               `\*a\* \_b\_ \*\*c\*\*`,
		"`a` [b](c) ![d](e)":          "\\`a\\` \\[J" + `b\]\(c\) !\[Jd\]\(e\)`,
		`a\b`:                         `a\\b`,
		"a|b ~~c~~":                   `a\|b \~J\~Jc\~J\~J`,
		"<b>&copy;</b>":               "&lt;b&gt;&amp;Jcopy;&lt;/b&gt;",
		"<!-- x -->":                  "&lt;!-- x --&gt;",
		"@all @_x @.x @ x":            `@Jall @J\_x @J.x @ x`,
		"#1 !2 %3 &4 ^alert#5":        `\#J1 !J2 %J3 &amp;J4 ^Jalert#J5`,
		`~label ~"a b" %"1 2"`:        `\~Jlabel \~J"a b" %J"1 2"`,
		"$3 $x$ GL-7 gl-7":            `\$J3 \$Jx\$ GL-J7 gl-J7`,
		"a/b!3 c/d#4":                 "a/b!J3 c/d#J4",
		":x: :+1: :-1: 10:30":         `\:Jx: :J+1: :J-1: 10:J30`,
		"/close":                      "/Jclose",
		"a /close":                    "a /close",
		"a\n/close":                   "a /close",
		"{+a+} {-b-} [+c+]":           `\{J+a+\} \{J-b-\} \[J+c+\]`,
		"see https://x.y/a_b?c=*d*&e": "see <https://x.y/a_b?c=*d*&e>",
		"https://x.y /close":          "<https://x.y> /close",
		"javascript://x":              "javascript://x",
		// At the start of a line more means something.
		"# a":            `\# a`,
		"#a":             `\#Ja`,
		"- a":            `\- a`,
		"+ a":            `\+ a`,
		"---":            `\---`,
		"===":            `\===`,
		"1. a":           `1\. a`,
		"12) a":          `12\) a`,
		"> a":            "&gt; a",
		"::include{x}":   `\::Jinclude\{Jx\}`,
		"- [ ] a":        `\- \[J \] a`,
		"```":            "\\`\\`\\`",
		"1.5 days":       `1\.5 days`,
		"a 1. b - c # d": "a 1. b - c # d",
		// Who puts the joiner there does not get around it.
		"@\u2060all /\u2060x \u2060/close": "@Jall /x /close",
		"\u2060/close":                     "/Jclose",
	} {
		want = strings.ReplaceAll(want, "J", string(joiner))
		if got := plain(typed); got != want {
			t.Errorf("%q is written as %q, want %q", typed, got, want)
		}
	}
}

func TestPlainIsOneParagraphOfText(t *testing.T) {
	t.Parallel()
	for _, typed := range hostile {
		if problem := notPlain(typed); problem != "" {
			t.Errorf("%q: %s", typed, problem)
		}
	}
	for c := rune(1); c < 0x100; c++ {
		for _, typed := range []string{string(c), string(c) + "a", string(c) + " a", "a" + string(c), "a " + string(c) + "b", strings.Repeat(string(c), 3), "https://x.y/" + string(c) + "*b*"} {
			if problem := notPlain(typed); problem != "" {
				t.Errorf("%q: %s", typed, problem)
			}
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, typed := range hostile {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if problem := notPlain(typed); problem != "" {
			t.Error(problem)
		}
		if got := unescape(plain(typed)); utf8.ValidString(typed) && !strings.Contains(typed, "://") && got != shown(typed) {
			t.Errorf("taken back it is %q, want %q", got, shown(typed))
		}
	})
}

// hostile is what people type, by mistake and otherwise.
var hostile = []string{
	"", "plain", "two\n\nlines", "*a* **b** __c__ ~~d~~ `e` ``f``", "[a](https://b.c) ![a](b) [a]: b", "<b>x</b> <!-- y --> <script>",
	"# a", "## a #", "a\n===", "a\n---", "- a", "+ a", "* a", "1. a", "1) a", "123456789. a", "> a", "    code", "\tcode", "```\ncode\n```", "~~~\ncode", "***", "---", "___",
	"- [ ] a <!-- b -->", "[ ] a", "|a|b|\n|-|-|\n|c|d|", "&copy; &#35; &amp;", `\*a\*`, `a\`, `\`, "a  \nb", "<https://a.b>", "<a@b.c>", "a@b.c",
	"https://a.b/c_d_e", "x https://a.b/(c) y https://d.e", "https://a.b/*c*<d>", "https://a.b/&copy;", "(https://a.b).", "https://", "https://a.b\u00a0c",
	"@all", "#1 !2 ~l %m $3 &4", ":x: :+1:", "/close", "\u2060/close", "@\u2060all", "[^1]", "[^1]: a", ": a", "$a$ $$b$$ $`c`$", "{+a+} {-b-}", "[[_TOC_]]", "http://a\x01*b*",
	"\ufeffa", "a\u2028b", "\u00a0a\u00a0", "日本語 *強い*", "e\u0301",
}

// shown is what people typed as readers are to see it: on one line.
func shown(typed string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(typed, string(joiner), "")), " ")
}

// notPlain says why what is written for a text is not that text alone.
func notPlain(typed string) string {
	if !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) {
		return "" // nobody can keep it
	}
	source := []byte(plain(typed))
	if strings.ContainsAny(string(source), "\n\r") {
		return "it has several lines: " + string(source)
	}
	g := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList))
	doc := g.Parser().Parse(text.NewReader(source))
	if shown(typed) == "" {
		if doc.ChildCount() > 0 {
			return "nothing is written as something"
		}
		return ""
	}
	if doc.ChildCount() != 1 || doc.FirstChild().Kind() != ast.KindParagraph {
		return "it is no single paragraph: " + string(source)
	}
	var got strings.Builder
	for n := doc.FirstChild().FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if n.SoftLineBreak() || n.HardLineBreak() {
				return "it has a line break: " + string(source)
			}
			got.Write(resolved(n.Segment.Value(source)))
		case *ast.String:
			got.Write(n.Value)
		case *ast.AutoLink:
			got.Write(n.Label(source))
		default:
			return "it has a " + n.Kind().String() + ": " + string(source)
		}
	}
	if read := strings.ReplaceAll(got.String(), string(joiner), ""); read != shown(typed) {
		return "it reads " + read + ", want " + shown(typed)
	}
	return ""
}

// resolved is the text that a piece of Markdown stands for.
func resolved(raw []byte) []byte {
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", raw[i+1]) >= 0 {
			i++
		} else if raw[i] == '&' {
			if entity := string(raw[i:]); strings.HasPrefix(entity, "&lt;") {
				out.WriteByte('<')
				i += 3
				continue
			} else if strings.HasPrefix(entity, "&gt;") {
				out.WriteByte('>')
				i += 3
				continue
			} else if strings.HasPrefix(entity, "&amp;") {
				out.WriteByte('&')
				i += 4
				continue
			}
		}
		out.WriteByte(raw[i])
	}
	return []byte(out.String())
}

func TestDaysAreReadAnywhere(t *testing.T) {
	t.Parallel()
	if got := day("2026-03-03") + day(""); got != "3 March 2026" {
		t.Errorf("got %q", got)
	}
}
