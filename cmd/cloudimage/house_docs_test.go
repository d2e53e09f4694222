package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"cloudimage/commands"
)

// This file holds the documents to what there is: each file, command and verb
// they name exists. reference_test.go holds them to being complete.

// documents are the pages that people read.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	return append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"))
}

var (
	mdLink   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inline   = regexp.MustCompile("`([^`\n]+)`")
	fence    = regexp.MustCompile("(?ms)^ *```([a-z]*)\n(.*?)^ *```$")
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	testName = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz|Example)\w*)\(`)
)

func TestDocumentsLinkToWhatExists(t *testing.T) {
	t.Parallel()
	for _, page := range documents(t) {
		links := mdLink.FindAllSubmatch(withoutFences(readFile(t, page)), -1)
		for _, m := range links {
			target, anchor, _ := strings.Cut(string(m[1]), "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := page
			if target != "" {
				file = filepath.Join(filepath.Dir(page), target)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(readFile(t, file)), anchor) {
				t.Errorf("%s links to %s, and there is no such heading", page, m[1])
			}
		}
	}
}

// anchors are the names that headings are linked by.
func anchors(page []byte) []string {
	var out []string
	for _, m := range heading.FindAllSubmatch(withoutFences(page), -1) {
		name := strings.ToLower(strings.ReplaceAll(string(m[1]), "`", ""))
		name = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(name, "")
		out = append(out, strings.ReplaceAll(name, " ", "-"))
	}
	return out
}

func withoutFences(page []byte) []byte { return fence.ReplaceAll(page, nil) }

// TestDocumentsNameFilesThatExist looks at what stands in backticks and looks
// like a path of ours: it begins with a folder of the repository, or ends as our
// files do.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	top := map[string]bool{}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		top[e.Name()] = true
	}
	path := regexp.MustCompile(`^[\w.][\w./*-]*$`)
	ours := regexp.MustCompile(`\.(go|md|sql|txtar)$`)
	checked := 0
	for _, page := range documents(t) {
		for _, name := range inBackticks(readFile(t, page)) {
			name = strings.TrimSuffix(name, "/...")
			first, _, nested := strings.Cut(name, "/")
			if !path.MatchString(name) || !(nested && top[first]) && !ours.MatchString(name) {
				continue
			}
			checked++
			if !exists(t, filepath.Dir(page), name) {
				t.Errorf("%s names %s, which is not there", page, name)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d paths were found; are they still looked for in the right way?", checked)
	}
}

// exists reports whether a path is there, seen from the root or the page; a
// bare name may be anywhere.
func exists(t *testing.T, dir, name string) bool {
	t.Helper()
	for _, from := range []string{root, dir} {
		if found, err := filepath.Glob(filepath.Join(from, name)); err == nil && len(found) > 0 {
			return true
		}
	}
	if strings.Contains(name, "/") {
		return false
	}
	return slices.ContainsFunc(files(t, filepath.Ext(name)), func(path string) bool { return filepath.Base(path) == name })
}

// inBackticks is what stands in backticks outside of blocks.
func inBackticks(page []byte) []string {
	var out []string
	for _, m := range inline.FindAllSubmatch(withoutFences(page), -1) {
		out = append(out, string(m[1]))
	}
	return out
}

// TestDocumentsNameCommandsThatWork parses each command line of the documents
// as the program would, and looks for the packages and tests that others name.
func TestDocumentsNameCommandsThatWork(t *testing.T) {
	t.Parallel()
	tests := testNames(t)
	ours := 0
	for _, page := range documents(t) {
		for _, line := range commandLines(readFile(t, page)) {
			words := strings.Fields(line)
			for len(words) > 0 && strings.Contains(words[0], "=") { // the environment
				words = words[1:]
			}
			if len(words) == 0 {
				continue
			}
			switch words[0] {
			case "cloudimage", "./cloudimage":
				ours++
				if err := parseOurs(words[1:]); err != nil {
					t.Errorf("%s: `%s`: %v", page, line, err)
				}
			case "go":
				packages := checkGo(t, page, line, words[1:], tests)
				// cmd/slackdev checks its own command lines.
				if len(packages) > 0 && words[1] == "run" && !slices.Contains(words, "./cmd/slackdev") {
					ours++
					if err := parseOurs(packages); err != nil {
						t.Errorf("%s: `%s`: %v", page, line, err)
					}
				}
			}
		}
	}
	if ours < 10 {
		t.Errorf("only %d commands of ours were found; are they still looked for in the right way?", ours)
	}
}

// commandLines are what a reader would type: the lines of shell blocks, and
// commands within the text.
func commandLines(page []byte) []string {
	var out []string
	for _, m := range fence.FindAllSubmatch(page, -1) {
		if string(m[1]) != "sh" {
			continue
		}
		block := strings.ReplaceAll(string(m[2]), "\\\n", " ")
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " #")
			line, _, _ = strings.Cut(line, " > ")
			out = append(out, strings.TrimSpace(line))
		}
	}
	for _, text := range inBackticks(page) {
		if strings.HasPrefix(text, "cloudimage ") || strings.HasPrefix(text, "go ") {
			out = append(out, text)
		}
	}
	return out
}

