package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev/manifest"
)

// This file holds the manifest to the code: the app asks for what it uses, and
// for nothing else.

// methodScopes are the scopes that Slack wants for each Web API method the bot
// may call. Optional ones make something better that works without them.
var methodScopes = map[string]struct{ needs, optional []manifest.Scope }{
	"auth.test":             {},
	"chat.delete":           {needs: []manifest.Scope{"chat:write"}},
	"chat.postEphemeral":    {needs: []manifest.Scope{"chat:write"}},
	"chat.postMessage":      {needs: []manifest.Scope{"chat:write"}, optional: []manifest.Scope{"chat:write.public"}},
	"chat.update":           {needs: []manifest.Scope{"chat:write"}},
	"conversations.history": {optional: []manifest.Scope{"channels:history", "groups:history", "im:history"}},
	"conversations.replies": {optional: []manifest.Scope{"channels:history", "groups:history", "im:history"}},
	"conversations.info":    {needs: []manifest.Scope{"channels:read", "groups:read"}},
	"conversations.open":    {optional: []manifest.Scope{"im:write"}},
	"response_url":          {},
	"upload_url":            {},
	"usergroups.list":       {needs: []manifest.Scope{"usergroups:read"}},
	"usergroups.users.list": {needs: []manifest.Scope{"usergroups:read"}},

	"files.completeUploadExternal": {optional: []manifest.Scope{"files:write"}},
	"files.getUploadURLExternal":   {optional: []manifest.Scope{"files:write"}},

	"users.info":    {needs: []manifest.Scope{"users:read"}, optional: []manifest.Scope{"users:read.email"}}, // with addresses
	"users.list":    {needs: []manifest.Scope{"users:read"}, optional: []manifest.Scope{"users:read.email"}},
	"views.open":    {},
	"views.publish": {},
	"views.update":  {},
}

func TestSlackTakesTheManifest(t *testing.T) {
	t.Parallel()
	for _, problem := range manifest.Validate(shippedManifest(t)) {
		t.Error(problem)
	}
}

func TestTheManifestAsksForWhatIsUsed(t *testing.T) {
	t.Parallel()
	m := shippedManifest(t)
	needs, optional := map[manifest.Scope]bool{}, map[manifest.Scope]bool{}
	if len(m.Features.SlashCommands)+len(m.Features.Shortcuts) > 0 {
		needs["commands"] = true
	}
	called := methodsCalled(t)
	for _, method := range called {
		scopes, known := methodScopes[method]
		if !known {
			t.Errorf("the bot calls %s; add it to methodScopes with the scopes it needs", method)
		}
		for _, s := range scopes.needs {
			needs[s] = true
		}
		for _, s := range scopes.optional {
			optional[s] = true
		}
	}
	for method := range methodScopes {
		if !slices.Contains(called, method) {
			t.Errorf("the bot calls %s no more; take it from methodScopes", method)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(needs)), slices.Sorted(slices.Values(m.OAuthConfig.Scopes.Bot))); diff != "" {
		t.Errorf("scopes (-used +in the manifest):\n%s", diff)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(optional)), slices.Sorted(slices.Values(m.OAuthConfig.Scopes.BotOptional))); diff != "" {
		t.Errorf("optional scopes (-used +in the manifest):\n%s", diff)
	}
}

// TestTheManifestSubscribesToWhatIsHandled compares in both directions.
func TestTheManifestSubscribesToWhatIsHandled(t *testing.T) {
	t.Parallel()
	subscribed := map[string]bool{}
	for _, event := range shippedManifest(t).Settings.EventSubscriptions.BotEvents {
		name, _, _ := strings.Cut(string(event), ".") // message.im arrives as a message
		subscribed[name] = true
	}
	if diff := cmp.Diff(eventsHandled(t), slices.Sorted(maps.Keys(subscribed))); diff != "" {
		t.Errorf("events (-handled +in the manifest):\n%s", diff)
	}
}

func TestManifestIsPrintedAsItIs(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"manifest"}, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Errorf("exit code %d, and said %q", code, &errs)
	}
	if diff := cmp.Diff(string(readFile(t, "manifest.yaml")), out.String()); diff != "" {
		t.Errorf("(-file +printed):\n%s", diff)
	}
}

func shippedManifest(t *testing.T) manifest.Manifest {
	t.Helper()
	m, err := manifest.Parse(slackManifest)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// methodsCalled are the Web API methods that the bot calls. Every call has the
// form web.do(ctx, method, func ...), whether at once, paced or tried again.
func methodsCalled(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, file := range botFiles(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			if _, ok := call.Args[2].(*ast.FuncLit); !ok {
				return true
			}
			if method, ok := literal(call.Args[1]); ok {
				found[method] = true
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// eventsHandled are the cases of the switch over a workspace's events.
func eventsHandled(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, file := range botFiles(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SwitchStmt)
			if !ok {
				return true
			}
			tag, ok := s.Tag.(*ast.SelectorExpr)
			if !ok || tag.Sel.Name != "Type" {
				return true
			}
			if of, ok := tag.X.(*ast.SelectorExpr); !ok || of.Sel.Name != "Event" {
				return true
			}
			for _, c := range s.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					if event, ok := literal(e); ok {
						found = append(found, event)
					}
				}
			}
			return true
		})
	}
	slices.Sort(found)
	return found
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// botFiles are the files of the bot, without its tests.
func botFiles(t *testing.T) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "bot", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var out []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file)
	}
	if len(out) == 0 {
		t.Fatal("the bot has no files")
	}
	return out
}
