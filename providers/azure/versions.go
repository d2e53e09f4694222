package azure

import (
	"context"
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file asks for definitions and versions of the gallery, and says how they stand.

// The kinds of machines that images of a definition start.
const (
	standard          = ""
	trustedLaunch     = "TrustedLaunch"
	trustedSupported  = "TrustedLaunchSupported"
	eitherSupported   = "TrustedLaunchAndConfidentialVmSupported"
	confidential      = "ConfidentialVM"
	confidentialReady = "ConfidentialVMSupported"
)

// securityOf is the kind of machines that images of a definition start.
func securityOf(d *armcompute.GalleryImage) string {
	for _, f := range d.Properties.Features {
		if f == nil || !strings.EqualFold(val(f.Name), "SecurityType") {
			continue
		}
		for _, known := range []string{trustedLaunch, trustedSupported, eitherSupported, confidential, confidentialReady} {
			if strings.EqualFold(val(f.Value), known) {
				return known
			}
		}
		if !strings.EqualFold(val(f.Value), "Standard") {
			return val(f.Value)
		}
	}
	return standard
}

// definition is an image definition of the gallery.
func (c *Cloud) definition(ctx context.Context, name string) (*armcompute.GalleryImage, error) {
	out, err := ask(ctx, c, readDefinition, func(ctx context.Context) (armcompute.GalleryImagesClientGetResponse, error) {
		return c.home.compute.NewGalleryImagesClient().Get(ctx, c.o.GalleryGroup, c.o.Gallery, name, nil)
	})
	if err != nil {
		return nil, err
	}
	if out.Properties == nil {
		out.Properties = &armcompute.GalleryImageProperties{}
	}
	return &out.GalleryImage, nil
}

// definitions are all those of the gallery.
func (c *Cloud) definitions(ctx context.Context) ([]*armcompute.GalleryImage, error) {
	pager := func() *runtime.Pager[armcompute.GalleryImagesClientListByGalleryResponse] {
		return c.home.compute.NewGalleryImagesClient().NewListByGalleryPager(c.o.GalleryGroup, c.o.Gallery, nil)
	}
	list, err := all(ctx, c, readDefinition, pager, func(p armcompute.GalleryImagesClientListByGalleryResponse) []*armcompute.GalleryImage {
		return p.Value
	})
	for _, d := range list {
		if d.Properties == nil {
			d.Properties = &armcompute.GalleryImageProperties{}
		}
	}
	return list, err
}

// version is a version with how far its copies are; nil when there is none.
func (c *Cloud) version(ctx context.Context, v version) (*armcompute.GalleryImageVersion, error) {
	if v.gallery != c.o.Gallery {
		return nil, &images.Fault{Class: images.Invalid, What: v.String(), Said: fmt.Sprintf("The image %s is in another gallery than the configured one, which is %s.", v, c.o.Gallery)}
	}
	out, err := ask(ctx, c, readVersion, func(ctx context.Context) (armcompute.GalleryImageVersionsClientGetResponse, error) {
		return c.home.compute.NewGalleryImageVersionsClient().Get(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, &armcompute.GalleryImageVersionsClientGetOptions{Expand: to.Ptr(armcompute.ReplicationStatusTypesReplicationStatus)})
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return whole(&out.GalleryImageVersion), nil
}

// whole fills in the parts of a version that are not there, so that they can be read.
func whole(v *armcompute.GalleryImageVersion) *armcompute.GalleryImageVersion {
	if v.Properties == nil {
		v.Properties = &armcompute.GalleryImageVersionProperties{}
	}
	if v.Properties.PublishingProfile == nil {
		v.Properties.PublishingProfile = &armcompute.GalleryImageVersionPublishingProfile{}
	}
	return v
}

// there is the image of a step; it is an error when it is not there.
func (c *Cloud) there(ctx context.Context, im images.Image) (version, *armcompute.GalleryImageVersion, error) {
	ref := im.ID
	if ref == "" {
		ref = im.Source
	}
	v, err := versionOf(ref)
	if err != nil {
		return v, nil, err
	}
	found, err := c.version(ctx, v)
	if err == nil && (found == nil || stateOf(found) == armcompute.GalleryProvisioningStateDeleting) {
		err = clouds.Gone("The image %s is not there any more.", v)
	}
	return v, found, err
}

func stateOf(v *armcompute.GalleryImageVersion) armcompute.GalleryProvisioningState {
	return val(v.Properties.ProvisioningState)
}

// changing reports whether something is being done with a version, so that nothing else
// can be.
func changing(v *armcompute.GalleryImageVersion) bool {
	switch stateOf(v) {
	case armcompute.GalleryProvisioningStateSucceeded, armcompute.GalleryProvisioningStateFailed:
		return false
	}
	return true
}

// targets reports whether a region is one that a version goes to.
func targets(v *armcompute.GalleryImageVersion, region string) bool {
	for _, t := range v.Properties.PublishingProfile.TargetRegions {
		if t != nil && place(val(t.Name)) == region {
			return true
		}
	}
	return false
}

// copyIn is how far the copy in a region is; a zero one when nothing is said of it.
func copyIn(v *armcompute.GalleryImageVersion, region string) armcompute.RegionalReplicationStatus {
	if r := v.Properties.ReplicationStatus; r != nil {
		for _, s := range r.Summary {
			if s != nil && place(val(s.Region)) == region {
				return *s
			}
		}
	}
	return armcompute.RegionalReplicationStatus{}
}

// goTo lets a version go to regions, each once.
func goTo(v *armcompute.GalleryImageVersion, regions ...string) {
	for _, r := range regions {
		if r = place(r); !targets(v, r) {
			p := v.Properties.PublishingProfile
			p.TargetRegions = append(p.TargetRegions, &armcompute.TargetRegion{Name: &r, RegionalReplicaCount: to.Ptr[int32](1), StorageAccountType: to.Ptr(armcompute.StorageAccountTypeStandardLRS)})
		}
	}
}

// makeVersion makes a version, and returns the operation.
func (c *Cloud) makeVersion(ctx context.Context, v version, as armcompute.GalleryImageVersion) (string, error) {
	return begin(ctx, c, writeVersion, func(ctx context.Context) (*runtime.Poller[armcompute.GalleryImageVersionsClientCreateOrUpdateResponse], error) {
		return c.home.compute.NewGalleryImageVersionsClient().BeginCreateOrUpdate(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, as, nil)
	})
}

// changeVersion writes the tags of a version and where it goes, and returns the
// operation. What it was made of is not said again: that is gone by then.
func (c *Cloud) changeVersion(ctx context.Context, v version, as *armcompute.GalleryImageVersion) (string, error) {
	profile := *as.Properties.PublishingProfile
	profile.PublishedDate = nil
	return begin(ctx, c, writeVersion, func(ctx context.Context) (*runtime.Poller[armcompute.GalleryImageVersionsClientUpdateResponse], error) {
		return c.home.compute.NewGalleryImageVersionsClient().BeginUpdate(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, armcompute.GalleryImageVersionUpdate{
			Tags: as.Tags,
			Properties: &armcompute.GalleryImageVersionProperties{
				PublishingProfile: &profile, StorageProfile: &armcompute.GalleryImageVersionStorageProfile{},
			},
		}, nil)
	})
}

// whyNotMade is why the operation failed that made a version; nil when that is not known.
func (c *Cloud) whyNotMade(ctx context.Context, v version, op string) *images.Fault {
	return failed(ctx, c, writeVersion, op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.GalleryImageVersionsClientCreateOrUpdateResponse], error) {
		return c.home.compute.NewGalleryImageVersionsClient().BeginCreateOrUpdate(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, armcompute.GalleryImageVersion{}, &armcompute.GalleryImageVersionsClientBeginCreateOrUpdateOptions{ResumeToken: token})
	})
}

// whyNotChanged is the same for one that changed it.
func (c *Cloud) whyNotChanged(ctx context.Context, v version, op string) *images.Fault {
	return failed(ctx, c, writeVersion, op, func(ctx context.Context, token string) (*runtime.Poller[armcompute.GalleryImageVersionsClientUpdateResponse], error) {
		return c.home.compute.NewGalleryImageVersionsClient().BeginUpdate(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, armcompute.GalleryImageVersionUpdate{}, &armcompute.GalleryImageVersionsClientBeginUpdateOptions{ResumeToken: token})
	})
}

// deleteVersion begins to delete a version.
func (c *Cloud) deleteVersion(ctx context.Context, v version) error {
	_, err := begin(ctx, c, deleteVersion, func(ctx context.Context) (*runtime.Poller[armcompute.GalleryImageVersionsClientDeleteResponse], error) {
		return c.home.compute.NewGalleryImageVersionsClient().BeginDelete(ctx, c.o.GalleryGroup, v.gallery, v.definition, v.number, nil)
	})
	if clouds.Is(err, images.Gone) {
		return nil
	}
	return err
}

// versionsOf are the versions of a definition.
func (c *Cloud) versionsOf(ctx context.Context, definition string) ([]*armcompute.GalleryImageVersion, error) {
	pager := func() *runtime.Pager[armcompute.GalleryImageVersionsClientListByGalleryImageResponse] {
		return c.home.compute.NewGalleryImageVersionsClient().NewListByGalleryImagePager(c.o.GalleryGroup, c.o.Gallery, definition, nil)
	}
	list, err := all(ctx, c, readVersion, pager, func(p armcompute.GalleryImageVersionsClientListByGalleryImageResponse) []*armcompute.GalleryImageVersion {
		return p.Value
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	for _, v := range list {
		whole(v)
	}
	return list, err
}

// brokenImage is the fault of a version that Azure could not make, or not copy.
func (c *Cloud) brokenImage(v version, found *armcompute.GalleryImageVersion, why *images.Fault, regions ...string) error {
	f := &images.Fault{Class: images.BrokenImage, What: v.String(), Said: fmt.Sprintf("Azure could not make the image %s.", v), Link: c.portal(c.resource(v))}
	for _, r := range regions {
		if s := copyIn(found, r); val(s.Details) != "" {
			f.Findings = append(f.Findings, r+": "+c.clean(val(s.Details)))
		}
	}
	if len(regions) == 1 {
		f.Said = fmt.Sprintf("Azure could not make the image %s in %s.", v, regions[0])
		if d := copyIn(found, regions[0]).Details; val(d) != "" {
			f.Said += " " + c.clean(val(d))
		}
	}
	if why != nil {
		f.Code, f.Said = why.Code, f.Said+" "+why.Said
	}
	return f
}
