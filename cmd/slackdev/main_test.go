package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"cloudimage/slackdev"
)

const manifest = `
display_information: { name: Test App }
features:
  bot_user: { display_name: testapp }
  slash_commands: [{ command: /thing, description: Things }]
oauth_config: { scopes: { bot: [commands, "chat:write"] } }
settings: { interactivity: { is_enabled: true }, socket_mode_enabled: true }
`

// screen is what the program printed so far.
type screen struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// begin runs the program until the test ends and returns what it wrote into
// the file for apps.
func begin(t *testing.T, args ...string) (env map[string]string, out *screen, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out = &screen{wrote: make(chan struct{}, 1)}
	path := filepath.Join(t.TempDir(), "app.env")
	code := make(chan int, 1)
	go func() { code <- run(ctx, append(args, "--addr", "127.0.0.1:0", "--env", path), out, out) }()
	for !strings.Contains(out.String(), "Ctrl-C") {
		select {
		case <-out.wrote:
		case c := <-code:
			t.Fatalf("it ended with %d: %s", c, out)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env = map[string]string{}
	for line := range strings.Lines(string(raw)) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		env[k] = v
		if !strings.Contains(out.String(), "  "+line) {
			t.Errorf("%s is not printed: %s", line, out)
		}
	}
	end = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { end() })
	return env, out, end
}

func TestAnAppConnectsWithWhatIsPrinted(t *testing.T) {
	t.Parallel()
	seed := write(t, "seed.yaml", "team: { name: Small, domain: small }\nusers: [{ name: kim }]\nchannels: [{ name: all, members: [kim], bot: true }]\n")
	args := []string{"--manifest", write(t, "manifest.yaml", manifest), "--seed", seed, "--now", "2026-01-15T09:00:00Z", "--no-user-groups", "--fixed-ids"}
	env, out, end := begin(t, args...)
	app := slack.New(env["SLACK_BOT_TOKEN"], slack.OptionAppLevelToken(env["SLACK_APP_TOKEN"]), slack.OptionAPIURL(env["SLACK_API_URL"]))
	sm := socketmode.New(app, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		sm.RunContext(ctx)
		close(stopped)
	}()
	for ev := range sm.Events {
		if ev.Type == socketmode.EventTypeHello {
			break
		}
	}
	who, err := app.AuthTest()
	if err != nil || who.Team != "Small" || who.User != "testapp" {
		t.Errorf("%+v, %v", who, err)
	}
	if _, ts, err := app.PostMessage("C0ALL", slack.MsgOptionText("hello", false)); err != nil || ts != "1768467600.000000" {
		t.Errorf("posted at %s, %v", ts, err)
	}
	if _, err := app.GetUserGroups(); err == nil {
		t.Error("there are user groups")
	}
	cancel()
	<-stopped
	for !strings.Contains(out.String(), "The app has no socket open any more.") {
		select {
		case <-out.wrote:
		case <-t.Context().Done():
			t.Fatalf("it does not say that the app is gone: %s", out)
		}
	}
	if code := end(); code != 0 || !strings.Contains(out.String(), "no secrets") || !strings.Contains(out.String(), "The app is connected.") || !strings.Contains(out.String(), "closed") {
		t.Errorf("it ended with %d: %s", code, out)
	}
	again, _, _ := begin(t, args...)
	if again["SLACK_BOT_TOKEN"] != env["SLACK_BOT_TOKEN"] || again["SLACK_APP_TOKEN"] != env["SLACK_APP_TOKEN"] {
		t.Errorf("a restarted workspace has other tokens: %v, then %v", env, again)
	}
}

func TestTheDefaultSeedIsPrinted(t *testing.T) {
	t.Parallel()
	var out, told bytes.Buffer
	if code := run(t.Context(), []string{"--print-seed"}, &out, &told); code != 0 || told.Len() > 0 {
		t.Fatalf("%d: %s", code, &told)
	}
	s, err := slackdev.ParseSeed("seed.yaml", out.Bytes())
	if err != nil || len(s.Users) != len(slackdev.DefaultSeed().Users) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"a flag":           {[]string{"--rooms"}, 2, "Run `slackdev --help`"},
		"an argument":      {[]string{"serve"}, 2, "unexpected argument serve"},
		"no manifest":      {[]string{"--manifest", "nothing.yaml"}, 1, "read the manifest"},
		"a bad manifest":   {[]string{"--manifest", write(t, "m.yaml", "{}")}, 1, "display_information.name"},
		"no seed":          {[]string{"--seed", "nothing.yaml"}, 1, "read the seed"},
		"a bad seed":       {[]string{"--seed", write(t, "s.yaml", "team: { domain: x }\nusers:\n  - { name: a, kind: boss }\n")}, 1, `s.yaml:3:22: there is no kind of account "boss"`},
		"no moment":        {[]string{"--now", "today"}, 1, "write one like 2026-01-15T09:00:00Z"},
		"the whole world":  {[]string{"--addr", "0.0.0.0:0"}, 1, "not loopback"},
		"an env elsewhere": {[]string{"--addr", "127.0.0.1:0", "--env", filepath.Join(t.TempDir(), "no", "env")}, 1, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, told bytes.Buffer
			if code := run(t.Context(), c.args, &out, &told); code != c.code || !strings.Contains(told.String(), c.want) {
				t.Errorf("%d: %s", code, &told)
			}
		})
	}
}
