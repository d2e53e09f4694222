package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow/process"
)

// seedVariable repeats a crash test with the seed that a failure has printed.
const seedVariable = "CLOUDIMAGE_TEST_SEED"

// kills is how often the program is killed: often enough in CI to meet the
// moments between any two steps of a click, and a few times elsewhere, so that
// the tests stay quick.
func kills() int {
	if os.Getenv("CI") == "true" {
		return 60
	}
	return 5
}

// TestNothingIsLostInACrash kills the program again and again while people
// click. What was acknowledged must be there, once, and in the end every card
// and every message must be there once and show the truth.
func TestNothingIsLostInACrash(t *testing.T) {
	t.Parallel()
	c := newCrash(t)
	people, stop := context.WithCancel(context.Background())
	defer stop()
	c.running = people
	var acting sync.WaitGroup
	for i, name := range clickers {
		p := &clickingPerson{crash: c, Person: c.slack.User(name), rng: rand.New(rand.NewPCG(c.seed, uint64(i+1)))}
		acting.Go(func() { p.act(people) })
	}
	for n := range kills() {
		c.startProgram()
		if c.rng.IntN(8) > 0 { // else it is killed on its way up
			c.awaitDeeds(1 + c.rng.IntN(40))
		}
		c.randomMoment()
		c.killProgram()
		if n%3 == 0 {
			c.checkDeeds()
		}
	}
	stop()
	acting.Wait()

	// People have stopped: what is in the database now is what must be seen.
	c.checkDeeds()
	want := c.drawings()
	c.startProgram()
	c.awaitDrawings(want)
	c.checkOnce()
	if err := c.program.stop(); err != nil {
		t.Errorf("the program did not end well: %v", err)
	}
	c.checkDeeds()
	count, unknown := c.journal.count()
	t.Logf("seed %d: %v were acknowledged; of %d deeds nobody knows", c.seed, count, unknown)
	for kind, n := range count {
		if n == 0 {
			t.Errorf("nothing was %s, so nothing was tested", kind)
		}
	}
}

// clickers are the people who click.
var clickers = []string{"ana", "lee", "omar", "lena", "maya", "noor", "wei"}

// crash is a program that is killed, and what is known of the deeds it has
// acknowledged.
type crash struct {
	t       *testing.T
	seed    uint64
	rng     *rand.Rand
	db      string
	slack   *slackdev.Workspace
	log     *logbook
	journal *journal

	program *served
	running context.Context // ends when people stop

	mu    sync.Mutex
	alive context.Context // ends when the program that runs is dead
	died  context.CancelFunc
}

// errKilled is why an act was given up: who was to answer is dead.
var errKilled = errors.New("the program was killed")

func newCrash(t *testing.T) *crash {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv(seedVariable); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
	}
	slack, err := slackdev.Start(slackdev.Options{Manifest: slackManifest, IDSeed: seed, KeepCalls: -1, KeepInteractions: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slack.Close() })
	processes, err := process.LoadFiles([]string{loadProcess})
	if err != nil {
		t.Fatal(err)
	}
	// One team of all, so that nobody is refused and every click counts.
	for _, group := range []string{"strategic-partnerships", "omnibus", "partner-marketing"} {
		if err := slack.SetUserGroup(group, clickers...); err != nil {
			t.Fatal(err)
		}
	}
	c := &crash{
		t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 0)), db: filepath.Join(t.TempDir(), "crash.db"),
		slack: slack, log: &logbook{}, journal: newJournal(processes),
	}
	c.alive, c.died = context.WithCancel(context.Background())
	c.died()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat with %s=%d\nlog:\n%s", seedVariable, seed, tail(c.log.String(), 8000))
		}
	})
	return c
}

func (c *crash) startProgram() {
	c.t.Helper()
	path, err := filepath.Abs(loadProcess)
	if err != nil {
		c.t.Fatal(err)
	}
	fmt.Fprintln(c.log, "--- started")
	if c.program, err = serve("cloudimage", c.db, c.slack, c.log, "--process", path); err != nil {
		c.t.Fatal(err)
	}
	program := c.program
	c.t.Cleanup(func() { program.cmd.Process.Kill() })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alive, c.died = context.WithCancel(context.Background())
}

// killProgram kills the program, and then gives up what people wait for in
// vain. What it had acknowledged before it died has arrived by then.
func (c *crash) killProgram() {
	c.t.Helper()
	if err := c.program.kill(); err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.slack.WaitFor(ctx, func() bool { return c.slack.Sockets() == 0 }); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.died()
}

// whileAlive is ctx as long as the program that runs now does.
func (c *crash) whileAlive(ctx context.Context) (context.Context, context.CancelFunc) {
	c.mu.Lock()
	alive := c.alive
	c.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(alive, func() { cancel(errKilled) })
	return ctx, func() { stop(); cancel(nil) }
}

// awaitDeeds waits until so many more deeds were acknowledged.
func (c *crash) awaitDeeds(n int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.journal.await(ctx, n, c.program.exited); err != nil {
		c.t.Fatal(err)
	}
}

// randomMoment lets the program run on for a time that nobody can foresee.
func (c *crash) randomMoment() {
	moment := time.NewTimer(time.Duration(c.rng.Int64N(int64(30 * time.Millisecond))))
	<-moment.C
}

// tail is the end of a text, which is where the trouble is.
func tail(s string, n int) string { return s[max(0, len(s)-n):] }
