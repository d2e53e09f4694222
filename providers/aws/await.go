package aws

import (
	"context"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// await says how far a machine is on its way to taking commands: it runs, its checks
// pass, and its agent answers.
func (c *Cloud) await(ctx context.Context, w images.Work, region string, mem launched, in *types.Instance) (images.Progress, error) {
	id := sdk.ToString(in.InstanceId)
	if mem.Made.IsZero() {
		mem.Made = w.Now
	}
	p := images.Progress{Ref: id, Memory: clouds.Remember(mem), Note: "starting", Again: 5 * time.Second}
	switch stateOf(in) {
	case types.InstanceStateNamePending:
		return p, nil
	case types.InstanceStateNameRunning:
	default:
		return images.Progress{}, ended(in)
	}
	p.Again = 15 * time.Second
	var skipped []string
	switch ok, note, err := c.healthy(ctx, region, id); {
	case c.unknownTo(err):
		skipped = append(skipped, "DescribeInstanceStatus")
	case err != nil:
		return images.Progress{}, err
	case !ok:
		p.Note = note
		return p, nil
	}
	switch ok, err := c.online(ctx, region, id); {
	case c.unknownTo(err):
		skipped = append(skipped, "DescribeInstanceInformation")
	case err != nil:
		return images.Progress{}, err
	case !ok:
		p.Note = "waiting for the agent of Systems Manager"
		if c.o.Profile == "" {
			p.Note += ", for which no instance profile is configured"
		}
		return p, nil
	}
	p.Done, p.Note, p.Again = true, "", 0
	if len(skipped) > 0 {
		p.Note = "this server does not know " + strings.Join(skipped, " and ")
	}
	return p, nil
}

// healthy reports whether the checks of a machine pass, and if not, in words how they
// stand.
func (c *Cloud) healthy(ctx context.Context, region, id string) (bool, string, error) {
	out, err := ask(ctx, c, describeStatus, region, func(ctx context.Context) (*ec2.DescribeInstanceStatusOutput, error) {
		return c.ec2(region).DescribeInstanceStatus(ctx, &ec2.DescribeInstanceStatusInput{InstanceIds: []string{id}})
	})
	if clouds.Is(err, images.Gone) { // the list of machines knows it; this one does not yet
		return false, "waiting for the machine's checks", nil
	}
	if err != nil {
		return false, "", err
	}
	for _, s := range out.InstanceStatuses {
		if s.InstanceStatus == nil || s.SystemStatus == nil || sdk.ToString(s.InstanceId) != id {
			continue
		}
		if s.InstanceStatus.Status == types.SummaryStatusOk && s.SystemStatus.Status == types.SummaryStatusOk {
			return true, "", nil
		}
		if s.InstanceStatus.Status == types.SummaryStatusImpaired || s.SystemStatus.Status == types.SummaryStatusImpaired {
			return false, "the machine's checks do not pass", nil
		}
	}
	return false, "waiting for the machine's checks", nil
}

// online reports whether a machine takes commands.
func (c *Cloud) online(ctx context.Context, region, id string) (bool, error) {
	out, err := ask(ctx, c, describeManaged, region, func(ctx context.Context) (*ssm.DescribeInstanceInformationOutput, error) {
		return c.ssm(region).DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			Filters: []ssmtypes.InstanceInformationStringFilter{{Key: sdk.String("InstanceIds"), Values: []string{id}}},
		})
	})
	if clouds.Is(err, images.Gone) || clouds.Coded(err, "InvalidInstanceInformationFilterValue") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, i := range out.InstanceInformationList {
		if sdk.ToString(i.InstanceId) == id && i.PingStatus == ssmtypes.PingStatusOnline {
			return true, nil
		}
	}
	return false, nil
}

// unknownTo reports whether a server that is not AWS does not know an action.
func (c *Cloud) unknownTo(err error) bool {
	return c.elsewhere() && clouds.Coded(err, "InvalidAction", "UnknownOperationException", "UnknownOperation", "UnsupportedOperation", "NotImplemented", "NotImplementedException", "UnknownAction")
}
