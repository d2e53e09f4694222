package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/providers/releases/releasesim"
)

// This file is the words of the scenarios for releases; see [TestScenarios].

// startReleases brings the sources of releases into being, once.
func (w *world) startReleases() (err error) {
	if w.releases != nil || !w.withReleases {
		return nil
	}
	if w.releases, err = newReleaseStand("127.0.0.1:0", w.slack.Clock().Now, nil); err != nil {
		return err
	}
	w.releases.releasedBefore(scenarioStart.AddDate(0, 0, -60), "17.4.0", "17.4.1", "17.5.0")
	return nil
}

// configureReleases lets a configuration watch the world's sources.
func (w *world) configureReleases(c *Config) error {
	if w.releases == nil {
		return nil
	}
	watch := w.releases.watch()
	watch.Every = "1h" // so that days pass in fewer stops
	if had := c.Releases; had != nil {
		watch.Channel, watch.Patience = had.Channel, had.Patience
	}
	watch.Off = w.releasesOff
	c.Releases = watch
	return c.checkReleases()
}

// sourcePaths are where a source is asked.
var sourcePaths = map[string]string{"packages": "/gitlab/**", "announcements": "/releases/**", "version-service": "/check.json"}

// sourceFails lets a source go wrong, for good or until it is up again.
func (w *world) sourceFails(name, how string) error {
	if name == "tags" {
		return w.tagsFail(how)
	}
	path, ok := sourcePaths[name]
	if !ok {
		return fmt.Errorf("there is no source %q", name)
	}
	faults := map[string]releasesim.Fault{
		"down": {Status: 503}, "gone": {Refuse: true}, "slow": {Hold: true}, "wrong": {Garbage: true}, "cut": {Cut: true},
		"huge": {Endless: true}, "elsewhere": {Elsewhere: "http://127.0.0.1:9/"}, "spoiled": {BadChecksum: true},
	}
	f, ok := faults[how]
	switch {
	case how == "up":
		w.releases.sim.ClearFaults()
		return nil
	case !ok:
		return fmt.Errorf("a source cannot be %q", how)
	}
	w.releases.sim.FailNext(-1, path, f)
	return nil
}

func (w *world) tagsFail(how string) error {
	switch how {
	case "down":
		w.releases.tags.FailNext(-1, "", "/**", gitlabsim.Fault{Status: 502})
	case "up":
		w.releases.tags.ClearFaults()
	default:
		return fmt.Errorf("tags cannot be %q", how)
	}
	return nil
}

// lists adds a listing as the person who acts, by the form.
func (w *world) lists(ctx context.Context, args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("lists PARTNER EDITION VERSION [PROVIDER] [DELIVERY] [ARCHITECTURE] [PRODUCT], not %q", args)
	}
	if _, err := w.person.Slash(ctx, w.channel, "/cloudimage listing add"); err != nil {
		return err
	}
	if err := w.settle(); err != nil {
		return err
	}
	provider, delivery, arch, product := "Other", "An image", "", ""
	for _, a := range args[3:] {
		switch a {
		case "aws":
			provider = "AWS"
		case "azure":
			provider = "Azure"
		case "manual":
		case "omnibus-package":
			delivery = "The Omnibus package"
		default:
			if strings.HasPrefix(a, "prod-") || strings.Contains(a, "/") {
				product = a
			} else {
				arch = a
			}
		}
	}
	for _, field := range [][]string{{"Partner", args[0]}, {"Provider", provider}, {"Edition", args[1]}, {"What it delivers", delivery}, {"Architecture", arch}, {"Version that is live", args[2]}, {"Product id", product}} {
		if field[1] == "" || field[1] == "-" {
			continue
		}
		if _, err := w.person.Fill(ctx, field[0], field[1]); err != nil {
			return err
		}
	}
	return w.submitted(ctx)
}

// releaseArgs are versions and the words behind them.
func releaseArgs(args []string) (versions []string, words map[string]bool) {
	words = map[string]bool{}
	for _, a := range args {
		if a != "" && a[0] >= '0' && a[0] <= '9' {
			versions = append(versions, a)
		} else {
			words[a] = true
		}
	}
	return versions, words
}

func (w *world) editions(words map[string]bool) []string {
	var out []string
	for _, e := range []string{"CE", "EE"} {
		if words[e] {
			out = append(out, e)
		}
	}
	return out
}

var releaseWords = map[string]func(*testscript.TestScript, bool, []string){
	"releases": around(func(_ *testscript.TestScript, w *world, args []string) error {
		w.withReleases = true
		if len(args) > 0 && args[0] == "without" {
			w.releasesOff = args[1:]
		}
		return nil
	}),
	"publishes": around(func(_ *testscript.TestScript, w *world, args []string) error {
		versions, words := releaseArgs(args)
		if err := w.releases.sim.Publish(releasesim.Release{Version: versions[0], Also: versions[1:], Security: words["security"], Critical: words["critical"], Editions: w.editions(words)}); err != nil {
			return err
		}
		return nil
	}),
	"tags": around(func(_ *testscript.TestScript, w *world, args []string) error {
		for _, name := range args {
			w.releases.tags.AddTag(gitlabsim.Tag{Path: standRepository, Name: name, Message: name, At: w.slack.Clock().Now()})
		}
		return nil
	}),
	"offers": around(func(_ *testscript.TestScript, w *world, args []string) error {
		versions, words := releaseArgs(args)
		editions := w.editions(words)
		if len(editions) == 0 {
			editions = []string{"CE", "EE"}
		}
		archs := []string{"amd64", "arm64"}
		if words["amd64"] != words["arm64"] {
			archs = slices.DeleteFunc(archs, func(a string) bool { return !words[a] })
		}
		for _, v := range versions {
			for _, e := range editions {
				w.releases.sim.AddPackages(v, e, "noble", archs...)
			}
		}
		return nil
	}),
	"announces": around(func(_ *testscript.TestScript, w *world, args []string) error {
		versions, words := releaseArgs(args)
		post := releasesim.Post{Kind: releasesim.Patch, Versions: versions, At: w.slack.Clock().Now(), Whole: !words["teaser"]}
		if words["release"] {
			post.Kind = releasesim.Feature
		}
		if words["critical"] {
			post.Kind = releasesim.Critical
		}
		if words["security"] {
			post.Fixes = []releasesim.Fix{{Title: "Stored XSS in issues", Severity: "High", CVE: "CVE-2026-1234", CVSS: "8.7"}}
		}
		w.releases.sim.Announce(post)
		for _, v := range versions {
			w.releases.sim.AddVersion(v)
		}
		return nil
	}),
	"dangerous": around(func(_ *testscript.TestScript, w *world, args []string) error {
		for _, v := range args {
			w.releases.sim.AddVersion(v)
			w.releases.sim.SetSecurity(v)
		}
		return nil
	}),
	"source": around(func(_ *testscript.TestScript, w *world, args []string) error {
		if len(args) != 2 {
			return fmt.Errorf("source NAME HOW, not %q", args)
		}
		return w.sourceFails(args[0], args[1])
	}),
	"lists": act(func(ctx context.Context, w *world, args []string) error { return w.lists(ctx, args) }),
	// looks lets the sources be asked now, and what follows be done.
	"looks": act(func(ctx context.Context, w *world, _ []string) error {
		if err := w.app.upkeep.Wake(ctx); err != nil {
			return err
		}
		return w.advance(w.slack.Clock().Now().Add(10 * time.Minute))
	}),
}
