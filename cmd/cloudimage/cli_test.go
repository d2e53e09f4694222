package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudimage/slackdev"
)

// TestCommandLine runs the program as an operator does: testdata/cli has a
// script for each subcommand.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "cli"),
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
	})
}

// TestServe starts the program as a process of its own, and asks it to stop.
func TestServe(t *testing.T) {
	t.Parallel()
	slack := startSlack(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	serve, log := serving(ctx, t, slack, slack.BotToken(), slack.AppToken())
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	if err := slack.WaitConnected(ctx, 1); err != nil {
		t.Error(err)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
	if !strings.Contains(log.String(), "cloudimage stopped") {
		t.Errorf("it did not say that it stopped:\n%s", log)
	}
}

// TestServeGivesUpOnRefusedTokens holds that a token that will never work ends
// the program with the cure, and is shown to nobody.
func TestServeGivesUpOnRefusedTokens(t *testing.T) {
	t.Parallel()
	slack := startSlack(t)
	for _, c := range []struct{ name, bot, app, want string }{
		{"bot", "xoxb-not-a-token", slack.AppToken(), "slack says invalid_auth: Slack does not know this token. Copy it again from the app's settings."},
		{"app", slack.BotToken(), "xapp-not-a-token", "slack says invalid_auth: Slack does not know this token. Copy it again from the app's settings."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			serve, log := serving(ctx, t, slack, c.bot, c.app)
			if err := serve.Run(); serve.ProcessState.ExitCode() != 1 {
				t.Errorf("ended with %v, want exit status 1", err)
			}
			if !strings.Contains(log.String(), c.want) {
				t.Errorf("want %q in:\n%s", c.want, log)
			}
			if strings.Contains(log.String(), "not-a-token") {
				t.Errorf("the token is in the log:\n%s", log)
			}
		})
	}
}

func startSlack(t *testing.T) *slackdev.Workspace {
	t.Helper()
	slack, err := slackdev.Start(slackdev.Options{Manifest: slackManifest})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := slack.Close(); err != nil {
			t.Error(err)
		}
	})
	return slack
}

// serving is `cloudimage serve`, not started yet, in a folder of its own.
func serving(ctx context.Context, t *testing.T, slack *slackdev.Workspace, bot, app string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	serve := exec.CommandContext(ctx, "cloudimage", "serve", "--listen", "127.0.0.1:0")
	serve.Dir = t.TempDir()
	serve.Env = append(os.Environ(), "SLACK_API_URL="+slack.APIURL(), "SLACK_BOT_TOKEN="+bot, "SLACK_APP_TOKEN="+app)
	serve.Stdout, serve.Stderr = &log, &log
	return serve, &log
}
