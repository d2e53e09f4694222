package aws

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// launched is what Launch remembers: when it made the machine.
type launched struct {
	Made time.Time `json:"made,omitzero"`
}

// Launch starts a machine.
func (c *Cloud) Launch(ctx context.Context, w images.Work, m images.Machine) (images.Progress, error) {
	region, mem := c.regionOf(w), clouds.Recall[launched](w)
	in, err := c.launchedBy(ctx, region, w)
	switch {
	case err != nil:
		return images.Progress{}, err
	case in != nil:
		return c.await(ctx, w, region, mem, in)
	case w.Ref != "" && clouds.Settles(w, mem.Made):
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "starting", Again: 5 * time.Second}, nil
	case w.Ref != "":
		return images.Progress{}, clouds.Gone("The machine %s is not there any more.", w.Ref)
	}
	return c.launch(ctx, w, region, m)
}

// launchedBy is the machine that the step has started; nil when none is found.
func (c *Cloud) launchedBy(ctx context.Context, region string, w images.Work) (*types.Instance, error) {
	list, err := c.instances(ctx, region, withTag(clouds.LabelKey, w.Key))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if alive(&list[i]) {
			return &list[i], nil
		}
	}
	if len(list) > 0 {
		return &list[0], nil
	}
	return nil, nil
}

// launch makes the call that starts it.
func (c *Cloud) launch(ctx context.Context, w images.Work, region string, m images.Machine) (images.Progress, error) {
	im, err := c.image(ctx, region, m.Image)
	switch {
	case err != nil:
		return images.Progress{}, err
	case im == nil && clouds.Settles(w, time.Time{}):
		return images.Progress{Note: "waiting for the image to be found", Again: 5 * time.Second}, nil
	case im == nil:
		return images.Progress{}, clouds.Gone("The image %s is not in %s any more.", m.Image, region)
	}
	out, err := ask(ctx, c, runInstances, region, func(ctx context.Context) (*ec2.RunInstancesOutput, error) {
		return c.ec2(region).RunInstances(ctx, c.machine(w, m, im))
	})
	switch {
	case clouds.Coded(err, "InvalidParameterValue", "InvalidParameterCombination") && strings.Contains(strings.ToLower(clouds.Said(err)), "iaminstanceprofile") && w.Now.Sub(w.Since) < 5*time.Minute:
		// One that was just made is not known everywhere.
		return images.Progress{Note: "waiting for the instance profile to be known", Again: 10 * time.Second}, nil
	case clouds.Coded(err, "IdempotentParameterMismatch"):
		return c.adopt(ctx, w, region, err)
	case clouds.Is(err, images.Gone) && clouds.Settles(w, time.Time{}):
		return images.Progress{Note: "waiting for the image to be found", Again: 5 * time.Second}, nil
	case err != nil:
		return images.Progress{}, err
	case len(out.Instances) == 0:
		return images.Progress{Note: "starting", Again: 5 * time.Second}, nil
	}
	return images.Progress{Ref: sdk.ToString(out.Instances[0].InstanceId), Memory: clouds.Remember(launched{w.Now}), Note: "starting", Again: 5 * time.Second}, nil
}

// adopt takes the machine that was started with the same token and with something
// else different: our configuration has changed in between.
func (c *Cloud) adopt(ctx context.Context, w images.Work, region string, mismatch error) (images.Progress, error) {
	list, err := c.instances(ctx, region, filter("client-token", *token(w.Key)))
	if err != nil {
		return images.Progress{}, err
	}
	if len(list) == 0 {
		return images.Progress{}, mismatch
	}
	return images.Progress{Ref: sdk.ToString(list[0].InstanceId), Memory: clouds.Remember(launched{w.Now}), Note: "starting", Again: 5 * time.Second}, nil
}

// machine is what is asked for.
func (c *Cloud) machine(w images.Work, m images.Machine, im *types.Image) *ec2.RunInstancesInput {
	name := "cloudimage " + m.Role
	if w.Order != nil && w.Order.Image != "" {
		name += " " + w.Order.Image
	}
	disk := int32(c.o.Disk)
	root := sdk.ToString(im.RootDeviceName)
	if root == "" {
		root = "/dev/sda1"
	}
	for _, d := range im.BlockDeviceMappings {
		if sdk.ToString(d.DeviceName) == root && d.Ebs != nil {
			disk = max(disk, sdk.ToInt32(d.Ebs.VolumeSize))
		}
	}
	in := &ec2.RunInstancesInput{
		ImageId: &m.Image, InstanceType: types.InstanceType(m.Type), MinCount: sdk.Int32(1), MaxCount: sdk.Int32(1),
		ClientToken:                       token(w.Key),
		InstanceInitiatedShutdownBehavior: types.ShutdownBehaviorTerminate,
		MetadataOptions:                   &types.InstanceMetadataOptionsRequest{HttpEndpoint: types.InstanceMetadataEndpointStateEnabled, HttpTokens: types.HttpTokensStateRequired},
		BlockDeviceMappings: []types.BlockDeviceMapping{{DeviceName: &root, Ebs: &types.EbsBlockDevice{
			VolumeSize: &disk, VolumeType: types.VolumeTypeGp3, DeleteOnTermination: sdk.Bool(true),
		}}},
		TagSpecifications: on(tagsFor(w, name, tag(clouds.LabelRole, m.Role)), types.ResourceTypeInstance, types.ResourceTypeVolume, types.ResourceTypeNetworkInterface),
	}
	if m.UserData != "" {
		in.UserData = sdk.String(base64.StdEncoding.EncodeToString([]byte(m.UserData)))
	}
	if c.o.Profile != "" {
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: &c.o.Profile}
	}
	if c.o.Subnet != "" {
		in.SubnetId = &c.o.Subnet
	}
	if c.o.SecurityGroup != "" {
		in.SecurityGroupIds = []string{c.o.SecurityGroup}
	}
	return in
}

