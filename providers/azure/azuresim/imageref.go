package azuresim

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// origin is what a machine is to be made from.
type origin struct {
	ref, exact       string // what a guest is told, and the version
	arch, generation string
	security         string // the feature of the definition
	plan             *armcompute.Plan
}

// origin finds what an image reference names, as machines in a location can use it.
func (c *request) origin(ref *armcompute.ImageReference, location string) (*origin, error) {
	r := val(ref)
	switch {
	case val(r.ID) != "":
		return c.ownOrigin(*r.ID, location)
	case val(r.Publisher) == "" || val(r.Offer) == "" || val(r.SKU) == "" || val(r.Version) == "":
		return nil, missing("imageReference")
	}
	all := c.s.catalogue(c.sub.id, *r.Publisher, *r.Offer, *r.SKU, c.now)
	for i := len(all) - 1; i >= 0; i-- {
		v := all[i]
		if v.version != *r.Version && !strings.EqualFold(*r.Version, "latest") {
			continue
		}
		o := &origin{exact: v.version, arch: v.arch, generation: v.generation, security: v.security, ref: strings.Join([]string{*r.Publisher, *r.Offer, *r.SKU, v.version}, ":")}
		if v.source != "" {
			o.ref = v.source
		}
		if v.plan {
			o.plan = &armcompute.Plan{Name: r.SKU, Product: r.Offer, Publisher: r.Publisher}
		}
		return o, nil
	}
	return nil, refuseWith(http.StatusNotFound, "PlatformImageNotFound", "The platform image '%s:%s:%s:%s' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile", *r.Publisher, *r.Offer, *r.SKU, *r.Version).on("imageReference")
}

// ownOrigin finds a managed image, a version of a gallery, or the latest version of
// one of its definitions.
func (c *request) ownOrigin(id, location string) (*origin, error) {
	if m, ok := find[*image](c.s, id); ok {
		if m.location != location || m.life.at(c.now) != succeeded {
			return nil, refuseWith(http.StatusNotFound, "ResourceNotFound", "The image '%s' is not available in '%s'.", id, location)
		}
		return &origin{ref: m.id, arch: m.arch, generation: m.generation}, c.link("Microsoft.Compute/images/read", id)
	}
	if d, ok := find[*definition](c.s, id); ok {
		if v := c.s.latest(d, location, c.now); v != nil {
			id = v.id
		}
	}
	v, ok := find[*version](c.s, id)
	if !ok || v.life.at(c.now) == deleting {
		return nil, noGalleryImage(id, location)
	}
	if h := v.replicas[location]; h == nil || h.life.at(c.now) != completed {
		return nil, noGalleryImage(v.id, location)
	}
	o := &origin{ref: v.id, exact: v.name, arch: x64, generation: "V2"}
	if d, ok := find[*definition](c.s, v.parent()); ok {
		o.arch, o.generation, o.security, o.plan = d.arch(), d.generation(), d.security(), d.plan()
	}
	return o, c.link("Microsoft.Compute/galleries/images/versions/read", v.id)
}

func noGalleryImage(id, location string) *armError {
	return refuseWith(http.StatusNotFound, "GalleryImageNotFound", "The gallery image %s is not available in %s region. Please contact image owner to replicate to this region, or change your requested region.", id, location).on("imageReference")
}

// suits checks that a machine of a size can be made from an image, with a plan and with
// a security type.
func (o *origin) suits(z size, plan *armcompute.Plan, security string) error {
	if o.arch != z.arch {
		return refuse("BadRequest", "Cannot create a VM of size '%s' because this VM size only supports a CPU Architecture of '%s', but an image or disk with CPU Architecture '%s' was given. Please check that the CPU Architecture of the image or disk is compatible with that of the VM size.", z.name, z.arch, o.arch)
	}
	if !strings.Contains(z.generations, o.generation) {
		return refuse("BadRequest", "The selected VM size '%s' cannot boot Hypervisor Generation '%s'. If this was a Create operation please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM Size. If this was an Update operation please select a Hypervisor Generation '%s' VM Size. For more information, see https://aka.ms/azuregen2vm", z.name, strings.TrimPrefix(o.generation, "V"), strings.TrimPrefix(o.generation, "V"))
	}
	if o.plan != nil {
		if plan == nil {
			return refuse("VMMarketplaceInvalidInput", "Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires Plan information in the request.")
		}
		if !strings.EqualFold(val(plan.Name), val(o.plan.Name)) || !strings.EqualFold(val(plan.Product), val(o.plan.Product)) || !strings.EqualFold(val(plan.Publisher), val(o.plan.Publisher)) {
			return refuse("VMMarketplaceInvalidInput", "The purchase plan information in the request does not match that of the image: publisher '%s', product '%s', name '%s'.", val(o.plan.Publisher), val(o.plan.Product), val(o.plan.Name))
		}
	}
	trusted := security == "TrustedLaunch"
	if (o.security == "TrustedLaunch" || o.security == "ConfidentialVM") && security != o.security {
		return refuse("BadRequest", "The provided gallery image only supports creation of VMs and VM Scale Sets with '%s' security type.", o.security).on("securityProfile")
	}
	if trusted && !regexp.MustCompile(`^TrustedLaunch`).MatchString(o.security) {
		return refuse("BadRequest", "Security type of VM is not compatible with the security type of attached OS Disk.").on("securityProfile")
	}
	return nil
}
