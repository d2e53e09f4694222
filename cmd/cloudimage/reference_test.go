package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"cloudimage/commands"
	"cloudimage/providers/aws"
	"cloudimage/workflow/images"
	"cloudimage/workflow/maintenance"
	"cloudimage/workflow/process"
)

// This file holds docs/operations.md and README.md to being complete: every
// key, flag, variable, scope, metric, warning and verb is there, and none that
// is not.

func operations(t *testing.T) string {
	t.Helper()
	return string(readFile(t, filepath.Join(root, "docs", "operations.md")))
}

// section is a part of a page, from its heading to the next one.
func section(t *testing.T, page, title string) string {
	t.Helper()
	_, after, ok := strings.Cut(page, "# "+title+"\n")
	if !ok {
		t.Fatalf("there is no section %q", title)
	}
	if end := regexp.MustCompile(`(?m)^#{1,2} `).FindStringIndex(after); end != nil {
		after = after[:end[0]]
	}
	return after
}

// rows are the first cells of a section's tables, without their backticks.
func rows(section string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(section, -1) {
		out = append(out, m[1])
	}
	return out
}

func same(t *testing.T, what string, documented, there []string) {
	t.Helper()
	slices.Sort(documented)
	slices.Sort(there)
	if diff := cmp.Diff(slices.Compact(there), slices.Compact(documented)); diff != "" {
		t.Errorf("the %s are not those of the page; add what is missing there, with what the reader has to know, and take out what is gone (-there +in the page):\n%s", what, diff)
	}
}

// TestTheExampleConfigurationLoads reads the YAML out of the page itself.
func TestTheExampleConfigurationLoads(t *testing.T) {
	t.Parallel()
	_, example, ok := strings.Cut(operations(t), "<!-- cloudimage.yaml -->\n```yaml\n")
	if !ok {
		t.Fatal("the page has no example")
	}
	example, _, _ = strings.Cut(example, "```")
	path := filepath.Join(t.TempDir(), "cloudimage.yaml")
	for name, text := range map[string]string{path: example, filepath.Join(filepath.Dir(path), "issue.md"): "{{.Progress}}"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := process.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(config.checkTeams(shipped), config.checkIssues(shipped)); err != nil {
		t.Error(err)
	}
	if _, err := newCalendars(config); err != nil {
		t.Error(err)
	}
	// It is said to be complete.
	for _, key := range configKeys(reflect.TypeFor[Config]()) {
		if !regexp.MustCompile(`\b` + key + `:`).MatchString(example) {
			t.Errorf("the example does not have the key %q", key)
		}
	}
}

// configKeys are all keys that a configuration may have.
func configKeys(in reflect.Type) []string {
	for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice || in.Kind() == reflect.Map {
		in = in.Elem()
	}
	if in.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range in.NumField() {
		if key := in.Field(i).Tag.Get("yaml"); key != "" {
			out = append(append(out, key), configKeys(in.Field(i).Type)...)
		}
	}
	return out
}

func TestFlagsAndVariablesAreDocumented(t *testing.T) {
	t.Parallel()
	var flags, variables []string
	for _, command := range commandLine(t).Leaves(false) {
		if command.Name != "serve" {
			continue
		}
		for _, f := range command.Flags {
			flags = append(flags, "--"+f.Name)
			variables = append(variables, f.Envs...)
		}
	}
	variables = append(append(variables, variablesRead(t)...), secretNames()...)
	page := section(t, operations(t), "Flags and environment")
	same(t, "flags of serve", rows(page), flags)
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\|[^|]*\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(page, -1) {
		documented = append(documented, m[1])
	}
	same(t, "variables", documented, variables)
}

// variablesRead are the variables that the program itself asks for.
func variablesRead(t *testing.T) []string {
	t.Helper()
	var out []string
	eachCall(t, func(f *ast.SelectorExpr, args []ast.Expr) {
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "os" && (f.Sel.Name == "Getenv" || f.Sel.Name == "LookupEnv") {
			if name, ok := literal(args[0]); ok {
				out = append(out, name)
			}
		}
	})
	return out
}

func TestScopesAreDocumented(t *testing.T) {
	t.Parallel()
	m := shippedManifest(t)
	var needed, optional, all, marked []string
	for _, s := range m.OAuthConfig.Scopes.Bot {
		needed = append(needed, string(s))
	}
	for _, s := range m.OAuthConfig.Scopes.BotOptional {
		optional = append(optional, string(s))
	}
	page := section(t, operations(t), "Scopes")
	all = rows(page)
	same(t, "scopes", slices.Clone(all), slices.Concat(needed, optional))
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`, optional").FindAllStringSubmatch(page, -1) {
		marked = append(marked, m[1])
	}
	same(t, "optional scopes", marked, optional)

	// And it says of each what `cloudimage doctor` says.
	var said, told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`(?:, optional)? \\| (.*) \\|$").FindAllStringSubmatch(page, -1) {
		said = append(said, m[1]+": "+strings.NewReplacer("`", "", "*", "").Replace(m[2]))
	}
	for _, s := range scopeTable {
		told = append(told, s.Name+": "+s.Buys)
	}
	same(t, "words about scopes", said, told)
}

