package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/releases/releasesim"
	"cloudimage/workflow/maintenance"
)

// This file is where the releases of the demo and of the tests come from: stand-ins
// for the package index, the feeds and the version service, and for the GitLab that
// has the tags.

// standRepository is the project with the tags.
const standRepository = "gitlab-org/omnibus-gitlab"

// releaseStand is all that releases are seen in.
type releaseStand struct {
	sim  *releasesim.Server
	tags *gitlabsim.Server
	url  string // of sim
	repo string // address of tags
	now  func() time.Time
	stop []func() error
}

// newReleaseStand serves it on this machine: the releases at an address, the tags at
// any that is free.
func newReleaseStand(addr string, now func() time.Time, around func(http.Handler) http.Handler) (*releaseStand, error) {
	s := &releaseStand{sim: releasesim.New(releasesim.Options{Now: now}), tags: gitlabsim.New(gitlabsim.Options{Now: now}), now: now}
	s.tags.AddProject(gitlabsim.Project{Path: standRepository, Name: "Omnibus GitLab", Visibility: gitlabsim.Public})
	s.sim.OnPublish(func(r releasesim.Release) {
		for _, v := range append([]string{r.Version}, r.Also...) {
			s.tag(v, r.Editions, now())
		}
	})
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("start the stand-in of releases: %w", err)
	}
	var stop func() error
	if s.url, stop, err = hostStandIn(s.sim, addr, s.sim.SetBaseURL, around); err != nil {
		return nil, fmt.Errorf("start the stand-in of releases: %w", err)
	}
	s.stop = append(s.stop, stop)
	if s.repo, stop, err = hostGitLab(s.tags, net.JoinHostPort(host, "0"), around); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.stop = append(s.stop, stop)
	return s, nil
}

// tag adds the tags of a version, as Omnibus GitLab has them.
func (s *releaseStand) tag(version string, editions []string, at time.Time) {
	v, rebuild, again := strings.Cut(version, "+")
	if !again {
		rebuild = "0"
	}
	if len(editions) == 0 {
		editions = []string{"CE", "EE"}
	}
	for _, e := range editions {
		s.tags.AddTag(gitlabsim.Tag{Path: standRepository, Name: v + "+" + strings.ToLower(e) + "." + rebuild, Message: "Version " + v, At: at})
	}
}

// watch is the configuration by which it is watched.
func (s *releaseStand) watch() *Releases {
	g := ofGitLab()
	g.Tags.URL, g.Tags.Project = s.repo, standRepository
	for i := range g.Packages.Indexes {
		x := &g.Packages.Indexes[i]
		x.Root = s.url + "/gitlab/" + x.Name + "/ubuntu/{distribution}"
	}
	g.Packages.Hosts, g.Announcements.Hosts = nil, nil
	g.Announcements.Feeds = []string{s.url + "/releases/patch-releases.xml", s.url + "/releases/releases.xml"}
	g.VersionService.URL = s.url + "/check.json"
	return &g
}

func (s *releaseStand) close() error {
	var errs []error
	for _, stop := range s.stop {
		errs = append(errs, stop())
	}
	return errors.Join(errs...)
}

// releasedBefore publishes what is out before anybody watches.
func (s *releaseStand) releasedBefore(at time.Time, versions ...string) {
	for i, v := range versions {
		for _, e := range []string{"CE", "EE"} {
			s.sim.AddPackages(v, e, "noble", "amd64", "arm64")
		}
		on := at.AddDate(0, 0, 14*i)
		s.sim.AddVersion(v)
		s.tag(v, nil, on)
		kind := releasesim.Patch
		if strings.HasSuffix(v, ".0") {
			kind = releasesim.Feature
		}
		s.sim.Announce(releasesim.Post{Kind: kind, Versions: []string{v}, At: on, Whole: true})
	}
}

// shown is what a person calls a version, for a button: "GitLab 17.6.2 (security)".
func shown(p maintenance.Product, version string, security bool) string {
	text := p.Name + " " + version
	if security {
		text += " (security)"
	}
	return text
}
