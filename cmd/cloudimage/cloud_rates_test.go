package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// TestManyBuildsAtOnce makes fifty builds at once of an AWS that takes no more calls than
// it says. None is refused: who waits does so here.
func TestManyBuildsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.stand.sim.SetRates(true)
	s.stand.sim.SetBlockPublicAccess("eu-west-1", "unblocked", "account")
	s.stand.sim.SetPublicImageQuota("", 100)
	s.stand.sim.SetVCPULimit("", 10000)
	key, secret := s.stand.sim.Credentials()
	y, err := newYard(t.Context(), filepath.Join(s.dir, "test.db"), s.stand.url, key, secret, s.clock.read)
	noError(t, err)
	defer y.store.Close()
	builds := 10
	if os.Getenv("CI") == "true" {
		builds = 50
	}
	var listings []workflow.Listing
	for i := range builds {
		edition := fmt.Sprintf("E%d", i)
		listings = append(listings, workflow.Listing{ID: workflow.ListingID("aws-" + strings.ToLower(edition)), Partner: "AWS", Edition: edition, Delivery: workflow.Image, Provider: workflow.AWS})
	}
	noError(t, y.orders(t.Context(), listings...))
	before := len(s.stand.sim.Calls())
	began := s.clock.read()
	noError(t, y.finish(t.Context(), s.clock.write))
	calls := s.stand.sim.Calls()[before:]
	refused := map[string]int{}
	for _, c := range calls {
		if strings.Contains(c.Error, "LimitExceeded") || strings.Contains(c.Error, "Throttl") {
			refused[c.Service+":"+c.Operation]++
		}
	}
	if len(refused) > 0 {
		t.Errorf("AWS refused: %v", refused)
	}
	for _, r := range s.stand.sim.State().Regions {
		if len(r.Images) != builds || r.PublicImages != builds {
			t.Errorf("%s has %d images, %d of them public", r.Name, len(r.Images), r.PublicImages)
		}
	}
	took := s.clock.read().Sub(began)
	t.Logf("%d builds at once: %d calls in %s, %d a build, %.1f a minute", builds, len(calls), took, len(calls)/builds, float64(len(calls))/took.Minutes())
}
