package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/azure"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is about the Azure in which images are made.

// Azure says in which subscription of Azure images are made. Who we are there comes from
// the environment; no secret belongs here.
type Azure struct {
	// Subscription is the id of the subscription. Nothing is made in any other.
	Subscription string `yaml:"subscription"`
	// Tenant is the id of the directory that it belongs to. Defaults to AZURE_TENANT_ID.
	Tenant string `yaml:"tenant"`
	// Region is where images are built, and where their versions have their home. Defaults
	// to westeurope.
	Region string `yaml:"region"`
	// Regions are where images go besides. Defaults to nowhere.
	Regions []string     `yaml:"regions"`
	Gallery AzureGallery `yaml:"gallery"`
	// Machines are the sizes of the machines that images are built on, by architecture.
	// Defaults to Standard_D4s_v5 and Standard_D4ps_v5.
	Machines map[string]string `yaml:"machines"`
	// Disk is the size of the image's disk in GB. Defaults to that of the base image.
	Disk int `yaml:"disk"`
	// Subnet is the id of the subnet that machines are in. Defaults to a network of each
	// build's own, which lets nobody in.
	Subnet string    `yaml:"subnet"`
	Base   AzureBase `yaml:"base"`
	// ClientID is the id of the application that we are. Defaults to AZURE_CLIENT_ID.
	ClientID string `yaml:"client_id"`
	// Cloud is public, government or china. Defaults to public.
	Cloud     string         `yaml:"cloud"`
	Endpoints AzureEndpoints `yaml:"endpoints"`
	// PartnerCenter says how images become versions of offers. Defaults to not at all:
	// they are built and stay private.
	PartnerCenter *AzurePartnerCenter `yaml:"partner_center"`
}

// AzureGallery says where images are kept.
type AzureGallery struct {
	ResourceGroup string `yaml:"resource_group"`
	Name          string `yaml:"name"`
	// Definition is the name of image definitions, with {edition} and {architecture}.
	// Defaults to gitlab-{edition}, and gitlab-{edition}-arm64 for arm64.
	Definition string `yaml:"definition"`
}

// AzureBase says which image builds begin with. Defaults to Canonical's newest of Ubuntu
// 24.04.
type AzureBase struct {
	Publisher string `yaml:"publisher"`
	Offer     string `yaml:"offer"`
	SKU       string `yaml:"sku"`       // for amd64; defaults to "server"
	SKUArm64  string `yaml:"sku_arm64"` // for arm64; defaults to "server-arm64"
	// Distribution is which packages are for it. Defaults to "noble".
	Distribution string `yaml:"distribution"`
	MaxAge       string `yaml:"max_age"` // from when it is said to be old; defaults to "720h"
}

// AzureEndpoints are the servers, for stand-ins. Each defaults to that of the cloud.
type AzureEndpoints struct {
	Authority       string `yaml:"authority"`        // that tokens are asked of
	ResourceManager string `yaml:"resource_manager"` // that makes machines and images
	Graph           string `yaml:"graph"`            // that has the Product Ingestion API
}

// AzurePartnerCenter says how a version of an offer comes about.
type AzurePartnerCenter struct {
	// Publisher is our id with Partner Center. Needed.
	Publisher string `yaml:"publisher"`
	// PreviewSubscription is the id of a subscription of the preview audience, in which a
	// machine is started from each preview. Defaults to none: previews are not tried.
	PreviewSubscription string `yaml:"preview_subscription"`
	// Principals are the object ids of the two services of Microsoft that read images from
	// the gallery. Defaults to none: whether they may is not looked at.
	Principals []string `yaml:"principals"`
	// Schemas are versions of schemas by resource, over those that we know.
	Schemas      map[string]string `yaml:"schemas"`
	KeepVersions int               `yaml:"keep_versions"` // from how many on the oldest are deprecated; defaults to 95
	Mailbox      workflow.UserID   `yaml:"mailbox"`       // member id of who reads its mail; defaults to nobody
}

