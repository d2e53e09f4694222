package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow"
)

// site is an AWS, and a process that builds in it.
type site struct {
	*killing
	stand *cloudStand
}

func newSite(t *testing.T) *site {
	s := &site{killing: newKilling(t)}
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

func (s *site) kill() *killing { return s.killing }

func (s *site) goes(t *testing.T) (ended bool, said string) {
	key, secret := s.stand.sim.Credentials()
	return s.runs(t, "aws", s.stand.url, key, secret)
}

// TestKilledAtEveryCall kills the program before and after every call of a build. In the
// end there is one of each, customers have it, and nothing is left behind.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	listing := workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS,
		Facts: map[workflow.FactName]string{workflow.FactProduct: demoProductEE}}
	// The order is given here, and its steps are for the program to do.
	killedAtEveryCall(t, 17, 1, func(t *testing.T) killable {
		s := newSite(t)
		s.hurry()
		key, secret := s.stand.sim.Credentials()
		y, err := newYard(ctx, filepath.Join(s.dir, "test.db"), s.stand.url, key, secret, s.clock.read)
		noError(t, err)
		noError(t, y.orders(ctx, listing))
		noError(t, y.store.Close())
		noError(t, s.clock.write(scenarioStart.Add(time.Minute))) // what it may call is counted anew
		s.stand.sim.OnCall(func(c awssim.Call, done bool) *awssim.Fault {
			if s.hears(fmt.Sprintf("%s:%s in %s", c.Service, c.Operation, c.Region), done) {
				return &awssim.Fault{Drop: true}
			}
			return nil
		})
		return s
	})
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
	s.doneWith(t, "aws-ee-image")
}
