package azuresim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

// size is a type of machine.
type size struct {
	name, family, arch string
	cpus, memory       int
	generations        string
}

// The architectures.
const (
	x64   = "x64"
	arm64 = "Arm64"
)

// sizes are those that there are, by name in lower case.
func sizes() map[string]size {
	out := map[string]size{}
	for _, z := range []size{
		{"Standard_B2s", "standardBSFamily", x64, 2, 4, "V1,V2"},
		{"Standard_B2ms", "standardBSFamily", x64, 2, 8, "V1,V2"},
		{"Standard_D2s_v5", "standardDSv5Family", x64, 2, 8, "V1,V2"},
		{"Standard_D4s_v5", "standardDSv5Family", x64, 4, 16, "V1,V2"},
		{"Standard_D8s_v5", "standardDSv5Family", x64, 8, 32, "V1,V2"},
		{"Standard_D2as_v5", "standardDASv5Family", x64, 2, 8, "V1,V2"},
		{"Standard_D4as_v5", "standardDASv5Family", x64, 4, 16, "V1,V2"},
		{"Standard_D2s_v6", "standardDsv6Family", x64, 2, 8, "V2"},
		{"Standard_D4s_v6", "standardDsv6Family", x64, 4, 16, "V2"},
		{"Standard_B2pls_v2", "standardBpsv2Family", arm64, 2, 4, "V2"},
		{"Standard_D2ps_v5", "standardDPSv5Family", arm64, 2, 8, "V2"},
		{"Standard_D4ps_v5", "standardDPSv5Family", arm64, 4, 16, "V2"},
		{"Standard_D2ps_v6", "standardDpsv6Family", arm64, 2, 8, "V2"},
		{"Standard_D4ps_v6", "standardDpsv6Family", arm64, 4, 16, "V2"},
	} {
		out[strings.ToLower(z.name)] = z
	}
	return out
}

// restriction keeps a size from a location.
type restriction struct{ size, location, reason string }

// lack is how often a size is not to be had, and what is said then.
type lack struct {
	code string
	left int
}

// LackCapacity lets the next machines of a size in a location fail for lack of
// capacity; with times below 0 it is for ever, and 0 ends it. The code is
// AllocationFailed, which is the default and ends a machine that is being created, or
// SkuNotAvailable, which refuses the request.
func (s *Server) LackCapacity(size, location, code string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if code == "" {
		code = "AllocationFailed"
	}
	for _, p := range s.some(location) {
		p.scarce[strings.ToLower(size)] = &lack{code, times}
	}
}

// Restrict keeps a size of machines from the subscriptions in a location, for a
// reason: NotAvailableForSubscription or QuotaId; an empty reason ends it.
func (s *Server) Restrict(size, location, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.some(location) {
		s.skus = slices.DeleteFunc(s.skus, func(r restriction) bool { return strings.EqualFold(r.size, size) && r.location == p.name })
		if reason != "" {
			s.skus = append(s.skus, restriction{size, p.name, reason})
		}
	}
}

// SetVCPULimit says how many virtual processors a subscription may have in a location,
// in all and of each family. Default: 64.
func (s *Server) SetVCPULimit(location string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.some(location) {
		p.limit = n
	}
}

func (s *Server) restricted(size, location string) string {
	for _, r := range s.skus {
		if strings.EqualFold(r.size, size) && r.location == location {
			return r.reason
		}
	}
	return ""
}

// cores are how many virtual processors a subscription has in a location, of a family
// or, for "", in all. Those of machines that are deallocated count too.
func (s *Server) cores(sub, location, family string) int {
	n := 0
	for _, m := range all[*machine](s) {
		if m.sub == sub && m.location == location && (family == "" || m.size.family == family) {
			n += m.size.cpus
		}
	}
	return n
}

// room checks whether a machine is to be had. What it cannot be is an error at once, or
// one in which its creation will end.
func (c *request) room(z size, m *machine, location string) (later, now *armError) {
	notNow := conflict("SkuNotAvailable", "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: %s' is currently not available in location '%s'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.", z.name, location)
	if c.s.restricted(z.name, location) != "" {
		return nil, notNow
	}
	for _, family := range []string{"", z.family} {
		used, limit, what := c.s.cores(c.sub.id, location, family), c.s.at(location).limit, family
		if what == "" {
			what = "Total Regional"
		}
		if _, ok := find[*machine](c.s, m.id); !ok && used+z.cpus > limit {
			e := conflict("OperationNotAllowed", "Operation could not be completed as it results in exceeding approved %s Cores quota. Additional details - Deployment Model: Resource Manager, Location: %s, Current Limit: %d, Current Usage: %d, Additional Required: %d, (Minimum) New Limit Required: %d. Submit a request for Quota increase at https://aka.ms/ProdportalCRP by specifying parameters listed in the 'Details' section for deployment to succeed. Please read more about quota limits at https://docs.microsoft.com/azure/azure-supportability/regional-quota-requests", what, location, limit, used, z.cpus, used+z.cpus)
			e.details = []*armError{{code: "QuotaExceeded", message: e.message}}
			return nil, e
		}
	}
	l := c.s.at(location).scarce[strings.ToLower(z.name)]
	if l == nil || l.left == 0 {
		return nil, nil
	}
	if l.left > 0 {
		l.left--
	}
	if l.code == "SkuNotAvailable" {
		return nil, notNow
	}
	return refuseWith(http.StatusConflict, l.code, "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance"), nil
}

