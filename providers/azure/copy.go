package azure

import (
	"context"
	"slices"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// copying is what Copy remembers: when it let the image go to the region, and the
// operation that does so.
type copying struct {
	At time.Time `json:"at,omitzero"`
	Op string    `json:"op,omitzero"`
}

// Copy lets the image go to a region. Whoever comes first lets it go to all of the
// order's, in one update: a version takes one at a time.
func (c *Cloud) Copy(ctx context.Context, w images.Work, im images.Image) (images.Progress, error) {
	region := c.regionOf(w)
	if region == c.homeOf(w) {
		return images.Progress{Done: true, Ref: im.Source}, nil
	}
	if !c.updates.TryLock() { // so that of several regions one comes first
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for its turn", Again: 3 * time.Second}, nil
	}
	defer c.updates.Unlock()
	v, found, err := c.there(ctx, images.Image{Source: im.Source})
	if err != nil {
		return again(w, err)
	}
	mem := clouds.Recall[copying](w)
	p := images.Progress{Ref: v.String(), Memory: clouds.Remember(mem), Note: "copying", Again: 30 * time.Second}
	if !targets(found, region) {
		if changing(found) {
			p.Note = "waiting until the image can be changed"
			return p, nil
		}
		regions := []string{region}
		if mem.At.IsZero() && w.Order != nil {
			regions = append(regions, w.Order.Regions...)
		}
		goTo(found, regions...)
		op, err := c.changeVersion(ctx, v, found)
		if err != nil {
			return images.Progress{}, err
		}
		p.Memory = clouds.Remember(copying{w.Now, op})
		return p, nil
	}
	status := copyIn(found, region)
	switch val(status.State) {
	case armcompute.ReplicationStateCompleted:
		p.Done, p.Note, p.Again = true, "", 0
		return p, nil
	case armcompute.ReplicationStateFailed:
		return c.notCopied(ctx, w, v, found, region, mem)
	}
	if stateOf(found) == armcompute.GalleryProvisioningStateFailed && !clouds.Settles(w, mem.At) {
		return c.notCopied(ctx, w, v, found, region, mem)
	}
	p.Percent = int(val(status.Progress))
	return p, nil
}

// notCopied is what becomes of a copy that failed. One of an earlier attempt is taken
// out, so that it is made anew.
func (c *Cloud) notCopied(ctx context.Context, w images.Work, v version, found *armcompute.GalleryImageVersion, region string, mem copying) (images.Progress, error) {
	if w.Attempt < 2 || !mem.At.IsZero() {
		return images.Progress{}, c.brokenImage(v, found, c.whyNotChanged(ctx, v, mem.Op), region)
	}
	p := images.Progress{Ref: v.String(), Memory: w.Memory, Note: "waiting until the image can be changed", Again: 30 * time.Second}
	if changing(found) {
		return p, nil
	}
	profile := found.Properties.PublishingProfile
	profile.TargetRegions = slices.DeleteFunc(profile.TargetRegions, func(t *armcompute.TargetRegion) bool { return t == nil || place(val(t.Name)) == region })
	if _, err := c.changeVersion(ctx, v, found); err != nil {
		return images.Progress{}, err
	}
	p.Note = "taking out the copy that failed"
	return p, nil
}

// again waits for what is not found although the step has only begun.
func again(w images.Work, err error) (images.Progress, error) {
	if clouds.Is(err, images.Gone) && clouds.Settles(w, time.Time{}) {
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for it to be found", Again: 10 * time.Second}, nil
	}
	return images.Progress{}, err
}
