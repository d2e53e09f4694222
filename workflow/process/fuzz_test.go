package process

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// FuzzLoad holds the loader to what its callers rely on, whatever the file:
// it never panics, tells its problems in order and with a place inside the
// file, and what it loads can be printed and finished.
func FuzzLoad(f *testing.F) {
	for _, name := range shipped {
		f.Add(read(f, filepath.Join("definitions", name)))
	}
	f.Add(read(f, "testdata/acme.yaml"))
	for _, folder := range []string{"good", "bad"} {
		for _, path := range files(f, folder) {
			f.Add(read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		def, err := Load("fuzz.yaml", src)
		if err != nil {
			checkProblems(t, src, err)
			return
		}
		if err := Tree(io.Discard, def); err != nil {
			t.Fatal(err)
		}
		if again, err := Load("fuzz.yaml", src); err != nil || again.Hash != def.Hash {
			t.Fatalf("loaded differently the second time: %v", err)
		}
		if !finishes(def) {
			t.Fatal("loaded, and can never be complete")
		}
	})
}

func checkProblems(t *testing.T, src []byte, err error) {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("the error is %T %v, want problems", err, err)
	}
	lines := 1 + strings.Count(string(src), "\n") + strings.Count(string(src), "\r")
	for i, p := range problems {
		if p.File != "fuzz.yaml" || p.Message == "" || p.Line < 0 || p.Line > lines || p.Line > 0 && p.Column < 1 {
			t.Fatalf("problem %d is %+v in a file of %d lines", i, p, lines)
		}
		if i > 0 && p.Line < problems[i-1].Line {
			t.Fatalf("problem %d is told after one further down", i)
		}
	}
}

// finishes plays a process: again and again it does every step that can be
// done, and reports whether that completes all stages. It knows nothing of how
// the loader looks for deadlocks.
func finishes(def *workflow.Definition) bool {
	p := play{def: def, closed: map[workflow.StepID]bool{}, complete: map[workflow.StageID]bool{}, known: map[workflow.FactName]bool{workflow.FactLaunchTarget: true}}
	for _, res := range def.Resources {
		p.known[res.Fact] = p.known[res.Fact] || res.Ask != ""
	}
	for p.changed = true; p.changed; {
		p.changed = false
		for i := range def.Stages {
			p.stage(&def.Stages[i])
		}
	}
	return len(p.complete) == len(def.Stages)
}

type play struct {
	def      *workflow.Definition
	closed   map[workflow.StepID]bool
	complete map[workflow.StageID]bool
	known    map[workflow.FactName]bool
	changed  bool
}

func (p *play) stage(s *workflow.Stage) {
	for _, id := range s.After {
		if !p.complete[id] {
			return
		}
	}
	done := true
	for i := range s.Steps {
		if !s.Steps[i].Optional {
			done = p.step(&s.Steps[i]) && done
		}
	}
	if done && !p.complete[s.ID] {
		p.complete[s.ID], p.changed = true, true
	}
}

// step does the step if it can be done and reports whether it is closed.
func (p *play) step(s *workflow.Step) bool {
	if p.closed[s.ID] {
		return true
	}
	for _, id := range s.After {
		if !p.closed[id] {
			return false
		}
	}
	done := true
	for _, sub := range s.Substeps() {
		done = p.step(sub) && done
	}
	for _, need := range s.Needs {
		done = done && (need.Step == "" || p.closed[need.Step]) && (need.Fact == "" || p.known[need.Fact])
	}
	if !done {
		return false
	}
	p.closed[s.ID], p.changed = true, true
	for _, f := range s.Evidence {
		if f.Fact != "" && !f.Optional {
			p.known[f.Fact] = true
		}
	}
	return true
}
