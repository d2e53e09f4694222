package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = "../.."

// longestFile is how many lines a Go file may have. Whoever needs more has two
// ideas in it.
const longestFile = 500

// TestFiles holds every Go file to what can be told by looking at it alone.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, ".go") {
		src := readFile(t, path)
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, fault := range faults(file) {
			t.Errorf("%s: %s", path, fault)
		}
		if n := bytes.Count(src, []byte("\n")); n > longestFile && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s has %d lines; a file has %d at most, and one idea", path, n, longestFile)
		}
	}
}

// faults are what a file must not hold.
func faults(file *ast.File) []string {
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				out = append(out, "init runs behind everybody's back; assemble in app.go")
			}
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "time" && n.Sel.Name == "Sleep" {
				out = append(out, "time.Sleep waits for nothing in particular; wait for what is meant")
			}
		}
		return true
	})
	return out
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	src := "package p\nimport \"time\"\nfunc init() { time.Sleep(time.Second) }\n"
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := faults(file); len(found) != 2 {
		t.Errorf("found %q, want the init and the sleep", found)
	}
}

// TestNothingIsLeftForLater looks for the marks of unfinished work.
func TestNothingIsLeftForLater(t *testing.T) {
	t.Parallel()
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	for _, path := range files(t, ".go", ".md", ".js", ".css", ".html", ".yaml", ".sql", ".txtar") {
		for i, line := range strings.Split(string(readFile(t, path)), "\n") {
			if mark := marks.FindString(line); mark != "" {
				t.Errorf("%s:%d: %s: do it, or say in the issue tracker that it is to be done", path, i+1, mark)
			}
		}
	}
}

// leastWords is how much a package's comment says at least: what it is for, and
// a word or two of its own.
const leastWords = 25

// TestPackagesTeach holds that each package has a comment that teaches its
// words, in one file.
func TestPackagesTeach(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		var docs []string
		for _, name := range append(p.GoFiles, p.IgnoredGoFiles...) {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Error(err)
				continue
			}
			if file.Doc != nil {
				docs = append(docs, file.Doc.Text())
			}
		}
		if len(docs) != 1 {
			t.Errorf("%s has %d package comments, want one", p.ImportPath, len(docs))
			continue
		}
		if n := len(strings.Fields(docs[0])); n < leastWords {
			t.Errorf("%s is explained in %d words; say what it is for and what its words mean", p.ImportPath, n)
		}
	}
}

// files are the files of the repository that end in one of the suffixes.
func files(t *testing.T, suffixes ...string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		for _, s := range suffixes {
			if !d.IsDir() && strings.HasSuffix(path, s) {
				out = append(out, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no files that end in %q were found", suffixes)
	}
	return out
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}
