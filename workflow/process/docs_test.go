package process

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const reference = "../../docs/processes.md"

// TestTheExampleInTheReferenceLoads reads the YAML out of the document itself.
func TestTheExampleInTheReferenceLoads(t *testing.T) {
	t.Parallel()
	_, after, ok := strings.Cut(string(read(t, reference)), "```yaml\n")
	if !ok {
		t.Fatal("the reference has no example")
	}
	example, _, ok := strings.Cut(after, "```")
	if !ok {
		t.Fatal("the example has no end")
	}
	def := load(t, "docs/processes.md", example)
	if len(def.Teams) != 2 {
		t.Errorf("the example has %d teams, want the two it speaks of", len(def.Teams))
	}
	if example != string(read(t, "testdata/acme.yaml")) {
		t.Error("the example is not testdata/acme.yaml; copy one to the other")
	}
}

// TestTheReferenceExplainsEveryKey compares the tables with what is read.
func TestTheReferenceExplainsEveryKey(t *testing.T) {
	t.Parallel()
	doc := string(read(t, reference))
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|")
	for _, f := range forms {
		_, section, ok := strings.Cut(doc, "\n### "+strings.ToUpper(f.what[:1])+f.what[1:]+"\n")
		if !ok {
			t.Errorf("the reference has no section about %s", f.what)
			continue
		}
		section, _, _ = strings.Cut(section, "\n#")
		section, _, _ = strings.Cut(section, "| type | what it takes |")
		var explained []string
		for _, m := range row.FindAllStringSubmatch(section, -1) {
			explained = append(explained, m[1])
		}
		if got, want := strings.Join(explained, " "), strings.Join(f.keys, " "); got != want {
			t.Errorf("%s: the reference explains\n%s, and what is read is\n%s", f.what, got, want)
		}
	}
	for _, typ := range fieldTypes {
		if !strings.Contains(doc, "\n| `"+string(typ)+"` |") {
			t.Errorf("the reference does not explain the type %q", typ)
		}
	}
}

func TestTheReferenceNamesFilesThatExist(t *testing.T) {
	t.Parallel()
	links := regexp.MustCompile(`\]\((\.\./[^)#]+)\)`)
	found := links.FindAllStringSubmatch(string(read(t, reference)), -1)
	if len(found) < 5 {
		t.Errorf("only %d links to files", len(found))
	}
	for _, m := range found {
		if _, err := os.Stat(filepath.Join(filepath.Dir(reference), m[1])); err != nil {
			t.Error(err)
		}
	}
}
