package surface

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var testNow = time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)

// company has the names of the gallery.
type company struct{}

func (company) User(id string) string    { return "@" + strings.ToLower(strings.TrimPrefix(id, "U0")) }
func (company) Channel(id string) string { return "#" + strings.ToLower(strings.TrimPrefix(id, "C0")) }
func (company) Group(id string) string   { return "@" + strings.ToLower(strings.TrimPrefix(id, "S0")) }

// TestTheGalleryIsRead reads what the page's own test looks at: every block and
// element there is.
func TestTheGalleryIsRead(t *testing.T) {
	t.Parallel()
	var messages map[string][]any
	readJSON(t, "../page/testdata/messages.json", &messages)
	want := map[string]string{
		"title":           "Release 12.4 :rocket:",
		"fields":          "Owner\n@maya\nState\n:large_green_circle: Running\nBuilds: 24\nFailed: 1",
		"with-button":     "1.1 Gather the artefacts [Done]",
		"with-image":      "A picture stands beside these words, as people know it from a card. (image: The logo)",
		"with-overflow":   "1.2 Ask the partner (History | Open the page | Cancel the run)",
		"line":            "---",
		"buttons":         "[Approve] [Refuse] [Later] [Open] [Ask everybody who has ever touched this release] [Run the workflow]",
		"small":           "(image: Ana) Changed by Ana 1 hour from now step 3 of 9",
		"picture":         "Burn-down (image: A line that falls)",
		"feedback":        "[Good answer] [Bad answer] [Delete]",
		"beside":          "Who does it? [@maya]",
		"times":           "[2026-01-15] [09:30] [Jan 15, 2026 12:00 AM]",
		"ticks":           "[[ ] Tested [x] Signed] [[ ] Now [ ] Tonight]",
		"markdown":        "A heading\nWords with bold, italic, both, gone, code, a link and :tada:.\nThe next line.\n- one\n- two\n  1. inner one\n  2. inner two\n- three\n- [x] done\n- [ ] to do\nquoted words\ngo on\nconst a = '<b>';\nCloud | Builds\nFirst | 12\nSecond | 7\n---\nAn end with 234, snake_case_name and a picture.",
		"box":             "A container\nwith a line under its head\nInside the box [Choose inside]\n[Press inside]",
		"folded":          "Folded at first\nSeen when opened",
		"columns":         "Three numbers\n24\nbuilds\n1\nfailed\n[See all]",
		"card":            "(image: Hero)\nA card\nWith a subtitle\nIts body says what matters.\nChanged today\n[Open it]",
		"carousel":        "First card\nOne\n[Take the first]\nSecond card\nTwo\nThird card\nThree\nFourth card\nFour",
		"plan":            "Work on it\n[x] Read the page\n  It was long\n  The source\n[~] Compare\n  So far it fits\n[!] Ask\n[ ] Answer",
		"task":            "[x] One task alone",
		"video":           "How it is built\nThree minutes\n(video: A person at a desk)",
		"pie":             "Where time goes\nBuilding 50, Waiting 30, Signing 20",
		"bars":            "Builds a week\nPassed: Mon 12, Tue 19, Wed 7, Thu 15, Fri 22\nFailed: Mon 1, Tue 4, Wed 0, Thu 2, Fri 3",
		"data":            "Partners\nPartner | Builds | Note | Do\nDelta | 9 | late | [Open Delta]\nAlpha | 110 | new | nothing\nCharlie | 25 | old | nothing\nBravo | 3 | old | nothing",
		"table":           "Cloud | Hours | Link\nA name that is rather long and is therefore wrapped into several lines where there is little room | 12.5 | open\nShort | 7 | none",
		"call":            "(call: Weekly call)",
		"file":            "(file: doc-1)",
		"unknown":         "",
		"unknown-element": "",
	}
	r := Reader{Names: company{}, User: "U0ANA", Now: testNow}
	found := 0
	for name, blocks := range messages {
		for _, b := range blocks {
			id := str(b.(map[string]any)["block_id"])
			got := r.block(b)
			if w, ok := want[id]; ok {
				found++
				if diff := cmp.Diff(w, got); diff != "" {
					t.Errorf("%s/%s (-want +got):\n%s", name, id, diff)
				}
			} else if got == "" {
				t.Errorf("%s/%s reads as nothing", name, id)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d of %d blocks are in the gallery", found, len(want))
	}

	raw, err := os.ReadFile("../page/testdata/attachments.json")
	if err != nil {
		t.Fatal(err)
	}
	const attached = "Before the bar\nA robot\nA legacy title\nIts text with code\nPriority\nHigh\nState\nOpen\nWhy\nA field as wide as there is room\n[Old button]\nA foot\n" +
		"A section in an attachment [Press it]\nOnly a fallback"
	if diff := cmp.Diff(attached, r.Attachments(raw)); diff != "" {
		t.Errorf("attachments (-want +got):\n%s", diff)
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestDateTokens(t *testing.T) {
	t.Parallel()
	r := Reader{Names: company{}, Now: testNow}
	for _, c := range []struct {
		ahead        int64 // seconds
		tokens, want string
	}{
		{0, "{date_num} {date_slash}", "2025-11-25 2025/11/25"},
		{0, "{date}", "November 25th, 2025"},
		{0, "{date_short} {date_long_full}", "Nov 25, 2025 November 25, 2025"},
		{0, "{date_long}", "Tuesday, November 25th, 2025"},
		{0, "{date_pretty} {date_short_pretty} {date_long_pretty} {day_divider_pretty}", "today today today today"},
		{-86400, "{date_pretty}", "yesterday"},
		{172800, "{date_pretty} {date_short_pretty}", "November 27th, 2025 Nov 27, 2025"},
		{172800, "{day_divider_pretty}", "Thursday, November 27th"},
		{86400 * 60, "{day_divider_pretty}", "Saturday, January 24th, 2026"},
		{0, "{time} {time_secs}", "9:00 AM 9:00:00 AM"},
		{-180, "{ago}", "3 minutes ago"},
		{0, "{nonsense}", "{nonsense}"},
	} {
		if got := r.date(testNow.Unix()+c.ahead, c.tokens); got != c.want {
			t.Errorf("%s reads %q, want %q", c.tokens, got, c.want)
		}
	}
}

func TestMarkdownIsReadWithoutItsMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"plain *i* _i_ **b** __b__ ***bi*** ~~s~~", "plain i i b b bi s"},
		{"snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"},
		{`\*kept\* and [a](b c`, `*kept* and [a](b c`},
		{"`**code**` and **bold**", "**code** and bold"},
		{"an open ` and **bold**", "an open ` and bold"},
		{"[words](https://a.example) <https://b.example> ![alt](https://c.example/x.png \"t\")", "words https://b.example alt"},
		{"# H #\n\n> q\n* item\n1. first\n***", "H\nq\n- item\n1. first\n---"},
		{"~~~\n# not a heading\n~~~", "# not a heading"},
		{"a | b\n---|---\nc | d", "a | b\nc | d"},
	} {
		if got := markdown(c.text); got != c.want {
			t.Errorf("markdown %q\n got %q\nwant %q", c.text, got, c.want)
		}
	}
	if got := markdown(strings.Repeat("*_~`[", 5000)); got == "" {
		t.Error("marks that mean nothing are lost")
	}
}
