package awssim_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	market "github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"
)

func TestInstancesAreFiltered(t *testing.T) {
	w := setup(t)
	a := w.machine()
	must(w.run(func(in *ec2.RunInstancesInput) { in.TagSpecifications[0].Tags[0].Value = aws.String("r2") }))(w)
	w.clock.pass(5 * time.Second)
	for _, c := range []struct {
		want   int
		filter []types.Filter
	}{
		{2, filters("tag:run", "r*")},
		{1, filters("tag:run", "r1")},
		{1, filters("instance-state-name", "running")},
		{2, filters("instance-state-name", "running|pending", "instance-type", "t3.medium")},
		{1, filters("instance-id", a)},
		{2, filters("architecture", "x86_64", "image-id", w.base(home))},
		{0, filters("subnet-id", "subnet-1")},
		{0, filters("instance-state-code", "80")},
	} {
		out := must(w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{Filters: c.filter}))(w)
		if len(out.Reservations) != c.want {
			t.Errorf("%v: %d machines; want %d", c.filter, len(out.Reservations), c.want)
		}
	}
	must(w.ec2(home).TerminateInstances(w.ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{a}}))(w)
	_, err := w.ec2(home).StopInstances(w.ctx, &ec2.StopInstancesInput{InstanceIds: []string{a}})
	w.want(err, "IncorrectInstanceState")
}

func TestAVolumeIsKept(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	id := w.machine(func(in *ec2.RunInstancesInput) {
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{DeleteOnTermination: aws.Bool(false)}}}
	})
	volume := must(client.DescribeVolumes(w.ctx, &ec2.DescribeVolumesInput{Filters: filters("attachment.instance-id", id)}))(w).Volumes[0].VolumeId
	_, err := client.DeleteVolume(w.ctx, &ec2.DeleteVolumeInput{VolumeId: volume})
	w.want(err, "VolumeInUse")
	must(client.TerminateInstances(w.ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{id}}))(w)
	w.clock.pass(time.Minute)
	same(w, "volumes that are left", len(must(client.DescribeVolumes(w.ctx, &ec2.DescribeVolumesInput{Filters: filters("status", "available", "tag:run", "r1")}))(w).Volumes), 1)
	same(w, "volumes that are left", w.sim.State().Region(home).Volumes[0], *volume)
	must(client.DeleteVolume(w.ctx, &ec2.DeleteVolumeInput{VolumeId: volume}))(w)
	_, err = client.DescribeVolumes(w.ctx, &ec2.DescribeVolumesInput{VolumeIds: []string{*volume}})
	w.want(err, "InvalidVolume.NotFound")
}

func TestRegions(t *testing.T) {
	w := setup(t)
	out := must(w.ec2(home).DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{RegionNames: []string{"eu-west-1"}, Filters: filters("opt-in-status", "opt-in-not-required")}))(w)
	same(w, "regions", len(out.Regions), 1)
	same(w, "endpoint", *out.Regions[0].Endpoint, "ec2.eu-west-1.amazonaws.com")
	_, err := w.ec2(home).DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{RegionNames: []string{"mars-north-1"}})
	w.want(err, "InvalidParameterValue")
	same(w, "regions", len(w.sim.Regions()), 6)
	same(w, "account", w.sim.Account(), "123456789012")
}

func TestWordsOfAVersionAreChanged(t *testing.T) {
	w, image := listed(t)
	option := w.sim.State().Products[0].Versions[0].Option
	id := must(w.start("UpdateDeliveryOptions", m{
		"Version":         m{"ReleaseNotes": "Better words."},
		"DeliveryOptions": []any{m{"Id": option}},
	}))(w)
	w.clock.pass(time.Hour)
	same(w, "status", w.changeSet(id).Status, market.ChangeStatusSucceeded)
	same(w, "notes", w.sim.State().Products[0].Versions[0].Notes, "Better words.")
	id = must(w.start("UpdateDeliveryOptions", m{"DeliveryOptions": []any{m{"Id": "do-none"}}}))(w)
	w.clock.pass(time.Hour)
	same(w, "code", *w.changeSet(id).ChangeSet[0].ErrorDetailList[0].ErrorCode, "INVALID_DELIVERY_OPTION_ID")
	_, err := w.start("UpdateDeliveryOptions", m{"DeliveryOptions": []any{m{"Id": 4}}})
	w.want(err, "ValidationException")

	id = must(w.start("AddDeliveryOptions", addition("18.5.0", image)))(w)
	same(w, "cancelled", w.sim.CancelChangeSet(id), true)
	same(w, "cancelled again", w.sim.CancelChangeSet(id), false)
	w.clock.pass(2 * time.Hour)
	same(w, "versions", w.titles(), "18.4.0 Public @2")
}
