package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// made is what Capture and Copy remember: when they made the image.
type made struct {
	At time.Time `json:"at,omitzero"`
}

// Capture makes the image of a stopped machine. CreateImage has no token; the name of
// an image is the account's only one in its region, and takes the place of it.
func (c *Cloud) Capture(ctx context.Context, w images.Work, machine string, im images.Image) (images.Progress, error) {
	region := c.regionOf(w)
	list, err := c.ownImages(ctx, region, filter("name", exactly(im.Name)))
	if err != nil {
		return images.Progress{}, err
	}
	for i := range list {
		if tagged(list[i].Tags, clouds.LabelBuild) != string(w.Build) {
			return images.Progress{}, nameTaken(im.Name, region, &list[i])
		}
	}
	// An earlier attempt may have captured another machine.
	fits := func(i *types.Image) bool {
		source := sdk.ToString(i.SourceInstanceId)
		return source == "" || source == machine
	}
	if p, err := c.imageMade(ctx, w, region, list, fits); p != nil || err != nil {
		return deref(p), err
	}
	out, err := ask(ctx, c, createImage, region, func(ctx context.Context) (*ec2.CreateImageOutput, error) {
		return c.ec2(region).CreateImage(ctx, &ec2.CreateImageInput{
			InstanceId: &machine, Name: &im.Name, Description: described(im), NoReboot: sdk.Bool(true),
			TagSpecifications: on(tagsFor(w, im.Name), types.ResourceTypeImage, types.ResourceTypeSnapshot),
		})
	})
	waiting := images.Progress{Note: "waiting for the image to be found", Again: 5 * time.Second}
	switch {
	case clouds.Coded(err, "InvalidAMIName.Duplicate"):
		return c.duplicate(ctx, w, region, im, err)
	case clouds.Coded(err, "IncorrectInstanceState", "InvalidParameterValue") && strings.Contains(strings.ToLower(clouds.Said(err)), "state") && w.Now.Sub(w.Since) < 15*time.Minute:
		waiting.Note, waiting.Again = "waiting for the machine to have stopped", 15*time.Second
		return waiting, nil
	case err != nil:
		return images.Progress{}, err
	}
	waiting.Ref, waiting.Memory = sdk.ToString(out.ImageId), clouds.Remember(made{w.Now})
	return waiting, nil
}

// duplicate is what becomes of a name that is taken although no image of that name
// was found: ours is not visible yet, or somebody was quicker.
func (c *Cloud) duplicate(ctx context.Context, w images.Work, region string, im images.Image, taken error) (images.Progress, error) {
	if id := imageID.FindString(clouds.Said(taken)); id != "" {
		there, err := c.image(ctx, region, id)
		switch {
		case err != nil:
			return images.Progress{}, err
		case there != nil && tagged(there.Tags, clouds.LabelBuild) == string(w.Build):
			return images.Progress{Ref: id, Memory: clouds.Remember(made{w.Now}), Note: "taking over the image that is there", Again: 5 * time.Second}, nil
		case there != nil:
			return images.Progress{}, nameTaken(im.Name, region, there)
		}
	}
	if clouds.Settles(w, time.Time{}) {
		return images.Progress{Note: "waiting for the image to be found", Again: 10 * time.Second}, nil
	}
	return images.Progress{}, taken
}

