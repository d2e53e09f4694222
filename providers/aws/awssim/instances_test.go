package awssim_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestAMachinesLife(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	i, err := w.run(func(in *ec2.RunInstancesInput) {
		in.UserData = aws.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\n")))
		in.MetadataOptions = &types.InstanceMetadataOptionsRequest{HttpTokens: types.HttpTokensStateRequired}
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(20)}}}
	})
	if err != nil {
		t.Fatal(err)
	}
	id := *i.InstanceId
	one := []string{id}
	same(w, "state", i.State.Name, types.InstanceStateNamePending)

	_, err = client.DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{InstanceIds: one})
	w.want(err, "InvalidInstanceID.NotFound")
	list := must(client.DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{}))(w)
	same(w, "machines while it is invisible", len(list.Reservations), 0)

	w.clock.pass(2 * time.Second)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNamePending)
	w.clock.pass(20 * time.Second)
	got := w.instance(id)
	same(w, "state", got.State.Name, types.InstanceStateNameRunning)
	same(w, "tokens", got.MetadataOptions.HttpTokens, types.HttpTokensStateRequired)
	same(w, "tags", len(got.Tags), 1)
	status := must(client.DescribeInstanceStatus(w.ctx, &ec2.DescribeInstanceStatusInput{InstanceIds: one}))(w)
	same(w, "status", status.InstanceStatuses[0].InstanceStatus.Status, types.SummaryStatusInitializing)
	w.clock.pass(2 * time.Minute)
	status = must(client.DescribeInstanceStatus(w.ctx, &ec2.DescribeInstanceStatusInput{InstanceIds: one}))(w)
	same(w, "status", status.InstanceStatuses[0].InstanceStatus.Status, types.SummaryStatusOk)

	volumes := must(client.DescribeVolumes(w.ctx, &ec2.DescribeVolumesInput{Filters: []types.Filter{{Name: aws.String("tag:run"), Values: []string{"r1"}}}}))(w)
	same(w, "volumes", len(volumes.Volumes), 1)
	same(w, "size", *volumes.Volumes[0].Size, 20)
	console := must(client.GetConsoleOutput(w.ctx, &ec2.GetConsoleOutputInput{InstanceId: aws.String(id), Latest: aws.Bool(true)}))(w)
	if text, err := base64.StdEncoding.DecodeString(*console.Output); err != nil || len(text) == 0 {
		t.Errorf("the console says %q, %v", text, err)
	}

	stop := must(client.StopInstances(w.ctx, &ec2.StopInstancesInput{InstanceIds: one}))(w)
	same(w, "state", stop.StoppingInstances[0].CurrentState.Name, types.InstanceStateNameStopping)
	w.clock.pass(time.Minute)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNameStopped)
	must(client.StartInstances(w.ctx, &ec2.StartInstancesInput{InstanceIds: one}))(w)
	w.clock.pass(time.Minute)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNameRunning)
	must(client.TerminateInstances(w.ctx, &ec2.TerminateInstancesInput{InstanceIds: one}))(w)
	w.clock.pass(time.Minute)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNameTerminated)
	volumes = must(client.DescribeVolumes(w.ctx, &ec2.DescribeVolumesInput{}))(w)
	same(w, "volumes after the end", len(volumes.Volumes), 0)
	w.clock.pass(2 * time.Hour)
	_, err = client.DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{InstanceIds: one})
	w.want(err, "InvalidInstanceID.NotFound")
}

func TestTheSameTokenIsTheSameMachine(t *testing.T) {
	w := setup(t)
	token := func(in *ec2.RunInstancesInput) { in.ClientToken = aws.String("run-1") }
	first, second := must(w.run(token))(w), must(w.run(token))(w)
	same(w, "id", *second.InstanceId, *first.InstanceId)
	_, err := w.run(token, func(in *ec2.RunInstancesInput) { in.InstanceType = types.InstanceTypeT3Large })
	w.want(err, "IdempotentParameterMismatch")
	w.clock.pass(time.Minute)
	out := must(w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{
		Filters: []types.Filter{{Name: aws.String("client-token"), Values: []string{"run-1"}}},
	}))(w)
	same(w, "machines", len(out.Reservations), 1)
}

