package main

import (
	"fmt"
	"net/http"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/aws/awssim"
)

// This file is the AWS of the demo and of the tests: a stand-in that has one account,
// with machines that understand what they are told.

// The demo's account, and what is in it.
const (
	demoAccount    = "123456789012"
	demoIngestion  = "arn:aws:iam::123456789012:role/marketplace-ingestion"
	demoProductEE  = "prod-3hb5x2example"
	demoProductCE  = "prod-7kqm4example"
	demoProductARM = "prod-9wzt6example"
)

// cloudStand is an AWS.
type cloudStand struct {
	sim      *awssim.Server
	machines *guestsim.Machines
	url      string
	stop     func() error
}

// insides lets the machines of the stand-in carry out what they are told.
type insides struct{ *guestsim.Machines }

func (m insides) Run(c awssim.Command) awssim.Outcome {
	exit, out, err, takes := m.Machines.Run(c.Instance, c.Image, c.Script)
	return awssim.Outcome{ExitCode: exit, Stdout: out, Stderr: err, Takes: takes}
}

// newCloudStand serves it on this machine. Packages are the checksums of what machines
// get from an address; nil for whatever is asked for.
func newCloudStand(addr string, now func() time.Time, regions []string, around func(http.Handler) http.Handler) (*cloudStand, error) {
	s := &cloudStand{machines: guestsim.New(guestsim.Options{})}
	s.sim = awssim.New(awssim.Options{Now: now, Account: demoAccount, Regions: regions, Guest: insides{s.machines}})
	s.sim.SetIngestionRoles(demoIngestion)
	for _, p := range []struct{ id, title, arch string }{
		{demoProductEE, "GitLab Enterprise Edition", "x86_64"}, {demoProductCE, "GitLab Community Edition", "x86_64"}, {demoProductARM, "GitLab Enterprise Edition (ARM64)", "arm64"}} {
		s.sim.AddProduct(p.id, p.title, p.arch, "17.5.0")
	}
	var err error
	if s.url, s.stop, err = hostStandIn(s.sim, addr, s.sim.SetBaseURL, around); err != nil {
		return nil, fmt.Errorf("start the stand-in of AWS: %w", err)
	}
	return s, nil
}

// configure lets images be made there.
func (s *cloudStand) configure(to *Settings) error {
	to.AWSEndpoint = s.url
	to.AWSKeys.id, to.AWSKeys.secret = s.sim.Credentials()
	had := to.Config.AWS
	a := &AWS{Account: demoAccount, InstanceProfile: "cloudimage-builder", Regions: s.sim.Regions()}
	a.Marketplace.AccessRole = demoIngestion
	if had != nil {
		a = had
	}
	to.Config.AWS = a
	return to.Config.checkAWS()
}