// imageMade says how the step's image stands, if there is one. A nil progress without an
// error is that it is to be made. List is what was found by its name, all of it the
// build's. The oldest that is good and fits stays; the others failed in an earlier
// attempt or are of one, or two of us were at it at once.
func (c *Cloud) imageMade(ctx context.Context, w images.Work, region string, list []types.Image, fits func(*types.Image) bool) (*images.Progress, error) {
	var keep *types.Image
	for i := range list {
		if im := &list[i]; keep == nil && !broken(im) && fits(im) {
			keep = im
		}
	}
	for i := range list {
		im := &list[i]
		if im == keep {
			continue
		}
		if keep == nil && broken(im) && tagged(im.Tags, clouds.LabelKey) == w.Key {
			return nil, c.brokenImage(im)
		}
		if err := c.deregister(ctx, region, sdk.ToString(im.ImageId)); err != nil {
			return nil, err
		}
		return &images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "removing " + sdk.ToString(im.ImageId) + ", which is not needed", Again: 5 * time.Second}, nil
	}
	mem := clouds.Recall[made](w)
	if keep == nil && w.Ref != "" {
		// The lists may lag behind what is asked for by its id.
		im, err := c.image(ctx, region, w.Ref)
		switch {
		case err != nil:
			return nil, err
		case im != nil && broken(im):
			return nil, c.brokenImage(im)
		case im == nil && !clouds.Settles(w, mem.At):
			return nil, clouds.Gone("The image %s is not in %s any more.", w.Ref, region)
		case im == nil:
			return &images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for the image to be found", Again: 5 * time.Second}, nil
		}
		keep = im
	}
	if keep == nil {
		return nil, nil
	}
	if mem.At.IsZero() {
		mem.At = w.Now
	}
	p := &images.Progress{Ref: sdk.ToString(keep.ImageId), Memory: clouds.Remember(mem)}
	if keep.State == types.ImageStateAvailable {
		p.Done = true
		return p, nil
	}
	p.Percent, p.Note, p.Again = c.percent(ctx, region, keep), "the image is "+string(keep.State), 20*time.Second
	return p, nil
}

// Copy copies the image to another region. CopyImage takes several images of one
// name, so besides its token the image is looked for before and after.
func (c *Cloud) Copy(ctx context.Context, w images.Work, im images.Image) (images.Progress, error) {
	region, home := c.regionOf(w), c.homeOf(w)
	if region == home {
		return images.Progress{Done: true, Ref: im.Source}, nil
	}
	list, err := c.ownImages(ctx, region, filter("name", exactly(im.Name)), withTag(clouds.LabelBuild, string(w.Build)))
	if err != nil {
		return images.Progress{}, err
	}
	fits := func(i *types.Image) bool {
		source := tagged(i.Tags, clouds.LabelSource)
		return source == "" || source == im.Source
	}
	if p, err := c.imageMade(ctx, w, region, list, fits); p != nil || err != nil {
		return deref(p), err
	}
	out, err := ask(ctx, c, copyImage, region, func(ctx context.Context) (*ec2.CopyImageOutput, error) {
		return c.ec2(region).CopyImage(ctx, &ec2.CopyImageInput{
			Name: &im.Name, Description: described(im), SourceImageId: &im.Source, SourceRegion: &home, ClientToken: token(w.Key),
			TagSpecifications: on(tagsFor(w, im.Name, tag(clouds.LabelSource, im.Source)), types.ResourceTypeImage, types.ResourceTypeSnapshot),
		})
	})
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(w, time.Time{}):
		return images.Progress{Note: "waiting for the image to be found", Again: 10 * time.Second}, nil
	case err != nil:
		return images.Progress{}, err
	}
	return images.Progress{Ref: sdk.ToString(out.ImageId), Memory: clouds.Remember(made{w.Now}), Note: "copying", Again: 10 * time.Second}, nil
}

// nameTaken is the fault of a name that an image has which is not of the build.
func nameTaken(name, region string, there *types.Image) error {
	whose := "not made here"
	if b := tagged(there.Tags, clouds.LabelBuild); b != "" {
		whose = "of the build " + b
	}
	return &images.Fault{Class: images.Invalid, What: sdk.ToString(there.ImageId), Code: "InvalidAMIName.Duplicate",
		Said: fmt.Sprintf("The name %q is taken in %s by %s, which is %s.", name, region, sdk.ToString(there.ImageId), whose),
		Link: console(region, "ec2/home?region="+region+"#ImageDetails:imageId="+sdk.ToString(there.ImageId))}
}

// described is the description of an image; nil for none.
func described(im images.Image) *string {
	if im.Description == "" {
		return nil
	}
	return sdk.String(clouds.Shorten(im.Description, 250))
}

func deref(p *images.Progress) images.Progress {
	if p == nil {
		return images.Progress{}
	}
	return *p
}
