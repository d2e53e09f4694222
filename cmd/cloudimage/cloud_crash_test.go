package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/maintenance"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// This file kills the program before and after every single call of a build: the
// stand-in of AWS stops the call, the process is killed, and another goes on.

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

func newYard(ctx context.Context, db, endpoint, key, secret string, now func() time.Time) (*yard, error) {
	y := &yard{Settings: Settings{DB: db, AWSEndpoint: endpoint, AWSKeys: awsKeys{id: key, secret: secret}, Now: now, Logger: slog.New(slog.DiscardHandler)}}
	y.Config.AWS = &AWS{Account: demoAccount, InstanceProfile: "builder", Regions: []string{"eu-west-1"}, Marketplace: AWSMarket{AccessRole: demoIngestion}}
	days, err := newCalendars(y.Config)
	if err == nil {
		err = y.Config.checkAWS()
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
	plan, err := y.images.Plan(ctx, workflow.AWS, wants, nil)
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
	y, err := newYard(ctx, os.Getenv("TEST_DB"), os.Getenv("TEST_AWS"), os.Getenv("TEST_KEY"), os.Getenv("TEST_SECRET"), clock.read)
	if err == nil {
		err = errors.Join(y.finish(ctx, clock.write), y.store.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// site is an AWS, and a process that builds in it.
type site struct {
	dir   string
	clock clockFile
	stand *cloudStand

	mu      sync.Mutex
	program *exec.Cmd
	calls   int // that came, each counted twice: before and after its effect
	killAt  int
	killed  string // the call at which it was killed
	reaped  chan error
}

func newSite(t *testing.T) *site {
	s := &site{dir: t.TempDir()}
	s.clock = clockFile(filepath.Join(s.dir, "clock"))
	noError(t, s.clock.write(scenarioStart))
	machines := guestsim.New(guestsim.Options{})
	s.stand = &cloudStand{machines: machines, sim: awssim.New(awssim.Options{Now: s.clock.read, Account: demoAccount, Regions: []string{"us-east-1", "eu-west-1"}, Guest: hurried{insides{machines}}})}
	var err error
	s.stand.url, s.stand.stop, err = hostStandIn(s.stand.sim, "127.0.0.1:0", s.stand.sim.SetBaseURL, nil)
	noError(t, err)
	t.Cleanup(func() { s.stand.stop() })
	s.stand.sim.SetIngestionRoles(demoIngestion)
	s.stand.sim.AddProduct(demoProductEE, "GitLab Enterprise Edition", "x86_64", "17.5.0")
	s.stand.sim.SetBlockPublicAccess("eu-west-1", "block-new-sharing", "account")
	return s
}

// hurried are machines that take little time, so that there are few looks at them.
type hurried struct{ insides }

func (h hurried) Run(c awssim.Command) awssim.Outcome {
	out := h.insides.Run(c)
	out.Takes = min(out.Takes, 30*time.Second)
	return out
}

// hurry lets all of AWS take little time.
func (s *site) hurry() {
	s.stand.sim.SetChangeSetTimes(time.Second, 40*time.Second, 20*time.Second)
	s.stand.sim.SetTimes("", func(t *awssim.Times) {
		t.StatusOK, t.Online, t.Image, t.Copy, t.BlockPublicAccess = 10*time.Second, 5*time.Second, 30*time.Second, 30*time.Second, 40*time.Second
	})
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hears kills the program at the moment that was chosen. The call is cut off then.
func (s *site) hears(c awssim.Call, done bool) *awssim.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.calls != s.killAt {
		return nil
	}
	s.killed = fmt.Sprintf("%s:%s in %s, done %v", c.Service, c.Operation, c.Region, done)
	s.program.Process.Kill()
	<-s.reaped
	return &awssim.Fault{Drop: true}
}

// runs runs the program to its end, which may be sudden.
func (s *site) runs(t *testing.T) (ended bool, said string) {
	t.Helper()
	key, secret := s.stand.sim.Credentials()
	var out strings.Builder
	p := exec.Command("cloudimage-that-builds")
	p.Stderr = &out
	p.Env = append(os.Environ(), "TEST_DB="+filepath.Join(s.dir, "test.db"), "TEST_CLOCK="+string(s.clock), "TEST_AWS="+s.stand.url, "TEST_KEY="+key, "TEST_SECRET="+secret)
	noError(t, p.Start())
	reaped := make(chan error, 1)
	s.mu.Lock()
	s.program, s.reaped = p, reaped
	s.mu.Unlock()
	err := p.Wait()
	reaped <- err
	return err == nil, out.String()
}

// everyCall is the variable with which a test kills the program at every call, which takes
// some minutes.
const everyCall = "CLOUDIMAGE_TEST_EVERY_CALL"

// TestKilledAtEveryCall kills the program before and after every call of a build. In the
// end there is one of each, customers have it, and nothing is left behind.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	listing := workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS,
		Facts: map[workflow.FactName]string{workflow.FactProduct: demoProductEE}}
	// begin orders the build, whose steps are for the program to do.
	begin := func(t *testing.T) *site {
		s := newSite(t)
		s.hurry()
		key, secret := s.stand.sim.Credentials()
		y, err := newYard(ctx, filepath.Join(s.dir, "test.db"), s.stand.url, key, secret, s.clock.read)
		noError(t, err)
		noError(t, y.orders(ctx, listing))
		noError(t, y.store.Close())
		noError(t, s.clock.write(scenarioStart.Add(time.Minute))) // what it may call is counted anew
		s.stand.sim.OnCall(s.hears)
		return s
	}
	whole := begin(t)
	if ended, said := whole.runs(t); !ended {
		t.Fatal(said)
	}
	whole.checks(t)
	t.Logf("a build makes %d calls", whole.calls/2)
	every := 17 // so that the tests stay quick; the moments are others each day
	if os.Getenv(everyCall) == "true" {
		every = 1
	}
	for at := 1 + time.Now().YearDay()%every; at <= whole.calls; at += every {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			s := begin(t)
			s.killAt = at
			if ended, said := s.runs(t); ended || s.killed == "" {
				if s.calls < at {
					return // it took fewer calls this time
				}
				t.Fatalf("it was not killed: %s", said)
			}
			if ended, said := s.runs(t); !ended {
				t.Fatalf("killed at %s: %s", s.killed, said)
			}
			s.checks(t)
			if t.Failed() {
				t.Logf("killed at %s", s.killed)
			}
		})
	}
}

