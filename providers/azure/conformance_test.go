package azure_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/azure"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/providers/conformance"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// insides lets the machines of the stand-in carry out what they are told.
type insides struct{ *guestsim.Machines }

func (m insides) Run(c azuresim.Command) azuresim.Outcome {
	exit, out, err, takes := m.Machines.Run(c.Machine, c.Image, c.Script)
	return azuresim.Outcome{ExitCode: exit, Stdout: out, Stderr: err, Takes: min(takes, time.Minute)}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformanceSite)
}

// conformanceSite is an Azure with an offer that has a version.
func conformanceSite(t testing.TB) *conformance.Site {
	var mu sync.Mutex
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	var sim *azuresim.Server
	offers := ingestsim.New(ingestsim.Options{Now: now, Authorize: func(r *http.Request) error {
		if _, ok, why := sim.Authorize(r, azuresim.AudienceGraph); !ok {
			return errors.New(why)
		}
		return nil
	}})
	offers.SetTimes(func(o *ingestsim.Times) { o.Preview, o.Live = time.Hour, 2*time.Hour })
	offers.AddProduct("gitlab-ee", ingestsim.Plan{ExternalID: "byol", Live: []ingestsim.Version{{Number: "17.5.0"}}})
	sim = azuresim.New(azuresim.Options{Now: now, Locations: []string{"westeurope", "eastus"}, Guest: insides{guestsim.New(guestsim.Options{})}, Ingestion: offers})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.SetBaseURL(server.URL)
	offers.SetBaseURL(server.URL)
	client, secret := sim.Credentials()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)

	things := func(ever bool) map[string]int {
		out, state := map[string]int{}, sim.State()
		count := func(kind string, n int) {
			if n > 0 {
				out[kind] += n
			}
		}
		if ever {
			made := map[string]bool{}
			for _, c := range sim.Calls() {
				if c.Operation == "VirtualMachines.CreateOrUpdate" && c.Method == http.MethodPut && c.Status < 300 {
					made[c.Path] = true
				}
			}
			count("machines", len(made))
		} else {
			count("machines", len(state.Machines))
			count("groups", len(state.Groups)-1)
			count("disks", len(state.Disks))
		}
		count("images", len(state.Versions))
		book := offers.State()
		count("dropped", len(book.Dropped))
		for _, p := range book.Products {
			for _, s := range p.Submissions {
				if ever && s.Target == "live" {
					count("submissions", 1)
				}
			}
			for _, plan := range p.Live.Plans {
				count("versions", len(plan.Versions)-1)
			}
			for _, plan := range p.Draft.Plans {
				for _, v := range plan.Versions[1:] {
					if !ever && v.Lifecycle != "deleted" {
						count("drafts", 1)
					}
				}
			}
		}
		return out
	}
	writes := []string{"Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/delete", "Microsoft.Compute/virtualMachines/runCommands/write", "Microsoft.Compute/galleries/images/versions/write",
		"Microsoft.Compute/virtualMachines/powerOff/action", "Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.Resources/subscriptions/resourceGroups/delete"}
	return &conformance.Site{
		Setup: images.Setup{Account: sim.Subscription(), Region: "westeurope", Regions: []string{"westeurope", "eastus"}, Machines: map[string]string{"amd64": "Standard_D4s_v5"}, Distribution: "noble", Grace: -1},
		New: func(log *slog.Logger) images.Cloud {
			c, err := azure.New(azure.Options{Subscription: sim.Subscription(), Tenant: sim.Tenant(), Region: "westeurope", Regions: []string{"eastus"},
				GalleryGroup: azuresim.GalleryGroup, Gallery: azuresim.GalleryName, ClientID: client, ClientSecret: secret, Market: true, Publisher: "gitlab",
				Endpoints: azure.Endpoints{Authority: server.URL, ResourceManager: server.URL, Graph: server.URL}, PartnerCenterPrincipals: []string{azuresim.PartnerCenterObjectID, azuresim.ImageRegistryObjectID},
				Now: now, Transport: transport, Logger: log})
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		Now: now, Set: func(to time.Time) { mu.Lock(); at = to; mu.Unlock() },
		Provider: workflow.Azure, Product: "gitlab-ee/byol",
		Fails: func(f conformance.Failure, n int) {
			arm, book := azuresim.Fault{Drop: true}, ingestsim.Fault{Drop: true}
			switch f {
			case conformance.TooMany:
				arm = azuresim.Fault{Status: 429, Code: "TooManyRequests", Message: "The request is being throttled.", RetryAfter: 7 * time.Second}
				book = ingestsim.Fault{Status: 429}
			case conformance.ServerFail:
				arm, book = azuresim.Fault{Status: 500, Code: "InternalServerError", Message: "An internal error has occurred."}, ingestsim.Fault{Status: 500}
			}
			if strings.Contains(t.Name(), "failing") && len(offers.Calls()) > 30 {
				offers.Inject("", n, f == conformance.LostAfter, book)
				return
			}
			sim.Inject("", "", n, f == conformance.LostAfter, arm)
		},
		Denies: func(on bool) {
			for _, action := range writes {
				if on {
					sim.Deny(action)
				} else {
					sim.Allow(action)
				}
			}
		},
		There: func() map[string]int { return things(false) }, Ever: func() map[string]int { return things(true) },
		Public:  map[string]int{"images": 1, "versions": 1, "drafts": 1},
		Made:    map[string]int{"machines": 3, "images": 1, "submissions": 2, "versions": 1}, // one of the submissions was there
		Secrets: []string{secret},
	}
}
