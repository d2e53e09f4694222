package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow"
)

// azureSite is an Azure, and a process that builds in it.
type azureSite struct {
	*killing
	*azureStand
}

// hurriedInAzure are machines that take little time, so that there are few looks at them.
type hurriedInAzure struct{ azureInsides }

func (h hurriedInAzure) Run(c azuresim.Command) azuresim.Outcome {
	out := h.azureInsides.Run(c)
	out.Takes = min(out.Takes, 30*time.Second)
	return out
}

func newAzureSite(t *testing.T) *azureSite {
	s := &azureSite{killing: newKilling(t)}
	machines := guestsim.New(guestsim.Options{})
	var err error
	s.azureStand, err = azureStandWith("127.0.0.1:0", s.clock.read, nil, machines, hurriedInAzure{azureInsides{machines}})
	noError(t, err)
	t.Cleanup(func() { s.stop() })
	s.sim.SetTimes("", func(o *azuresim.Times) {
		o.Create, o.Agent, o.PowerOff, o.Deallocate, o.Delete, o.Capture, o.Replicate, o.DeleteGroup = 10*time.Second, 5*time.Second, 5*time.Second, 5*time.Second, 5*time.Second, 30*time.Second, 30*time.Second, 10*time.Second
	})
	s.offers.SetTimes(func(o *ingestsim.Times) { o.Preview, o.Live = 2*time.Minute, 3*time.Minute })
	return s
}

// inAzure lets images be made in a stand-in of Azure.
func inAzure(endpoint, client, secret string) func(*Settings) error {
	return func(s *Settings) error {
		sim := azuresim.New(azuresim.Options{})
		s.AzureKeys = azureKeys{tenant: sim.Tenant(), client: client, secret: secret}
		s.Config.Azure = &Azure{Subscription: sim.Subscription(), Regions: []string{"eastus"}, Gallery: AzureGallery{ResourceGroup: azuresim.GalleryGroup, Name: azuresim.GalleryName},
			Endpoints: AzureEndpoints{Authority: endpoint, ResourceManager: endpoint, Graph: endpoint},
			PartnerCenter: &AzurePartnerCenter{Publisher: demoPublisher, PreviewSubscription: demoPreviewSubscription,
				Principals: []string{azuresim.PartnerCenterObjectID, azuresim.ImageRegistryObjectID}}}
		return s.Config.checkAzure()
	}
}

// yardHere orders builds there.
func (s *azureSite) yardHere(t *testing.T) *yard {
	client, secret := s.sim.Credentials()
	y, err := yardIn(t.Context(), filepath.Join(s.dir, "test.db"), s.clock.read, inAzure(s.url, client, secret))
	noError(t, err)
	return y
}

func (s *azureSite) kill() *killing { return s.killing }

func (s *azureSite) goes(t *testing.T) (ended bool, said string) {
	client, secret := s.sim.Credentials()
	return s.runs(t, "azure", s.url, client, secret)
}

func azureListing() workflow.Listing {
	return workflow.Listing{ID: "azure-ee-image", Partner: "Azure", Edition: "EE", Delivery: workflow.Image, Provider: workflow.Azure,
		Facts: map[workflow.FactName]string{workflow.FactProduct: demoPlanEE}}
}

// TestKilledAtEveryCallToAzure kills the program before and after every call of a build,
// to Azure and to Partner Center. In the end there is one of each, customers have it, no
// version that was there is dropped, and nothing is left behind.
func TestKilledAtEveryCallToAzure(t *testing.T) {
	t.Parallel()
	killedAtEveryCall(t, 61, 4, func(t *testing.T) killable {
		s := newAzureSite(t)
		y := s.yardHere(t)
		noError(t, y.orders(t.Context(), azureListing()))
		noError(t, y.store.Close())
		s.sim.OnCall(func(c azuresim.Call, done bool) *azuresim.Fault {
			if c.Operation != "Login.Token" && s.hears(c.Operation+" "+c.Path, done) {
				return &azuresim.Fault{Drop: true}
			}
			return nil
		})
		s.offers.OnCall(func(c ingestsim.Call, done bool) *ingestsim.Fault {
			if s.hears("Partner Center: "+c.Operation, done) {
				return &ingestsim.Fault{Drop: true}
			}
			return nil
		})
		return s
	})
}

// checks that everything was made once, and that nothing is left that should not be.
func (s *azureSite) checks(t *testing.T) {
	t.Helper()
	state, offers := s.sim.State(), s.offers.State()
	if len(state.Groups) != 1 || len(state.Machines) != 0 || len(state.NICs) != 0 || len(state.Disks) != 0 || len(state.Networks) != 0 {
		t.Errorf("there are %d groups, %d machines, %d interfaces, %d disks, %d networks left", len(state.Groups)-1, len(state.Machines), len(state.NICs), len(state.Disks), len(state.Networks))
	}
	if len(state.Versions) != 1 {
		t.Fatalf("there are %d versions", len(state.Versions))
	}
	v := state.Versions[0]
	if !strings.HasPrefix(v.Name, "17.6.200") || len(v.Regions) != 2 || v.State != "Succeeded" || v.ExcludeFromLatest || !v.Deprovisioned || v.Tags["cloudimage:state"] != "verified" {
		t.Errorf("the version is %+v", v)
	}
	machines := map[string]bool{}
	for _, c := range s.sim.Calls() {
		if c.Operation == "VirtualMachines.CreateOrUpdate" { // whose answer may have been lost
			machines[c.Path] = true
		}
	}
	if len(machines) != 4 {
		t.Errorf("%d machines were made: %v", len(machines), machines)
	}
	if len(offers.Dropped) > 0 {
		t.Errorf("versions were dropped: %+v", offers.Dropped)
	}
	for _, p := range offers.Products {
		if p.ExternalID != demoOfferEE {
			continue
		}
		var sent []string
		for _, b := range p.Submissions {
			sent = append(sent, b.Target+" "+b.Result)
		}
		// Those of the version that was there, and ours.
		if got := strings.Join(sent, ", "); got != "preview succeeded, live succeeded, preview succeeded, live succeeded" {
			t.Errorf("submissions: %s", got)
		}
		var live []string
		for _, v := range p.Live.Plans[0].Versions {
			live = append(live, fmt.Sprint(v.Number, " ", v.Lifecycle))
		}
		if got := strings.Join(live, ", "); got != "17.5.0 generallyAvailable, 17.6.200 generallyAvailable" {
			t.Errorf("customers have %s", got)
		}
	}
	s.doneWith(t, "azure-ee-image")
}
