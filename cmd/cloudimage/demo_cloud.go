package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/releases/releasesim"
	"cloudimage/slackdev"
)

// This file is what the demo lets people play with in its AWS.

// cloudPlay is what can be done with AWS on the demo's page.
type cloudPlay struct {
	stand atomic.Pointer[cloudStand] // nil until it is there
}

// demoPublic is how many images of the demo's account may be public in a region. With
// AWS's own quota, which is 5, the third release would be the end of the play.
const demoPublic = 60

// start serves AWS, and lets the bot make images there. Whenever a release comes out
// there is a newer Ubuntu to begin with, as the clock is moved by weeks.
func (p *cloudPlay) start(s *Settings, releases *releaseStand, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--aws-addr %s is no address of this machine alone: use 127.0.0.1, as the key of the demo's AWS is no secret", addr)
	}
	if err := forgetAWS(); err != nil {
		return fmt.Errorf("keep the demo apart from the AWS of this machine: %w", err)
	}
	stand, err := newCloudStand(addr, s.Now, nil, loopbackOnly)
	if err != nil {
		if stand, err = newCloudStand(net.JoinHostPort(host, "0"), s.Now, nil, loopbackOnly); err != nil {
			return fmt.Errorf("%w; choose another address with --aws-addr, or leave AWS out with --no-aws", err)
		}
	}
	stand.sim.SetPublicImageQuota("", demoPublic)
	releases.sim.OnPublish(func(releasesim.Release) {
		for _, arch := range []string{"amd64", "arm64"} {
			stand.sim.PublishBase(arch, s.Now().AddDate(0, 0, -2))
		}
	})
	p.stand.Store(stand)
	return stand.configure(s)
}

func (p *cloudPlay) url() string  { return p.stand.Load().url }
func (p *cloudPlay) close() error { return p.stand.Load().stop() }

// forgetAWS lets this process know nothing of the AWS of whoever starts it: no key, no
// profile, no address, no bundle of certificates. AWS's library would heed them
// whatever it is told besides, and the demo is to be the same everywhere.
func forgetAWS() error {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(strings.ToUpper(name), "AWS_") {
			if err := os.Unsetenv(name); err != nil {
				return err
			}
		}
	}
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// Where the demo's AWS has its troubles.
const (
	demoCopies = "eu-west-1"
	demoBlocks = "us-west-2"
)

// actions are the buttons on the demo's page.
func (p *cloudPlay) actions() []slackdev.Action {
	stand := p.stand.Load()
	if stand == nil {
		return nil
	}
	state := stand.sim.State()
	do := func(label, note string, f func()) slackdev.Action {
		return slackdev.Action{Label: label, Note: note, Do: func(context.Context) error { f(); return nil }}
	}
	out := []slackdev.Action{
		do("Let the next copy fail ("+demoCopies+")", "An image does not get to that region of AWS.", func() {
			stand.sim.FailImages("CopyImage", demoCopies, 1, "Internal failure while copying")
		}),
		do("Let the next scan find something", "AWS Marketplace does not take an image.", func() {
			stand.sim.FailScan("", awssim.Finding{Control: "NoKnownVulnerabilities", Code: "CVE", Message: "CVE-2026-1111 in openssl"})
		}),
	}
	if r := state.Region(demoBlocks); r.BlockPublicAccess == "unblocked" {
		out = append(out, do("Turn block public access on ("+demoBlocks+")", "No image may become public in that region of AWS.", func() {
			stand.sim.SetBlockPublicAccess(demoBlocks, "block-new-sharing", "account")
		}))
	}
	if region, image, ok := newestPublic(state); ok {
		out = append(out, do("Make a public image private", fmt.Sprintf("%s in %s; /cloudimage verify finds out within a day.", image.Name, region), func() {
			stand.sim.MakePrivate(region, image.ID)
		}))
	}
	return out
}

// newestPublic is the newest image of the account that is public.
func newestPublic(state awssim.State) (region string, newest awssim.Image, found bool) {
	for _, r := range state.Regions {
		for _, im := range r.Images {
			if im.Public && (!found || im.Created.After(newest.Created)) {
				region, newest, found = r.Name, im, true
			}
		}
	}
	return region, newest, found
}
