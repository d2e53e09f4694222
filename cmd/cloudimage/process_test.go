package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cloudimage/slackdev"
)

// served is `cloudimage serve` as a process of its own.
type served struct {
	cmd    *exec.Cmd
	log    *logbook
	exited chan error // holds how it ended, once
}

// serve starts a program in a workspace: "cloudimage" is this test binary (see TestMain). It goes on with the database it finds.
func serve(binary, db string, slack *slackdev.Workspace, log *logbook, args ...string) (*served, error) {
	s := &served{log: log, exited: make(chan error, 1)}
	s.cmd = exec.Command(binary, append([]string{"serve", "--db", db, "--listen", "", "--slack-rates", "off"}, args...)...)
	s.cmd.Dir = filepath.Dir(db) // where no cloudimage.yaml is
	s.cmd.Env = append(os.Environ(),
		"SLACK_API_URL="+slack.APIURL(), "SLACK_BOT_TOKEN="+slack.BotToken(), "SLACK_APP_TOKEN="+slack.AppToken())
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.exited <- s.cmd.Wait() }()
	return s, nil
}

// kill ends the process as a power cut would.
func (s *served) kill() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	err := <-s.exited
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return nil
	}
	return errors.Join(errors.New("the process ended before it was killed"), err)
}

// stop asks the process to finish what it has taken and to end.
func (s *served) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return <-s.exited
}

// residentMB is how much memory the process holds, in megabytes, where the
// system tells.
func (s *served) residentMB(tb testing.TB) float64 {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		tb.Skipf("this system does not tell how much memory a process holds: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kilobytes float64
			if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
				tb.Fatal(err)
			}
			return kilobytes / 1024
		}
	}
	tb.Fatal("no VmRSS in the status of the process")
	return 0
}