// parseOurs parses a command line without running it.
func parseOurs(args []string) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("cloudimage"), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		return err
	}
	_, err = parser.Parse(args)
	return err
}

// checkGo checks what a command of Go's names, and returns what stands behind
// its first package.
func checkGo(t *testing.T, page, line string, words []string, tests []string) (rest []string) {
	t.Helper()
	for i, w := range words {
		if name, ok := strings.CutPrefix(w, "./"); ok {
			name = strings.TrimSuffix(strings.TrimSuffix(name, "..."), "/")
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("%s: `%s`: %v", page, line, err)
			}
			if rest == nil {
				rest = words[i+1:]
			}
		}
		if (w == "-run" || w == "-bench" || w == "-fuzz") && i+1 < len(words) {
			wanted := strings.Trim(words[i+1], `'"^$`)
			if pattern, err := regexp.Compile(wanted); err != nil || !slices.ContainsFunc(tests, pattern.MatchString) && wanted != "xxx" {
				t.Errorf("%s: `%s`: there is no test %q", page, line, wanted)
			}
		}
	}
	return rest
}

// testNames are all tests and benchmarks of the repository.
func testNames(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, path := range files(t, "_test.go") {
		for _, m := range testName.FindAllSubmatch(readFile(t, path), -1) {
			out = append(out, string(m[1]))
		}
	}
	return out
}

// TestDocumentsNameVerbsThatExist holds that what is said of the slash command
// can be typed.
func TestDocumentsNameVerbsThatExist(t *testing.T) {
	t.Parallel()
	verbs := map[string]bool{}
	for _, v := range commands.New(commands.Options{}).Verbs() {
		verbs[v.Name] = true
	}
	typed := regexp.MustCompile(`^/cloudimage(?: ([a-z-]+))?`)
	for _, page := range documents(t) {
		for _, text := range inBackticks(readFile(t, page)) {
			if m := typed.FindStringSubmatch(text); m != nil && !verbs[m[1]] {
				t.Errorf("%s: there is no verb %q", page, m[1])
			}
		}
	}
}

// TestDocumentsAreCheckedInEarnest holds that a wrong page would be found out.
func TestDocumentsAreCheckedInEarnest(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"serv"}, {"serve", "--databse", "x"}, {"process", "check"}, {"backup"}} {
		if parseOurs(args) == nil {
			t.Errorf("%q is no command of ours", args)
		}
	}
	page := []byte("# A page\n\n## What `x` is, and why\n\n`cloudimage serve`\n\n```sh\ncloudimage demo # now\n```\n")
	if got := anchors(page); !slices.Contains(got, "what-x-is-and-why") {
		t.Errorf("the headings are %q", got)
	}
	if got := commandLines(page); !slices.Equal(got, []string{"cloudimage demo", "cloudimage serve"}) {
		t.Errorf("the commands are %q", got)
	}
	if exists(t, root, "bot/nothing.go") || exists(t, root, "nothing.go") || !exists(t, root, "bot/doc.go") || !exists(t, root, "house_docs_test.go") {
		t.Error("what exists is not told from what does not")
	}
	if _, err := fs.Stat(os.DirFS(root), "go.mod"); err != nil || !bytes.Contains(readFile(t, filepath.Join(root, "go.mod")), []byte("module "+module+"\n")) {
		t.Error("the root of the repository is elsewhere")
	}
}
