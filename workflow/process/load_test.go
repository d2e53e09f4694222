package process

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudimage/workflow"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// golden compares got with the file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with go test -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// files are the process files of a folder of testdata.
func files(t testing.TB, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in testdata/%s: %v", folder, err)
	}
	return paths
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// load is the process in src, which must be without problems.
func load(t testing.TB, name, src string) *workflow.Definition {
	t.Helper()
	def, err := Load(name, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// TestMistakes loads the files of testdata/bad, each named by the mistake in
// it, and compares what people are told with the .err file beside it.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "bad") {
		name := filepath.Base(path)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			t.Parallel()
			def, err := Load(name, read(t, path))
			if err == nil {
				t.Fatalf("loaded %q", def.Name)
			}
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("the error is %T, not Problems", err)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".err", err.Error()+"\n")
		})
	}
}

func TestProblemsAreInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := Load("several-mistakes.yaml", read(t, "testdata/bad/several-mistakes.yaml"))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	if len(problems) < 4 {
		t.Errorf("%d problems told, want all of them at once:\n%v", len(problems), err)
	}
	for i := 1; i < len(problems); i++ {
		if problems[i].Line < problems[i-1].Line {
			t.Errorf("line %d comes after line %d", problems[i].Line, problems[i-1].Line)
		}
	}
}

func TestHashIsOfTheSource(t *testing.T) {
	t.Parallel()
	src := read(t, "testdata/acme.yaml")
	def := load(t, "acme.yaml", string(src))
	sum := sha256.Sum256(src)
	if want := hex.EncodeToString(sum[:]); def.Hash != want {
		t.Errorf("hash %s, want %s", def.Hash, want)
	}
	if def.Source != string(src) {
		t.Error("the source is not what was read")
	}
	if other := load(t, "acme.yaml", string(src)+"\n# a remark\n"); other.Hash == def.Hash {
		t.Error("another source has the same hash")
	}
}

func TestNumbersAndTeamsFollowFromTheOrder(t *testing.T) {
	t.Parallel()
	def := load(t, "full.yaml", string(read(t, "testdata/good/full.yaml")))
	type row struct {
		Number string
		Team   workflow.TeamID
	}
	got := map[string]row{}
	var walk func(steps []workflow.Step)
	walk = func(steps []workflow.Step) {
		for _, s := range steps {
			got[string(s.ID)] = row{s.Number, s.Team}
			walk(s.Steps)
		}
	}
	for _, stage := range def.Stages {
		got[string(stage.ID)] = row{stage.Number, stage.Team}
		walk(stage.Steps)
	}
	want := map[string]row{
		"scope":   {"1", "sales"},
		"open":    {"1.1", "sales"},
		"call":    {"1.2", "sales"},
		"work":    {"2", "builders"},
		"own":     {"2.1", "builders"},
		"publish": {"2.2", "builders"},
		"upload":  {"2.2.1", "builders"},
		"live":    {"2.2.2", "builders"},
		"chase":   {"2.2.3", "builders"},
		"raise":   {"2.2.4", "sales"},
		"tell":    {"3", "sales"},
		"text":    {"3.1", "builders"},
		"inherit": {"3.1.1", "builders"},
		"agree":   {"3.2", "sales"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("numbers and teams (-want +got):\n%s", diff)
	}
}

// TestEveryKeyIsRead loads files that use every key of every form between them
// and compares the whole definitions.
func TestEveryKeyIsRead(t *testing.T) {
	t.Parallel()
	var used strings.Builder
	for _, want := range []*workflow.Definition{full(), fullCatalyst()} {
		src := read(t, "testdata/good/"+string(want.Name)+".yaml")
		used.Write(src)
		def := load(t, string(want.Name), string(src))
		def.Source, def.Hash = "", ""
		if diff := cmp.Diff(want, def); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, diff)
		}
	}
	for _, f := range forms {
		for _, key := range f.keys {
			if !strings.Contains(used.String(), key+":") {
				t.Errorf("testdata/good/full*.yaml do not use %q of %s", key, f.what)
			}
		}
	}
}

// TestOldProcessesKeepLoading loads what an older version accepted: a run keeps
// its definition, whatever words a newer version gives a meaning.
func TestOldProcessesKeepLoading(t *testing.T) {
	t.Parallel()
	def := load(t, "old.yaml", `{process: old, title: Old, subject: partnership, owner: owner,
  teams: [{id: owner, name: The owners}, {id: stage, name: Stagehands}],
  stages: [{id: only, title: Only, team: stage, steps: [{id: play, title: Play}]}]}`)
	if got, want := def.Silence[2], (workflow.Rung{After: 5, Tell: workflow.ToTeam, Team: "owner"}); got != want {
		t.Errorf("a long silence tells %+v, want %+v", got, want)
	}
	if got, want := def.Lateness[1], (workflow.Rung{After: 3, Tell: workflow.ToOwner}); got != want {
		t.Errorf("a late step tells %+v, want %+v", got, want)
	}
}

func TestLineEndsAndByteOrderMarks(t *testing.T) {
	t.Parallel()
	src := string(read(t, "testdata/good/full.yaml"))
	want := load(t, "full.yaml", src)
	for name, variant := range map[string]string{
		"carriage returns": strings.ReplaceAll(src, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + src,
	} {
		got := load(t, name, variant)
		got.Source, got.Hash = want.Source, want.Hash
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s change the process:\n%s", name, diff)
		}
	}
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}
