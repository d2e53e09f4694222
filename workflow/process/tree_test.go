package process

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTree(t *testing.T) {
	t.Parallel()
	sources := map[string]string{}
	for _, path := range append(files(t, "good"), "testdata/acme.yaml") {
		sources[strings.TrimSuffix(filepath.Base(path), ".yaml")] = string(read(t, path))
	}
	for _, name := range shipped {
		sources[strings.TrimSuffix(name, ".yaml")] = string(read(t, filepath.Join("definitions", name)))
	}
	for name, src := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := Tree(&out, load(t, name+".yaml", src)); err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(out.String(), "\n") {
				if utf8.RuneCountInString(line) > treeWidth || strings.TrimRight(line, " ") != line {
					t.Errorf("line %d is too wide or ends in a space: %q", i+1, line)
				}
			}
			golden(t, filepath.Join("testdata", "trees", name+".txt"), out.String())
		})
	}
}

func TestTreeTellsThatItCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	def := load(t, "acme.yaml", string(read(t, "testdata/acme.yaml")))
	r, w := io.Pipe()
	r.Close()
	if err := Tree(w, def); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want %v", err, io.ErrClosedPipe)
	}
}
