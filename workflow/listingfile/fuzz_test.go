package listingfile

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse holds the reader to what its callers rely on, whatever the file: it never
// panics, tells its problems in order and with a place inside the file, gives either
// listings or problems, and what it gives can be written and read back.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, path := range files(f, folder) {
			f.Add(filepath.Ext(path), read(f, path))
			f.Add("", read(f, path))
		}
	}
	f.Add("", CSV(full()))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		list, err := Parse(name, src, options)
		if err != nil {
			if list != nil {
				t.Fatalf("%d listings and problems", len(list))
			}
			checkProblems(t, name, src, err)
			return
		}
		if len(list) == 0 {
			t.Fatal("neither listings nor problems")
		}
		for i := range list {
			if bad := list[i].Check(options.Editions, options.Teams); bad != nil {
				t.Fatalf("listing %d was read and is not right: %v", i, bad)
			}
		}
		out := CSV(list)
		checkCells(t, out)
		again, err := Parse("again.csv", out, options)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if diff := cmp.Diff(byID(list), again); diff != "" {
			t.Fatalf("written and read back (-want +got):\n%s", diff)
		}
	})
}

func checkProblems(t *testing.T, name string, src []byte, err error) {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("the error is %T %v, want problems", err, err)
	}
	lines := strings.Split(lineFeeds.Replace(string(src)), "\n")
	for i, p := range problems {
		if p.File != name || p.Message == "" || p.Line < 0 || p.Line > len(lines) || p.Line == 0 && p.Column != 0 {
			t.Fatalf("problem %d is %+v in a file of %d lines", i, p, len(lines))
		}
		if p.Line > 0 && (p.Column < 1 || p.Column > utf8.RuneCountInString(lines[p.Line-1])+1) {
			t.Fatalf("problem %d is %+v in the line %q", i, p, lines[p.Line-1])
		}
		if i > 0 && p.Line < problems[i-1].Line {
			t.Fatalf("problem %d is told after one further down", i)
		}
	}
}
