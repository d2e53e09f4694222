package awssim_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"cloudimage/providers/aws/awssim"
)

// guest answers by what a script says.
type guest struct {
	mu       sync.Mutex
	commands []awssim.Command
	handed   []string
}

func (g *guest) Run(c awssim.Command) awssim.Outcome {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.commands = append(g.commands, c)
	switch {
	case strings.Contains(c.Script, "false"):
		return awssim.Outcome{ExitCode: 3, Stderr: "no"}
	case strings.Contains(c.Script, "hang"):
		return awssim.Outcome{Never: true}
	case strings.Contains(c.Script, "long"):
		return awssim.Outcome{Takes: time.Hour}
	case strings.Contains(c.Script, "much"):
		return awssim.Outcome{Stdout: strings.Repeat("x", 30000)}
	}
	return awssim.Outcome{Stdout: "done\n", Takes: 10 * time.Second}
}

func (g *guest) Captured(instance, image string) { g.handed = append(g.handed, instance+" "+image) }
func (g *guest) Copied(from, to string)          { g.handed = append(g.handed, from+" "+to) }

func withGuest(g awssim.Guest) func(*awssim.Options) {
	return func(o *awssim.Options) { o.Guest = g }
}

func (w *world) send(instance, script string, more ...string) (string, error) {
	out, err := w.ssm().SendCommand(w.ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{instance}, Comment: aws.String("run r1 step 1"),
		Parameters: map[string][]string{"commands": append([]string{script}, more...), "executionTimeout": {"600"}},
	})
	if err != nil {
		return "", err
	}
	return *out.Command.CommandId, nil
}

func (w *world) invocation(instance, id string) *ssm.GetCommandInvocationOutput {
	w.Helper()
	return must(w.ssm().GetCommandInvocation(w.ctx, &ssm.GetCommandInvocationInput{CommandId: aws.String(id), InstanceId: aws.String(instance)}))(w)
}

func TestCommands(t *testing.T) {
	g := &guest{}
	w := setup(t, withGuest(g))
	i := must(w.run())(w)
	m := *i.InstanceId
	_, err := w.send(m, "true")
	w.want(err, "InvalidInstanceId")
	info := func() []types.InstanceInformation {
		return must(w.ssm().DescribeInstanceInformation(w.ctx, &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: []string{m}}},
		}))(w).InstanceInformationList
	}
	same(w, "agents", len(info()), 0)
	w.clock.pass(2 * time.Minute)
	same(w, "ping", info()[0].PingStatus, types.PingStatusOnline)

	id := must(w.send(m, "set -e", "apt-get update"))(w)
	_, err = w.ssm().GetCommandInvocation(w.ctx, &ssm.GetCommandInvocationInput{CommandId: aws.String(id), InstanceId: aws.String(m)})
	w.want(err, "InvocationDoesNotExist")
	w.clock.pass(2 * time.Second)
	got := w.invocation(m, id)
	same(w, "status", got.Status, types.CommandInvocationStatusInProgress)
	same(w, "code", got.ResponseCode, -1)
	w.clock.pass(10 * time.Second)
	got = w.invocation(m, id)
	same(w, "status", got.Status, types.CommandInvocationStatusSuccess)
	same(w, "output", *got.StandardOutputContent, "done\n")
	same(w, "commands", len(g.commands), 1)
	same(w, "script", g.commands[0].Script, "set -e\napt-get update")
	same(w, "tag", g.commands[0].Tags["run"], "r1")

	for script, want := range map[string]types.CommandInvocationStatus{
		"false": types.CommandInvocationStatusFailed, "long": types.CommandInvocationStatusTimedOut,
		"hang": types.CommandInvocationStatusTimedOut,
	} {
		id := must(w.send(m, script))(w)
		w.clock.pass(2 * time.Hour)
		if got := w.invocation(m, id); got.Status != want {
			t.Errorf("%s: %v; want %v", script, got.Status, want)
		}
	}
	id = must(w.send(m, "much"))(w)
	w.clock.pass(time.Minute)
	same(w, "length of the output", len(*w.invocation(m, id).StandardOutputContent), 24000)

	id = must(w.send(m, "long"))(w)
	w.clock.pass(time.Minute)
	must(w.ssm().CancelCommand(w.ctx, &ssm.CancelCommandInput{CommandId: aws.String(id)}))(w)
	same(w, "status", w.invocation(m, id).Status, types.CommandInvocationStatusCancelled)

	id = must(w.send(m, "apt-get upgrade"))(w)
	w.clock.pass(5 * time.Second)
	must(w.ec2(home).TerminateInstances(w.ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{m}}))(w)
	w.clock.pass(time.Minute)
	same(w, "status while nobody knows", w.invocation(m, id).Status, types.CommandInvocationStatusInProgress)
	w.clock.pass(10 * time.Minute)
	same(w, "status", w.invocation(m, id).Status, types.CommandInvocationStatusTimedOut)
}

