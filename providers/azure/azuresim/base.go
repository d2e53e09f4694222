package azuresim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

// base is a version of the images that Canonical publishes.
type base struct {
	version string
	at      time.Time
}

// baseSKU is one of the images that each version has.
type baseSKU struct{ name, arch, generation string }

func baseSKUs() []baseSKU {
	return []baseSKU{
		{"server", x64, "V2"}, {"server-gen1", x64, "V1"}, {"server-arm64", arm64, "V2"},
		{"minimal", x64, "V2"}, {"minimal-gen1", x64, "V1"}, {"minimal-arm64", arm64, "V2"},
	}
}

// The publisher and the offer of the base images.
const (
	BasePublisher = "Canonical"
	BaseOffer     = "ubuntu-24_04-lts"
)

// PublishBase lets Canonical publish a version of its images at a moment, for both
// architectures and in all locations. Its name, which is the answer, is made of the day.
func (s *Server) PublishBase(at time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publishBase(at)
}

func (s *Server) publishBase(at time.Time) string {
	day := "24.04." + at.UTC().Format("20060102")
	n := 0
	for _, b := range s.bases {
		if strings.HasPrefix(b.version, day) {
			n++
		}
	}
	b := &base{version: day + strconv.Itoa(n), at: at}
	s.bases = append(s.bases, b)
	slices.SortFunc(s.bases, func(a, b *base) int { return strings.Compare(a.version, b.version) })
	return b.version
}

// SetBaseAge leaves of Canonical's images one version only, which was published this
// long ago.
func (s *Server) SetBaseAge(age time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bases = nil
	s.publishBase(s.time().Add(-age))
}

// catalogue are the versions of a published image that a subscription can see, the
// oldest first.
func (s *Server) catalogue(sub, publisher, name, sku string, now time.Time) []listed {
	var out []listed
	if strings.EqualFold(publisher, BasePublisher) && strings.EqualFold(name, BaseOffer) {
		for _, k := range baseSKUs() {
			for _, b := range s.bases {
				if strings.EqualFold(k.name, sku) && !b.at.After(now) {
					out = append(out, listed{version: b.version, arch: k.arch, generation: k.generation, security: "TrustedLaunchSupported"})
				}
			}
		}
	}
	for _, o := range s.offers {
		if strings.EqualFold(o.Publisher, publisher) && strings.EqualFold(o.Offer.Offer, name) && strings.EqualFold(o.SKU, sku) && o.seenBy(sub) {
			out = append(out, listed{version: o.Version, arch: o.Architecture, generation: o.Generation, plan: o.Plan, source: o.Source})
		}
	}
	slices.SortStableFunc(out, func(a, b listed) int { return compareVersions(a.version, b.version) })
	return out
}

// listed is one version of a published image.
type listed struct {
	version, arch, generation, security, source string
	plan                                        bool
}

// compareVersions orders names such as 1.2.10 by their numbers.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		if err1 != nil || err2 != nil || m == n {
			if x[i] != y[i] && (err1 != nil || err2 != nil) {
				return strings.Compare(x[i], y[i])
			}
			continue
		}
		return m - n
	}
	return len(x) - len(y)
}

// Offer is an image in the Marketplace, or in the preview of one.
type Offer struct {
	Publisher, Offer, SKU, Version string
	// Architecture is x64 or Arm64. Default: x64.
	Architecture string
	// Generation is V1 or V2. Default: V2.
	Generation string
	// Plan says that machines must name the plan.
	Plan bool
	// Subscriptions are the audience of a preview. Default: everybody sees it.
	Subscriptions []string
	// Source is the id of the version of a gallery that it was made from, which a
	// [Guest] is told of. Default: none.
	Source string
}

type offer struct{ Offer }

func (o *offer) seenBy(sub string) bool {
	return len(o.Subscriptions) == 0 || slices.ContainsFunc(o.Subscriptions, func(v string) bool { return strings.EqualFold(v, sub) })
}

// PublishOffer lets machines be made from an image in the Marketplace, in all
// locations.
func (s *Server) PublishOffer(o Offer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Architecture == "" {
		o.Architecture = x64
	}
	if o.Generation == "" {
		o.Generation = "V2"
	}
	s.offers = slices.DeleteFunc(s.offers, func(p *offer) bool {
		return p.Publisher == o.Publisher && p.Offer.Offer == o.Offer && p.SKU == o.SKU && p.Version == o.Version
	})
	o.Subscriptions = slices.Clone(o.Subscriptions)
	s.offers = append(s.offers, &offer{o})
}