func TestWhatCannotBeLaunched(t *testing.T) {
	w := setup(t)
	w.sim.SetProfiles("builder")
	w.sim.LackCapacity("c5.large", home, 1)
	w.sim.SetVCPULimit(home, 4)
	for name, c := range map[string]struct {
		want   string
		change func(*ec2.RunInstancesInput)
	}{
		"profile":      {"InvalidParameterValue", func(in *ec2.RunInstancesInput) { in.IamInstanceProfile.Name = aws.String("nobody") }},
		"architecture": {"InvalidParameterValue", func(in *ec2.RunInstancesInput) { in.InstanceType = types.InstanceTypeM6gMedium }},
		"type":         {"InvalidParameterValue", func(in *ec2.RunInstancesInput) { in.InstanceType = "x9.huge" }},
		"image":        {"InvalidAMIID.NotFound", func(in *ec2.RunInstancesInput) { in.ImageId = aws.String("ami-00000000000000000") }},
		"bad image":    {"InvalidAMIID.Malformed", func(in *ec2.RunInstancesInput) { in.ImageId = aws.String("ubuntu") }},
		"subnet":       {"InvalidSubnetID.NotFound", func(in *ec2.RunInstancesInput) { in.SubnetId = aws.String("subnet-1") }},
		"group":        {"InvalidGroup.NotFound", func(in *ec2.RunInstancesInput) { in.SecurityGroupIds = []string{"sg-1"} }},
		"key":          {"InvalidKeyPair.NotFound", func(in *ec2.RunInstancesInput) { in.KeyName = aws.String("mine") }},
		"user data":    {"InvalidParameterValue", func(in *ec2.RunInstancesInput) { in.UserData = aws.String("%%") }},
		"capacity":     {"InsufficientInstanceCapacity", func(in *ec2.RunInstancesInput) { in.InstanceType = types.InstanceTypeC5Large }},
		"processors":   {"VcpuLimitExceeded", func(in *ec2.RunInstancesInput) { in.InstanceType = types.InstanceTypeC52xlarge }},
		"tag":          {"InvalidParameterValue", func(in *ec2.RunInstancesInput) { in.TagSpecifications[0].Tags[0].Key = aws.String("aws:x") }},
		"small disk": {"InvalidBlockDeviceMapping", func(in *ec2.RunInstancesInput) {
			in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(4)}}}
		}},
		"dry": {"DryRunOperation", func(in *ec2.RunInstancesInput) { in.DryRun = aws.Bool(true) }},
	} {
		_, err := w.run(c.change)
		if code(err) != c.want {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	must(w.run(func(in *ec2.RunInstancesInput) { in.InstanceType = types.InstanceTypeC5Large }))(w)
	w.sim.SetDefaultVPC(home, false)
	_, err := w.run()
	w.want(err, "VPCIdNotSpecified")
	same(w, "machines", len(w.sim.State().Region(home).Instances), 1)
}

func TestAMachineShutsItselfDown(t *testing.T) {
	w := setup(t)
	id := w.machine(func(in *ec2.RunInstancesInput) {
		in.UserData = aws.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nshutdown -P +90\n")))
		in.InstanceInitiatedShutdownBehavior = types.ShutdownBehaviorTerminate
	})
	w.clock.pass(86 * time.Minute)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNameRunning)
	w.clock.pass(5 * time.Minute)
	same(w, "state", w.instance(id).State.Name, types.InstanceStateNameTerminated)
	same(w, "reason", *w.instance(id).StateReason.Code, "Client.InstanceInitiatedShutdown")
}

func TestMachinesAreListedInPages(t *testing.T) {
	w := setup(t)
	for range 12 {
		must(w.run())(w)
	}
	w.clock.pass(time.Minute)
	seen := map[string]bool{}
	pages := ec2.NewDescribeInstancesPaginator(w.ec2(home), &ec2.DescribeInstancesInput{MaxResults: aws.Int32(5)})
	n := 0
	for pages.HasMorePages() {
		n++
		for _, r := range must(pages.NextPage(w.ctx))(w).Reservations {
			seen[*r.Instances[0].InstanceId] = true
		}
	}
	same(w, "pages", n, 3)
	same(w, "machines", len(seen), 12)
	_, err := w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(2)})
	w.want(err, "InvalidParameterValue")
	_, err = w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{NextToken: aws.String("x")})
	w.want(err, "InvalidNextToken")
	_, err = w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("colour"), Values: []string{"red"}}}})
	w.want(err, "InvalidParameterValue")
}
