package aws

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/workflow/images"
)

// What a change of the type AddDeliveryOptions is written as.
// https://docs.aws.amazon.com/marketplace/latest/APIReference/work-with-single-ami-products.html
type (
	addOptions struct {
		Version         addVersion
		DeliveryOptions []addOption
	}
	addVersion struct{ VersionTitle, ReleaseNotes string }
	addOption  struct{ Details addDetails }
	addDetails struct{ AmiDeliveryOptionDetails amiOption }
	amiOption  struct {
		AmiSource               amiSource
		UsageInstructions       string
		RecommendedInstanceType string
		SecurityGroups          []portRule
	}
	amiSource struct {
		AmiID                  string `json:"AmiId"`
		AccessRoleArn          string
		UserName               string
		OperatingSystemName    string
		OperatingSystemVersion string
		ScanningPort           int
	}
	portRule struct {
		IPProtocol string `json:"IpProtocol"`
		FromPort   int
		ToPort     int
		IPRanges   []string `json:"IpRanges"`
	}
)

// offer is the version as it is asked for.
func (c *Cloud) offer(w images.Work, o images.Offer) addOptions {
	architecture := ""
	if w.Order != nil {
		architecture = w.Order.Architecture
	}
	var ports []portRule
	for _, p := range []int{22, 80, 443} {
		ports = append(ports, portRule{"tcp", p, p, []string{"0.0.0.0/0"}})
	}
	return addOptions{
		Version: addVersion{o.Title, cmp.Or(o.Notes, o.Title)},
		DeliveryOptions: []addOption{{addDetails{amiOption{
			AmiSource: amiSource{
				AmiID: o.Image, AccessRoleArn: c.o.AccessRole, UserName: c.o.UserName,
				OperatingSystemName: c.o.OSName, OperatingSystemVersion: c.o.OSVersion, ScanningPort: 22,
			},
			UsageInstructions: c.o.Usage, RecommendedInstanceType: c.o.recommended(architecture), SecurityGroups: ports,
		}}}},
	}
}

// shareWith lets the accounts that scan for the marketplace use an image and its
// snapshots. It makes one call, and says which; empty when nothing is left to share.
func (c *Cloud) shareWith(ctx context.Context, w images.Work, id string) (string, error) {
	if len(c.o.Share) == 0 {
		return "", nil
	}
	out, err := ask(ctx, c, describeAttribute, market, func(ctx context.Context) (*ec2.DescribeImageAttributeOutput, error) {
		return c.ec2(market).DescribeImageAttribute(ctx, &ec2.DescribeImageAttributeInput{ImageId: &id, Attribute: types.ImageAttributeNameLaunchPermission})
	})
	if err != nil {
		return "", err
	}
	var lacks []types.LaunchPermission
	for _, account := range c.o.Share {
		if !slices.ContainsFunc(out.LaunchPermissions, func(p types.LaunchPermission) bool { return sdk.ToString(p.UserId) == account }) {
			lacks = append(lacks, types.LaunchPermission{UserId: &account})
		}
	}
	if len(lacks) > 0 {
		_, err := ask(ctx, c, modifyImage, market, func(ctx context.Context) (*ec2.ModifyImageAttributeOutput, error) {
			return c.ec2(market).ModifyImageAttribute(ctx, &ec2.ModifyImageAttributeInput{ImageId: &id, Attribute: sdk.String("launchPermission"), LaunchPermission: &types.LaunchPermissionModifications{Add: lacks}})
		})
		return "the image is shared for the scan", err
	}
	im, err := c.image(ctx, market, id)
	if err != nil || im == nil {
		return "", err
	}
	for _, s := range snapshotsOf(im) {
		if done, err := c.shareSnapshot(ctx, s); err != nil || done {
			return "a snapshot is shared for the scan", err
		}
	}
	return "", nil
}

// shareSnapshot shares a snapshot, and reports whether that was needed.
func (c *Cloud) shareSnapshot(ctx context.Context, id string) (bool, error) {
	out, err := ask(ctx, c, snapshotAttribute, market, func(ctx context.Context) (*ec2.DescribeSnapshotAttributeOutput, error) {
		return c.ec2(market).DescribeSnapshotAttribute(ctx, &ec2.DescribeSnapshotAttributeInput{SnapshotId: &id, Attribute: types.SnapshotAttributeNameCreateVolumePermission})
	})
	if err != nil {
		return false, err
	}
	var lacks []types.CreateVolumePermission
	for _, account := range c.o.Share {
		if !slices.ContainsFunc(out.CreateVolumePermissions, func(p types.CreateVolumePermission) bool { return sdk.ToString(p.UserId) == account }) {
			lacks = append(lacks, types.CreateVolumePermission{UserId: &account})
		}
	}
	if len(lacks) == 0 {
		return false, nil
	}
	_, err = ask(ctx, c, modifySnapshot, market, func(ctx context.Context) (*ec2.ModifySnapshotAttributeOutput, error) {
		return c.ec2(market).ModifySnapshotAttribute(ctx, &ec2.ModifySnapshotAttributeInput{
			SnapshotId: &id, Attribute: types.SnapshotAttributeNameCreateVolumePermission, CreateVolumePermission: &types.CreateVolumePermissionModifications{Add: lacks},
		})
	})
	return true, err
}

// Ways are those of AWS: an image is tried by machines of our own, and a version of a
// product has no preview.
func (c *Cloud) Ways() images.Ways { return images.Ways{} }

// Preview is not asked for: a product has none.
func (c *Cloud) Preview(context.Context, images.Work, images.Offer) (images.Progress, error) {
	return images.Progress{}, &images.Fault{Class: images.Invalid, Said: "A product of AWS Marketplace has no preview of a version."}
}

// Plea is what to write to those who run the marketplace for sellers.
func (c *Cloud) Plea(w images.Work, o images.Offer) images.Plea {
	if w.Ref == "" {
		return images.Plea{}
	}
	return images.Plea{Link: "https://aws.amazon.com/marketplace/management/contact-us", Text: fmt.Sprintf(
		"Hello,\n\nthe change set %s, which adds the version “%s” to the product %s, was started on %s and has not come to an end. Could you tell us what it waits for, and whether you need anything of us?\n\nThank you",
		w.Ref, o.Title, o.Product, w.Since.UTC().Format("2 January 2006, 15:04 UTC"))}
}
