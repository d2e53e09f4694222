package aws

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"cloudimage/guest"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// ran is what Run remembers: when it sent the command.
type ran struct {
	Sent time.Time `json:"sent,omitzero"`
	Seen time.Time `json:"seen,omitzero"` // when the machine was last seen to be there
}

const (
	// polls is how often it is asked how a script stands, and seeing how often whether
	// its machine is there: a command of one that is gone ends by itself, but late.
	polls  = 20 * time.Second
	seeing = 2 * time.Minute
)

// Run runs a script in a machine. Systems Manager has no token for a command, so it
// is found by its comment, which carries the key.
func (c *Cloud) Run(ctx context.Context, w images.Work, machine string, s guest.Script) (images.Progress, error) {
	region, mem := c.regionOf(w), clouds.Recall[ran](w)
	if w.Ref != "" && w.Now.Sub(mem.Seen) < seeing {
		return c.follow(ctx, w, region, machine, w.Ref, mem, s)
	}
	in, err := c.instance(ctx, region, machine)
	switch {
	case err != nil:
		return images.Progress{}, err
	case in == nil && !clouds.Settles(w, time.Time{}):
		return images.Progress{}, clouds.Gone("The machine %s is not there any more.", machine)
	case in != nil && !alive(in):
		return images.Progress{}, ended(in)
	}
	mem.Seen = w.Now
	command := w.Ref
	if command == "" {
		found, err := c.commandOf(ctx, region, machine, comment(w.Key))
		if err != nil {
			return images.Progress{}, err
		}
		if found == nil {
			return c.send(ctx, w, region, machine, s)
		}
		command, mem.Sent = sdk.ToString(found.CommandId), sdk.ToTime(found.RequestedDateTime)
	}
	return c.follow(ctx, w, region, machine, command, mem, s)
}

// comment is what a command is found by. There is room for 100 characters.
func comment(key string) string { return "cloudimage " + clouds.Mark(key, 89) }

// commandOf is the first command of a comment that was sent to a machine; nil when
// there is none.
func (c *Cloud) commandOf(ctx context.Context, region, machine, comment string) (*types.Command, error) {
	list, err := all(ctx, c, listCommands, region, func(ctx context.Context, next *string) ([]types.Command, *string, error) {
		out, err := c.ssm(region).ListCommands(ctx, &ssm.ListCommandsInput{InstanceId: &machine, NextToken: next})
		if err != nil {
			return nil, nil, err
		}
		return out.Commands, out.NextToken, nil
	})
	if clouds.Is(err, images.Gone) { // the machine is not known there, so nothing was sent to it
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	oldest(list, func(v types.Command) string { return sdk.ToTime(v.RequestedDateTime).UTC().Format(time.RFC3339Nano) }, func(v types.Command) *string { return v.CommandId })
	for i := range list {
		if sdk.ToString(list[i].Comment) == comment {
			return &list[i], nil
		}
	}
	return nil, nil
}

// delivery is how long a command may take to reach a machine.
const delivery = 10 * time.Minute

// send sends the script.
func (c *Cloud) send(ctx context.Context, w images.Work, region, machine string, s guest.Script) (images.Progress, error) {
	out, err := ask(ctx, c, sendCommand, region, func(ctx context.Context) (*ssm.SendCommandOutput, error) {
		return c.ssm(region).SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: sdk.String("AWS-RunShellScript"), InstanceIds: []string{machine},
			Comment: sdk.String(comment(w.Key)), TimeoutSeconds: sdk.Int32(int32(delivery.Seconds())),
			Parameters: map[string][]string{
				"commands":         {s.Text},
				"executionTimeout": {strconv.Itoa(max(60, int(s.Timeout.Seconds())))},
			},
		})
	})
	switch {
	case clouds.Is(err, images.Gone) && w.Now.Sub(w.Since) < 5*time.Minute:
		return images.Progress{Note: "waiting for the agent of Systems Manager", Again: 10 * time.Second}, nil
	case err != nil:
		return images.Progress{}, err
	case out.Command == nil:
		return images.Progress{Note: "sent", Again: 5 * time.Second}, nil
	}
	return images.Progress{Ref: sdk.ToString(out.Command.CommandId), Memory: clouds.Remember(ran{w.Now, w.Now}), Note: "sent", Again: 5 * time.Second}, nil
}

// follow says how a command stands.
func (c *Cloud) follow(ctx context.Context, w images.Work, region, machine, command string, mem ran, s guest.Script) (images.Progress, error) {
	p := images.Progress{Ref: command, Memory: clouds.Remember(mem), Note: "running", Again: polls}
	out, err := ask(ctx, c, commandInvocation, region, func(ctx context.Context) (*ssm.GetCommandInvocationOutput, error) {
		return c.ssm(region).GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: &command, InstanceId: &machine})
	})
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(w, mem.Sent):
		p.Note, p.Again = "sent", 5*time.Second
		return p, nil
	case err != nil:
		return images.Progress{}, err
	}
	detail := sdk.ToString(out.StatusDetails)
	switch out.Status {
	case types.CommandInvocationStatusSuccess:
		p.Done, p.Note, p.Again = true, "", 0
		p.Output = sdk.ToString(out.StandardOutputContent)
		_, said, _ := guest.Read(p.Output)
		p.Silent = !said && c.imitated()
		return p, nil
	case types.CommandInvocationStatusPending, types.CommandInvocationStatusDelayed:
		p.Note = "waiting for the machine to take it"
		return p, nil
	case types.CommandInvocationStatusInProgress:
		return p, nil
	case types.CommandInvocationStatusCancelling:
		p.Note = "somebody cancels it"
		return p, nil
	}
	return images.Progress{}, c.scriptFault(out, detail, s)
}

// scriptFault is how a script failed, in words.
func (c *Cloud) scriptFault(out *ssm.GetCommandInvocationOutput, detail string, s guest.Script) error {
	stdout, stderr := sdk.ToString(out.StandardOutputContent), sdk.ToString(out.StandardErrorContent)
	f := &images.Fault{Class: images.ScriptFailed, What: s.Name, Code: cmp.Or(detail, string(out.Status)), Log: c.scrub(clouds.Log(stdout, stderr))}
	switch {
	case out.Status == types.CommandInvocationStatusCancelled:
		f.Said = "Somebody cancelled the command in Systems Manager."
	case out.Status == types.CommandInvocationStatusTimedOut && strings.EqualFold(strings.ReplaceAll(detail, " ", ""), "DeliveryTimedOut"):
		f.Said = fmt.Sprintf("The machine did not take the command within %s: its agent does not answer.", delivery)
	case out.Status == types.CommandInvocationStatusTimedOut:
		f.Said = fmt.Sprintf("The script did not end within %s and was stopped.", s.Timeout)
	case strings.EqualFold(detail, "Undeliverable"):
		f.Said = "The machine could not be given the command: its agent is not there."
	case strings.EqualFold(detail, "Terminated"):
		f.Said = "Systems Manager ended the command before it was through."
	default:
		f.Said = cmp.Or(c.clean(clouds.LastLine(stderr)), c.clean(clouds.LastLine(stdout)), fmt.Sprintf("The script ended with %d and said nothing.", out.ResponseCode))
	}
	return f
}
