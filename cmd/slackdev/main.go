// Command slackdev runs a Slack workspace on this machine for any Slack app in
// any language: the Web API, Socket Mode, a page on which people act, and a
// control API that does the same from a program. An app connects to it by
// changing nothing but the address of the API.
//
// The workspace itself is the package of that name; this is its command line.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // people of a seed live in zones, which a machine may lack

	"github.com/alecthomas/kong"
)

func main() { os.Exit(program()) }

// program is main, but for the exit. It ends in good order when it is asked to.
func program() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// run is the program without the process around it. It returns the exit code:
// 0, 1 for a failure, 2 for a command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := commandLine(&c, stdout, stderr, kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(stderr, "slackdev:", err)
		return 1
	}
	_, err = parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "slackdev: %v\nRun `slackdev --help` for what can be asked.\n", err)
		return 2
	}
	if err := c.run(ctx, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "slackdev: %v\n", err)
		return 1
	}
	return 0
}

func commandLine(c *cli, stdout, stderr io.Writer, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append(more, kong.Name("slackdev"),
		kong.Description("A strict Slack workspace on your own machine, for any app."),
		kong.Writers(stdout, stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))...)
}