func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	var there, documented []string
	for _, path := range append(files(t, "bot/metrics.go"), slices.Concat(files(t, "cloudimage/health.go"), files(t, "cloudimage/tracker.go"))...) {
		for _, m := range regexp.MustCompile(`Name: "(cloudimage_\w+)"`).FindAllSubmatch(readFile(t, path), -1) {
			there = append(there, string(m[1]))
		}
	}
	for _, r := range rows(section(t, operations(t), "Health and metrics")) {
		if !strings.HasPrefix(r, "/") {
			documented = append(documented, r)
		}
	}
	same(t, "metrics", documented, there)
}

// TestWarningsAreExplained compares the runbook with what the program can log.
func TestWarningsAreExplained(t *testing.T) {
	t.Parallel()
	var there []string
	eachCall(t, func(f *ast.SelectorExpr, args []ast.Expr) {
		if f.Sel.Name != "Warn" && f.Sel.Name != "Error" || !isLogger(f.X) {
			return
		}
		if message, ok := literal(args[0]); ok {
			there = append(there, message)
		}
	})
	var documented []string
	for _, message := range rows(section(t, operations(t), "What the log says, and the cure")) {
		if !strings.HasSuffix(message, "…") { // the beginning of a sentence made for the case
			documented = append(documented, message)
		}
	}
	same(t, "warnings", documented, there)
}

// isLogger reports whether an expression is a logger, by its name.
func isLogger(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "log"
	case *ast.SelectorExpr:
		return e.Sel.Name == "log" || e.Sel.Name == "Logger"
	}
	return false
}

// eachCall calls f with every call of a method or a package's function, with
// arguments, in the rooms that are served. The stand-in of Slack is none.
func eachCall(t *testing.T, f func(fun *ast.SelectorExpr, args []ast.Expr)) {
	t.Helper()
	for _, path := range files(t, ".go") {
		if strings.HasSuffix(path, "_test.go") || strings.Contains(filepath.ToSlash(path), "/slackdev/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				if fun, ok := call.Fun.(*ast.SelectorExpr); ok {
					f(fun, call.Args)
				}
			}
			return true
		})
	}
}

// TestVerbsAreDocumented compares the README's table with what help lists.
func TestVerbsAreDocumented(t *testing.T) {
	t.Parallel()
	there := map[string]bool{"/cloudimage": true}
	for _, v := range commands.New(commands.Options{Tracker: "GitLab", Maintenance: &maintenance.Service{}, Images: images.New(images.Options{Clouds: []images.Setup{{Cloud: &aws.Cloud{}}}})}).Verbs() {
		if v.Group != commands.Unlisted {
			there["/cloudimage "+v.Name] = true
		}
	}
	var documented []string
	table := section(t, string(readFile(t, filepath.Join(root, "README.md"))), "What people can ask")
	for _, text := range inBackticks([]byte(table)) {
		if strings.HasPrefix(text, "/cloudimage") {
			documented = append(documented, text)
		}
	}
	same(t, "verbs", documented, slices.Collect(maps.Keys(there)))
}

// TestSubcommandsAreDocumented holds that docs/operations.md names each.
func TestSubcommandsAreDocumented(t *testing.T) {
	t.Parallel()
	page := operations(t)
	for _, command := range commandLine(t).Leaves(false) {
		if name := command.FullPath(); !strings.Contains(page, "`"+name+"`") && !strings.Contains(page, "`"+name+" ") {
			t.Errorf("the page does not name `%s`", name)
		}
	}
}

// commandLine is the program's, as kong knows it.
func commandLine(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("cloudimage"))
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}
