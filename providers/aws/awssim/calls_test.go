package awssim_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"

	"cloudimage/providers/aws/awssim"
)

func (w *world) body(r *http.Request) string {
	w.Helper()
	out := must(http.DefaultClient.Do(r))(w)
	defer func() { _ = out.Body.Close() }()
	return string(must(io.ReadAll(out.Body))(w))
}

func machines(w *world) int { return len(w.sim.State().Region(home).Instances) }

func TestFaults(t *testing.T) {
	w := setup(t)
	w.sim.Inject("ec2:RunInstances", home, 1, false, awssim.Fault{Status: 503, Code: "Unavailable", Message: "Later."})
	_, err := w.run()
	w.want(err, "Unavailable")
	same(w, "machines", machines(w), 0)

	w.sim.Inject("ec2:RunInstances", "", 1, true, awssim.Fault{Status: 500, Code: "InternalError"})
	_, err = w.run()
	w.want(err, "InternalError")
	same(w, "machines", machines(w), 1)

	w.sim.Inject("ec2:*", "eu-west-1", 1, true, awssim.Fault{Code: "Never"})
	w.sim.Inject("ec2:RunInstances", home, 1, true, awssim.Fault{Drop: true})
	_, err = w.run()
	if _, ok := errors.AsType[smithy.APIError](err); err == nil || ok {
		t.Errorf("the error is %v; want one of the connection", err)
	}
	same(w, "machines", machines(w), 2)
	must(w.run())(w)
	w.sim.ClearFaults()
	must(w.ec2("eu-west-1").DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{}))(w)
}

func TestRetriesFindTheSameMachine(t *testing.T) {
	w := setup(t)
	c := w.config(home)
	c.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	w.sim.Inject("ec2:RunInstances", "", 2, true, awssim.Fault{Drop: true})
	_, err := ec2.NewFromConfig(c).RunInstances(w.ctx, &ec2.RunInstancesInput{
		ImageId: aws.String(w.base(home)), InstanceType: "t3.small", MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	})
	w.want(err, "")
	same(w, "machines", machines(w), 1)
}

func TestCallsAreRemembered(t *testing.T) {
	w := setup(t)
	var heard []string
	w.sim.OnCall(func(c awssim.Call, done bool) *awssim.Fault {
		if c.Operation != "RunInstances" {
			return nil
		}
		heard = append(heard, map[bool]string{false: "before", true: "after"}[done])
		same(w, "machines at that moment", machines(w), map[bool]int{false: 0, true: 1}[done])
		if done {
			return &awssim.Fault{Status: 400, Code: "Interrupted"}
		}
		return nil
	})
	_, err := w.run()
	w.want(err, "Interrupted")
	same(w, "moments", len(heard), 2)
	calls := w.sim.Calls()
	last := calls[len(calls)-1]
	same(w, "call", last.Service+":"+last.Operation+" "+last.Region+" "+last.Error, "ec2:RunInstances us-east-1 Interrupted")
	same(w, "type", last.Params["InstanceType"], "t3.medium")
	same(w, "principal", last.Principal, "arn:aws:iam::123456789012:user/cloud-image")
	same(w, "name", calls[0].Params["Name"], "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id")
	same(w, "number", last.Seq, len(calls))
}

func TestWhatComesTooFast(t *testing.T) {
	w := setup(t, func(o *awssim.Options) { o.Rates = true })
	w.sim.SetVCPULimit("", 1000)
	base := w.base(home)
	run := func() error {
		_, err := w.ec2(home).RunInstances(w.ctx, &ec2.RunInstancesInput{ImageId: aws.String(base), InstanceType: "t3.small", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
		return err
	}
	for range 5 {
		w.want(run(), "")
	}
	w.want(run(), "RequestLimitExceeded")
	w.clock.pass(time.Second)
	w.want(run(), "")
	w.want(run(), "")
	w.want(run(), "RequestLimitExceeded")
	list := func(in *ec2.DescribeImagesInput) (n int) {
		for {
			if _, err := w.ec2(home).DescribeImages(w.ctx, in); err != nil {
				w.want(err, "RequestLimitExceeded")
				return n
			}
			n++
		}
	}
	same(w, "lists of all", list(&ec2.DescribeImagesInput{}), 50)
	w.clock.pass(time.Hour)
	same(w, "narrow lists", list(&ec2.DescribeImagesInput{Filters: filters("state", "available")}), 100)
}
