package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// The kinds of leftovers.
const (
	kindInstance = "instance"
	kindImage    = "image"
	kindSnapshot = "snapshot"
	kindVolume   = "volume"
)

// Leftovers is everything that builds have made, in every region that the account
// has. What goes with something else is not listed beside it: the snapshots of an image,
// the disks of a machine.
func (c *Cloud) Leftovers(ctx context.Context) ([]images.Leftover, error) {
	regions, err := c.regions(ctx)
	if err != nil {
		return nil, err
	}
	type found struct {
		list []images.Leftover
		err  error
	}
	var out []images.Leftover
	var failed []error
	for _, f := range each(regions, func(r string) found {
		list, err := c.leftoversIn(ctx, r)
		return found{list, err}
	}) {
		out, failed = append(out, f.list...), append(failed, f.err)
	}
	return out, errors.Join(failed...)
}

// regions are those that the account has.
func (c *Cloud) regions(ctx context.Context) ([]string, error) {
	out, err := ask(ctx, c, describeRegions, c.o.Region, func(ctx context.Context) (*ec2.DescribeRegionsOutput, error) {
		return c.ec2(c.o.Region).DescribeRegions(ctx, &ec2.DescribeRegionsInput{Filters: []types.Filter{filter("opt-in-status", "opt-in-not-required", "opted-in")}})
	})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range out.Regions {
		names = append(names, sdk.ToString(r.RegionName))
	}
	slices.Sort(names)
	return names, nil
}

// leftoversIn is what builds have made in a region. What one list cannot say does not
// keep the others from it.
func (c *Cloud) leftoversIn(ctx context.Context, region string) ([]images.Leftover, error) {
	ours := filter("tag-key", clouds.LabelBuild)
	var out []images.Leftover
	var failed []error
	note := func(what string, err error) {
		if err != nil {
			failed = append(failed, fmt.Errorf("the %s in %s: %w", what, region, err))
		}
	}
	leftover := func(kind string, id *string, tags []types.Tag) images.Leftover {
		return images.Leftover{Region: region, Kind: kind, ID: sdk.ToString(id), Name: tagged(tags, clouds.LabelName), Build: images.BuildID(tagged(tags, clouds.LabelBuild)), Finished: tagged(tags, clouds.LabelState) == clouds.Verified}
	}
	machines, err := c.instances(ctx, region, ours, filter("instance-state-name", "pending", "running", "stopping", "stopped"))
	note("machines", err)
	for _, i := range machines {
		l := leftover(kindInstance, i.InstanceId, i.Tags)
		l.Made = sdk.ToTime(i.LaunchTime)
		if s := stateOf(&i); s == types.InstanceStateNameRunning || s == types.InstanceStateNamePending {
			l.Dollars = anHour(string(i.InstanceType)) * hoursInMonth
		}
		l.Dollars += diskMonth * float64(c.o.Disk)
		out = append(out, l)
	}
	list, err := c.ownImages(ctx, region, ours)
	note("images", err)
	held := map[string]bool{}
	for _, im := range list {
		l := leftover(kindImage, im.ImageId, im.Tags)
		l.Made, l.Finished = createdAt(sdk.ToString(im.CreationDate)), l.Finished || sdk.ToBool(im.Public)
		for _, d := range im.BlockDeviceMappings {
			if d.Ebs != nil {
				held[sdk.ToString(d.Ebs.SnapshotId)] = true
				l.Dollars += snapshotMonth * usedOfDisk * float64(sdk.ToInt32(d.Ebs.VolumeSize))
			}
		}
		out = append(out, l)
	}
	var snapshots []types.Snapshot
	if err == nil { // or nobody knows which of them images are made of
		snapshots, err = c.snapshots(ctx, region, ours)
		note("snapshots", err)
	}
	for _, s := range snapshots {
		if held[sdk.ToString(s.SnapshotId)] {
			continue
		}
		l := leftover(kindSnapshot, s.SnapshotId, s.Tags)
		l.Made, l.Dollars = sdk.ToTime(s.StartTime), snapshotMonth*usedOfDisk*float64(sdk.ToInt32(s.VolumeSize))
		out = append(out, l)
	}
	volumes, err := c.volumes(ctx, region, ours, filter("status", "available", "error"))
	note("volumes", err)
	for _, v := range volumes {
		l := leftover(kindVolume, v.VolumeId, v.Tags)
		l.Made, l.Dollars = sdk.ToTime(v.CreateTime), diskMonth*float64(sdk.ToInt32(v.Size))
		out = append(out, l)
	}
	return out, errors.Join(failed...)
}

func (c *Cloud) volumes(ctx context.Context, region string, filters ...types.Filter) ([]types.Volume, error) {
	return all(ctx, c, describeVolumes, region, func(ctx context.Context, next *string) ([]types.Volume, *string, error) {
		out, err := c.ec2(region).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{Filters: filters, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		return out.Volumes, out.NextToken, nil
	})
}

// RemoveLeftover removes what a build has made.
func (c *Cloud) RemoveLeftover(ctx context.Context, l images.Leftover) error {
	var err error
	switch l.Kind {
	case kindInstance:
		_, err = ask(ctx, c, terminateInstances, l.Region, func(ctx context.Context) (*ec2.TerminateInstancesOutput, error) {
			return c.ec2(l.Region).TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{l.ID}})
		})
	case kindImage:
		err = c.deregister(ctx, l.Region, l.ID)
	case kindSnapshot:
		err = c.deleteSnapshot(ctx, l.Region, l.ID)
	case kindVolume:
		_, err = ask(ctx, c, deleteVolume, l.Region, func(ctx context.Context) (*ec2.DeleteVolumeOutput, error) {
			return c.ec2(l.Region).DeleteVolume(ctx, &ec2.DeleteVolumeInput{VolumeId: &l.ID})
		})
	default:
		return &images.Fault{Class: images.Invalid, What: l.ID, Said: "A " + strings.TrimSpace(l.Kind) + " is nothing that is removed here."}
	}
	if clouds.Is(err, images.Gone) {
		return nil
	}
	return err
}
