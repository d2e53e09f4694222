package process

import (
	"strings"
	"testing"
	"time"
)

// TestHostileFilesAreRefusedInTime loads files of the largest size that are
// made to keep a parser busy. Each is refused, within a time that is a hundred
// times what it takes: without the bounds of syntax.go, some would take
// minutes or end the program.
func TestHostileFilesAreRefusedInTime(t *testing.T) {
	t.Parallel()
	fill := func(unit string) string { return strings.Repeat(unit, MaxBytes/len(unit)) }
	within := func(before, unit, after string) string {
		return before + strings.Repeat(unit, (MaxBytes-len(before)-len(after))/len(unit)) + after
	}
	lines := func(before, unit string) string { return before + strings.Repeat(unit, MaxLines-10) }
	stairs := func(unit string) string {
		var b strings.Builder
		for i := range MaxLines - 10 {
			b.WriteString(strings.Repeat(" ", i) + unit + "\n")
			if b.Len() > MaxBytes-MaxLines {
				break
			}
		}
		return b.String()
	}
	for name, src := range map[string]string{
		"brackets":        fill("["),
		"braces":          fill("{a: "),
		"commas":          within("[", ",", ""),
		"dashes":          fill("- "),
		"question marks":  fill("? "),
		"colons":          fill("a: "),
		"anchors":         fill("&a "),
		"aliases":         fill("*a "),
		"tags":            fill("!a "),
		"one word":        within("a: ", "x", ""),
		"one key":         within("", "k", ": v"),
		"open quote":      within(`a: "`, "x ", ""),
		"escapes":         within(`a: "`, `\n`, `"`),
		"flow list":       within("a: [", "b, ", "]"),
		"flow mapping":    within("a: {", "b: c, ", "}"),
		"spaces":          fill(" "),
		"tabs":            fill("\t"),
		"empty lines":     fill("\n"),
		"many lines":      fill("a: b\n"),
		"one key a line":  lines("", "a: b\n"),
		"one item a line": lines("a:\n", "- b\n"),
		"documents":       lines("", "---\na\n"),
		"comments":        lines("", "# a\n"),
		"block of text":   lines("a: |\n", "  "+strings.Repeat("x", 190)+"\n"),
		"plain text":      lines("a: b\n", "  "+strings.Repeat("x ", 95)+"\n"),
		"stairs":          stairs("a:"),
		"stairs of lists": stairs("- a:"),
		"billion laughs":  "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
		"too large":       fill("# x\n") + "#####",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			if _, err := Load(name, []byte(src)); err == nil {
				t.Error("loaded")
			} else if len(err.Error()) > 1<<16 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestTheLargestProcessLoads(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("process: large\ntitle: Large\nsubject: catalyst\nowner: ops\nteams:\n  - { id: ops, name: Ops }\nstages:\n")
	for i := range MaxStages {
		id := string(rune('a' + i))
		b.WriteString("  - id: " + id + "\n    title: Stage\n    team: ops\n")
		if i > 0 {
			b.WriteString("    after: [" + string(rune('a'+i-1)) + "]\n")
		}
		b.WriteString("    steps:\n")
		for j := range MaxSteps / MaxStages {
			b.WriteString("      - { id: " + id + string(rune('0'+j)) + ", title: Step }\n")
		}
	}
	def := load(t, "large.yaml", b.String())
	if len(def.Stages) != MaxStages {
		t.Errorf("%d stages", len(def.Stages))
	}
}
