package page_test

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudimage/slackdev/page"
)

// sources returns the page's files of one kind, by path.
func sources(t *testing.T, ext string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(page.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ext {
			return err
		}
		b, err := fs.ReadFile(page.FS(), name)
		out[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("the page has no %s files", ext)
	}
	return out
}

// A bot's text must not become markup or code, whatever it is. These are all
// the ways in which a browser turns a string into either.
func TestNoScriptMakesMarkupOrCodeFromStrings(t *testing.T) {
	t.Parallel()
	banned := regexp.MustCompile(`(?i)innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|DOMParser|createContextualFragment|srcdoc|` +
		`\beval\s*\(|new Function|setTimeout\(\s*['"` + "`" + `]|setInterval\(\s*['"` + "`" + `]|\bimport\s*\(`)
	for name, text := range sources(t, ".js") {
		for _, found := range banned.FindAllString(text, -1) {
			t.Errorf("%s has %q: build nodes with h() of ui/dom.js instead", name, found)
		}
	}
}

func TestDocumentHasNothingInlineAndNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	for name, text := range sources(t, ".html") {
		for _, why := range []struct{ pattern, cure string }{
			{`<script(?:\s+type="module")?\s*>`, "the policy stops inline scripts: put it into a module"},
			{`<style`, "the policy stops inline styles: put it into a style sheet"},
			{`\sstyle=`, "the policy stops style attributes"},
			{`\son[a-z]+=`, "the policy stops inline handlers"},
			{`(?:src|href)="(?:https?:)?//`, "the page fetches nothing from elsewhere"},
		} {
			if found := regexp.MustCompile(why.pattern).FindString(text); found != "" {
				t.Errorf("%s has %q: %s", name, found, why.cure)
			}
		}
	}
	for name, text := range sources(t, ".css") {
		if found := regexp.MustCompile(`url\(|@import`).FindString(text); found != "" {
			t.Errorf("%s has %q: the page fetches nothing more", name, found)
		}
	}
}

var (
	imported = regexp.MustCompile(`(?m)^(?:import|export)\s[^;]*?from '([^']+)'|^import '([^']+)'`)
	linked   = regexp.MustCompile(`(?:href|src)="/dev/(static/[^"]+)"`)
)

// A module that nothing imports is dead; an import of nothing is a blank page.
func TestEveryFileIsUsedAndEveryReferenceIsThere(t *testing.T) {
	t.Parallel()
	scripts := sources(t, ".js")
	used := map[string]bool{}
	var follow func(name, from string)
	follow = func(name, from string) {
		if used[name] {
			return
		}
		used[name] = true
		if _, err := fs.Stat(page.FS(), name); err != nil {
			t.Errorf("%s refers to %s: %v", from, name, err)
		}
		for _, m := range imported.FindAllStringSubmatch(scripts[name], -1) {
			follow(path.Join(path.Dir(name), m[1]+m[2]), name)
		}
	}
	for _, m := range linked.FindAllStringSubmatch(sources(t, ".html")["index.html"], -1) {
		follow(m[1], "index.html")
	}
	err := fs.WalkDir(page.FS(), "static", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !used[name] {
			t.Errorf("%s is not used by the page", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The rooms of the page: ui knows nothing of Slack, blockkit nothing of the chat.
func TestModulesKeepToTheirRooms(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{"ui": {"ui"}, "blockkit": {"blockkit", "ui"}, "chat": {"chat", "blockkit", "ui"}}
	for name, text := range sources(t, ".js") {
		room := path.Base(path.Dir(name))
		if allowed[room] == nil {
			continue
		}
		for _, m := range imported.FindAllStringSubmatch(text, -1) {
			if to := path.Base(path.Dir(path.Join(path.Dir(name), m[1]+m[2]))); !slices.Contains(allowed[room], to) {
				t.Errorf("%s imports %s: %s may use %s only", name, m[1], room, strings.Join(allowed[room], ", "))
			}
		}
	}
}

func TestModulesAreSmallAndSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for name, text := range sources(t, ".js") {
		if n := strings.Count(text, "\n"); n > 300 {
			t.Errorf("%s has %d lines: one idea a file, 300 lines at most", name, n)
		}
		if !strings.HasPrefix(text, "// ") {
			t.Errorf("%s does not begin with a comment that says what it is", name)
		}
	}
}
