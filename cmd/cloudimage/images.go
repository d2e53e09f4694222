package main

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"cloudimage/guest"
	"cloudimage/providers/byhand"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/maintenance"
	"cloudimage/workflow/store"
)

// This file is about making images: of what, and how that is put together. Which clouds
// there are is in files of their own.

// Recipe says how a package of the product becomes an image. What is left out is as
// it is for GitLab.
type Recipe struct {
	Package     string   `yaml:"package"` // its name, with {edition}
	Keys        []string `yaml:"keys"`    // fingerprints of the keys that may have signed it
	KeyURL      string   `yaml:"key_url"`
	Placeholder string   `yaml:"placeholder"` // address that it is installed with
	Command     string   `yaml:"command"`     // that rules it: "gitlab-ctl"
	HealthPath  string   `yaml:"health_path"`
	Secrets     []string `yaml:"secrets"` // files that each machine has to make for itself
	Kind        string   `yaml:"kind"`    // what it says of how it was installed
}

// keyOfGitLab signs GitLab's packages.
const keyOfGitLab = "98BFDB87FCF10076416C1E0BAD997ACC82DD593D"

// recipe is how a package becomes an image of an order.
func (c Config) recipe(o *images.Order) (guest.Product, error) {
	version, err := packageVersion(o.Package.URL)
	if err != nil {
		return guest.Product{}, err
	}
	kind := fmt.Sprintf("gitlab-%s-image", o.Provider)
	if o.Provider == workflow.AWS {
		kind = "gitlab-aws-ami" // as GitLab itself calls its own
	}
	p := guest.Omnibus(o.Edition, version, o.Architecture, kind)
	p.Name = c.product().Name
	if p.Name == "GitLab" {
		p.Keys, p.KeyURL = []string{keyOfGitLab}, "https://packages.gitlab.com/gitlab/gitlab-"+strings.ToLower(o.Edition)+"/gpgkey"
	}
	if r := c.Product.Recipe; r != nil {
		for _, set := range []struct {
			to    *string
			value string
		}{{&p.Package, strings.ReplaceAll(r.Package, "{edition}", strings.ToLower(o.Edition))}, {&p.KeyURL, r.KeyURL}, {&p.Placeholder, r.Placeholder},
			{&p.Ctl, r.Command}, {&p.HealthPath, r.HealthPath}, {&p.Kind, r.Kind}} {
			*set.to = cmp.Or(set.value, *set.to)
		}
		if r.Keys != nil {
			p.Keys = r.Keys
		}
		if r.Secrets != nil {
			p.Secrets = r.Secrets
		}
	}
	p.URL, p.SHA256 = o.Package.URL, o.Package.SHA256
	return p, nil
}

// packageVersion is the version in the name of a Debian package:
// "…/gitlab-ee_17.6.2-ee.0_amd64.deb".
func packageVersion(url string) (string, error) {
	parts := strings.Split(strings.TrimSuffix(path.Base(url), ".deb"), "_")
	if len(parts) != 3 || parts[1] == "" {
		return "", fmt.Errorf("%q is not named as Debian packages are", path.Base(url))
	}
	return strings.ReplaceAll(parts[1], "%2B", "+"), nil
}

// newImages makes what makes images: in the clouds that are configured, and by hand. It
// is nil where no process is about them.
func newImages(ctx context.Context, s Settings, book *store.Store, service *workflow.Service, upkeep *maintenance.Service) (*images.Service, error) {
	if upkeep == nil {
		return nil, nil
	}
	clouds, err := s.clouds(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Processes, func(p *workflow.Definition) bool { return p.Subject == workflow.SubjectCatalyst })
	return images.New(images.Options{
		Service: service, Book: book, Clouds: clouds, Product: s.Config.product().Name, Recipe: s.Config.recipe,
		Packages: func(ctx context.Context, v workflow.Version) ([]workflow.Package, error) {
			return packagesOf(ctx, book, v)
		},
		Catalogued: func(ctx context.Context, id workflow.ListingID) (workflow.Listed, bool, error) {
			all, err := upkeep.Catalogue(ctx)
			j := slices.IndexFunc(all, func(l workflow.Listed) bool { return l.ID == id })
			if err != nil || j < 0 {
				return workflow.Listed{}, false, err
			}
			return all[j], true, nil
		},
		Process: s.Processes[i].Name, Team: s.Processes[i].Owner, Watch: book, Now: s.Now, Logger: s.Logger,
	}), nil
}

// clouds are those that are configured, and people, who are always there.
func (s Settings) clouds(ctx context.Context) (out []images.Setup, err error) {
	for _, c := range []struct {
		name string
		is   bool
		make func(context.Context) (images.Setup, error)
	}{{"AWS", s.Config.AWS != nil, s.awsSetup}, {"Azure", s.Config.Azure != nil, s.azureSetup}} {
		if !c.is {
			continue
		}
		setup, err := c.make(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be used: %w", c.name, err)
		}
		out = append(out, setup)
	}
	return append(out, images.Setup{Cloud: &byhand.Cloud{Now: s.Now}, Grace: -1}), nil
}

// packagesOf are the packages that were seen of a version.
func packagesOf(ctx context.Context, book maintenance.Book, v workflow.Version) ([]workflow.Package, error) {
	all, err := book.Releases(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Version.Compare(v) == 0 {
			return r.Packages, nil
		}
	}
	return nil, nil
}
