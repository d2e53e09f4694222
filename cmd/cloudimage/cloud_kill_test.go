package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/maintenance"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// This file kills the program before and after every single call of a build: the
// stand-in of a cloud stops the call, the process is killed, and another goes on.

// yard is where builds are made: the assembly without Slack, on a clock that is
// in a file.
type yard struct {
	Settings
	store  *store.Store
	runs   *workflow.Service
	upkeep *maintenance.Service
	images *images.Service
}

// yardPeople know everybody as a member of the team that builds.
type yardPeople struct{}

func (yardPeople) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: id, Zone: time.UTC}, nil
}

func (yardPeople) Roster(*workflow.Definition) workflow.Roster {
	team := workflow.TeamRoster{Members: []workflow.UserID{"U0OMAR", "U0LENA"}, Lead: "U0OMAR"}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{"omnibus": team, "strategic-partnerships": team, "partner-marketing": team}}
}

// newYard is one in AWS.
func newYard(ctx context.Context, db, endpoint, key, secret string, now func() time.Time) (*yard, error) {
	return yardIn(ctx, db, now, inAWS(endpoint, key, secret))
}

// inAWS lets images be made in a stand-in of AWS.
func inAWS(endpoint, key, secret string) func(*Settings) error {
	return func(s *Settings) error {
		s.AWSEndpoint, s.AWSKeys = endpoint, awsKeys{id: key, secret: secret}
		s.Config.AWS = &AWS{Account: demoAccount, InstanceProfile: "builder", Regions: []string{"eu-west-1"}, Marketplace: AWSMarket{AccessRole: demoIngestion}}
		return s.Config.checkAWS()
	}
}

// yardIn is one in the cloud that is configured.
func yardIn(ctx context.Context, db string, now func() time.Time, configure func(*Settings) error) (*yard, error) {
	y := &yard{Settings: Settings{DB: db, Now: now, Logger: slog.New(slog.DiscardHandler)}}
	days, err := newCalendars(y.Config)
	if err == nil {
		err = configure(&y.Settings)
	}
	if err != nil {
		return nil, err
	}
	if y.Processes, err = process.LoadFiles(nil); err != nil {
		return nil, err
	}
	if y.store, err = store.Open(ctx, store.Options{DSN: db, Calendars: days, Parse: process.Load, Now: now, Logger: y.Logger}); err != nil {
		return nil, err
	}
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range y.Processes {
		byName[d.Name] = d
	}
	y.runs = workflow.NewService(workflow.Options{Store: y.store, Library: y.store, Directory: yardPeople{}, Calendars: days, Processes: byName, Now: now})
	y.upkeep = maintenance.New(maintenance.Options{Service: y.runs, Book: y.store, Process: "image-maintenance", Now: now, Logger: y.Logger})
	y.images, err = newImages(ctx, y.Settings, y.store, y.runs, y.upkeep)
	return y, err
}

// orders opens the work for a release, orders its builds, and signs it.
func (y *yard) orders(ctx context.Context, listings ...workflow.Listing) error {
	run, _, err := y.begins(ctx, "17.6.2", listings...)
	if err != nil {
		return err
	}
	return y.signs(ctx, run)
}

// begins opens the work for a release and orders its builds, which nobody has signed.
func (y *yard) begins(ctx context.Context, version string, listings ...workflow.Listing) (workflow.RunID, []*images.Build, error) {
	v, _ := workflow.ParseVersion(version)
	c := &workflow.Catalyst{Kind: workflow.CatalystRelease, At: y.Now(), Version: v}
	for _, l := range listings {
		arch := l.Architecture
		if arch == "" {
			arch = "amd64"
		}
		c.Packages = append(c.Packages, workflow.Package{Edition: l.Edition, Version: v, Distribution: "noble", Architecture: arch,
			URL: fmt.Sprintf("https://packages.example/gitlab-%s_%s-%[1]s.0_%s.deb", strings.ToLower(l.Edition), version, arch), SHA256: strings.Repeat("ab", 32)})
	}
	r, err := y.runs.BeginItself(ctx, workflow.RequestID("begin"+version), "image-maintenance", workflow.Start{Partner: "GitLab " + version, Channel: "C0CARDS", Catalyst: c, Listings: listings})
	if err != nil {
		return "", nil, err
	}
	var wants []images.Want
	for _, l := range listings {
		wants = append(wants, images.Want{Run: r.ID, Lane: workflow.StepKey{Step: "update-image", Listing: l.ID}, Publish: true})
	}
	plan, err := y.images.Plan(ctx, listings[0].Provider, wants, nil)
	if err != nil {
		return "", nil, err
	}
	builds, err := y.images.Start(ctx, workflow.Who{User: "U0OMAR", Request: workflow.RequestID("start" + version)}, plan, "")
	return r.ID, builds, err
}

// signs gives both signatures that are wanted.
func (y *yard) signs(ctx context.Context, run workflow.RunID) error {
	for _, who := range []workflow.UserID{"U0OMAR", "U0LENA"} {
		_, err := y.runs.Do(ctx, workflow.Who{User: who, Request: workflow.RequestID("sign" + string(run) + string(who))}, run, workflow.Ask{Verb: workflow.VerbSign},
			func(act workflow.Act, r *workflow.Run) error { return r.Sign(act, "") })
		if err != nil {
			return err
		}
	}
	return y.images.Wake(ctx, run)
}

