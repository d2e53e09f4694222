package main

import (
	"path/filepath"
	"testing"

	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow"
)

// TestAnAWSWhoseMachinesRunNothing builds in an imitation that takes commands and does
// nothing about them. The build goes on, and says that nothing was verified.
func TestAnAWSWhoseMachinesRunNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sim := awssim.New(awssim.Options{Now: s.clock.read, Account: demoAccount, Regions: []string{"us-east-1", "eu-west-1"}})
	url, stop, err := hostStandIn(sim, "127.0.0.1:0", sim.SetBaseURL, nil)
	noError(t, err)
	t.Cleanup(func() { stop() })
	key, secret := sim.Credentials()
	y, err := newYard(t.Context(), filepath.Join(s.dir, "test.db"), url, key, secret, s.clock.read)
	noError(t, err)
	defer y.store.Close()
	noError(t, y.orders(t.Context(), workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS}))
	noError(t, y.finish(t.Context(), s.clock.write))
	done, err := y.store.BuildsDone(t.Context(), "", 1)
	noError(t, err)
	if len(done) != 1 || !done[0].Unproven || len(done[0].Images) != 2 {
		t.Errorf("%+v", done)
	}
}
