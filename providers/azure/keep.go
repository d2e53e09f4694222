package azure

import (
	"context"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Mark notes on the image that it was verified, and lets those that are published be
// the latest. It is one image in all regions, so that it is noted once.
func (c *Cloud) Mark(ctx context.Context, w images.Work, im images.Image) (images.Progress, error) {
	if !c.updates.TryLock() { // so that of several regions one comes first
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for its turn", Again: 3 * time.Second}, nil
	}
	defer c.updates.Unlock()
	v, found, err := c.there(ctx, im)
	if err != nil {
		return again(w, err)
	}
	latest := w.Order != nil && w.Order.Publishes()
	profile := found.Properties.PublishingProfile
	marked := tagged(found.Tags, clouds.LabelState) == clouds.Verified && (!latest || !val(profile.ExcludeFromLatest))
	p := images.Progress{Ref: v.String(), Memory: w.Memory, Note: "noting that it was verified", Again: 10 * time.Second}
	switch state := stateOf(found); {
	case state == armcompute.GalleryProvisioningStateFailed:
		return images.Progress{}, c.brokenImage(v, found, nil, c.regionOf(w))
	case changing(found):
		return p, nil
	case marked:
		return images.Progress{Ref: v.String(), Done: true}, nil
	}
	if found.Tags == nil {
		found.Tags = map[string]*string{}
	}
	found.Tags[clouds.LabelState] = to.Ptr(clouds.Verified)
	if latest {
		profile.ExcludeFromLatest = to.Ptr(false)
	}
	if _, err := c.changeVersion(ctx, v, found); err != nil {
		return images.Progress{}, err
	}
	return p, nil
}

// Open makes nothing public: in Azure customers get images from the marketplace.
func (c *Cloud) Open(context.Context, images.Work, images.Image, bool) (images.Progress, error) {
	return images.Progress{}, nothingPublic()
}

func nothingPublic() error {
	return &images.Fault{Class: images.Invalid, What: "public", Said: "In Azure no image becomes public. Customers get it from the marketplace: name an offer and its plan."}
}

// Close has nothing to close.
func (c *Cloud) Close(context.Context, images.Work, images.Image, bool) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Deprecate has nothing to do: customers have versions of an offer, and those are
// hidden by submissions.
func (c *Cloud) Deprecate(context.Context, images.Work, images.Image, time.Time) (images.Progress, error) {
	return images.Progress{Done: true, Note: "older images stay as they are"}, nil
}

// IsPublic is what is to be public: nothing is, so that nothing is missing.
func (c *Cloud) IsPublic(context.Context, string, string) (bool, error) { return true, nil }

// Discard removes the images of the build. They go from all regions with the home.
func (c *Cloud) Discard(ctx context.Context, w images.Work) (images.Progress, error) {
	o, err := orderOf(w)
	if err != nil {
		return images.Progress{}, err
	}
	if c.regionOf(w) != c.homeOf(w) {
		return images.Progress{Done: true, Note: "it goes with the image in " + c.homeOf(w)}, nil
	}
	name := c.definitionOf(o)
	list, err := c.versionsOf(ctx, name)
	if err != nil {
		return images.Progress{}, err
	}
	waiting := images.Progress{}
	for _, found := range list {
		if tagged(found.Tags, clouds.LabelBuild) != string(w.Build) {
			continue
		}
		v := version{c.o.Gallery, name, lastPart(val(found.Name))}
		if stateOf(found) == armcompute.GalleryProvisioningStateDeleting {
			waiting = images.Progress{Note: "removing " + v.String(), Again: 15 * time.Second}
			continue
		}
		return images.Progress{Note: "removing " + v.String(), Again: 15 * time.Second}, c.deleteVersion(ctx, v)
	}
	if waiting.Note != "" {
		return waiting, nil
	}
	return clouds.Nothing(w), nil
}