// checks that everything was made once, and that nothing is left that should not be.
func (s *site) checks(t *testing.T) {
	t.Helper()
	state := s.stand.sim.State()
	ever, alive := 0, 0
	for _, r := range state.Regions {
		for _, i := range r.Instances {
			if ever++; i.State != "terminated" && i.State != "shutting-down" {
				alive++
			}
		}
		if len(r.Images) != 1 || len(r.Snapshots) != 1 || len(r.Volumes) != 0 || !r.Images[0].Public {
			t.Errorf("%s has %d images (%+v), %d snapshots, %d volumes", r.Name, len(r.Images), r.Images, len(r.Snapshots), len(r.Volumes))
		}
		for _, im := range r.Images {
			if im.Tags["cloudimage:state"] != "verified" {
				t.Errorf("%s is marked %q", im.ID, im.Tags)
			}
		}
		sent := map[string]int{}
		for _, c := range r.Commands {
			sent[c.Comment]++
		}
		for comment, n := range sent {
			if n > 1 {
				t.Errorf("%q was sent %d times", comment, n)
			}
		}
	}
	if ever != 3 || alive != 0 {
		t.Errorf("%d machines were made, %d are running", ever, alive)
	}
	if r := state.Region("eu-west-1"); r.BlockPublicAccess != "block-new-sharing" {
		t.Errorf("the protection of eu-west-1 is %s", r.BlockPublicAccess)
	}
	var sets []string
	for _, c := range state.ChangeSets {
		sets = append(sets, c.Intent+" "+c.Status)
	}
	slices.Sort(sets)
	if got := strings.Join(sets, ", "); got != "APPLY SUCCEEDED, VALIDATE SUCCEEDED" {
		t.Errorf("change sets: %s", got)
	}
	for _, p := range state.Products {
		if p.ID == demoProductEE && (len(p.Versions) != 2 || p.Versions[1].Title != "GitLab EE 17.6.2" || p.Versions[1].Image != state.Region("us-east-1").Images[0].ID) {
			b, _ := json.Marshal(p)
			t.Errorf("the product is %s", b)
		}
	}
	days, err := newCalendars(Config{})
	noError(t, err)
	db, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(s.dir, "test.db"), Calendars: days, Parse: process.Load, Now: s.clock.read, Logger: slog.New(slog.DiscardHandler)})
	noError(t, err)
	defer db.Close()
	runs, err := db.Find(t.Context(), "GitLab 17.6.2")
	noError(t, err)
	if len(runs) != 1 {
		t.Fatalf("there are %d runs", len(runs))
	}
	if lane := runs[0].Steps[workflow.StepKey{Step: "update-image", Listing: "aws-ee-image"}]; lane.Status != workflow.Done || lane.Build.Phase != workflow.BuildLive {
		t.Errorf("the lane is %s, %+v", lane.Status, lane.Build)
	}
}
