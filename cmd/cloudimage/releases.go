package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/gitlab"
	"cloudimage/providers/releases"
	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// This file is about releases: where they are looked for, and how that is put
// together.

// Releases says where releases of the product are looked for. Defaults to nowhere:
// people tell of them.
type Releases struct {
	// Of fills in what is left out below: "gitlab" for what GitLab publishes. Defaults to
	// nothing.
	Of string `yaml:"of"`
	// Off are sources that are not watched after all: tags, packages, announcements,
	// version-service.
	Off []string `yaml:"off"`
	// Every is how often they are asked. Defaults to "10m".
	Every string `yaml:"every"`
	// Channel is where the cards of releases go. Defaults to channel, and then to where
	// their listings were launched or added.
	Channel workflow.ChannelID `yaml:"channel"`

	Tags           *Tags           `yaml:"tags"`
	Packages       *Packages       `yaml:"packages"`
	Announcements  *Announcements  `yaml:"announcements"`
	VersionService *VersionService `yaml:"version_service"`
	Patience       Patience        `yaml:"patience"`
}

// Tags says where the product's repository is.
type Tags struct {
	URL     string `yaml:"url"`     // of a GitLab; defaults to https://gitlab.com
	Project string `yaml:"project"` // its path
	// Pattern says which tags name releases; see docs/operations.md. Defaults to the tags
	// of Omnibus GitLab.
	Pattern string `yaml:"pattern"`
}

// Packages says which packages a release has to have.
type Packages struct {
	Indexes []Index `yaml:"indexes"`
	// Hosts are those to which downloads may be redirected.
	Hosts []string `yaml:"hosts"`
}

// Index is a repository of Debian packages.
type Index struct {
	Edition string `yaml:"edition"`
	// Root is its address; {distribution} in it stands for each distribution.
	Root          string   `yaml:"root"`
	Name          string   `yaml:"name"` // of the package
	Distributions []string `yaml:"distributions"`
	Architectures []string `yaml:"architectures"`
	Component     string   `yaml:"component"` // defaults to "main"
}

// Announcements says where releases are announced.
type Announcements struct {
	Feeds []string `yaml:"feeds"` // Atom
	Hosts []string `yaml:"hosts"` // to which they may be redirected
}

// VersionService says where the version service is.
type VersionService struct {
	URL     string `yaml:"url"`
	Referer string `yaml:"referer"`
}

// Patience says how long something may be missing.
type Patience struct {
	Edition      string `yaml:"edition"`      // another edition; defaults to "15m"
	Announcement string `yaml:"announcement"` // defaults to "2h"
	Packages     string `yaml:"packages"`     // defaults to "24h"
}

// The sources that can be off.
var releaseSources = []string{"tags", "packages", "announcements", "version-service"}

// ofGitLab is what GitLab publishes, as it stood in November 2026.
func ofGitLab() Releases {
	index := func(edition, name string) Index {
		return Index{Edition: edition, Name: name, Root: "https://packages.gitlab.com/gitlab/" + name + "/ubuntu/{distribution}",
			Distributions: []string{"noble"}, Architectures: []string{"amd64", "arm64"}}
	}
	return Releases{
		Tags:     &Tags{URL: gitlab.DefaultURL, Project: "gitlab-org/omnibus-gitlab"},
		Packages: &Packages{Indexes: []Index{index("CE", "gitlab-ce"), index("EE", "gitlab-ee")}, Hosts: []string{"*.cloudfront.net"}},
		Announcements: &Announcements{Feeds: []string{"https://docs.gitlab.com/releases/patch-releases.xml", "https://docs.gitlab.com/releases/releases.xml"},
			Hosts: []string{"docs.gitlab.com", "about.gitlab.com"}},
		VersionService: &VersionService{URL: releases.DefaultVersionService},
	}
}

// checkReleases looks at what can be wrong without asking anybody, and fills in what
// was left out.
func (c *Config) checkReleases() error {
	r := c.Releases
	if r == nil {
		return nil
	}
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("releases."+path, format, args...))
	}
	switch r.Of {
	case "":
	case "gitlab":
		g := ofGitLab()
		r.Tags, r.Packages = cmp.Or(r.Tags, g.Tags), cmp.Or(r.Packages, g.Packages)
		r.Announcements, r.VersionService = cmp.Or(r.Announcements, g.Announcements), cmp.Or(r.VersionService, g.VersionService)
	default:
		bad("of", "%q is none whose sources I know; write gitlab, or leave it out and name the sources", r.Of)
	}
	for i, off := range r.Off {
		switch off {
		case "tags":
			r.Tags = nil
		case "packages":
			r.Packages = nil
		case "announcements":
			r.Announcements = nil
		case "version-service":
			r.VersionService = nil
		default:
			bad(fmt.Sprintf("off[%d]", i), "%q is no source; those there are: %s", off, strings.Join(releaseSources, ", "))
		}
	}
	if ch := string(r.Channel); ch != "" && !strings.HasPrefix(ch, "C") && !strings.HasPrefix(ch, "G") {
		bad("channel", "%q is no channel id; an id begins with C, and Slack shows it at the end of the channel's details", ch)
	}
	for _, t := range []struct {
		path, text string
		least      time.Duration
	}{{"every", r.Every, time.Minute}, {"patience.edition", r.Patience.Edition, time.Minute},
		{"patience.announcement", r.Patience.Announcement, time.Minute}, {"patience.packages", r.Patience.Packages, time.Minute}} {
		if d, err := time.ParseDuration(t.text); t.text != "" && (err != nil || d < t.least || d > 30*24*time.Hour) {
			bad(t.path, "%q is no time of a minute or more; write it as 10m or 2h", t.text)
		}
	}
	if r.Tags != nil && r.Tags.Project == "" {
		bad("tags", "say in which project the tags are, by its path, such as gitlab-org/omnibus-gitlab")
	}
	if r.Packages != nil {
		for i, x := range r.Packages.Indexes {
			path := fmt.Sprintf("packages.indexes[%d]", i)
			if !slices.Contains(c.Product.Editions, x.Edition) {
				bad(path+".edition", "%q is no edition of the product; those there are: %s", x.Edition, strings.Join(c.Product.Editions, ", "))
			}
			if x.Root == "" || x.Name == "" || len(x.Distributions) == 0 || len(x.Architectures) == 0 {
				bad(path, "an index has a root, the name of the package, distributions and architectures")
			}
		}
	}
	return errors.Join(errs...)
}

