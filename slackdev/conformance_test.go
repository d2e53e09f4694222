package slackdev

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cloudimage/slackdev/rates"
)

// This file holds the table of docs/slackdev.md, which says what of Slack this
// workspace enforces, to the tests that it names and to the methods there are.

// A pageTable is one table of a page, its header apart.
type pageTable struct {
	head []string
	rows [][]string
}

// enforced reads the tables of "What it enforces".
func enforced(t *testing.T) []pageTable {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "docs", "slackdev.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## What it enforces\n")
	if !found {
		t.Fatal("docs/slackdev.md has no heading \"What it enforces\"")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var out []pageTable
	inside := false
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			inside = false
			continue
		case strings.Trim(line, "|-: ") == "":
			continue // the rule under the header
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !inside {
			out = append(out, pageTable{head: cells})
			inside = true
			continue
		}
		last := &out[len(out)-1]
		last.rows = append(last.rows, cells)
	}
	return out
}

// written is what the test files of a package have: the functions, and every
// text, among which the names of the cases of a table are.
type written struct {
	tests map[string]bool
	texts map[string]bool
}

func readTests(t *testing.T, dir string) written {
	t.Helper()
	w := written{map[string]bool{}, map[string]bool{}}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
				w.tests[fn.Name.Name] = true
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil {
					w.texts[s] = true
				}
			}
			return true
		})
	}
	return w
}

var proof = regexp.MustCompile("`(slackdev(?:/[a-z]+)*) (Test\\w+)(?:/([^`]+))?`")

func TestEveryRuleNamesItsTest(t *testing.T) {
	t.Parallel()
	packages := map[string]written{}
	seen := map[string]bool{}
	for _, table := range enforced(t) {
		if !slices.Equal(table.head, []string{"rule", "how it shows", "test"}) {
			continue
		}
		for _, row := range table.rows {
			if len(row) != 3 || row[0] == "" || row[1] == "" {
				t.Errorf("a rule wants three cells: %q", row)
				continue
			}
			if seen[row[0]] {
				t.Errorf("%q is there twice", row[0])
			}
			seen[row[0]] = true
			named := proof.FindAllStringSubmatch(row[2], -1)
			if len(named) == 0 || strings.Trim(proof.ReplaceAllString(row[2], ""), ", ") != "" {
				t.Errorf("%q: name its tests as `slackdev TestName`, not %q", row[0], row[2])
			}
			for _, m := range named {
				w, ok := packages[m[1]]
				if !ok {
					w = readTests(t, filepath.Join("..", filepath.FromSlash(m[1])))
					packages[m[1]] = w
				}
				if !w.tests[m[2]] || m[3] != "" && !w.texts[m[3]] {
					t.Errorf("%q: %s has no test %s", row[0], m[1], strings.TrimSuffix(m[2]+"/"+m[3], "/"))
				}
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d rules were found; are they still looked for in the right way?", len(seen))
	}
}

// tierCell is how the page writes the tier of a method.
func tierCell(method string) string {
	if t := rates.Of(method).Tier; t != rates.Unlimited {
		return strings.TrimPrefix(t.String(), "Tier ")
	}
	return "not known"
}

func TestEveryMethodIsInThePage(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	methods := methodTable()
	for _, table := range enforced(t) {
		if !slices.Equal(table.head, []string{"method", "scope", "tier", "checked"}) {
			continue
		}
		for _, row := range table.rows {
			name := strings.Trim(row[0], "`")
			m, ok := methods[name]
			switch {
			case len(row) != 4 || slices.Contains(row, ""):
				t.Errorf("a method wants four cells: %q", row)
			case !ok:
				t.Errorf("the page has %s, which is no method here", row[0])
			case listed[name]:
				t.Errorf("%s is listed twice", name)
			case m.scope != "" && !strings.Contains(row[1], "`"+m.scope+"`"):
				t.Errorf("%s needs %s, and the page says %s", name, m.scope, row[1])
			case m.token == appToken && !strings.Contains(row[1], "`connections:write`"):
				t.Errorf("%s needs the app-level token, and the page says %s", name, row[1])
			case !strings.HasPrefix(row[2], tierCell(name)):
				t.Errorf("%s is of tier %s, and the page says %s", name, tierCell(name), row[2])
			}
			listed[name] = true
		}
	}
	for _, name := range sortedKeys(methods) {
		if !listed[name] {
			t.Errorf("%s is not in the table of methods", name)
		}
	}
}
