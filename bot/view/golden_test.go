package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev/blockkit"
)

// tester is a test, of the standard library or of rapid.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

var update = flag.Bool("update", false, "write the golden files anew")

// pretty is a drawing as JSON that people can read and compare.
func pretty(t tester, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// golden compares a drawing with the one in testdata.
func golden(t *testing.T, name string, drawing any) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden.json")
	got := pretty(t, drawing)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with go test ./bot/view -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// reference is what "<" may begin in markup.
var reference = regexp.MustCompile(`<(@[\w-]+|#[\w-]+|!subteam\^[A-Z0-9]+|!date\^-?\d+\^[^|<>^]+\|[^<>|]+|https?://[^<>|]+(\|[^<>|]+)?)>`)

// entity is what "&" may begin.
var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// checkMarkup says what of the markup Slack would take for something that this
// package did not mean.
func checkMarkup(t tester, s string) {
	t.Helper()
	rest := reference.ReplaceAllString(s, "")
	if regexp.MustCompile(`[<>]`).MatchString(rest) {
		t.Errorf("a < or > is left that begins no reference of ours: %q", s)
	}
	if regexp.MustCompile(`&`).MatchString(entity.ReplaceAllString(rest, "")) {
		t.Errorf("an & is left that begins no entity: %q", s)
	}
}

// checkAllMarkup looks at every mrkdwn text of a drawing.
func checkAllMarkup(t tester, drawing any) {
	t.Helper()
	var v any
	if err := json.Unmarshal(pretty(t, drawing), &v); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if s, ok := v["text"].(string); ok && v["type"] != "plain_text" && v["type"] != "text" {
				checkMarkup(t, s)
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
}

// checkMessage holds a message against Slack's limits and its own.
func checkMessage(t tester, m Message, limit int) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range blockkit.Validate(blockkit.Message, raw) {
		t.Errorf("%v", problem)
	}
	if m.Text == "" || len([]rune(m.Text)) > 4000 {
		t.Errorf("the text for notifications has %d characters", len([]rune(m.Text)))
	}
	if n := m.size(); n > limit {
		t.Errorf("the message takes %d bytes, want %d at most", n, limit)
	}
	checkAllMarkup(t, m)
}

// checkView holds a modal or a Home tab against Slack's limits.
func checkView(t tester, view any) {
	t.Helper()
	raw, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range blockkit.ValidateView(raw) {
		t.Errorf("%v", problem)
	}
	checkAllMarkup(t, view)
}
