package process

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudimage/workflow"
)

func namesOf(defs []*workflow.Definition) []workflow.ProcessName {
	out := make([]workflow.ProcessName, len(defs))
	for i, def := range defs {
		out[i] = def.Name
	}
	return out
}

func TestFilesReplaceAndAdd(t *testing.T) {
	t.Parallel()
	defs, err := LoadFiles(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := namesOf(defs), []workflow.ProcessName{"first-time-image", "image-maintenance"}; !slices.Equal(got, want) {
		t.Errorf("without files the processes are %v, want %v", got, want)
	}

	own := filepath.Join(t.TempDir(), "ours.yaml")
	src := strings.Replace(string(read(t, "testdata/acme.yaml")), "process: acme-first-image", "process: first-time-image", 1)
	write(t, own, src)
	defs, err = LoadFiles([]string{own, "testdata/acme.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := namesOf(defs), []workflow.ProcessName{"first-time-image", "image-maintenance", "acme-first-image"}; !slices.Equal(got, want) {
		t.Errorf("the processes are %v, want %v", got, want)
	}
	if defs[0].Title != "First Acme DB image" {
		t.Errorf("%q was not replaced by the file of its name", defs[0].Title)
	}
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	again := filepath.Join(dir, "again.yaml")
	write(t, again, string(read(t, "testdata/acme.yaml")))
	large := filepath.Join(dir, "large.yaml")
	write(t, large, strings.Repeat("# long\n", MaxBytes/7+1))
	missing := filepath.Join(dir, "missing.yaml")

	_, err := LoadFiles([]string{"testdata/acme.yaml", again, large, missing, "testdata/bad/unknown-team.yaml"})
	if err == nil {
		t.Fatal("loaded")
	}
	for _, want := range []string{
		again + `: the process "acme-first-image" is in testdata/acme.yaml already; give one of them another name`,
		large + ": the file is larger than 1024 KiB",
		missing + ": no such file",
		`testdata/bad/unknown-team.yaml:21:11: unknown team "doc"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
