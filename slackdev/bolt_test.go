package slackdev

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// This file runs apps that are written with Bolt for JavaScript, a client that
// nobody here wrote: what Bolt cannot do here is wrong here.

// boltApps are in testdata/bolt: hello.js is the one that docs/slackdev.md
// shows, app.js one that does all sorts of things.
const boltApps = "testdata/bolt"

// boltModules installs what the apps need, as their lock file has it, beside no
// file of the repository, and returns where it is. What was installed once is
// kept for the next run. Without node the test is skipped, in CI it fails.
func boltModules(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			const why = "no Node.js is installed, so Bolt cannot be run: apt-get install nodejs npm"
			if os.Getenv("CI") == "true" {
				t.Fatal(why)
			}
			t.Skip(why)
		}
	}
	lock, err := os.ReadFile(filepath.Join(boltApps, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	kept := filepath.Join(cache, "cloudimage-slackdev", fmt.Sprintf("bolt-%x", sha256.Sum256(lock))[:24])
	if _, err := os.Stat(kept); err == nil {
		return filepath.Join(kept, "node_modules")
	}
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(kept), "new-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
		src, err := os.ReadFile(filepath.Join(boltApps, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(fresh, name), src, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
	install.Dir = fresh
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	// Another run may have been quicker, which is as good.
	if err := os.Rename(fresh, kept); err != nil {
		if _, there := os.Stat(kept); there != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(kept, "node_modules")
}

// programLog is what a program wrote.
type programLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *programLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *programLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// runBolt runs an app until the test ends, with nothing but the environment to
// tell it where it is.
func runBolt(t *testing.T, ws *Workspace, modules, app string) *programLog {
	t.Helper()
	return runApp(t, ws, append(os.Environ(), "NODE_PATH="+modules), "node", filepath.Join(boltApps, app))
}

func runApp(t *testing.T, ws *Workspace, env []string, name string, args ...string) *programLog {
	t.Helper()
	out := &programLog{}
	app := exec.Command(name, args...)
	app.Env = append(env, "SLACK_BOT_TOKEN="+ws.BotToken(), "SLACK_APP_TOKEN="+ws.AppToken(), "SLACK_API_URL="+ws.APIURL())
	app.Stdout, app.Stderr = out, out
	if err := app.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		app.Process.Kill()
		app.Wait()
		if t.Failed() {
			t.Logf("the app wrote:\n%s", out)
		}
	})
	return out
}

func boltWorkspace(t *testing.T) *Workspace {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(boltApps, "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return New(t, Options{Manifest: manifest, IDSeed: 1})
}

func TestBoltForJavaScript(t *testing.T) {
	t.Parallel()
	modules := boltModules(t)
	ctx := t.Context()

	t.Run("ten lines", func(t *testing.T) {
		t.Parallel()
		ws := boltWorkspace(t)
		runBolt(t, ws, modules, "hello.js")
		if err := ws.WaitConnected(ctx, 1); err != nil {
			t.Fatal(err)
		}
		ana := ws.User("ana")
		must[Outcome](t)(ana.Slash(ctx, "#random", "/hello"))
		m := must[Message](t)(ana.WaitForText(ctx, "#random", "Hello, @ana!"))
		if !m.Ephemeral || ws.User("lee").Sees("#random") != "" {
			t.Errorf("others were told: %+v", m)
		}
	})

	t.Run("an app", func(t *testing.T) {
		t.Parallel()
		ws := boltWorkspace(t)
		out := runBolt(t, ws, modules, "app.js")
		if err := ws.WaitConnected(ctx, 1); err != nil {
			t.Fatal(err)
		}
		ana, lee := ws.User("ana"), ws.User("lee")
		boltModal(t, ana)
		must[Message](t)(lee.WaitForText(ctx, "#general", "Water the plants & trees in the Garden, says @ana"))
		if out := must[Outcome](t)(lee.Click(ctx, In("#general", "Done"))); len(out.Warnings) > 0 {
			t.Errorf("Bolt's acks are complained of: %q", out.Warnings)
		}
		m := must[Message](t)(ana.WaitForText(ctx, "#general", "@lee did it: Water the plants & trees"))
		if m.Blocks != nil || !m.Edited {
			t.Errorf("the card is still there: %+v", m)
		}

		must[Outcome](t)(ana.Slash(ctx, "#random", "/secret")) // where the bot is no member
		m = must[Message](t)(ana.WaitForText(ctx, "#random", "A secret"))
		must[Outcome](t)(ana.Click(ctx, In("#random", "Reveal")))
		revealed := must[Message](t)(ana.WaitForText(ctx, "#random", "It is 42."))
		if !m.Ephemeral || !revealed.Ephemeral || revealed.TS != m.TS || lee.Sees("#random") != "" {
			t.Errorf("%+v, then %+v", m, revealed)
		}

		must[Outcome](t)(lee.Say(ctx, "#general", "@todo are you there?"))
		m = must[Message](t)(lee.WaitForText(ctx, "#general", "You called, @lee?"))
		if asked, _ := lee.Find("#general", "are you there"); m.Thread != asked.TS {
			t.Errorf("it answered elsewhere: %+v", m)
		}
		must[Outcome](t)(ana.OpenHome(ctx))
		must[View](t)(ana.WaitForHome(ctx, "Your tasks"))
		for _, c := range ws.Calls("") {
			if !c.OK {
				t.Errorf("%s was refused: %s %s", c.Method, c.Error, c.Result)
			}
		}
		if text := out.String(); strings.Contains(text, "[WARN]") || strings.Contains(text, "[ERROR]") {
			t.Errorf("Bolt complains:\n%s", text)
		}
	})

	t.Run("sockets come and go", func(t *testing.T) {
		t.Parallel()
		ws := boltWorkspace(t)
		runBolt(t, ws, modules, "hello.js")
		if err := ws.WaitConnected(ctx, 1); err != nil {
			t.Fatal(err)
		}
		ana := ws.User("ana")
		ws.Disconnect(DisconnectRefreshRequested) // Bolt waits for five seconds before it comes back
		if err := ws.WaitForCalls(ctx, "apps.connections.open", 2); err != nil {
			t.Fatal(err)
		}
		if err := ws.WaitConnected(ctx, 1); err != nil {
			t.Fatal(err)
		}
		must[Outcome](t)(ana.Slash(ctx, "#general", "/hello"))
		must[Message](t)(ana.WaitForText(ctx, "#general", "Hello, @ana!"))
	})
}

// boltModal fills in a modal with an input, which the app refuses once, and a
// select that asks the app.
func boltModal(t *testing.T, ana *Person) {
	t.Helper()
	ctx := t.Context()
	must[Outcome](t)(ana.Slash(ctx, "#general", "/todo"))
	must[View](t)(ana.WaitForModal(ctx, "Where"))
	must[Outcome](t)(ana.Fill(ctx, "Task", "nothing"))
	got, _, err := ana.Suggest(ctx, InModal("Where"), "gar")
	if err != nil || len(got.All()) != 2 || got.All()[0].Text.Text != "Garden" {
		t.Errorf("it offers %+v, %v", got, err)
	}
	must[Outcome](t)(ana.Fill(ctx, "Where", "gard"))
	if out := must[Outcome](t)(ana.Submit(ctx)); out.OK || out.FieldErrors["task"] != "That is not much." {
		t.Errorf("it was taken: %+v", out)
	}
	must[Outcome](t)(ana.Fill(ctx, "Task", "Water the plants & trees"))
	if out := must[Outcome](t)(ana.Submit(ctx)); !out.OK {
		t.Errorf("it was not taken: %+v", out)
	}
	if v, open := ana.Modal(); open {
		t.Errorf("it is still open: %s", v.Text())
	}
}

// TestTheLockNamesNoHost holds that whoever installs the apps' packages gets them
// from the registry that they chose.
func TestTheLockNamesNoHost(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
		src, err := os.ReadFile(filepath.Join(boltApps, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(src, []byte("://")) || bytes.Contains(src, []byte(`"resolved"`)) {
			t.Errorf("%s names a host: write it with npm install --package-lock-only, which .npmrc tells to leave them out, and take funding out", name)
		}
	}
}
