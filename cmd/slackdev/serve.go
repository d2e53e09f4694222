package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cloudimage/slackdev"
)

// cli is the command line.
type cli struct {
	Manifest     string `help:"The app's manifest, YAML or JSON. Without it the app may do everything, and has registered no commands, shortcuts or events." placeholder:"FILE"`
	Seed         string `help:"The people, user groups and channels, in YAML. Default: those that --print-seed prints." placeholder:"FILE"`
	Addr         string `help:"Where to listen, on this machine; port 0 is any free one." default:"127.0.0.1:8100"`
	Now          string `help:"Start a clock that stands still at this moment, such as 2026-01-15T09:00:00Z, until it is moved. Default: the real time." placeholder:"TIME"`
	Rates        string `help:"What comes of calls that are more than Slack allows: off counts them, warn says so in the log, enforce answers 429." enum:"off,warn,enforce" default:"warn"`
	NoUserGroups bool   `help:"Be a plan without user groups."`
	FixedIDs     bool   `name:"fixed-ids" help:"Repeat the ids of envelopes, triggers and events from run to run. An app that remembers which it has seen takes new ones for old ones."`
	Env          string `help:"Write SLACK_BOT_TOKEN, SLACK_APP_TOKEN and SLACK_API_URL into this file, which is replaced." placeholder:"FILE"`
	PrintSeed    bool   `help:"Print the default seed and end."`
}

// run opens the workspace, says what an app needs, and keeps it open until ctx
// ends.
func (c *cli) run(ctx context.Context, stdout, stderr io.Writer) (err error) {
	if c.PrintSeed {
		src, err := slackdev.DefaultSeed().YAML()
		if err == nil {
			_, err = stdout.Write(src)
		}
		return err
	}
	opts, err := c.options(stderr)
	if err != nil {
		return err
	}
	ws, err := slackdev.Start(opts)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; --addr 127.0.0.1:0 takes any free port", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ws.Close()) }()
	if c.Env != "" {
		if err := os.WriteFile(c.Env, []byte(environment(ws)), 0o600); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(stdout, c.greeting(ws)); err != nil {
		return err
	}
	watch(ctx, ws, stdout)
	fmt.Fprintln(stdout, "The workspace is closed.")
	return nil
}

// watch says when the app comes and goes, until ctx ends.
func watch(ctx context.Context, ws *slackdev.Workspace, stdout io.Writer) {
	for have := 0; ; {
		if ws.WaitFor(ctx, func() bool { return ws.Sockets() != have }) != nil {
			return
		}
		had := have
		switch have = ws.Sockets(); {
		case have == 0:
			fmt.Fprintln(stdout, "The app has no socket open any more.")
		case had == 0:
			fmt.Fprintln(stdout, "The app is connected.")
		}
	}
}

func (c *cli) options(stderr io.Writer) (slackdev.Options, error) {
	opts := slackdev.Options{
		Addr: c.Addr, Rates: slackdev.RatesMode(c.Rates), NoUserGroups: c.NoUserGroups, FixedTokens: true, Logger: slog.New(slog.NewTextHandler(stderr, nil)),
	}
	if c.FixedIDs {
		opts.IDSeed = 1
	}
	var err error
	if c.Manifest != "" {
		if opts.Manifest, err = os.ReadFile(c.Manifest); err != nil {
			return opts, fmt.Errorf("read the manifest: %w", err)
		}
	}
	if c.Seed != "" {
		src, err := os.ReadFile(c.Seed)
		if err != nil {
			return opts, fmt.Errorf("read the seed: %w", err)
		}
		if opts.Seed, err = slackdev.ParseSeed(c.Seed, src); err != nil {
			return opts, err
		}
	}
	if c.Now != "" {
		if opts.Now, err = time.Parse(time.RFC3339, c.Now); err != nil {
			return opts, fmt.Errorf("--now %q is no moment; write one like 2026-01-15T09:00:00Z", c.Now)
		}
	}
	return opts, nil
}

// environment is what an app needs, as programs read it from a file.
func environment(ws *slackdev.Workspace) string {
	return fmt.Sprintf("SLACK_BOT_TOKEN=%s\nSLACK_APP_TOKEN=%s\nSLACK_API_URL=%s\n", ws.BotToken(), ws.AppToken(), ws.APIURL())
}

func (c *cli) greeting(ws *slackdev.Workspace) string {
	var b strings.Builder
	fmt.Fprintf(&b, "A Slack workspace is open at %s\n\nAn app connects with\n\n", ws.URL())
	for line := range strings.Lines(environment(ws)) {
		b.WriteString("  " + line)
	}
	if c.Env != "" {
		path, err := filepath.Abs(c.Env)
		if err != nil {
			path = c.Env
		}
		fmt.Fprintf(&b, "\nwhich is also in %s.", path)
	}
	b.WriteString("\nThe tokens are those of a stand-in: they are the same in each run, work nowhere else and are no secrets.\n")
	b.WriteString("Ctrl-C closes the workspace, and nothing of it is kept.\n")
	return b.String()
}
