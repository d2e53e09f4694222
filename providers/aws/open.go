package aws

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file opens images to everybody and closes them again. The rules are: that the
// protection is going to be off is on disk before it is turned off; whatever happens
// after that, it is turned on before anything is reported; and it stays on at the end
// even if it was off before, since that is what was confirmed.

// opening is what Open and Close remember.
type opening struct {
	Stage stage `json:"stage,omitempty"`
	// Off and On are when turning the protection off and on was asked for last.
	Off time.Time `json:"off,omitzero"`
	On  time.Time `json:"on,omitzero"`
	// Pending says that it may be about to turn off still: that was asked for, and it was
	// not seen off. Until it is, what says that it is on says nothing.
	Pending bool `json:"pending,omitempty"`
	// Fault is what the image could not be opened for.
	Fault *images.Fault `json:"fault,omitempty"`
}

// stage is how far a step with several calls has come.
type stage string

const (
	stageOff stage = "off" // the protection is to be off, and then the image public
	stageOn  stage = "on"  // the protection is to be on
)

// protectionTakes is how long a change of the protection takes at most: AWS says ten
// minutes. Asking again sooner could begin it anew.
const protectionTakes = 12 * time.Minute

// givesUp is how long it is tried to make an image public with the protection off. It is
// well before the step is given up: by then the protection is on again.
const givesUp = time.Hour

func tooLong() *images.Fault {
	return &images.Fault{Class: images.TooLong, Said: "It could not be made public within an hour. The protection is on again."}
}

// Open makes an image public.
func (c *Cloud) Open(ctx context.Context, w images.Work, im images.Image, unblock bool) (images.Progress, error) {
	mem := clouds.Recall[opening](w)
	switch mem.Stage {
	case stageOff:
		return c.openUnprotected(ctx, w, im, mem)
	case stageOn:
		return c.protectAgain(ctx, w, mem)
	}
	if w.Halt != nil {
		return images.Progress{}, w.Halt
	}
	region := c.regionOf(w)
	found, err := c.there(ctx, w, im)
	if err != nil {
		return again(w, err)
	}
	public := sdk.ToBool(found.Public)
	if unblock {
		p := images.Progress{Ref: *found.ImageId, Memory: clouds.Remember(opening{Stage: stageOff}), Note: "turning the protection off"}
		if public {
			p.Memory, p.Note = clouds.Remember(opening{Stage: stageOn}), "turning the protection on"
		}
		return p, nil
	}
	if public {
		return images.Progress{Ref: *found.ImageId, Done: true}, nil
	}
	state, err := c.protection(ctx, region)
	if err != nil {
		return images.Progress{}, err
	}
	if state.on {
		return images.Progress{}, blockedIn(region, state)
	}
	if err := c.permit(ctx, region, *found.ImageId, true); err != nil {
		return images.Progress{}, err
	}
	return images.Progress{Ref: *found.ImageId, Note: "it becomes public", Again: 2 * time.Second}, nil
}

// openUnprotected turns the protection off and then makes the image public. A
// failure turns it on again first.
func (c *Cloud) openUnprotected(ctx context.Context, w images.Work, im images.Image, mem opening) (images.Progress, error) {
	region := c.regionOf(w)
	on := func(f *images.Fault, pending bool) (images.Progress, error) {
		return images.Progress{Ref: w.Ref, Memory: clouds.Remember(opening{Stage: stageOn, Pending: pending, Fault: f}), Note: "turning the protection on"}, nil
	}
	failed := func(err error, pending bool) (images.Progress, error) {
		var f *images.Fault
		switch {
		case w.Now.Sub(w.Since) >= givesUp:
			return on(tooLong(), pending)
		case !errors.As(err, &f) || f.Class.Heals():
			return images.Progress{}, err
		}
		return on(f, pending)
	}
	wait := func(note string, d time.Duration) (images.Progress, error) {
		return images.Progress{Ref: w.Ref, Memory: clouds.Remember(mem), Note: note, Again: d}, nil
	}
	state, err := c.protection(ctx, region)
	if err != nil {
		return failed(err, true)
	}
	found, err := c.there(ctx, w, im)
	switch {
	case err != nil:
		return failed(err, state.on)
	case sdk.ToBool(found.Public):
		return on(nil, state.on)
	case w.Halt != nil:
		return on(w.Halt, true)
	case w.Now.Sub(w.Since) >= givesUp:
		return on(tooLong(), state.on)
	case state.on && state.fixed:
		return images.Progress{}, blockedIn(region, state)
	case state.on && w.Now.Sub(mem.Off) >= protectionTakes:
		if err := c.unprotect(ctx, region); err != nil {
			return failed(err, true)
		}
		mem.Off = w.Now
		return wait("waiting for the protection to be off", 15*time.Second)
	case state.on:
		return wait("waiting for the protection to be off", 15*time.Second)
	}
	err = c.permit(ctx, region, *found.ImageId, true)
	switch {
	case clouds.Is(err, images.Blocked):
		// What the setting says and what holds differ for a while.
		return wait("waiting for the protection to be off", 15*time.Second)
	case err != nil:
		return failed(err, false)
	}
	return wait("it becomes public", 2*time.Second)
}

