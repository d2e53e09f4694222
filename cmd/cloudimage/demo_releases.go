package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/releases/releasesim"
	"cloudimage/slackdev"
	"cloudimage/workflow"
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

// releasePlay is what can be done with releases on the demo's page.
type releasePlay struct {
	stand *releaseStand
	name  string // of the product

	mu     sync.Mutex
	app    *App // nil until it is there
	newest workflow.Version
}

// demoReleases are out when the demo begins.
var demoReleases = []string{"17.5.0", "17.6.0", "17.6.1"}

// start serves where releases come from, and lets the bot watch it.
func (p *releasePlay) start(s *Settings, addr string) (err error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--releases-addr %s is no address of this machine alone: use 127.0.0.1", addr)
	}
	if p.stand, err = newReleaseStand(addr, s.Now, loopbackOnly); err != nil {
		if p.stand, err = newReleaseStand(net.JoinHostPort(host, "0"), s.Now, loopbackOnly); err != nil {
			return fmt.Errorf("%w; choose another address with --releases-addr, or leave releases out with --no-releases", err)
		}
	}
	p.stand.releasedBefore(s.Now().AddDate(0, 0, -50), demoReleases...)
	s.Config.Releases = p.stand.watch()
	s.Config.Releases.Every = "24h" // whoever publishes something wakes it, and the clock is moved by weeks
	p.name = s.Config.product().Name
	p.newest, _ = workflow.ParseVersion(demoReleases[len(demoReleases)-1])
	return s.Config.checkReleases()
}

// begin adds listings that are current, for what is published to concern. A database
// that was kept has them.
func (p *releasePlay) begin(ctx context.Context, app *App, channel workflow.ChannelID, as workflow.UserID) error {
	if p.stand == nil || app.upkeep == nil {
		return nil
	}
	had, err := app.upkeep.Catalogue(ctx)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.app = app
	newest := p.newest
	p.mu.Unlock()
	p.stand.sim.OnPublish(func(r releasesim.Release) { p.published(ctx, r) })
	if len(had) > 0 {
		return nil
	}
	var list []workflow.Listed
	add := func(partner, edition string, provider workflow.Provider, delivery workflow.Delivery, product string) {
		l := workflow.Listed{Listing: workflow.Listing{Partner: partner, Edition: edition, Provider: provider, Delivery: delivery}, Product: product, Pricing: "BYOL", Channel: channel}
		if delivery == workflow.Image {
			l.Published, l.At = newest, app.settings.Now().AddDate(0, 0, -20)
		}
		list = append(list, l)
	}
	editions := app.settings.Config.Product.Editions
	first, last := editions[0], editions[len(editions)-1]
	add("AWS", last, workflow.AWS, workflow.Image, demoProductEE)
	add("AWS", first, workflow.AWS, workflow.Image, demoProductCE)
	add("Azure", last, workflow.Azure, workflow.Image, demoPlanEE)
	add("Azure", first, workflow.Azure, workflow.Image, demoPlanCE)
	add("DigitalOcean", first, workflow.Manual, workflow.Image, "")
	add("Linode", last, workflow.Manual, workflow.OmnibusPackage, "")
	_, err = app.upkeep.Import(ctx, workflow.Who{User: as, Request: "demo:listings"}, list)
	return err
}

// actions are the buttons on the demo's page.
func (p *releasePlay) actions() []slackdev.Action {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.app == nil {
		return nil
	}
	patch, minor := p.newest, p.newest
	patch.Patch++
	minor.Minor, minor.Patch = minor.Minor+1, 0
	return []slackdev.Action{
		{Label: fmt.Sprintf("Publish release %s (security)", patch), Note: p.name + " fixes something that must not wait.", Do: func(ctx context.Context) error { return p.publish(ctx, patch, true) }},
		{Label: fmt.Sprintf("Publish release %s", minor), Note: "The monthly release.", Do: func(ctx context.Context) error { return p.publish(ctx, minor, false) }},
	}
}

// publish lets a release come out once the bot has looked for the first time: what was
// out by then was out before anybody watched, and concerns no listing.
func (p *releasePlay) publish(ctx context.Context, v workflow.Version, security bool) error {
	p.mu.Lock()
	app, newest := p.app, p.newest
	p.mu.Unlock()
	select {
	case <-app.bot.Prepared():
	case <-ctx.Done():
		return ctx.Err()
	}
	if _, err := app.upkeep.Fire(ctx); err != nil {
		return err
	}
	if v.Compare(newest) <= 0 {
		return fmt.Errorf("%s is out already", v)
	}
	return p.stand.sim.Publish(releasesim.Release{Version: v.String(), Security: security})
}

// published lets the bot look at once, whether a release came out by a button or on the
// page of the stand-in.
func (p *releasePlay) published(ctx context.Context, r releasesim.Release) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok := workflow.ParseVersion(r.Version); ok && v.Compare(p.newest) > 0 {
		p.newest = v
	}
	if err := p.app.upkeep.Wake(ctx); err != nil && ctx.Err() == nil {
		p.app.log.Error("the demo could not look for the release that came out", "err", err)
	}
}

// demoChannel is the id of #cloud-images, which its Slack derives from the name.
const demoChannel workflow.ChannelID = "C0CLOUDIMAGES"
