package aws

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// there is the image of a step, by its id; it is an error when it is not there.
func (c *Cloud) there(ctx context.Context, w images.Work, im images.Image) (*types.Image, error) {
	region, id := c.regionOf(w), im.ID
	if id == "" && region == c.homeOf(w) {
		id = im.Source
	}
	if id == "" {
		return nil, &images.Fault{Class: images.Invalid, Said: "It is not said which image is meant in " + region + "."}
	}
	found, err := c.image(ctx, region, id)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, clouds.Gone("The image %s is not in %s any more.", id, region)
	}
	return found, nil
}

// Mark notes on an image and its snapshots that it was verified.
func (c *Cloud) Mark(ctx context.Context, w images.Work, im images.Image) (images.Progress, error) {
	region := c.regionOf(w)
	found, err := c.there(ctx, w, im)
	if err != nil {
		return again(w, err)
	}
	ids := append([]string{sdk.ToString(found.ImageId)}, snapshotsOf(found)...)
	marked := tagged(found.Tags, clouds.LabelState) == clouds.Verified
	if rest := ids[1:]; marked && len(rest) > 0 {
		list, err := c.snapshots(ctx, region, filter("snapshot-id", rest...))
		if err != nil {
			return images.Progress{}, err
		}
		for _, s := range list {
			marked = marked && tagged(s.Tags, clouds.LabelState) == clouds.Verified
		}
	}
	if marked {
		return images.Progress{Ref: ids[0], Done: true}, nil
	}
	_, err = ask(ctx, c, createTags, region, func(ctx context.Context) (*ec2.CreateTagsOutput, error) {
		return c.ec2(region).CreateTags(ctx, &ec2.CreateTagsInput{Resources: ids, Tags: []types.Tag{tag(clouds.LabelState, clouds.Verified)}})
	})
	if err != nil {
		return again(w, err)
	}
	return images.Progress{Ref: ids[0], Done: true}, nil
}

// again waits for what is not found although the step has only begun.
func again(w images.Work, err error) (images.Progress, error) {
	if clouds.Is(err, images.Gone) && clouds.Settles(w, time.Time{}) {
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for it to be found", Again: 10 * time.Second}, nil
	}
	return images.Progress{}, err
}

// Deprecate lets an image grow old. One that is gone needs nothing.
func (c *Cloud) Deprecate(ctx context.Context, w images.Work, im images.Image, at time.Time) (images.Progress, error) {
	region := c.regionOf(w)
	found, err := c.there(ctx, w, im)
	switch {
	case clouds.Is(err, images.Gone):
		return images.Progress{Done: true, Note: "the image is not there any more"}, nil
	case err != nil:
		return images.Progress{}, err
	}
	at = deprecation(at, w.Now, sdk.ToString(found.CreationDate))
	if is, err := time.Parse(time.RFC3339, sdk.ToString(found.DeprecationTime)); err == nil && (is.Sub(at).Abs() <= time.Minute || is.Before(at)) {
		return images.Progress{Ref: sdk.ToString(found.ImageId), Done: true}, nil
	}
	_, err = ask(ctx, c, deprecateImage, region, func(ctx context.Context) (*ec2.EnableImageDeprecationOutput, error) {
		return c.ec2(region).EnableImageDeprecation(ctx, &ec2.EnableImageDeprecationInput{ImageId: found.ImageId, DeprecateAt: &at})
	})
	if err != nil {
		return images.Progress{}, err
	}
	return images.Progress{Ref: sdk.ToString(found.ImageId), Done: true}, nil
}

// deprecation is the nearest moment that AWS takes: not before now, and for public
// images not later than two years after they were made.
func deprecation(at, now time.Time, created string) time.Time {
	if soon := now.Add(2 * time.Minute); at.Before(soon) {
		at = soon
	}
	if made, err := time.Parse(time.RFC3339, created); err == nil {
		if last := made.AddDate(2, 0, -1); at.After(last) && last.After(now) {
			at = last
		}
	}
	return at.UTC().Truncate(time.Minute)
}

// discarding is what Discard remembers: what could not be removed and why, and when it
// found nothing first.
type discarding struct {
	At     time.Time         `json:"at,omitzero"`
	Failed map[string]string `json:"failed,omitempty"`
}

// Discard removes the build's images and snapshots in a region, one in a call. What
// cannot be removed keeps nothing else from it, and is told of at the end.
func (c *Cloud) Discard(ctx context.Context, w images.Work) (images.Progress, error) {
	region, mem := c.regionOf(w), clouds.Recall[discarding](w)
	ours := withTag(clouds.LabelBuild, string(w.Build))
	list, err := c.ownImages(ctx, region, ours)
	if err != nil {
		return images.Progress{}, err
	}
	snapshots, err := c.snapshots(ctx, region, ours)
	if err != nil {
		return images.Progress{}, err
	}
	removed := func(id string, err error) (images.Progress, error) {
		switch {
		case err == nil:
		case clouds.Is(err, images.Throttled, images.Passing, images.Unknown):
			return images.Progress{}, err
		default:
			if mem.Failed == nil {
				mem.Failed = map[string]string{}
			}
			mem.Failed[id] = clouds.Said(err)
		}
		return images.Progress{Memory: clouds.Remember(mem), Note: "removing " + id}, nil
	}
	for _, im := range list {
		if id := sdk.ToString(im.ImageId); mem.Failed[id] == "" && im.State != types.ImageStateDeregistered {
			return removed(id, c.deregister(ctx, region, id))
		}
	}
	for _, s := range snapshots {
		if id := sdk.ToString(s.SnapshotId); mem.Failed[id] == "" {
			return removed(id, c.deleteSnapshot(ctx, region, id))
		}
	}
	if len(mem.Failed) > 0 {
		return images.Progress{}, remains(region, mem.Failed)
	}
	return clouds.Nothing(w), nil
}

func (c *Cloud) deleteSnapshot(ctx context.Context, region, id string) error {
	_, err := ask(ctx, c, deleteSnapshot, region, func(ctx context.Context) (*ec2.DeleteSnapshotOutput, error) {
		return c.ec2(region).DeleteSnapshot(ctx, &ec2.DeleteSnapshotInput{SnapshotId: &id})
	})
	if clouds.Is(err, images.Gone) {
		return nil
	}
	return err
}

// remains is the fault of what could not be removed.
func remains(region string, failed map[string]string) error {
	f := &images.Fault{Class: images.Invalid, Link: console(region, "ec2/home?region="+region+"#Images:visibility=owned-by-me")}
	var ids []string
	for id, why := range failed {
		ids = append(ids, id)
		f.Findings = append(f.Findings, id+": "+why)
	}
	slices.SortFunc(ids, cmp.Compare)
	slices.Sort(f.Findings)
	f.What = strings.Join(ids, ", ")
	f.Said = fmt.Sprintf("In %s %d of what the build made could not be removed. %s", region, len(ids), f.Findings[0])
	return f
}
