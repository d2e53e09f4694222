package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"cloudimage/providers/releases/releasesim"
	"cloudimage/slackdev"
)

// This file is what the demo lets people play with in its Azure.

// azurePlay is what can be done with Azure on the demo's page.
type azurePlay struct {
	stand atomic.Pointer[azureStand] // nil until it is there
}

// start serves Azure, and lets the bot make images there. Whenever a release comes out
// there is a newer Ubuntu to begin with, as the clock is moved by weeks.
func (p *azurePlay) start(s *Settings, releases *releaseStand, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--azure-addr %s is no address of this machine alone: use 127.0.0.1, as the secret of the demo's Azure is none", addr)
	}
	if err := forgetAzure(); err != nil {
		return fmt.Errorf("keep the demo apart from the Azure of this machine: %w", err)
	}
	stand, err := newAzureStand(addr, s.Now, loopbackOnly)
	if err != nil {
		if stand, err = newAzureStand(net.JoinHostPort(host, "0"), s.Now, loopbackOnly); err != nil {
			return fmt.Errorf("%w; choose another address with --azure-addr, or leave Azure out with --no-azure", err)
		}
	}
	releases.sim.OnPublish(func(releasesim.Release) { stand.sim.PublishBase(s.Now().AddDate(0, 0, -2)) })
	p.stand.Store(stand)
	return stand.configure(s)
}

func (p *azurePlay) url() string  { return p.stand.Load().url }
func (p *azurePlay) close() error { return p.stand.Load().stop() }

// forgetAzure lets this process know nothing of the Azure of whoever starts it: no secret,
// no identity of the machine, no address.
func forgetAzure() error {
	var errs []error
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		for _, prefix := range []string{"AZURE_", "MSI_", "IDENTITY_", "IMDS_", "ARM_"} {
			if strings.HasPrefix(strings.ToUpper(name), prefix) {
				errs = append(errs, os.Unsetenv(name))
			}
		}
	}
	return errors.Join(errs...)
}

// demoReplicates is where the demo's Azure has its troubles.
const demoReplicates = "eastus"

// demoTheirs is how long somebody else's submission takes in the demo.
const demoTheirs = 6 * time.Hour

// actions are the buttons on the demo's page.
func (p *azurePlay) actions() []slackdev.Action {
	stand := p.stand.Load()
	if stand == nil {
		return nil
	}
	do := func(label, note string, f func()) slackdev.Action {
		return slackdev.Action{Label: label, Note: note, Do: func(context.Context) error { f(); return nil }}
	}
	out := []slackdev.Action{
		do("Let the next replication fail ("+demoReplicates+")", "An image does not get to that region of Azure.", func() {
			stand.sim.FailReplication(demoReplicates, 1)
		}),
		do("Let the next preview fail certification", "Azure Marketplace does not take an image.", func() {
			stand.offers.FailCertification("The virtual machine image has a known vulnerability: CVE-2026-1111 in openssl.")
		}),
		do("Expire all tokens of Azure", "A new one is fetched with the next call.", stand.sim.ExpireTokens),
		do("Forget the operations of Azure", "What is under way is followed by how it stands.", stand.sim.ForgetOperations),
	}
	for _, product := range stand.offers.State().Products {
		if product.ExternalID != demoOfferEE || product.Locked != "" {
			continue
		}
		out = append(out, do("Let somebody else submit ("+demoOfferEE+")", "Through the portal of Partner Center; it takes some hours.", func() {
			stand.offers.AddForeignSubmission(demoOfferEE, "preview", demoTheirs)
		}))
	}
	return out
}