func TestCommandsAreListed(t *testing.T) {
	w := setup(t, withGuest(&guest{}))
	m := w.machine()
	for range 7 {
		must(w.send(m, "true"))(w)
		w.clock.pass(time.Minute)
	}
	after := w.clock.now().Add(-150 * time.Second).Format(time.RFC3339)
	out := must(w.ssm().ListCommands(w.ctx, &ssm.ListCommandsInput{
		InstanceId: aws.String(m), Filters: []types.CommandFilter{{Key: types.CommandFilterKeyInvokedAfter, Value: aws.String(after)}},
	}))(w)
	same(w, "commands", len(out.Commands), 2)
	same(w, "comment", *out.Commands[0].Comment, "run r1 step 1")
	same(w, "status", out.Commands[0].Status, types.CommandStatusSuccess)
	pages := ssm.NewListCommandsPaginator(w.ssm(), &ssm.ListCommandsInput{MaxResults: aws.Int32(3)})
	n := 0
	for pages.HasMorePages() {
		n += len(must(pages.NextPage(w.ctx))(w).Commands)
	}
	same(w, "commands in pages", n, 7)
	runs := must(w.ssm().ListCommandInvocations(w.ctx, &ssm.ListCommandInvocationsInput{InstanceId: aws.String(m), Details: true}))(w)
	same(w, "runs", len(runs.CommandInvocations), 7)
	same(w, "output", *runs.CommandInvocations[0].CommandPlugins[0].Output, "done\n")
	_, err := w.ssm().SendCommand(w.ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{m}, Comment: aws.String(strings.Repeat("x", 101)),
		Parameters: map[string][]string{"commands": {"true"}},
	})
	w.want(err, "ValidationException")
	_, err = w.ssm().SendCommand(w.ctx, &ssm.SendCommandInput{DocumentName: aws.String("Other"), InstanceIds: []string{m}})
	w.want(err, "InvalidDocument")
	_, err = w.ssm().GetParameter(w.ctx, &ssm.GetParameterInput{Name: aws.String("/nothing")})
	w.want(err, "ParameterNotFound")
	both := must(w.ssm().GetParameters(w.ctx, &ssm.GetParametersInput{Names: []string{
		"/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id", "/nothing",
	}}))(w)
	same(w, "found", len(both.Parameters), 1)
	same(w, "not found", both.InvalidParameters[0], "/nothing")
}

func TestAGuestHandsOnWhatItRemembers(t *testing.T) {
	g := &guest{}
	w := setup(t, withGuest(g))
	id := w.image("GitLab")
	out := must(w.ec2("us-west-2").CopyImage(w.ctx, &ec2.CopyImageInput{SourceImageId: aws.String(id), SourceRegion: aws.String(home), Name: aws.String("copy")}))(w)
	same(w, "events", len(g.handed), 2)
	same(w, "copy", g.handed[1], id+" "+*out.ImageId)
}
