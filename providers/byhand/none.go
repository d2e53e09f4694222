package byhand

import (
	"context"
	"time"

	"cloudimage/workflow/images"
)

// This file is what clouds with an interface do, and what there is nothing of here.

// noSuch is the fault of a step that no build by hand has.
func noSuch(what string) error {
	return &images.Fault{Class: images.Invalid, Said: "People make this image, so there is " + what + "."}
}

// Launch starts nothing.
func (c *Cloud) Launch(context.Context, images.Work, images.Machine) (images.Progress, error) {
	return images.Progress{}, noSuch("no machine of ours")
}

// Stop stops nothing.
func (c *Cloud) Stop(context.Context, images.Work, string) (images.Progress, error) {
	return images.Progress{}, noSuch("no machine of ours")
}

// Remove has nothing to remove.
func (c *Cloud) Remove(context.Context, images.Work, string) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Copy copies nothing: there are no regions.
func (c *Cloud) Copy(context.Context, images.Work, images.Image) (images.Progress, error) {
	return images.Progress{}, noSuch("no region to copy it to")
}

// Mark has nothing to mark.
func (c *Cloud) Mark(context.Context, images.Work, images.Image) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Open opens nothing.
func (c *Cloud) Open(context.Context, images.Work, images.Image, bool) (images.Progress, error) {
	return images.Progress{}, noSuch("nothing to make public")
}

// Close has nothing to close.
func (c *Cloud) Close(context.Context, images.Work, images.Image, bool) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Deprecate leaves older images to people.
func (c *Cloud) Deprecate(context.Context, images.Work, images.Image, time.Time) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Preview is not asked for: nobody knows of one.
func (c *Cloud) Preview(context.Context, images.Work, images.Offer) (images.Progress, error) {
	return images.Progress{}, noSuch("no preview that is known here")
}

// Retire leaves older versions to people.
func (c *Cloud) Retire(context.Context, images.Work, images.Offer) (images.Progress, error) {
	return images.Progress{Done: true}, nil
}

// Leftovers are none.
func (c *Cloud) Leftovers(context.Context) ([]images.Leftover, error) { return nil, nil }

// RemoveLeftover removes nothing.
func (c *Cloud) RemoveLeftover(context.Context, images.Leftover) error { return nil }

// IsPublic takes people's word for it.
func (c *Cloud) IsPublic(context.Context, string, string) (bool, error) { return true, nil }
