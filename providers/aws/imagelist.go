package aws

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// ownImages are the account's images that filters let through, the oldest first, with
// those that are deprecated or disabled.
func (c *Cloud) ownImages(ctx context.Context, region string, filters ...types.Filter) ([]types.Image, error) {
	list, err := all(ctx, c, describeImages, region, func(ctx context.Context, next *string) ([]types.Image, *string, error) {
		out, err := c.ec2(region).DescribeImages(ctx, &ec2.DescribeImagesInput{
			Owners: []string{"self"}, Filters: filters, NextToken: next, IncludeDeprecated: sdk.Bool(true), IncludeDisabled: sdk.Bool(true),
		})
		if err != nil {
			return nil, nil, err
		}
		return out.Images, out.NextToken, nil
	})
	oldest(list, func(i types.Image) string { return sdk.ToString(i.CreationDate) }, func(i types.Image) *string { return i.ImageId })
	return list, err
}

// image is an image by its id, whosever it is; nil when there is none.
func (c *Cloud) image(ctx context.Context, region, id string) (*types.Image, error) {
	out, err := ask(ctx, c, describeImages, region, func(ctx context.Context) (*ec2.DescribeImagesOutput, error) {
		return c.ec2(region).DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}, IncludeDeprecated: sdk.Bool(true), IncludeDisabled: sdk.Bool(true)})
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(out.Images) > 0 {
		return &out.Images[0], nil
	}
	return nil, nil
}

// snapshots are the account's snapshots that filters let through.
func (c *Cloud) snapshots(ctx context.Context, region string, filters ...types.Filter) ([]types.Snapshot, error) {
	return all(ctx, c, describeSnapshots, region, func(ctx context.Context, next *string) ([]types.Snapshot, *string, error) {
		out, err := c.ec2(region).DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, Filters: filters, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		return out.Snapshots, out.NextToken, nil
	})
}

// snapshotsOf are the ids of the snapshots that an image is made of.
func snapshotsOf(im *types.Image) (ids []string) {
	for _, d := range im.BlockDeviceMappings {
		if d.Ebs != nil && sdk.ToString(d.Ebs.SnapshotId) != "" {
			ids = append(ids, *d.Ebs.SnapshotId)
		}
	}
	return ids
}

// percent is how much of an image's snapshots is there; 0 for unknown. It is no more
// than a courtesy, so its errors are none.
func (c *Cloud) percent(ctx context.Context, region string, im *types.Image) int {
	ids := snapshotsOf(im)
	filters := []types.Filter{withTag(clouds.LabelKey, tagged(im.Tags, clouds.LabelKey))}
	if len(ids) > 0 {
		filters = []types.Filter{filter("snapshot-id", ids...)}
	}
	list, err := c.snapshots(ctx, region, filters...)
	if err != nil || len(list) == 0 {
		return 0
	}
	sum := 0
	for _, s := range list {
		n, _ := strconv.Atoi(strings.TrimSuffix(sdk.ToString(s.Progress), "%"))
		sum += n
	}
	return max(0, min(99, sum/len(list)))
}

// broken reports whether an image will never be usable.
func broken(im *types.Image) bool {
	switch im.State {
	case types.ImageStateFailed, types.ImageStateInvalid, types.ImageStateError, types.ImageStateDeregistered, types.ImageStateDisabled:
		return true
	}
	return false
}

// brokenImage is the fault of one.
func (c *Cloud) brokenImage(im *types.Image) error {
	f := &images.Fault{Class: images.BrokenImage, What: sdk.ToString(im.ImageId), Said: "The image is " + string(im.State) + "."}
	if im.StateReason != nil {
		f.Code = sdk.ToString(im.StateReason.Code)
		f.Said = cmp.Or(c.clean(sdk.ToString(im.StateReason.Message)), f.Said)
	}
	return f
}

// imageID finds the id of an image in what AWS says.
var imageID = regexp.MustCompile(`\bami-[0-9a-f]{8,17}\b`)

// deregister removes an image with its snapshots.
func (c *Cloud) deregister(ctx context.Context, region, id string) error {
	_, err := ask(ctx, c, deregisterImage, region, func(ctx context.Context) (*ec2.DeregisterImageOutput, error) {
		return c.ec2(region).DeregisterImage(ctx, &ec2.DeregisterImageInput{ImageId: &id, DeleteAssociatedSnapshots: sdk.Bool(true)})
	})
	if clouds.Is(err, images.Gone) {
		return nil
	}
	return err
}
