package main

import (
	"context"
	"fmt"

	"cloudimage/checkup"
	"cloudimage/workflow"
)

// azure looks at the subscription in which images are made, and says what nobody but
// people can look at.
func (d *doctor) azure(ctx context.Context) []checkup.Finding {
	switch {
	case !d.readable:
		return []checkup.Finding{checkup.Noted("", "Azure is not asked while the configuration, which names the subscription, is not in order.")}
	case d.config.Azure == nil:
		return []checkup.Finding{checkup.Noted("Name the subscription under azure: in the configuration; docs/azure.md says what it has to have.",
			"Azure is not connected. People make its images by hand, and say so.")}
	}
	out := d.askAzure(ctx)
	if d.config.Azure.PartnerCenter == nil {
		return out // nothing is published
	}
	return append(out, prerequisites(d.processes)...)
}

// askAzure looks at what can be asked.
func (d *doctor) askAzure(ctx context.Context) []checkup.Finding {
	s := Settings{Config: d.config}
	var err error
	if s.AzureKeys, err = d.given.secrets.azureKeys(ctx); err != nil {
		return failures(err)
	}
	cloud, err := s.newAzure()
	if err != nil {
		return failures(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 4*checkWithin)
	defer cancel()
	return cloud.Check(ctx)
}

// onlyPeopleKnow are what has to be so before an offer can be published, and that no
// interface tells, by the title of the link in the process.
var onlyPeopleKnow = []struct{ link, words string }{
	{"Publisher portal", "whether you can log in to the publisher portal; choose 'Personal' account to continue the login"},
	{"General non-technical prerequisites", "whether the general non-technical prerequisites are met"},
	{"VM image technical prerequisites", "whether the plan meets the technical prerequisites of VM images"},
	{"Adding the marketing content of the image", "whether the offer has its marketing content"},
}

// prerequisites are the findings about that, with the links that the processes have.
func prerequisites(processes []*workflow.Definition) (out []checkup.Finding) {
	for _, p := range onlyPeopleKnow {
		l, ok := linkOf(processes, workflow.Azure, p.link)
		if !ok {
			continue // the process is another company's
		}
		cure := fmt.Sprintf("Look at %s: %s", l.Title, l.URL)
		if l.Seed != "" {
			cure += fmt.Sprintf(" (the handbook has %s)", l.Seed)
		}
		out = append(out, checkup.Noted(cure, "Only people know %s.", p.words))
	}
	return out
}

// linkOf is the first link with a title in what the processes tell of a provider.
func linkOf(processes []*workflow.Definition, provider workflow.Provider, title string) (found workflow.Link, ok bool) {
	var in func(steps []workflow.Step) bool
	in = func(steps []workflow.Step) bool {
		for _, s := range steps {
			for _, g := range s.Guides {
				for _, l := range g.Links {
					if g.Provider == provider && l.Title == title {
						found = l
						return true
					}
				}
			}
			if in(s.Steps) {
				return true
			}
		}
		return false
	}
	for _, p := range processes {
		for _, stage := range p.Stages {
			if in(stage.Steps) {
				return found, true
			}
		}
	}
	return workflow.Link{}, false
}
