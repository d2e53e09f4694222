// Command cloudimage is a Slack bot that runs a company's Cloud Image Process:
// getting its VM images onto cloud partners' marketplaces, and keeping them
// current.
//
// This package is the binary: its flags, its configuration and the assembly of
// the parts, which is one straight line in app.go. The scenario tests beside it
// run that same assembly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a scratch image has no zones

	"github.com/alecthomas/kong"
)

func main() { os.Exit(program()) }

// program is main, but for the exit. It ends in good order when it is asked to.
func program() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// cli is the command line. Secrets are never on it: secrets.go has where they come
// from.
type cli struct {
	Serve    serveCmd    `cmd:"" help:"Run the bot. Needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN."`
	Demo     demoCmd     `cmd:"" help:"Run the bot in a Slack of its own, in the browser, with nothing to install."`
	Doctor   doctorCmd   `cmd:"" help:"Check the configuration, the secrets, the database, Slack, GitLab and the rest, and change nothing."`
	Manifest manifestCmd `cmd:"" help:"Print the Slack app manifest, ready to paste."`
	Process  processCmd  `cmd:"" help:"Check or show a process file."`
	Import   importCmd   `cmd:"" help:"Take listings from a YAML or CSV file into the catalogue, while the bot is stopped."`
	Backup   backupCmd   `cmd:"" help:"Copy the database into a file, while the bot is stopped."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// run is the program without the process around it. It returns the exit code:
// 0, 1 for a failure, 2 for a command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("cloudimage"), kong.UsageOnError(),
		kong.Description("A Slack bot that runs a company's Cloud Image Process."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "cloudimage:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "cloudimage: %v\nRun `cloudimage --help` for what can be asked.\n", err)
		return 2
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(&console{stdout, stderr})
	switch {
	case errors.Is(err, errUnwell):
		return 1 // which was said already
	case err != nil && !errors.Is(err, context.Canceled):
		fmt.Fprintf(stderr, "cloudimage: %v\n", err)
		return 1
	}
	return 0
}

// console is where a command writes.
type console struct{ out, err io.Writer }