// Stop stops a machine. Stopped from inside it would end itself.
func (c *Cloud) Stop(ctx context.Context, w images.Work, machine string) (images.Progress, error) {
	region := c.regionOf(w)
	in, err := c.instance(ctx, region, machine)
	if err != nil {
		return images.Progress{}, err
	}
	p := images.Progress{Ref: machine, Note: "stopping", Again: 10 * time.Second}
	switch state := stateOf(in); {
	case in == nil && clouds.Settles(w, time.Time{}):
		return p, nil
	case in == nil:
		return images.Progress{}, clouds.Gone("The machine %s is not there any more.", machine)
	case state == types.InstanceStateNameStopped:
		return images.Progress{Ref: machine, Done: true}, nil
	case state == types.InstanceStateNameStopping || state == types.InstanceStateNamePending:
		return p, nil
	case !alive(in):
		return images.Progress{}, ended(in)
	}
	_, err = ask(ctx, c, stopInstances, region, func(ctx context.Context) (*ec2.StopInstancesOutput, error) {
		return c.ec2(region).StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{machine}})
	})
	if err != nil && !clouds.Coded(err, "IncorrectInstanceState") {
		return images.Progress{}, err
	}
	return p, nil
}

// Remove ends the machines of a role.
func (c *Cloud) Remove(ctx context.Context, w images.Work, role string) (images.Progress, error) {
	region := c.regionOf(w)
	list, err := c.instances(ctx, region, withTag(clouds.LabelBuild, string(w.Build)), withTag(clouds.LabelRole, role))
	if err != nil {
		return images.Progress{}, err
	}
	var ids []string
	for i := range list {
		if alive(&list[i]) {
			ids = append(ids, sdk.ToString(list[i].InstanceId))
		}
	}
	if len(ids) == 0 {
		return clouds.Nothing(w), nil
	}
	_, err = ask(ctx, c, terminateInstances, region, func(ctx context.Context) (*ec2.TerminateInstancesOutput, error) {
		return c.ec2(region).TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: ids})
	})
	if err != nil && !clouds.Is(err, images.Gone) {
		return images.Progress{}, err
	}
	return images.Progress{Memory: w.Memory, Note: "ending " + strings.Join(ids, ", "), Again: 10 * time.Second}, nil
}

// instances are the machines that filters let through, the ended ones too.
func (c *Cloud) instances(ctx context.Context, region string, filters ...types.Filter) ([]types.Instance, error) {
	list, err := all(ctx, c, describeInstances, region, func(ctx context.Context, next *string) ([]types.Instance, *string, error) {
		out, err := c.ec2(region).DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: filters, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		return flat(out.Reservations), out.NextToken, nil
	})
	oldest(list, func(i types.Instance) string { return sdk.ToTime(i.LaunchTime).UTC().Format(time.RFC3339) }, func(i types.Instance) *string { return i.InstanceId })
	return list, err
}

// instance is a machine by its id; nil when there is none.
func (c *Cloud) instance(ctx context.Context, region, id string) (*types.Instance, error) {
	out, err := ask(ctx, c, describeInstances, region, func(ctx context.Context) (*ec2.DescribeInstancesOutput, error) {
		return c.ec2(region).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if list := flat(out.Reservations); len(list) > 0 {
		return &list[0], nil
	}
	return nil, nil
}

func flat(reservations []types.Reservation) (out []types.Instance) {
	for _, r := range reservations {
		out = append(out, r.Instances...)
	}
	return out
}

func stateOf(in *types.Instance) types.InstanceStateName {
	if in == nil || in.State == nil {
		return ""
	}
	return in.State.Name
}

// alive reports whether a machine has not ended and does not end.
func alive(in *types.Instance) bool {
	state := stateOf(in)
	return state != types.InstanceStateNameShuttingDown && state != types.InstanceStateNameTerminated
}

// ended is the fault of a machine that ended while it was needed.
func ended(in *types.Instance) error {
	code, why := "", sdk.ToString(in.StateTransitionReason)
	if in.StateReason != nil {
		code, why = sdk.ToString(in.StateReason.Code), sdk.ToString(in.StateReason.Message)
	}
	class := images.Gone
	if strings.Contains(code, "InsufficientInstanceCapacity") {
		class = images.Capacity
	}
	return &images.Fault{Class: class, Code: code, What: sdk.ToString(in.InstanceId),
		Said: clouds.OneLine(fmt.Sprintf("The machine %s is %s. %s", sdk.ToString(in.InstanceId), stateOf(in), why)), Err: errors.New("the machine ended")}
}
