package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
)

// This file is the words of the scenarios for Azure; see [TestScenarios].

// azureWords are what happens in Azure and in Partner Center, by their first word.
var azureWords = map[string]func(w *world, args []string) error{
	"slow": func(w *world, args []string) error {
		takes, err := time.ParseDuration(args[1])
		w.azure.sim.SlowReplication(args[0], takes)
		return err
	},
	"breaks": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		w.azure.sim.FailReplication(args[0], n)
		return err
	},
	"fails-version": func(w *world, args []string) error {
		w.azure.sim.FailVersion(strings.Join(args, " "))
		return nil
	},
	"definition": func(w *world, args []string) error {
		for _, g := range w.azure.sim.State().Galleries {
			w.azure.sim.AddDefinition(g.ID, azuresim.Definition{Name: args[0], Features: map[string]string{"SecurityType": args[1]}})
		}
		return nil
	},
	"forgets": func(w *world, _ []string) error { w.azure.sim.ForgetOperations(); return nil },
	"expires": func(w *world, _ []string) error { w.azure.sim.ExpireTokens(); return nil },
	"denies":  func(w *world, args []string) error { w.azure.sim.Deny(args[0]); return nil },
	"allows":  func(w *world, args []string) error { w.azure.sim.Allow(args[0]); return nil },
	"registers": func(w *world, args []string) error {
		w.azure.sim.SetRegistration(args[0], args[1])
		return nil
	},
	"revokes": func(w *world, _ []string) error {
		for _, g := range w.azure.sim.State().Galleries {
			w.azure.sim.Revoke(g.ID, azuresim.ImageRegistryObjectID, azuresim.GalleryImageReader)
		}
		return nil
	},
	"lacks": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		w.azure.sim.LackCapacity(args[0], "westeurope", "SkuNotAvailable", n)
		return err
	},
	"loses": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		w.azure.sim.Inject(args[0], "", n, true, azuresim.Fault{Drop: true})
		return err
	},
	"certification": func(w *world, args []string) error { w.azure.offers.FailCertification(args...); return nil },
	"refuses":       func(w *world, args []string) error { w.azure.offers.RefuseLive(args...); return nil },
	"submission": func(w *world, args []string) error {
		takes, err := time.ParseDuration(args[2])
		w.azure.offers.AddForeignSubmission(args[0], args[1], takes)
		return err
	},
	"edits": (*world).editsOffer,
	// edits-between lets somebody edit right after the next call of an operation.
	"edits-between": func(w *world, args []string) error {
		edited := false
		w.azure.offers.OnCall(func(c ingestsim.Call, done bool) *ingestsim.Fault {
			if !edited && done && c.Operation == args[0] {
				edited = true
				go w.editsOffer(args[1:]) // the server is busy with the call
			}
			return nil
		})
		return nil
	},
	"removes": func(w *world, args []string) error {
		offer, plan, _ := strings.Cut(args[0], "/")
		if !w.azure.offers.RemoveDraftVersion(offer, plan, args[1]) {
			return fmt.Errorf("%s has no %s", args[0], args[1])
		}
		return nil
	},
	// sold is an offer of one plan with so many versions.
	"sold": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		offer, plan, _ := strings.Cut(args[0], "/")
		var live []ingestsim.Version
		for i := range n {
			live = append(live, ingestsim.Version{Number: fmt.Sprintf("16.%d.0", i)})
		}
		w.azure.offers.AddProduct(offer, ingestsim.Plan{ExternalID: plan, Live: live})
		return err
	},
	"holds":        func(w *world, args []string) error { w.azure.offers.HoldJobs(args[0] == "jobs"); return nil },
	"server-fault": func(w *world, _ []string) error { w.azure.offers.NextServerFault(); return nil },
	"old": func(w *world, args []string) error {
		days, err := strconv.Atoi(args[0])
		w.azure.sim.SetBaseAge(time.Duration(days) * 24 * time.Hour)
		return err
	},
}

// editsOffer is somebody who adds a version to a plan in the browser.
func (w *world) editsOffer(args []string) error {
	offer, plan, _ := strings.Cut(args[0], "/")
	resource := "/subscriptions/" + w.azure.sim.Subscription() + "/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/" + args[1]
	if !w.azure.offers.AddDraftVersion(offer, plan, ingestsim.Version{Number: args[1], Images: []ingestsim.Image{{Type: "x64Gen2", TenantID: w.azure.sim.Tenant(), ResourceID: resource}}}) {
		return fmt.Errorf("nothing can be added to %s", args[0])
	}
	return nil
}

// azureThings counts what there is in Azure and in Partner Center.
func (w *world) azureThings(kind string) (n int, err error) {
	if w.azure == nil {
		return 0, fmt.Errorf("there is no cloud yet")
	}
	state, offers := w.azure.sim.State(), w.azure.offers.State()
	switch kind {
	case "running":
		return len(state.Machines), nil
	case "groups":
		return len(state.Groups) - 1, nil // but for the gallery's
	case "images":
		return len(state.Versions), nil
	case "copies":
		for _, v := range state.Versions {
			n += len(v.Regions)
		}
		return n, nil
	case "latest":
		for _, v := range state.Versions {
			if !v.ExcludeFromLatest {
				n++
			}
		}
		return n, nil
	case "dropped":
		return len(offers.Dropped), nil
	}
	for _, p := range offers.Products {
		switch kind {
		case "submissions", "previews":
			for _, s := range p.Submissions {
				if !s.Foreign && s.Target == map[string]string{"submissions": "live", "previews": "preview"}[kind] {
					n++
				}
			}
		case "versions", "deprecated":
			for _, plan := range p.Live.Plans {
				for _, v := range plan.Versions {
					if kind == "versions" || v.Lifecycle == "deprecated" {
						n++
					}
				}
			}
		case "drafts":
			for _, plan := range p.Draft.Plans {
				n += len(plan.Versions)
			}
		default:
			return 0, fmt.Errorf("nothing is called %q", kind)
		}
	}
	return n, nil
}