func (c *request) skusServer() fake.ResourceSKUsServer {
	return fake.ResourceSKUsServer{
		NewListPager: func(*armcompute.ResourceSKUsClientListOptions) azfake.PagerResponder[armcompute.ResourceSKUsClientListResponse] {
			return list(c, c.listSKUs, func(v []*armcompute.ResourceSKU, next *string) (out armcompute.ResourceSKUsClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

// listSKUs are the sizes in each location, or in the one that is asked for.
func (c *request) listSKUs() ([]*armcompute.ResourceSKU, error) {
	only := ""
	if f := c.query.Get("$filter"); f != "" {
		at, ok := strings.CutPrefix(f, "location eq '")
		if !ok {
			return nil, refuse("InvalidFilter", "The filter '%s' is not supported. Only filters on location are.", f)
		}
		only = plain(strings.TrimSuffix(at, "'"))
	}
	var out []*armcompute.ResourceSKU
	for _, p := range sorted(c.s.places) {
		if only != "" && p.name != only {
			continue
		}
		for _, z := range sorted(sizes()) {
			out = append(out, c.sku(z, p.name))
		}
	}
	return out, nil
}

func (c *request) sku(z size, location string) *armcompute.ResourceSKU {
	able := func(name, value string) *armcompute.ResourceSKUCapabilities {
		return &armcompute.ResourceSKUCapabilities{Name: ptr(name), Value: ptr(value)}
	}
	out := &armcompute.ResourceSKU{
		Name: ptr(z.name), Family: ptr(z.family), Tier: ptr("Standard"), Size: ptr(strings.TrimPrefix(z.name, "Standard_")),
		ResourceType: ptr("virtualMachines"), Locations: []*string{ptr(location)},
		LocationInfo: []*armcompute.ResourceSKULocationInfo{{Location: ptr(location), Zones: []*string{ptr("1"), ptr("2"), ptr("3")}}},
		Capabilities: []*armcompute.ResourceSKUCapabilities{
			able("vCPUs", fmt.Sprint(z.cpus)), able("MemoryGB", fmt.Sprint(z.memory)), able("CpuArchitectureType", z.arch),
			able("HyperVGenerations", z.generations), able("PremiumIO", "True"), able("AcceleratedNetworkingEnabled", "True"),
		},
		Restrictions: []*armcompute.ResourceSKURestrictions{},
	}
	if reason := c.s.restricted(z.name, location); reason != "" {
		out.Restrictions = append(out.Restrictions, &armcompute.ResourceSKURestrictions{
			Type: ptr(armcompute.ResourceSKURestrictionsTypeLocation), Values: []*string{ptr(location)},
			ReasonCode:      ptr(armcompute.ResourceSKURestrictionsReasonCode(reason)),
			RestrictionInfo: &armcompute.ResourceSKURestrictionInfo{Locations: []*string{ptr(location)}},
		})
	}
	return out
}

func (c *request) usageServer() fake.UsageServer {
	return fake.UsageServer{
		NewListPager: func(location string, _ *armcompute.UsageClientListOptions) azfake.PagerResponder[armcompute.UsageClientListResponse] {
			return list(c, func() ([]*armcompute.Usage, error) { return c.usages(plain(location)) }, func(v []*armcompute.Usage, next *string) (out armcompute.UsageClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

func (c *request) usages(location string) ([]*armcompute.Usage, error) {
	p := c.s.places[location]
	if p == nil {
		return nil, refuseWith(http.StatusNotFound, "NoRegisteredProviderFound", "No registered resource provider found for location '%s'.", location)
	}
	usage := func(name, words string, n, limit int) *armcompute.Usage {
		return &armcompute.Usage{Unit: ptr("Count"), CurrentValue: ptr(int32(n)), Limit: ptr(int64(limit)), Name: &armcompute.UsageName{Value: ptr(name), LocalizedValue: ptr(words)}}
	}
	machines := 0
	for _, m := range all[*machine](c.s) {
		if m.sub == c.sub.id && m.location == location {
			machines++
		}
	}
	out := []*armcompute.Usage{
		usage("cores", "Total Regional vCPUs", c.s.cores(c.sub.id, location, ""), p.limit),
		usage("virtualMachines", "Virtual Machines", machines, 25000),
	}
	seen := map[string]bool{}
	for _, z := range sorted(sizes()) {
		if !seen[z.family] {
			seen[z.family] = true
			out = append(out, usage(z.family, z.family+" vCPUs", c.s.cores(c.sub.id, location, z.family), p.limit))
		}
	}
	return out, nil
}