// protectAgain turns the protection on, and reports how opening went when it is.
func (c *Cloud) protectAgain(ctx context.Context, w images.Work, mem opening) (images.Progress, error) {
	p, done, err := c.protected(ctx, w, &mem)
	if err != nil {
		return images.Progress{}, err
	}
	if !done {
		p.Ref, p.Memory = w.Ref, clouds.Remember(mem)
		return p, nil
	}
	if mem.Fault != nil {
		return images.Progress{}, mem.Fault
	}
	return images.Progress{Ref: w.Ref, Done: true}, nil
}

// protected brings the protection on, and reports whether it is.
func (c *Cloud) protected(ctx context.Context, w images.Work, mem *opening) (images.Progress, bool, error) {
	region := c.regionOf(w)
	state, err := c.protection(ctx, region)
	if err != nil {
		return images.Progress{}, false, err
	}
	asked := w.Now.Sub(mem.On)
	settled := !mem.Pending || state.fixed || !mem.On.IsZero() && asked >= protectionTakes
	if state.on && settled {
		return images.Progress{}, true, nil
	}
	if mem.On.IsZero() || !state.on && asked >= protectionTakes {
		if _, err := ask(ctx, c, protect, region, func(ctx context.Context) (*ec2.EnableImageBlockPublicAccessOutput, error) {
			return c.ec2(region).EnableImageBlockPublicAccess(ctx, &ec2.EnableImageBlockPublicAccessInput{
				ImageBlockPublicAccessState: types.ImageBlockPublicAccessEnabledStateBlockNewSharing,
			})
		}); err != nil {
			return images.Progress{}, false, err
		}
		mem.On = w.Now
	}
	return images.Progress{Note: "waiting for the protection to be on", Again: 30 * time.Second}, false, nil
}

// Close takes an image back from everybody, and turns the protection on.
func (c *Cloud) Close(ctx context.Context, w images.Work, im images.Image, unblock bool) (images.Progress, error) {
	region, mem := c.regionOf(w), clouds.Recall[opening](w)
	found, err := c.there(ctx, w, im)
	if err != nil && !clouds.Is(err, images.Gone, images.Invalid) {
		return images.Progress{}, err
	}
	if err == nil && sdk.ToBool(found.Public) {
		if err := c.permit(ctx, region, *found.ImageId, false); err != nil && !clouds.Is(err, images.Gone) {
			return images.Progress{}, err
		}
		return images.Progress{Memory: w.Memory, Note: "it stops being public", Again: 2 * time.Second}, nil
	}
	if unblock {
		mem.Pending = true // what Open had asked for last is not known here
		p, done, err := c.protected(ctx, w, &mem)
		if err != nil || !done {
			p.Memory = clouds.Remember(mem)
			return p, err
		}
	}
	return images.Progress{Done: true}, nil
}

// permit lets everybody use an image, or nobody else.
func (c *Cloud) permit(ctx context.Context, region, id string, public bool) error {
	everybody := []types.LaunchPermission{{Group: types.PermissionGroupAll}}
	change := &types.LaunchPermissionModifications{Add: everybody}
	if !public {
		change = &types.LaunchPermissionModifications{Remove: everybody}
	}
	_, err := ask(ctx, c, modifyImage, region, func(ctx context.Context) (*ec2.ModifyImageAttributeOutput, error) {
		return c.ec2(region).ModifyImageAttribute(ctx, &ec2.ModifyImageAttributeInput{ImageId: &id, Attribute: sdk.String("launchPermission"), LaunchPermission: change})
	})
	return err
}

func (c *Cloud) unprotect(ctx context.Context, region string) error {
	_, err := ask(ctx, c, unprotect, region, func(ctx context.Context) (*ec2.DisableImageBlockPublicAccessOutput, error) {
		return c.ec2(region).DisableImageBlockPublicAccess(ctx, &ec2.DisableImageBlockPublicAccessInput{})
	})
	return err
}

// protectionState is how the protection against public images stands in a region.
type protectionState struct {
	on    bool
	fixed bool // by a policy of the organization
}

func (c *Cloud) protection(ctx context.Context, region string) (protectionState, error) {
	out, err := ask(ctx, c, protection, region, func(ctx context.Context) (*ec2.GetImageBlockPublicAccessStateOutput, error) {
		return c.ec2(region).GetImageBlockPublicAccessState(ctx, &ec2.GetImageBlockPublicAccessStateInput{})
	})
	if c.unknownTo(err) { // there is no such thing there
		return protectionState{}, nil
	}
	if err != nil {
		return protectionState{}, err
	}
	return protectionState{
		on:    sdk.ToString(out.ImageBlockPublicAccessState) != string(types.ImageBlockPublicAccessDisabledStateUnblocked),
		fixed: out.ManagedBy == types.ManagedByDeclarativePolicy,
	}, nil
}

// blockedIn is the fault of a region whose protection is on.
func blockedIn(region string, s protectionState) *images.Fault {
	f := &images.Fault{Class: images.Blocked, What: region, Link: console(region, "ec2/home?region="+region+"#Settings:tab=dataProtectionAndSecurity"),
		Said: fmt.Sprintf("Block public access for AMIs is on in %s.", region)}
	if s.fixed {
		f.Said += " A declarative policy of the organization fixes it, so the account cannot turn it off."
	}
	return f
}

// IsPublic reports whether an image is public. One that is not there is not.
func (c *Cloud) IsPublic(ctx context.Context, region, id string) (bool, error) {
	im, err := c.image(ctx, region, id)
	return im != nil && sdk.ToBool(im.Public), err
}