var (
	azureID      = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	azureRegion  = regexp.MustCompile(`^[a-z][a-z0-9]+$`)
	azureGallery = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.]{0,78}[A-Za-z0-9])?$`)
	azureSubnet  = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$`)
	schemaName   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(-preview\d*)?$`)
)

// checkAzure looks at what can be wrong without asking anybody, and fills in what was left
// out.
func (c *Config) checkAzure() error {
	a := c.Azure
	if a == nil {
		return nil
	}
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("azure."+path, format, args...))
	}
	id := func(path, value, of string, needed bool) {
		if (needed || value != "") && !azureID.MatchString(value) {
			bad(path, "%q is no id of %s; write it as 00000000-0000-0000-0000-000000000000", value, of)
		}
	}
	id("subscription", a.Subscription, "a subscription", true)
	id("tenant", a.Tenant, "a tenant", false)
	id("client_id", a.ClientID, "an application", false)
	a.Region = cmp.Or(a.Region, azure.DefaultRegion)
	for i, r := range append([]string{a.Region}, a.Regions...) {
		if !azureRegion.MatchString(r) {
			bad([]string{"region", fmt.Sprintf("regions[%d]", i-1)}[min(i, 1)], "%q is no region; write it as westeurope", r)
		}
	}
	if a.Gallery.ResourceGroup == "" {
		bad("gallery.resource_group", "name the resource group of the gallery; docs/azure.md says how to make both")
	}
	if !azureGallery.MatchString(a.Gallery.Name) {
		bad("gallery.name", "%q is no name of a gallery: letters, digits, dots and underscores, and no hyphens", a.Gallery.Name)
	}
	if d := a.Gallery.Definition; d != "" && len(c.Product.Editions) > 1 && !strings.Contains(d, "{edition}") {
		bad("gallery.definition", "%q is the same for all editions; write {edition} where theirs goes", d)
	}
	machines := map[string]string{"amd64": "Standard_D4s_v5", "arm64": "Standard_D4ps_v5"}
	for _, arch := range slices.Sorted(maps.Keys(a.Machines)) {
		if machines[arch] == "" {
			bad("machines."+arch, "%q is no architecture of packages; those there are: amd64, arm64", arch)
		}
	}
	maps.Copy(machines, a.Machines)
	a.Machines = machines
	if a.Disk != 0 && (a.Disk < 30 || a.Disk > 4095) {
		bad("disk", "%d is no size for a disk; say 30 to 4095 GB: Ubuntu's image has 30", a.Disk)
	}
	if a.Subnet != "" && !azureSubnet.MatchString(a.Subnet) {
		bad("subnet", "%q is no id of a subnet; az network vnet subnet show --query id tells it, from /subscriptions/ on", a.Subnet)
	}
	a.Base.Distribution = cmp.Or(a.Base.Distribution, "noble")
	if d, err := time.ParseDuration(a.Base.MaxAge); a.Base.MaxAge != "" && (err != nil || d < time.Hour) {
		bad("base.max_age", "%q is no time of an hour or more; write it as 720h", a.Base.MaxAge)
	}
	if a.Cloud != "" && !slices.Contains([]string{"public", "government", "china"}, a.Cloud) {
		bad("cloud", "%q is no cloud of Azure; those there are: public, government, china", a.Cloud)
	}
	for _, e := range []struct{ path, value string }{{"authority", a.Endpoints.Authority}, {"resource_manager", a.Endpoints.ResourceManager}, {"graph", a.Endpoints.Graph}} {
		if e.value != "" && !mayHearTokens(e.value) {
			bad("endpoints."+e.path, "%q is no address for a secret; it begins with https://, and with http:// on this machine alone", e.value)
		}
	}
	return errors.Join(append(errs, c.checkPartnerCenter())...)
}

// mayHearTokens reports whether a secret may be sent to an address.
func mayHearTokens(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip.IsLoopback())
}

// checkPartnerCenter is the part of it about offers.
func (c *Config) checkPartnerCenter() error {
	p := c.Azure.PartnerCenter
	if p == nil {
		return nil
	}
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("azure.partner_center."+path, format, args...))
	}
	if p.Publisher == "" {
		errs = append(errs, c.source.at("azure.partner_center", "name the publisher: its id is in Partner Center under Account settings, Identifiers"))
	}
	if p.PreviewSubscription != "" && !azureID.MatchString(p.PreviewSubscription) {
		bad("preview_subscription", "%q is no id of a subscription; write it as 00000000-0000-0000-0000-000000000000", p.PreviewSubscription)
	}
	for i, id := range p.Principals {
		if !azureID.MatchString(id) {
			bad(fmt.Sprintf("principals[%d]", i), "%q is no object id; az ad sp list tells it, and docs/azure.md of whom", id)
		}
	}
	if n := len(p.Principals); n != 0 && n != 2 {
		bad("principals", "there are two services that read the gallery, and not %d; docs/azure.md says which", n)
	}
	for _, resource := range slices.Sorted(maps.Keys(p.Schemas)) {
		if v := p.Schemas[resource]; !schemaName.MatchString(v) {
			bad("schemas."+resource, "%q is no version of a schema; write it as 2022-03-01-preview5", v)
		}
	}
	if n := p.KeepVersions; n != 0 && (n < 2 || n > 99) {
		bad("keep_versions", "%d is out of range; a plan takes 100 versions, so say 2 to 99", n)
	}
	if m := string(p.Mailbox); m != "" && !strings.HasPrefix(m, "U") && !strings.HasPrefix(m, "W") {
		bad("mailbox", "%q is no member id; an id begins with U or W, and Slack has it under “Copy member ID” in the profile", m)
	}
	return errors.Join(errs...)
}

// azureSetup is Azure, and how images are made there. No image becomes public by itself:
// customers get it from the marketplace.
func (s Settings) azureSetup(context.Context) (images.Setup, error) {
	a := s.Config.Azure
	cloud, err := s.newAzure()
	if err != nil {
		return images.Setup{}, err
	}
	setup := images.Setup{Cloud: cloud, Account: strings.ToLower(a.Subscription), Region: a.Region, Regions: a.Regions, Machines: a.Machines,
		Distribution: a.Base.Distribution, Grace: -1}
	if p := a.PartnerCenter; p != nil {
		setup.Mailbox = p.Mailbox
	}
	return setup, nil
}

func (s Settings) newAzure() (*azure.Cloud, error) {
	o, err := s.azureOptions()
	if err != nil {
		return nil, err
	}
	cloud, err := azure.New(o)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "azure: ")) // where it is read, that is plain
	}
	return cloud, nil
}

// azureOptions are those of the cloud. Who we are is an error when it is said twice, and
// differently.
func (s Settings) azureOptions() (azure.Options, error) {
	a, k := s.Config.Azure, s.AzureKeys
	if a.Tenant != "" && k.tenant != "" && !strings.EqualFold(a.Tenant, k.tenant) {
		return azure.Options{}, fmt.Errorf("%s is another tenant than the one in the configuration; set one of them", azureTenant)
	}
	if a.ClientID != "" && k.client != "" && !strings.EqualFold(a.ClientID, k.client) {
		return azure.Options{}, fmt.Errorf("%s is another application than the one in the configuration; set one of them", azureClient)
	}
	if a.Tenant == "" && k.tenant == "" {
		return azure.Options{}, fmt.Errorf("the tenant is not said; name it under azure: in the configuration, or in %s", azureTenant)
	}
	if k.signsIn() && a.ClientID == "" && k.client == "" {
		return azure.Options{}, fmt.Errorf("%s is missing: a secret, a certificate or a token belongs to an application, and the id says to which", azureClient)
	}
	o := azure.Options{
		Subscription: a.Subscription, Tenant: cmp.Or(a.Tenant, k.tenant), Region: a.Region, Regions: a.Regions,
		GalleryGroup: a.Gallery.ResourceGroup, Gallery: a.Gallery.Name, Definition: a.Gallery.Definition, Subnet: a.Subnet, Disk: a.Disk,
		Base:       azure.BaseImages{Publisher: a.Base.Publisher, Offer: a.Base.Offer, SKU: a.Base.SKU, SKUArm64: a.Base.SKUArm64},
		BaseMaxAge: duration(a.Base.MaxAge), ClientID: cmp.Or(a.ClientID, k.client), ClientSecret: k.secret,
		Certificate: k.certificate, CertificatePassword: k.password, FederatedTokenFile: k.tokenFile,
		Endpoints: azure.Endpoints{Cloud: a.Cloud, Authority: a.Endpoints.Authority, ResourceManager: a.Endpoints.ResourceManager, Graph: a.Endpoints.Graph},
		Now:       s.Now, Transport: s.Transport, Logger: s.Logger,
	}
	if p := a.PartnerCenter; p != nil {
		o.Market, o.Publisher, o.PreviewSubscription, o.PartnerCenterPrincipals = true, p.Publisher, p.PreviewSubscription, p.Principals
		o.Schemas, o.KeepVersions = p.Schemas, p.KeepVersions
	}
	return o, nil
}
