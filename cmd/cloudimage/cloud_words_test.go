package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/aws/awssim"
)

// This file is the words of the scenarios for clouds; see [TestScenarios].

// startCloud brings the clouds into being, once.
func (w *world) startCloud() (err error) {
	if w.cloud == nil && w.withCloud {
		w.cloud, err = newCloudStand("127.0.0.1:0", w.slack.Clock().Now, w.cloudRegions, nil)
	}
	if err == nil && w.azure == nil && w.withAzure {
		w.azure, err = newAzureStand("127.0.0.1:0", w.slack.Clock().Now, nil)
	}
	return err
}

// configureCloud lets images be made there.
func (w *world) configureCloud(s *Settings) error {
	if w.azure != nil {
		if err := w.azure.configure(s); err != nil {
			return err
		}
	}
	if w.cloud == nil {
		return nil
	}
	return w.cloud.configure(s)
}

// awsWords are what happens in AWS, by their first word.
var awsWords = map[string]func(w *world, args []string) error{
	"blocks": func(w *world, args []string) error {
		by := "account"
		if len(args) > 1 && args[1] == "policy" {
			by = "declarative-policy"
		}
		w.cloud.sim.SetBlockPublicAccess(args[0], "block-new-sharing", by)
		return nil
	},
	"quota": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		w.cloud.sim.SetPublicImageQuota(region(args[0]), n)
		return err
	},
	"denies": func(w *world, args []string) error { w.cloud.sim.Deny(args[0]); return nil },
	"allows": func(w *world, args []string) error { w.cloud.sim.Allow(args[0]); return nil },
	"fails": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[2])
		f := awssim.Fault{Code: args[3], Status: 400, Message: strings.Join(args[4:], " ")}
		if f.Code == "500" {
			f = awssim.Fault{Code: "InternalError", Status: 500, Message: "An internal error has occurred"}
		}
		w.cloud.sim.Inject(args[0], region(args[1]), n, false, f)
		return err
	},
	"loses": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[2])
		w.cloud.sim.Inject(args[0], region(args[1]), n, true, awssim.Fault{Drop: true})
		return err
	},
	"breaks": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[2])
		w.cloud.sim.FailImages(args[0], region(args[1]), n, strings.Join(args[3:], " "))
		return err
	},
	"lacks": func(w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		w.cloud.sim.LackCapacity(args[0], "us-east-1", n)
		return err
	},
	"finds": func(w *world, args []string) error {
		w.cloud.sim.FailScan("", awssim.Finding{Control: "NoKnownVulnerabilities", Code: "CVE", Message: strings.Join(args, " ")})
		return nil
	},
	"rejects":      func(w *world, args []string) error { w.cloud.sim.FailNextChangeSet(args...); return nil },
	"server-fault": func(w *world, _ []string) error { w.cloud.sim.NextServerFault(); return nil },
	"submission": func(w *world, args []string) error {
		takes, err := time.ParseDuration(args[2])
		w.cloud.sim.AddForeignChangeSet(args[0], args[1], "portal-user", takes)
		return err
	},
	"cancels": func(w *world, _ []string) error {
		for _, c := range w.cloud.sim.State().ChangeSets {
			if c.Ended.IsZero() && w.cloud.sim.CancelChangeSet(c.ID) {
				return nil
			}
		}
		return errors.New("there is nothing to cancel")
	},
	"version": func(w *world, args []string) error {
		w.cloud.sim.AddProduct(args[0], "GitLab Enterprise Edition", "x86_64", args[1:]...)
		return nil
	},
	"old": func(w *world, args []string) error {
		days, err := strconv.Atoi(args[0])
		w.cloud.sim.SetBaseAge(time.Duration(days) * 24 * time.Hour)
		return err
	},
	"newer": func(w *world, _ []string) error {
		w.cloud.sim.PublishBase("amd64", w.slack.Clock().Now())
		return nil
	},
	"crowd": func(w *world, args []string) error {
		w.cloud.sim.SetPublicImageQuota(args[0], 1)
		w.cloud.sim.AddImage(args[0], awssim.Image{Name: "somebody else's", Public: true})
		return nil
	},
	"private": func(w *world, args []string) error {
		for _, im := range w.cloud.sim.State().Region(args[0]).Images {
			w.cloud.sim.MakePrivate(args[0], im.ID)
		}
		return nil
	},
}

func region(word string) string {
	if word == "any" {
		return ""
	}
	return word
}

// things counts what there is in the cloud, and what there ever was of it.
func (w *world) things(kind string) (n int, err error) {
	if w.cloud == nil {
		return w.azureThings(kind)
	}
	state := w.cloud.sim.State()
	for _, r := range state.Regions {
		switch kind {
		case "machines":
			n += len(r.Instances)
		case "running":
			for _, i := range r.Instances {
				if i.State != "terminated" && i.State != "shutting-down" {
					n++
				}
			}
		case "images":
			n += len(r.Images)
		case "snapshots":
			n += len(r.Snapshots)
		case "public":
			n += r.PublicImages
		case "deprecated":
			for _, im := range r.Images {
				if !im.Deprecated.IsZero() {
					n++
				}
			}
		case "blocked":
			if r.BlockPublicAccess != "unblocked" {
				n++
			}
		}
	}
	switch kind {
	case "machines", "running", "images", "snapshots", "public", "deprecated", "blocked":
		return n, nil
	case "submissions":
		for _, c := range state.ChangeSets {
			if c.Intent == "APPLY" && len(c.Types) == 1 && c.Types[0] == "AddDeliveryOptions" {
				n++
			}
		}
		return n, nil
	case "versions":
		for _, p := range state.Products {
			n += len(p.Versions)
		}
		return n, nil
	}
	return 0, fmt.Errorf("nothing is called %q", kind)
}

var cloudWords = map[string]func(*testscript.TestScript, bool, []string){
	"azure": around(func(_ *testscript.TestScript, w *world, args []string) error {
		if len(args) == 0 {
			w.withAzure = true
			return nil
		}
		if w.azure == nil {
			return errors.New("somebody has to act first")
		}
		do, ok := azureWords[args[0]]
		if !ok {
			return fmt.Errorf("Azure cannot be told %q", args[0])
		}
		return do(w, args[1:])
	}),
	"cloud": around(func(_ *testscript.TestScript, w *world, args []string) error {
		w.withCloud, w.cloudRegions = true, args
		return nil
	}),
	"aws": around(func(_ *testscript.TestScript, w *world, args []string) error {
		if w.cloud == nil {
			return errors.New("somebody has to act first")
		}
		do, ok := awsWords[args[0]]
		if !ok {
			return fmt.Errorf("AWS cannot be told %q", args[0])
		}
		return do(w, args[1:])
	}),
	"inside": around(func(_ *testscript.TestScript, w *world, args []string) error {
		var machines *guestsim.Machines
		switch {
		case w.cloud != nil:
			machines = w.cloud.machines
		case w.azure != nil:
			machines = w.azure.machines
		default:
			return errors.New("somebody has to act first")
		}
		if args[0] == "well" {
			machines.ClearFaults()
			return nil
		}
		machines.FailNext(-1, args[0], guestsim.Fault(args[1]))
		return nil
	}),
	"there-are": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[0])
		if err != nil {
			return false, err
		}
		n, err := w.things(args[1])
		if err == nil && n != want {
			err = fmt.Errorf("there are %d %s", n, args[1])
		}
		return err == nil, err
	}),
}
