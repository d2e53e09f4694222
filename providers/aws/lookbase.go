package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// base is the base image of an architecture, with what is wrong about it.
type base struct {
	images.Base
	problems []images.Problem
}

// lookForBases fills in the base images of orders.
func (c *Cloud) lookForBases(ctx context.Context, lanes []images.Lane) error {
	type of struct{ region, architecture string }
	found := map[of]base{}
	for i := range lanes {
		o := &lanes[i].Order
		key := of{c.orderHome(*o), o.Architecture}
		b, ok := found[key]
		if !ok {
			var err error
			if b, err = c.base(ctx, key.region, key.architecture); err != nil {
				if clouds.Heals(err) {
					return err
				}
				b.problems = append(b.problems, clouds.Problem(err, "", true))
			}
			found[key] = b
		}
		o.Base = b.Base
		for _, p := range b.problems {
			clouds.Add(&lanes[i], p)
		}
	}
	return nil
}

// base finds the base image: the one that its owner's parameter names, if the owner
// has such an image. An image that is not the owner's must never be one.
func (c *Cloud) base(ctx context.Context, region, architecture string) (base, error) {
	list, err := c.bases(ctx, region, architecture)
	if err != nil {
		return base{}, err
	}
	parameter := strings.ReplaceAll(c.o.BaseParameter, "{architecture}", architecture)
	named := ""
	out, err := ask(ctx, c, getParameter, region, func(ctx context.Context) (*ssm.GetParameterOutput, error) {
		return c.ssm(region).GetParameter(ctx, &ssm.GetParameterInput{Name: &parameter})
	})
	switch {
	case clouds.Heals(err):
		return base{}, err
	case err == nil && out.Parameter != nil:
		named = sdk.ToString(out.Parameter.Value)
	}
	if len(list) == 0 {
		return base{}, &images.Fault{Class: images.Invalid, What: c.baseName(architecture), Said: fmt.Sprintf("The account %s has no image %s for %s in %s.", c.o.BaseOwner, c.baseName(architecture), architecture, region)}
	}
	newest := &list[len(list)-1]
	chosen := newest
	var problems []images.Problem
	switch {
	case err != nil:
		p := clouds.Problem(err, "", false)
		p.What, p.Said = parameter, fmt.Sprintf("The parameter %s cannot be read, so the newest image of that name is taken. %s", parameter, clouds.Said(err))
		problems = append(problems, p)
	default:
		chosen = nil
		for i := range list {
			if sdk.ToString(list[i].ImageId) == named {
				chosen = &list[i]
			}
		}
	}
	if chosen == nil {
		return base{}, &images.Fault{Class: images.Invalid, What: named, Said: fmt.Sprintf("The parameter %s names %s, which is no available image %s of the account %s.", parameter, named, c.baseName(architecture), c.o.BaseOwner)}
	}
	if chosen != newest {
		problems = append(problems, images.Problem{Class: images.OldBase, What: sdk.ToString(newest.ImageId),
			Said: fmt.Sprintf("The parameter %s names %s of %s, and there is a newer one: %s of %s.", parameter, named, day(chosen), sdk.ToString(newest.ImageId), day(newest))})
	}
	b := base{images.Base{ID: sdk.ToString(chosen.ImageId), Name: sdk.ToString(chosen.Name), Made: createdAt(sdk.ToString(chosen.CreationDate))}, problems}
	if age := c.o.Now().Sub(b.Made); age > c.o.BaseMaxAge {
		b.problems = append(b.problems, images.Problem{Class: images.OldBase, What: b.ID,
			Said: fmt.Sprintf("The base image %s was made on %s, %d days ago.", b.ID, day(chosen), int(age.Hours()/24))})
	}
	return b, nil
}

func (c *Cloud) baseName(architecture string) string {
	return strings.ReplaceAll(c.o.BaseName, "{architecture}", architecture)
}

// bases are the images that can be a base, the oldest first.
func (c *Cloud) bases(ctx context.Context, region, architecture string) ([]types.Image, error) {
	arch := string(types.ArchitectureValuesX8664)
	if architecture == "arm64" {
		arch = string(types.ArchitectureValuesArm64)
	}
	list, err := all(ctx, c, describeImages, region, func(ctx context.Context, next *string) ([]types.Image, *string, error) {
		out, err := c.ec2(region).DescribeImages(ctx, &ec2.DescribeImagesInput{
			Owners: []string{c.o.BaseOwner}, NextToken: next,
			Filters: []types.Filter{
				filter("name", c.baseName(architecture)), filter("architecture", arch), filter("state", "available"),
				filter("root-device-type", "ebs"), filter("virtualization-type", "hvm"),
			},
		})
		if err != nil {
			return nil, nil, err
		}
		return out.Images, out.NextToken, nil
	})
	if err != nil {
		return nil, err
	}
	// A filter that a server does not know must not let anybody's image in.
	kept := list[:0]
	for _, im := range list {
		if sdk.ToString(im.OwnerId) == c.o.BaseOwner && string(im.Architecture) == arch && im.State == types.ImageStateAvailable {
			kept = append(kept, im)
		}
	}
	oldest(kept, func(i types.Image) string { return sdk.ToString(i.CreationDate) }, func(i types.Image) *string { return i.ImageId })
	return kept, nil
}

func createdAt(date string) time.Time {
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func day(im *types.Image) string {
	return createdAt(sdk.ToString(im.CreationDate)).Format("2 Jan 2006")
}
