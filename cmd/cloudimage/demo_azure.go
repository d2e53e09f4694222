package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
)

// This file is the Azure of the demo and of the tests: a stand-in that has one tenant,
// with a gallery, machines that understand what they are told, and offers in Partner
// Center.

// The demo's Azure, and what is in it.
const (
	demoPublisher           = "gitlab"
	demoPreviewSubscription = "0a1b2c3d-0000-4000-8000-000000000002"
	demoOfferEE             = "gitlab-ee"
	demoOfferCE             = "gitlab-ce"
	demoPlanEE              = "gitlab-ee/gitlab-ee-byol"
	demoPlanCE              = "gitlab-ce/gitlab-ce-byol"
	// demoOffered is the number of the version that customers have at first.
	demoOffered = "17.5.0"
)

// demoLocations are the demo's regions of Azure. Its gallery is in the first.
func demoLocations() []string {
	return []string{"westeurope", "eastus", "northeurope", "southeastasia", "westus2"}
}

// azureStand is an Azure.
type azureStand struct {
	sim      *azuresim.Server
	offers   *ingestsim.Server
	machines *guestsim.Machines
	url      string
	stop     func() error
}

// azureInsides lets the machines of the stand-in carry out what they are told.
type azureInsides struct{ *guestsim.Machines }

func (m azureInsides) Run(c azuresim.Command) azuresim.Outcome {
	exit, out, err, takes := m.Machines.Run(c.Machine, c.Image, c.Script)
	return azuresim.Outcome{ExitCode: exit, Stdout: out, Stderr: err, Takes: takes}
}

// newAzureStand serves it on this machine.
func newAzureStand(addr string, now func() time.Time, around func(http.Handler) http.Handler) (*azureStand, error) {
	machines := guestsim.New(guestsim.Options{})
	return azureStandWith(addr, now, around, machines, azureInsides{machines})
}

// azureStandWith is the same with machines that are told in another way, as hurried ones.
func azureStandWith(addr string, now func() time.Time, around func(http.Handler) http.Handler, machines *guestsim.Machines, inside azuresim.Guest) (*azureStand, error) {
	s := &azureStand{machines: machines}
	s.offers = ingestsim.New(ingestsim.Options{Now: now, Authorize: s.admits, Readable: s.readable})
	s.sim = azuresim.New(azuresim.Options{Now: now, Locations: demoLocations(), Guest: inside, Ingestion: s.offers})
	s.sim.Handle("/_ingestsim/", s.offers)
	s.sim.AddSubscription(demoPreviewSubscription, "Preview audience")
	for _, product := range []string{demoPlanEE, demoPlanCE} {
		offer, plan, _ := strings.Cut(product, "/")
		s.offers.AddProduct(offer, ingestsim.Plan{ExternalID: plan, Live: []ingestsim.Version{{Number: demoOffered}}})
	}
	tell := func(url string) {
		s.sim.SetBaseURL(url)
		s.offers.SetBaseURL(url)
	}
	var err error
	if s.url, s.stop, err = hostStandIn(http.HandlerFunc(s.serve), addr, tell, around); err != nil {
		return nil, fmt.Errorf("start the stand-in of Azure: %w", err)
	}
	return s, nil
}

// admits lets into Partner Center who has a token of the tenant's.
func (s *azureStand) admits(r *http.Request) error {
	if _, ok, why := s.sim.Authorize(r, azuresim.AudienceGraph); !ok {
		return fmt.Errorf("the access token is %s", why)
	}
	return nil
}

// readable says why Microsoft cannot read an image, as it would: when it is not there, and
// when its services have no role on the gallery.
func (s *azureStand) readable(tenant, resource string) error {
	_, there := s.sim.Version(resource)
	if !there || !strings.EqualFold(tenant, s.sim.Tenant()) || !s.sim.PartnerCenterReads(resource) {
		return fmt.Errorf("the image reference %s is not accessible", resource)
	}
	return nil
}

// serve answers requests. What is in preview by then can be started.
func (s *azureStand) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut && strings.Contains(strings.ToLower(r.URL.Path), "/virtualmachines/") {
		s.showPreviews()
	}
	s.sim.ServeHTTP(w, r)
}

// showPreviews lets the preview audience start machines from what is in preview.
func (s *azureStand) showPreviews() {
	for _, p := range s.offers.State().Products {
		for _, plan := range p.Preview.Plans {
			for _, v := range plan.Versions {
				o := azuresim.Offer{Publisher: demoPublisher, Offer: p.ExternalID + "-preview", SKU: plan.Plan, Version: v.Number, Plan: true, Subscriptions: []string{demoPreviewSubscription}}
				for _, im := range v.Images {
					o.Source = im.ResourceID
					if im.Type == "arm64Gen2" {
						o.Architecture = "Arm64"
					}
				}
				s.sim.PublishOffer(o)
			}
		}
	}
}

// configure lets images be made there.
func (s *azureStand) configure(to *Settings) error {
	to.AzureKeys = azureKeys{tenant: s.sim.Tenant()}
	to.AzureKeys.client, to.AzureKeys.secret = s.sim.Credentials()
	a := to.Config.Azure
	if a == nil {
		a = &Azure{
			Subscription: s.sim.Subscription(), Regions: []string{"westeurope", "eastus"},
			Gallery: AzureGallery{ResourceGroup: azuresim.GalleryGroup, Name: azuresim.GalleryName},
			PartnerCenter: &AzurePartnerCenter{Publisher: demoPublisher, PreviewSubscription: demoPreviewSubscription,
				Principals: []string{azuresim.PartnerCenterObjectID, azuresim.ImageRegistryObjectID}},
		}
	}
	a.Endpoints = AzureEndpoints{Authority: s.url, ResourceManager: s.url, Graph: s.url}
	to.Config.Azure = a
	return to.Config.checkAzure()
}
