package azure

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// DefaultRegion is the home region when none is configured.
const DefaultRegion = "westeurope"

// Options are what a [Cloud] is made with. They print without their secrets.
type Options struct {
	// Subscription is the id of the subscription in which everything happens, and Tenant
	// that of the directory that it belongs to.
	Subscription, Tenant string
	// Region is the home region. Defaults to [DefaultRegion].
	Region string
	// Regions are those that images usually go to, for [Cloud.Check]. Defaults to the
	// home region.
	Regions []string

	// GalleryGroup is the resource group of the gallery, and Gallery its name.
	GalleryGroup, Gallery string
	// Definition is the name of image definitions, in which {edition} is an edition in
	// lower case and {architecture} is amd64 or arm64. Defaults to "gitlab-{edition}" for
	// amd64 and "gitlab-{edition}-arm64" for arm64.
	Definition string

	// Market says that Partner Center is configured for us. Without it nothing goes to the
	// marketplace.
	Market bool
	// Publisher is our id with Partner Center. Machines start from previews of its offers.
	Publisher string
	// PreviewSubscription is the subscription in which previews are tried, one of the
	// preview audience of the offers. Empty: they are not tried.
	PreviewSubscription string
	// PartnerCenterPrincipals are the object ids of the two services of Microsoft that
	// read images from the gallery. Empty: whether they may is not looked at.
	PartnerCenterPrincipals []string
	// Schemas are versions of schemas of the Product Ingestion API, by resource, in the
	// place of those that we know. Defaults to none.
	Schemas map[string]string
	// KeepVersions is how many versions a plan has before the oldest are hidden from new
	// customers. Defaults to 95.
	KeepVersions int

	// Subnet is the id of the subnet in which machines are. Defaults to a network of the
	// build's own, that is reached from nowhere.
	Subnet string
	// Disk is how large the disks of machines are, in GB. Defaults to 0, which is as large
	// as that of the image.
	Disk int
	// Base is whose images are begun with.
	Base BaseImages
	// BaseMaxAge is how old a base image may be before it is mentioned. Defaults to 30
	// days.
	BaseMaxAge time.Duration

	// ClientID says who we are, with one of the following. Without a secret, a certificate
	// and a file it is what the environment says, as for all tools of Azure.
	ClientID     string
	ClientSecret string `json:"-"`
	// Certificate is a certificate with its key, as PEM or PKCS#12, and CertificatePassword
	// opens it.
	Certificate         []byte `json:"-"`
	CertificatePassword string `json:"-"`
	// FederatedTokenFile is where a token is that stands for us, as in Kubernetes.
	FederatedTokenFile string

	// Endpoints are the servers. Defaults to those of the public cloud.
	Endpoints Endpoints

	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time
	// Transport carries all requests. Defaults to one that heeds the proxy of the
	// environment.
	Transport http.RoundTripper
	// Logger hears of each call at the level debug. Defaults to none.
	Logger *slog.Logger
}

// BaseImages are the images of the marketplace that builds begin with.
type BaseImages struct {
	// Publisher and Offer default to Canonical and ubuntu-24_04-lts.
	Publisher, Offer string
	// SKU is for amd64 and SKUArm64 for arm64. Default to server and server-arm64.
	SKU, SKUArm64 string
}

// Format writes the options without their secrets, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { io.WriteString(f, o.redacted()) }

// LogValue is what is logged of the options.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.redacted()) }

func (o Options) redacted() string {
	return "azure.Options{Subscription: " + o.Subscription + ", Region: " + o.Region + "}"
}

