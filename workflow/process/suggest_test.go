package process

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	keys := keysOf("a step")
	for word, want := range map[string]string{
		"titel":     "title",
		"Title":     "title",
		"how-to":    "how_to",
		"done-when": "done_when",
		"need":      "needs",
		"evidenec":  "evidence",
		"ask_tema":  "ask_team",
		"colour":    "",
		"x":         "",
		"":          "",
	} {
		if got, _ := nearest(word, keys); got != want {
			t.Errorf("%q is taken for %q, want %q", word, got, want)
		}
	}
}

func TestManyProblemsAreCounted(t *testing.T) {
	t.Parallel()
	_, err := Load("many.yaml", []byte(strings.Repeat("colour: red\n", 80)))
	if err == nil {
		t.Fatal("loaded")
	}
	lines := strings.Split(err.Error(), "\n")
	// 80 unknown keys, and the process, title, subject, owner, teams and stages
	// that are missing.
	if got, want := lines[len(lines)-1], "many.yaml: and 36 more problems"; len(lines) != mostShown+1 || got != want {
		t.Errorf("%d lines that end with %q, want %q", len(lines), got, want)
	}
}
