package awssim_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	catalog "github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"

	"cloudimage/providers/aws/awssim"
)

// asker is a guest that asks the server while it thinks.
type asker struct{ sim *awssim.Server }

func (a *asker) Run(awssim.Command) awssim.Outcome {
	return awssim.Outcome{Stdout: fmt.Sprint(len(a.sim.Calls()) > 0)}
}

func TestManyAtOnce(t *testing.T) {
	g := &asker{}
	w := setup(t, withGuest(g))
	g.sim = w.sim
	w.sim.SetVCPULimit("", 1000)
	w.sim.OnCall(func(awssim.Call, bool) *awssim.Fault { w.sim.State(); return nil })
	m := w.machine()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			_, err := w.run(func(in *ec2.RunInstancesInput) { in.ClientToken = aws.String("one") })
			if err != nil {
				t.Error(err)
			}
			if _, err := w.send(m, "true"); err != nil {
				t.Error(err)
			}
			_, err = w.ec2(home).CreateImage(w.ctx, &ec2.CreateImageInput{InstanceId: aws.String(m), Name: aws.String(fmt.Sprintf("image %d", n))})
			if err != nil {
				t.Error(err)
			}
			w.clock.pass(time.Second)
			if _, err := w.ec2(home).DescribeImages(w.ctx, &ec2.DescribeImagesInput{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r := w.sim.State().Region(home)
	same(w, "machines", len(r.Instances), 2)
	same(w, "images", len(r.Images), 8)
	same(w, "commands", len(r.Commands), 8)
}

func TestTheCatalogIsAskedTooOften(t *testing.T) {
	w := setup(t, func(o *awssim.Options) { o.Rates = true })
	list := func() error {
		_, err := w.catalog().ListChangeSets(w.ctx, &catalog.ListChangeSetsInput{Catalog: aws.String("AWSMarketplace")})
		return err
	}
	for range 5 {
		w.want(list(), "")
	}
	w.want(list(), "ThrottlingException")
	w.clock.pass(time.Second)
	w.want(list(), "")
}

func TestPlacesAndTypes(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	vpc := must(client.DescribeVpcs(w.ctx, &ec2.DescribeVpcsInput{Filters: filters("is-default", "true")}))(w).Vpcs[0]
	subnet := must(client.DescribeSubnets(w.ctx, &ec2.DescribeSubnetsInput{Filters: filters("vpc-id", *vpc.VpcId)}))(w).Subnets[0]
	group := must(client.DescribeSecurityGroups(w.ctx, &ec2.DescribeSecurityGroupsInput{Filters: filters("group-name", "default")}))(w).SecurityGroups[0]
	i := must(w.run(func(in *ec2.RunInstancesInput) {
		in.NetworkInterfaces = []types.InstanceNetworkInterfaceSpecification{{
			DeviceIndex: aws.Int32(0), SubnetId: subnet.SubnetId, Groups: []string{*group.GroupId}, AssociatePublicIpAddress: aws.Bool(true),
		}}
	}))(w)
	same(w, "subnet", *i.SubnetId, *subnet.SubnetId)
	kinds := must(client.DescribeInstanceTypes(w.ctx, &ec2.DescribeInstanceTypesInput{InstanceTypes: []types.InstanceType{"m6g.medium"}}))(w)
	same(w, "architecture", kinds.InstanceTypes[0].ProcessorInfo.SupportedArchitectures[0], types.ArchitectureTypeArm64)
	_, err := client.DescribeInstanceTypes(w.ctx, &ec2.DescribeInstanceTypesInput{InstanceTypes: []types.InstanceType{"x9.huge"}})
	w.want(err, "InvalidInstanceType")
	offers := must(client.DescribeInstanceTypeOfferings(w.ctx, &ec2.DescribeInstanceTypeOfferingsInput{Filters: filters("instance-type", "t3.medium|x9.huge")}))(w)
	same(w, "offers", len(offers.InstanceTypeOfferings), 1)
	w.sim.SetDefaultVPC(home, false)
	same(w, "networks", len(must(client.DescribeVpcs(w.ctx, &ec2.DescribeVpcsInput{}))(w).Vpcs), 0)
}