// withDefaults fills in what is empty.
func (o Options) withDefaults() Options {
	o.Subscription, o.Tenant = strings.ToLower(o.Subscription), strings.ToLower(o.Tenant)
	o.PreviewSubscription = strings.ToLower(o.PreviewSubscription)
	o.Region = cmp.Or(place(o.Region), DefaultRegion)
	o.Regions = slices.Clone(o.Regions)
	for i, r := range o.Regions {
		o.Regions[i] = place(r)
	}
	if len(o.Regions) == 0 {
		o.Regions = []string{o.Region}
	}
	o.Base.Publisher = cmp.Or(o.Base.Publisher, "Canonical")
	o.Base.Offer = cmp.Or(o.Base.Offer, "ubuntu-24_04-lts")
	o.Base.SKU = cmp.Or(o.Base.SKU, "server")
	o.Base.SKUArm64 = cmp.Or(o.Base.SKUArm64, "server-arm64")
	o.BaseMaxAge = cmp.Or(o.BaseMaxAge, 30*24*time.Hour)
	o.KeepVersions = cmp.Or(o.KeepVersions, 95)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

var (
	guid           = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	regionName     = regexp.MustCompile(`^[a-z][a-z0-9]{2,40}$`)
	groupName      = regexp.MustCompile(`^[\w().-]{0,89}[\w()-]$`)
	galleryName    = regexp.MustCompile(`^[A-Za-z0-9]([\w.]{0,78}[A-Za-z0-9])?$`)
	definitionName = regexp.MustCompile(`^[a-z0-9]([\w.-]{0,78}[a-z0-9])?$`)
	subnetID       = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$`)
)

// check says what cannot be right. It never repeats a secret.
func (o Options) check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	for what, id := range map[string]string{"subscription": o.Subscription, "tenant": o.Tenant} {
		if !guid.MatchString(id) {
			say("the %s has to be its id, such as 00000000-0000-4000-8000-000000000000, and is %q", what, id)
		}
	}
	if o.PreviewSubscription != "" && !guid.MatchString(o.PreviewSubscription) {
		say("the subscription for previews has to be its id, and is %q", o.PreviewSubscription)
	}
	if o.PreviewSubscription != "" && o.Publisher == "" {
		say("to try previews the publisher's id with Partner Center is needed")
	}
	for _, id := range o.PartnerCenterPrincipals {
		if !guid.MatchString(strings.ToLower(id)) {
			say("the services of Partner Center are named by their object ids, and %q is none", id)
		}
	}
	for _, r := range append([]string{o.Region}, o.Regions...) {
		if !regionName.MatchString(r) {
			say("%q is no name of a region, such as westeurope", r)
		}
	}
	if !groupName.MatchString(o.GalleryGroup) {
		say("the resource group of the gallery cannot be %q", o.GalleryGroup)
	}
	if !galleryName.MatchString(o.Gallery) {
		say("the gallery cannot be called %q: letters, digits, dots and underscores are allowed", o.Gallery)
	}
	if name := definition(o.Definition, "ee", "amd64"); !definitionName.MatchString(name) {
		say("image definitions cannot be called %q: small letters, digits, dots, hyphens and underscores are allowed", name)
	}
	if o.Subnet != "" && !subnetID.MatchString(o.Subnet) {
		say("the subnet has to be the id of one, from /subscriptions/ on, and is %q", o.Subnet)
	}
	ways := 0
	for _, given := range []bool{o.ClientSecret != "", len(o.Certificate) > 0, o.FederatedTokenFile != ""} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		say("of a client secret, a certificate and a file with a token there can be one")
	}
	if ways > 0 && o.ClientID == "" {
		say("to sign in the client's id is needed, beside its secret, certificate or file")
	}
	if ways > 0 && o.ClientID != "" && !guid.MatchString(strings.ToLower(o.ClientID)) {
		say("the client's id has to be an id such as 00000000-0000-4000-8000-000000000000, and is %q", o.ClientID)
	}
	if o.Disk < 0 || o.Disk > 4095 {
		say("a disk has up to 4095 GB, and not %d", o.Disk)
	}
	if o.KeepVersions < 2 || o.KeepVersions > mostVersions {
		say("a plan keeps 2 to %d versions, and not %d", mostVersions, o.KeepVersions)
	}
	if o.BaseMaxAge < 0 {
		say("the age of a base image is below zero")
	}
	if _, err := o.Endpoints.resolve(); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// mostVersions is how many versions a plan may have.
const mostVersions = 100