func (c *request) basesServer() fake.VirtualMachineImagesServer {
	return fake.VirtualMachineImagesServer{
		List: func(_ context.Context, location, publisher, name, sku string, _ *armcompute.VirtualMachineImagesClientListOptions) (azfake.Responder[armcompute.VirtualMachineImagesClientListResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armcompute.VirtualMachineImagesClientListResponse, err error) {
				out.VirtualMachineImageResourceArray, err = c.listPublished(plain(location), publisher, name, sku)
				return out, err
			})
		},
		Get: func(_ context.Context, location, publisher, name, sku, version string, _ *armcompute.VirtualMachineImagesClientGetOptions) (azfake.Responder[armcompute.VirtualMachineImagesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armcompute.VirtualMachineImagesClientGetResponse, err error) {
				out.VirtualMachineImage, err = c.getPublished(plain(location), publisher, name, sku, version)
				return out, err
			})
		},
	}
}

func artifact(sort, name string) *armError {
	return refuseWith(http.StatusNotFound, "NotFound", "Artifact: %s was not found: '%s'.", sort, name)
}

func (c *request) listPublished(location, publisher, name, sku string) ([]*armcompute.VirtualMachineImageResource, error) {
	all := c.s.catalogue(c.sub.id, publisher, name, sku, c.now)
	if len(all) == 0 || c.s.places[location] == nil {
		return nil, artifact("VMImage", fmt.Sprintf("Publisher: %s, Offer: %s, Sku: %s", publisher, name, sku))
	}
	switch order := strings.ToLower(strings.TrimSpace(c.query.Get("$orderby"))); order {
	case "", "name", "name asc":
	case "name desc":
		slices.Reverse(all)
	default:
		return nil, refuse("InvalidParameter", "The value '%s' of parameter '$orderby' is invalid.", order)
	}
	if top := c.query.Get("$top"); top != "" {
		n, err := strconv.Atoi(top)
		if err != nil || n < 1 {
			return nil, refuse("InvalidParameter", "The value '%s' of parameter '$top' is invalid.", top)
		}
		all = all[:min(n, len(all))]
	}
	out := []*armcompute.VirtualMachineImageResource{}
	for _, v := range all {
		out = append(out, &armcompute.VirtualMachineImageResource{Location: ptr(location), Name: ptr(v.version), ID: ptr(c.publishedID(location, publisher, name, sku, v.version))})
	}
	return out, nil
}

func (c *request) publishedID(location, publisher, name, sku, version string) string {
	return "/Subscriptions/" + c.sub.id + "/Providers/Microsoft.Compute/Locations/" + location + "/Publishers/" + publisher + "/ArtifactTypes/VMImage/Offers/" + name + "/Skus/" + sku + "/Versions/" + version
}

func (c *request) getPublished(location, publisher, name, sku, version string) (out armcompute.VirtualMachineImage, err error) {
	all := c.s.catalogue(c.sub.id, publisher, name, sku, c.now)
	i := slices.IndexFunc(all, func(v listed) bool { return v.version == version })
	if strings.EqualFold(version, "latest") {
		i = len(all) - 1
	}
	if i < 0 || c.s.places[location] == nil {
		return out, artifact("VMImage", fmt.Sprintf("Publisher: %s, Offer: %s, Sku: %s, Version: %s", publisher, name, sku, version))
	}
	v := all[i]
	out = armcompute.VirtualMachineImage{
		Location: ptr(location), Name: ptr(v.version), ID: ptr(c.publishedID(location, publisher, name, sku, v.version)),
		Properties: &armcompute.VirtualMachineImageProperties{
			Architecture: ptr(armcompute.ArchitectureTypes(v.arch)), HyperVGeneration: ptr(armcompute.HyperVGenerationTypes(v.generation)),
			OSDiskImage:    &armcompute.OSDiskImage{OperatingSystem: ptr(armcompute.OperatingSystemTypesLinux)},
			DataDiskImages: []*armcompute.DataDiskImage{}, Features: []*armcompute.VirtualMachineImageFeature{},
		},
	}
	if v.security != "" {
		out.Properties.Features = append(out.Properties.Features, &armcompute.VirtualMachineImageFeature{Name: ptr("SecurityType"), Value: ptr(v.security)})
	}
	if v.plan {
		out.Properties.Plan = &armcompute.PurchasePlan{Name: ptr(sku), Product: ptr(name), Publisher: ptr(publisher)}
	}
	return out, nil
}
