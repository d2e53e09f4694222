package azure

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// lookAtGallery finds out whether the gallery takes the images of orders.
func (c *Cloud) lookAtGallery(ctx context.Context, lanes []images.Lane) error {
	definitions := found[string, *armcompute.GalleryImage]{}
	types := found[string, []*armcompute.ResourceSKU]{}
	for i := range lanes {
		lane, o := &lanes[i], &lanes[i].Order
		if o.Public {
			clouds.Add(lane, clouds.Problem(nothingPublic(), "", true))
		}
		if o.Version.Rebuild >= rebuilds {
			clouds.Add(lane, images.Problem{Class: images.Invalid, What: o.Version.String(), Said: fmt.Sprintf("A version of Azure has three numbers, with room for %d rebuilds in the last.", rebuilds-1), Stops: true})
		}
		name := c.definitionOf(o)
		d, err := definitions.of(name, func() (*armcompute.GalleryImage, error) { return c.definition(ctx, name) })
		switch {
		case clouds.Heals(err):
			return err
		case clouds.Is(err, images.Gone):
			p, err := c.noDefinition(ctx, *o)
			if err != nil {
				return err
			}
			clouds.Add(lane, p)
			continue
		case err != nil:
			clouds.Add(lane, clouds.Problem(err, "", true))
			continue
		}
		addAll(lane, c.misdefined(*o, d))
		if securityOf(d) == trustedLaunch && o.Machine != "" {
			list, err := types.of(o.Region, func() ([]*armcompute.ResourceSKU, error) { return c.machineTypes(ctx, o.Region) })
			if clouds.Heals(err) {
				return err
			}
			if s := typed(list, o.Machine); s != nil && strings.EqualFold(capability(s, "TrustedLaunchDisabled"), "True") {
				clouds.Add(lane, images.Problem{Class: images.Invalid, What: o.Machine, Stops: true,
					Said: fmt.Sprintf("The image definition %s is for machines with trusted launch, and those of the type %s have none.", name, o.Machine)})
			}
		}
	}
	return nil
}

// noDefinition is the problem that there is no image definition for an order, or no
// gallery at all.
func (c *Cloud) noDefinition(ctx context.Context, o images.Order) (images.Problem, error) {
	_, err := ask(ctx, c, readGallery, func(ctx context.Context) (armcompute.GalleriesClientGetResponse, error) {
		return c.home.compute.NewGalleriesClient().Get(ctx, c.o.GalleryGroup, c.o.Gallery, nil)
	})
	switch {
	case clouds.Is(err, images.Gone):
		return images.Problem{Class: images.Unready, What: c.o.Gallery, Stops: true, Link: c.portal("subscriptions/" + c.o.Subscription + "/resourceGroups/" + c.o.GalleryGroup),
			Said: fmt.Sprintf("There is no gallery %s in the resource group %s. Make it: az sig create --subscription %s --resource-group %s --gallery-name %s", c.o.Gallery, c.o.GalleryGroup, c.o.Subscription, c.o.GalleryGroup, c.o.Gallery)}, nil
	case clouds.Heals(err):
		return images.Problem{}, err
	case err != nil:
		return clouds.Problem(err, "", true), nil
	}
	name, arch, publisher := c.definitionOf(&o), architectureOf(o), cmp.Or(c.o.Publisher, "PUBLISHER")
	return images.Problem{Class: images.Unready, What: name, Stops: true, Link: c.portal(c.galleryID()),
		Said: fmt.Sprintf("The gallery has no image definition %s. Make it: az sig image-definition create --subscription %s --resource-group %s --gallery-name %s --gallery-image-definition %s --publisher %s --offer %s --sku %s --os-type Linux --os-state Generalized --hyper-v-generation V2 --architecture %s",
			name, c.o.Subscription, c.o.GalleryGroup, c.o.Gallery, name, publisher, name, strings.ToLower(o.Edition), arch)}, nil
}

// architectureOf is the architecture of an order, as definitions name it.
func architectureOf(o images.Order) string {
	if o.Architecture == "arm64" {
		return string(armcompute.ArchitectureArm64)
	}
	return string(armcompute.ArchitectureX64)
}

// misdefined says what is wrong about the image definition of an order. Little of one
// can be changed, so that mostly another one is to be made.
func (c *Cloud) misdefined(o images.Order, d *armcompute.GalleryImage) (out []images.Problem) {
	name := c.definitionOf(&o)
	say := func(stops bool, format string, args ...any) {
		out = append(out, images.Problem{Class: images.Invalid, What: name, Stops: stops, Link: c.portal(c.galleryID() + "/images/" + name),
			Said: fmt.Sprintf("The image definition %s ", name) + fmt.Sprintf(format, args...)})
	}
	p := d.Properties
	if t := val(p.OSType); t != "" && t != armcompute.OperatingSystemTypesLinux {
		say(true, "is for %s, and has to be for Linux.", t)
	}
	if s := val(p.OSState); s != "" && s != armcompute.OperatingSystemStateTypesGeneralized {
		say(true, "is for images that are %s, and has to be for those that are generalized.", strings.ToLower(string(s)))
	}
	if g := val(p.HyperVGeneration); g != armcompute.HyperVGenerationV2 {
		say(true, "is for the generation %s, and has to be for V2.", cmp.Or(string(g), "V1"))
	}
	arch := string(val(p.Architecture))
	if arch == "" {
		arch = string(armcompute.ArchitectureX64)
	}
	if !strings.EqualFold(arch, architectureOf(o)) {
		say(true, "is for %s, and the image is for %s.", arch, architectureOf(o))
	}
	switch security := securityOf(d); security {
	case standard, trustedLaunch, trustedSupported, eitherSupported:
	default:
		say(true, "is for machines of the security type %s, which are not built here. Make one that is for trusted launch, or for none.", security)
	}
	if is := p.Identifier; c.o.Market && c.o.Publisher != "" && is != nil && !strings.EqualFold(val(is.Publisher), c.o.Publisher) {
		say(false, "names the publisher %s, and Partner Center knows us as %s. It may not take the image.", val(is.Publisher), c.o.Publisher)
	}
	return out
}