// duration is a time that was checked, zero for none.
func duration(text string) time.Duration {
	d, _ := time.ParseDuration(text)
	return d
}

// product is what is released, as far as it concerns its images.
func (c Config) product() maintenance.Product {
	p := maintenance.Product{Name: cmp.Or(c.Product.Name, "GitLab"), Editions: c.Product.Editions}
	if c.Releases != nil && c.Releases.Packages != nil {
		for _, x := range c.Releases.Packages.Indexes {
			for _, d := range x.Distributions {
				for _, a := range x.Architectures {
					p.Packages = append(p.Packages, maintenance.Wanted{Edition: x.Edition, Distribution: d, Architecture: a})
				}
			}
		}
	}
	return p
}

// watched are the sources of releases; those that are not configured are nil in both.
type watched struct {
	sources maintenance.Sources
	checks  releases.Sources // the same, to be looked at
}

// newWatched puts the sources together. Token is for the GitLab that has the tags, where
// that is the one of the issues; others are asked without one.
func newWatched(s Settings) (w watched, err error) {
	r := s.Config.Releases
	if r == nil {
		return w, nil
	}
	web := releases.Web{Transport: s.Transport, UserAgent: "cloudimage/" + version()}
	fail := func(what string, err error) (watched, error) {
		return watched{}, fmt.Errorf("the %s of releases cannot be watched: %w", what, err)
	}
	if t := r.Tags; t != nil {
		o := gitlab.TagOptions{Project: t.Project}
		o.URL, o.Now, o.Logger, o.Transport, o.UserAgent = cmp.Or(t.URL, gitlab.DefaultURL), s.Now, s.Logger, s.Transport, web.UserAgent
		if g := s.Config.GitLab; g != nil && cmp.Or(g.URL, gitlab.DefaultURL) == o.URL {
			o.Token = s.GitLabToken
		}
		lister, err := gitlab.NewTagReader(o)
		if err != nil {
			return fail("tags", err)
		}
		pattern, err := releases.NewPattern(cmp.Or(t.Pattern, releases.DefaultTagPattern))
		if err != nil {
			return fail("tags", err)
		}
		tags := releases.NewTags(lister, pattern)
		w.sources.Tags, w.checks.Tags = tags, tags
	}
	if p := r.Packages; p != nil {
		o := releases.PackagesOptions{Web: web}
		o.Web.Hosts = p.Hosts
		for _, x := range p.Indexes {
			o.Wanted = append(o.Wanted, releases.Wanted{Edition: x.Edition, Root: x.Root, Name: x.Name, Distributions: x.Distributions, Architectures: x.Architectures, Component: x.Component})
		}
		packages, err := releases.NewPackages(o)
		if err != nil {
			return fail("packages", err)
		}
		w.sources.Packages, w.checks.Packages = packages, packages
	}
	if a := r.Announcements; a != nil {
		o := releases.AnnouncementsOptions{Feeds: a.Feeds, Product: s.Config.product().Name, Web: web}
		o.Web.Hosts = a.Hosts
		posts, err := releases.NewAnnouncements(o)
		if err != nil {
			return fail("announcements", err)
		}
		w.sources.Announcements, w.checks.Announcements = posts, posts
	}
	if v := r.VersionService; v != nil {
		opinions, err := releases.NewOpinions(releases.OpinionsOptions{URL: v.URL, Referer: v.Referer, Web: web})
		if err != nil {
			return fail("version service", err)
		}
		w.sources.Opinions, w.checks.Opinions = opinions, opinions
	}
	return w, nil
}

// newMaintenance makes what keeps listings current; nil where no process is about
// catalysts.
func newMaintenance(s Settings, book maintenance.Book, service *workflow.Service) (*maintenance.Service, error) {
	i := slices.IndexFunc(s.Processes, func(p *workflow.Definition) bool { return p.Subject == workflow.SubjectCatalyst })
	if i < 0 {
		return nil, nil
	}
	w, err := newWatched(s)
	if err != nil {
		return nil, err
	}
	o := maintenance.Options{Service: service, Book: book, Process: s.Processes[i].Name, Product: s.Config.product(), Sources: w.sources,
		Channel: s.Config.Channel, Now: s.Now, Logger: s.Logger}
	if r := s.Config.Releases; r != nil {
		o.Every, o.Channel = duration(r.Every), cmp.Or(r.Channel, o.Channel)
		o.Patience = maintenance.Patience{Edition: duration(r.Patience.Edition), Announcement: duration(r.Patience.Announcement), Packages: duration(r.Patience.Packages)}
	}
	return maintenance.New(o), nil
}
