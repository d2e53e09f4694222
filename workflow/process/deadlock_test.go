package process

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatLoadsCanBeFinished makes processes whose only possible fault is that
// something waits for itself, and compares the loader's verdict with that of
// playing the process to its end.
func TestWhatLoadsCanBeFinished(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := tangled(t)
		r := &reader{file: "tangled.yaml"}
		def := r.read([]byte(src))
		if def == nil {
			t.Fatalf("%v\n%s", r.problems, src)
		}
		for _, p := range r.problems {
			if !strings.Contains(p.Message, "wait") && !strings.Contains(p.Message, "after itself") && !strings.Contains(p.Message, "unreachable") {
				t.Fatalf("%v\n%s", p, src)
			}
		}
		if loads, ends := len(r.problems) == 0, finishes(def); loads != ends {
			t.Fatalf("loads: %v, can be finished: %v; %v\n%s", loads, ends, r.problems, src)
		}
	})
}

// tangled is a process with random "after" and "needs".
func tangled(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("process: tangled\ntitle: Tangled\nsubject: partnership\nowner: ops\nteams:\n  - { id: ops, name: Ops }\nstages:\n")
	stages := rapid.IntRange(1, 3).Draw(t, "stages")
	shape := map[string]int{} // of each stage, its steps; of each step, its substeps
	var needs []string        // all that a step could need
	for i := range stages {
		stage := fmt.Sprintf("s%d", i)
		shape[stage] = rapid.IntRange(1, 3).Draw(t, "steps")
		for j := range shape[stage] {
			step := fmt.Sprintf("%s-%d", stage, j)
			shape[step] = rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "substeps")
			needs = append(needs, "step: "+step)
			if shape[step] == 0 {
				needs = append(needs, "fact: of-"+step)
			}
			for k := range shape[step] {
				needs = append(needs, fmt.Sprintf("step: %s-%d", step, k))
			}
		}
	}
	some := func(indent, key string, from []string) {
		if rapid.IntRange(0, 3).Draw(t, key) > 0 {
			return
		}
		picked := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, min(2, len(from)), rapid.ID).Draw(t, "of")
		b.WriteString(indent + key + ":\n")
		for _, p := range picked {
			b.WriteString(indent + "  - " + p + "\n")
		}
	}
	siblings := func(of string, n int) (ids []string) {
		for i := range n {
			ids = append(ids, fmt.Sprintf("%s%d", of, i))
		}
		return ids
	}
	for _, stage := range siblings("s", stages) {
		fmt.Fprintf(&b, "  - id: %s\n    title: Stage\n    team: ops\n", stage)
		some("    ", "after", siblings("s", stages))
		b.WriteString("    steps:\n")
		for _, step := range siblings(stage+"-", shape[stage]) {
			fmt.Fprintf(&b, "      - id: %s\n        title: Step\n", step)
			some("        ", "after", siblings(stage+"-", shape[stage]))
			some("        ", "needs", needs)
			if shape[step] == 0 {
				fmt.Fprintf(&b, "        evidence:\n          - { id: a, label: A, type: text, fact: of-%s }\n", step)
				continue
			}
			b.WriteString("        steps:\n")
			for _, sub := range siblings(step+"-", shape[step]) {
				fmt.Fprintf(&b, "          - id: %s\n            title: Substep\n", sub)
				some("            ", "after", siblings(step+"-", shape[step]))
				some("            ", "needs", needs)
			}
		}
	}
	return b.String()
}