// finish lets time go on until every build has come to its end.
func (y *yard) finish(ctx context.Context, set func(time.Time) error) error {
	for range 5000 {
		if _, err := y.images.Fire(ctx); err != nil {
			return err
		}
		open, err := y.store.BuildsOpen(ctx)
		if err != nil || len(open) == 0 {
			return err
		}
		var next time.Time
		for _, b := range open {
			if len(b.Failed()) > 0 {
				return fmt.Errorf("%s is stuck: %s", b.Order.Name, b.Failed()[0].Trouble())
			}
			if due := b.Due(); next.IsZero() || due.Before(next) {
				next = due
			}
		}
		if next.After(y.Now()) {
			if err := set(next.Add(time.Second)); err != nil {
				return err
			}
		}
	}
	return errors.New("it does not come to an end")
}

// programThatBuilds is the program of these tests.
func programThatBuilds() int {
	ctx, clock := context.Background(), clockFile(os.Getenv("TEST_CLOCK"))
	in := inAWS
	if os.Getenv("TEST_CLOUD") == "azure" {
		in = inAzure
	}
	y, err := yardIn(ctx, os.Getenv("TEST_DB"), clock.read, in(os.Getenv("TEST_ENDPOINT"), os.Getenv("TEST_KEY"), os.Getenv("TEST_SECRET")))
	if err == nil {
		err = errors.Join(y.finish(ctx, clock.write), y.store.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// killing is a program that builds, and that is killed at one of its calls.
type killing struct {
	dir   string
	clock clockFile

	mu      sync.Mutex
	program *exec.Cmd
	calls   int // that came, each counted twice: before and after its effect
	killAt  int
	killed  string // the call at which it was killed
	reaped  chan error
}

func newKilling(t *testing.T) *killing {
	k := &killing{dir: t.TempDir()}
	k.clock = clockFile(filepath.Join(k.dir, "clock"))
	noError(t, k.clock.write(scenarioStart))
	return k
}

// hears kills the program at the call that was chosen. It reports whether it did: the call
// is cut off then.
func (k *killing) hears(what string, done bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls++
	if k.calls != k.killAt {
		return false
	}
	k.killed = fmt.Sprintf("%s, done %v", what, done)
	k.program.Process.Kill()
	<-k.reaped
	return true
}

// runs runs the program to its end, which may be sudden.
func (k *killing) runs(t *testing.T, cloud, endpoint, key, secret string) (ended bool, said string) {
	t.Helper()
	var out strings.Builder
	p := exec.Command("cloudimage-that-builds")
	p.Stderr = &out
	p.Env = append(os.Environ(), "TEST_DB="+filepath.Join(k.dir, "test.db"), "TEST_CLOCK="+string(k.clock), "TEST_CLOUD="+cloud, "TEST_ENDPOINT="+endpoint, "TEST_KEY="+key, "TEST_SECRET="+secret)
	noError(t, p.Start())
	reaped := make(chan error, 1)
	k.mu.Lock()
	k.program, k.reaped = p, reaped
	k.mu.Unlock()
	err := p.Wait()
	reaped <- err
	return err == nil, out.String()
}

// everyCall is the variable with which a test kills the program at so many more of its
// calls that it takes some minutes.
const everyCall = "CLOUDIMAGE_TEST_EVERY_CALL"

// killable is a place with a program that was ordered to build there.
type killable interface {
	goes(t *testing.T) (ended bool, said string)
	checks(t *testing.T) // that everything was made once, and nothing is left that should not be
	kill() *killing
}

// killedAtEveryCall kills the program before and after each call of a build: at each nth
// moment, so that the tests stay quick, or with [everyCall] at each of a few. Which, is
// another each day.
func killedAtEveryCall(t *testing.T, nth, few int, begin func(t *testing.T) killable) {
	whole := begin(t)
	if ended, said := whole.goes(t); !ended {
		t.Fatal(said)
	}
	whole.checks(t)
	calls := whole.kill().calls
	t.Logf("a build makes %d calls", calls/2)
	if os.Getenv(everyCall) == "true" {
		nth = few
	}
	for at := 1 + time.Now().YearDay()%nth; at <= calls; at += nth {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			s := begin(t)
			k := s.kill()
			k.killAt = at
			if ended, said := s.goes(t); ended || k.killed == "" {
				if k.calls < at {
					return // it took fewer calls this time
				}
				t.Fatalf("it was not killed: %s", said)
			}
			if ended, said := s.goes(t); !ended {
				t.Fatalf("killed at %s: %s", k.killed, said)
			}
			s.checks(t)
			if t.Failed() {
				t.Logf("killed at %s", k.killed)
			}
		})
	}
}

// doneWith checks that the lane of a listing is done, and its image live.
func (k *killing) doneWith(t *testing.T, listing workflow.ListingID) {
	t.Helper()
	days, err := newCalendars(Config{})
	noError(t, err)
	db, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(k.dir, "test.db"), Calendars: days, Parse: process.Load, Now: k.clock.read, Logger: slog.New(slog.DiscardHandler)})
	noError(t, err)
	defer db.Close()
	runs, err := db.Find(t.Context(), "GitLab 17.6.2")
	noError(t, err)
	if len(runs) != 1 {
		t.Fatalf("there are %d runs", len(runs))
	}
	if lane := runs[0].Steps[workflow.StepKey{Step: "update-image", Listing: listing}]; lane.Status != workflow.Done || lane.Build.Phase != workflow.BuildLive {
		t.Errorf("the lane is %s, %+v", lane.Status, lane.Build)
	}
}
