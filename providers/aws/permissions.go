package aws

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file finds out what we may do, by calls that AWS only tries: DryRun. Anything
// but that we are not authorized counts as a yes, since what such a call names need
// not exist.

// Things that do not exist, to try calls with.
const (
	noInstance = "i-00000000000000000"
	noImage    = "ami-00000000000000000"
	noSnapshot = "snap-00000000000000000"
)

// trial is a call that is only tried.
type trial struct {
	action action
	do     func(ctx context.Context, api *ec2.Client) error
}

// try makes the calls, and says which of them we may not make.
func (c *Cloud) try(ctx context.Context, region string, trials ...trial) (out []images.Problem) {
	for _, t := range trials {
		a := t.action
		a.changes = false
		_, err := ask(ctx, c, a, region, func(ctx context.Context) (*struct{}, error) { return nil, t.do(ctx, c.ec2(region)) })
		if clouds.Coded(err, "UnauthorizedOperation", "AccessDenied", "AccessDeniedException") {
			out = append(out, clouds.Problem(err, "", true))
		}
	}
	return out
}

// lookIntoHomes finds out whether we may do in the region of an order what a build
// does there.
func (c *Cloud) lookIntoHomes(ctx context.Context, lanes []images.Lane) {
	found := map[string][]images.Problem{}
	for i := range lanes {
		o := lanes[i].Order
		home := c.orderHome(o)
		key := home + " " + o.Architecture
		problems, ok := found[key]
		if !ok {
			problems = c.mayBuildIn(ctx, home, o)
			found[key] = problems
		}
		for _, p := range problems {
			clouds.Add(&lanes[i], p)
		}
	}
}

// mayBuildIn says what of a build we may not do.
func (c *Cloud) mayBuildIn(ctx context.Context, region string, o images.Order) []images.Problem {
	dry := sdk.Bool(true)
	w := images.Work{Build: "look", Key: "look", Order: &o, Now: c.o.Now()}
	machine := func(ctx context.Context, api *ec2.Client) error {
		if o.Base.ID == "" || o.Machine == "" {
			return nil
		}
		in := c.machine(w, images.Machine{Role: "builder", Image: o.Base.ID, Type: o.Machine}, &types.Image{})
		in.DryRun, in.ClientToken = dry, nil
		_, err := api.RunInstances(ctx, in)
		return err
	}
	return c.try(ctx, region,
		trial{runInstances, machine},
		trial{stopInstances, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{noInstance}, DryRun: dry})
			return err
		}},
		trial{terminateInstances, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{noInstance}, DryRun: dry})
			return err
		}},
		trial{createImage, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.CreateImage(ctx, &ec2.CreateImageInput{InstanceId: sdk.String(noInstance), Name: sdk.String("cloudimage look"), DryRun: dry,
				TagSpecifications: on(tagsFor(w, "look"), types.ResourceTypeImage, types.ResourceTypeSnapshot)})
			return err
		}},
		trial{createTags, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{noImage}, Tags: []types.Tag{tag(clouds.LabelState, clouds.Verified)}, DryRun: dry})
			return err
		}},
		mayDeregister, mayDeleteSnapshot)
}

var (
	mayDeregister = trial{deregisterImage, func(ctx context.Context, api *ec2.Client) error {
		_, err := api.DeregisterImage(ctx, &ec2.DeregisterImageInput{ImageId: sdk.String(noImage), DryRun: sdk.Bool(true)})
		return err
	}}
	mayDeleteSnapshot = trial{deleteSnapshot, func(ctx context.Context, api *ec2.Client) error {
		_, err := api.DeleteSnapshot(ctx, &ec2.DeleteSnapshotInput{SnapshotId: sdk.String(noSnapshot), DryRun: sdk.Bool(true)})
		return err
	}}
)

// mayCopyTo says whether we may copy images to a region.
func (c *Cloud) mayCopyTo(ctx context.Context, region string) []images.Problem {
	return c.try(ctx, region, trial{copyImage, func(ctx context.Context, api *ec2.Client) error {
		_, err := api.CopyImage(ctx, &ec2.CopyImageInput{Name: sdk.String("cloudimage look"), SourceImageId: sdk.String(noImage), SourceRegion: &c.o.Region, DryRun: sdk.Bool(true)})
		return err
	}}, mayDeregister)
}

// mayOpenIn says whether we may open images in a region, and where it is needed turn
// its protection off and on.
func (c *Cloud) mayOpenIn(ctx context.Context, region string, blocked bool) []images.Problem {
	dry := sdk.Bool(true)
	trials := []trial{
		{modifyImage, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.ModifyImageAttribute(ctx, &ec2.ModifyImageAttributeInput{ImageId: sdk.String(noImage), Attribute: sdk.String("launchPermission"), DryRun: dry,
				LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{Group: types.PermissionGroupAll}}}})
			return err
		}},
		{deprecateImage, func(ctx context.Context, api *ec2.Client) error {
			_, err := api.EnableImageDeprecation(ctx, &ec2.EnableImageDeprecationInput{ImageId: sdk.String(noImage), DeprecateAt: sdk.Time(c.o.Now().Add(24 * time.Hour)), DryRun: dry})
			return err
		}},
	}
	if blocked {
		trials = append(trials,
			trial{unprotect, func(ctx context.Context, api *ec2.Client) error {
				_, err := api.DisableImageBlockPublicAccess(ctx, &ec2.DisableImageBlockPublicAccessInput{DryRun: dry})
				return err
			}},
			trial{protect, func(ctx context.Context, api *ec2.Client) error {
				_, err := api.EnableImageBlockPublicAccess(ctx, &ec2.EnableImageBlockPublicAccessInput{ImageBlockPublicAccessState: types.ImageBlockPublicAccessEnabledStateBlockNewSharing, DryRun: dry})
				return err
			}})
	}
	return c.try(ctx, region, trials...)
}
