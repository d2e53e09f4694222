package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloudimage/workflow/process"
)

// This file runs the program as a process of its own on a clock that a test
// moves, to kill it around the moments at which it writes to people by itself.

// programOnAClock is `serve`, but for the time, which it reads from a file.
func programOnAClock() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	config, err := loadConfig(os.Getenv("TEST_CONFIG"))
	if err != nil {
		log.Error("no configuration", "err", err)
		return 1
	}
	processes, err := process.LoadFiles(nil)
	if err != nil {
		log.Error("no processes", "err", err)
		return 1
	}
	app, err := NewApp(ctx, Settings{
		BotToken: os.Getenv("SLACK_BOT_TOKEN"), AppToken: os.Getenv("SLACK_APP_TOKEN"), APIURL: os.Getenv("SLACK_API_URL"),
		DB: os.Getenv("TEST_DB"), Config: config, Processes: processes, Now: func() time.Time { return clockFile(os.Getenv("TEST_CLOCK")).read() }, Logger: log,
	})
	if err != nil {
		log.Error("no program", "err", err)
		return 1
	}
	if err := errors.Join(app.Run(ctx), app.Close()); err != nil {
		log.Error("it ended badly", "err", err)
		return 1
	}
	return 0
}

// clockFile is the path of a file that holds the time.
type clockFile string

func (f clockFile) read() time.Time {
	text, err := os.ReadFile(string(f))
	if err != nil {
		panic(err)
	}
	at, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		panic(err)
	}
	return at
}

func (f clockFile) write(at time.Time) error {
	next := string(f) + ".next"
	return errors.Join(os.WriteFile(next, []byte(at.UTC().Format(time.RFC3339)), 0o600), os.Rename(next, string(f)))
}

// timeKills is how often the program is killed while time passes; each takes a
// second or two.
func timeKills() int {
	if os.Getenv("CI") == "true" {
		return 24
	}
	return 4
}

// TestNothingIsSaidTwiceInACrash kills the program again and again around
// mornings, daily messages and what time tells in threads. In the end everything
// was said once, nothing is missing, and nobody's reminders were counted twice.
func TestNothingIsSaidTwiceInACrash(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	r := startReplay(t, "2026-11-20 09:00 Europe/Lisbon", monthConfig, nil)
	r.partnership("ana", "DigitalOcean", "2026-12-31")
	r.done("ana", "DigitalOcean", "1.1", "1.2", "1.3", "1.4", "1.6")
	r.partnership("ana", "Vultr", "2026-12-29")
	r.types("ana", "assign Vultr 1.3 <@U0LEE>")
	r.types("ana", "assign Vultr 1.4 <@U0LENA>")
	r.release("omar", "GitLab 17.7", "release")
	r.must(r.stop())

	clock := clockFile(filepath.Join(r.dir, "clock"))
	log := &logbook{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d\n%s", seed, tail(log.String(), 6000))
		}
	})
	now := r.slack.Clock().Now()
	for range timeKills() {
		// To the next morning or evening of somebody, or anywhere.
		now = now.Add(time.Duration(1+rng.IntN(8)) * 30 * time.Minute)
		if rng.IntN(5) > 0 {
			for !r.beginsSomewhere(now) {
				now = now.Add(30 * time.Minute)
			}
		}
		r.must(r.slack.Clock().AdvanceTo(r.ctx, now))
		r.must(clock.write(now))
		program := r.process(clock, log)
		posts := r.slack.CallCount("chat.postMessage")
		within, cancel := context.WithTimeout(r.ctx, 2*sweepEvery+time.Duration(rng.Int64N(int64(time.Second))))
		r.slack.WaitFor(within, func() bool { return r.slack.CallCount("chat.postMessage") > posts })
		cancel()
		moment := time.NewTimer(time.Duration(rng.Int64N(int64(20 * time.Millisecond))))
		<-moment.C
		r.must(program.kill())
		r.must(r.slack.WaitFor(r.ctx, func() bool { return r.slack.Sockets() == 0 }))
	}
	r.must(r.start())
	r.app.FireDue(r.ctx)
	r.must(r.settle())
	r.checkSaidOnce()
	t.Logf("%d posts were found after a kill between a post and the note of it", strings.Count(log.String()+r.log.String(), "a post whose answer was lost was found"))
}

// beginsSomewhere reports whether it is a time at which a program that writes at
// half past nine, and closes its books at five, has something to do.
func (r *replay) beginsSomewhere(now time.Time) bool {
	if day := now.Weekday(); day == time.Saturday || day == time.Sunday {
		return false
	}
	for _, name := range []string{"Europe/Lisbon", "America/Los_Angeles", "Europe/Berlin", "America/New_York", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		r.must(err)
		if at := now.In(zone).Format("15:04"); at == "09:30" || at == "17:00" {
			return true
		}
	}
	return false
}

// process starts the program on the clock of that file.
func (r *replay) process(clock clockFile, log *logbook) *served {
	r.t.Helper()
	s := &served{log: log, exited: make(chan error, 1), cmd: exec.Command("cloudimage-on-a-clock")}
	s.cmd.Env = append(os.Environ(), "SLACK_API_URL="+r.slack.APIURL(), "SLACK_BOT_TOKEN="+r.slack.BotToken(), "SLACK_APP_TOKEN="+r.slack.AppToken(),
		"TEST_DB="+r.database(), "TEST_CONFIG="+r.config, fmt.Sprintf("TEST_CLOCK=%s", clock))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	r.must(s.cmd.Start())
	go func() { s.exited <- s.cmd.Wait() }()
	r.t.Cleanup(func() { s.cmd.Process.Kill() })
	return s
}
