package awssim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/aws/awssim"
)

func filters(pairs ...string) []types.Filter {
	var out []types.Filter
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Filter{Name: aws.String(pairs[i]), Values: strings.Split(pairs[i+1], "|")})
	}
	return out
}

func TestBaseImages(t *testing.T) {
	w := setup(t)
	out := must(w.ec2("eu-west-1").DescribeImages(w.ctx, &ec2.DescribeImagesInput{
		Owners: []string{"099720109477"},
		Filters: filters("name", "ubuntu/images/*ubuntu-noble-24.04-amd64-server-*", "state", "available", "architecture", "x86_64",
			"root-device-type", "ebs", "virtualization-type", "hvm"),
	}))(w)
	same(w, "base images", len(out.Images), 2)
	newest := out.Images[0]
	for _, i := range out.Images {
		if *i.CreationDate > *newest.CreationDate {
			newest = i
		}
	}
	same(w, "parameter", w.base("eu-west-1"), *newest.ImageId)
	same(w, "date", *newest.CreationDate, "2026-08-16T09:00:00.000Z")
	w.sim.PublishBase("amd64", w.clock.now().Add(-time.Hour))
	if id := w.base("eu-west-1"); id == *newest.ImageId {
		t.Error("the parameter names the older image")
	}
	w.sim.SetBaseAge(30 * 24 * time.Hour)
	same(w, "date", *w.described(home, w.base(home)).CreationDate, "2026-07-21T09:00:00.000Z")
}

func TestAnImageIsMade(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	m := w.machine()
	in := &ec2.CreateImageInput{
		InstanceId: aws.String(m), Name: aws.String("GitLab EE 18.5.0"), Description: aws.String("GitLab"),
		TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeImage, Tags: []types.Tag{{Key: aws.String("run"), Value: aws.String("r1")}}},
			{ResourceType: types.ResourceTypeSnapshot, Tags: []types.Tag{{Key: aws.String("run"), Value: aws.String("r1")}}},
		},
	}
	id := *must(client.CreateImage(w.ctx, in))(w).ImageId
	_, err := client.DescribeImages(w.ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	w.want(err, "InvalidAMIID.NotFound")
	_, err = client.CreateImage(w.ctx, in)
	w.want(err, "InvalidAMIName.Duplicate")
	if !strings.Contains(err.Error(), "AMI name GitLab EE 18.5.0 is already in use by AMI "+id) {
		t.Errorf("the error is %v", err)
	}
	w.clock.pass(3 * time.Second)
	i := w.described(home, id)
	same(w, "state", i.State, types.ImageStatePending)
	same(w, "source", *i.SourceInstanceId, m)
	_, err = w.ec2("us-west-2").CopyImage(w.ctx, &ec2.CopyImageInput{SourceImageId: aws.String(id), SourceRegion: aws.String(home), Name: aws.String("copy")})
	w.want(err, "InvalidRequest")
	w.clock.pass(5 * time.Minute)
	i = w.described(home, id)
	same(w, "state", i.State, types.ImageStateAvailable)
	snap := *i.BlockDeviceMappings[0].Ebs.SnapshotId
	snaps := must(client.DescribeSnapshots(w.ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, Filters: filters("tag:run", "r1")}))(w)
	same(w, "snapshot", *snaps.Snapshots[0].SnapshotId, snap)
	_, err = client.DeleteSnapshot(w.ctx, &ec2.DeleteSnapshotInput{SnapshotId: aws.String(snap)})
	w.want(err, "InvalidSnapshot.InUse")
	gone := must(client.DeregisterImage(w.ctx, &ec2.DeregisterImageInput{ImageId: aws.String(id), DeleteAssociatedSnapshots: aws.Bool(true)}))(w)
	same(w, "snapshots that went too", *gone.DeleteSnapshotResults[0].SnapshotId, snap)
	_, err = client.DescribeImages(w.ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	w.want(err, "InvalidAMIID.NotFound")
	_, err = w.run(func(in *ec2.RunInstancesInput) { in.ImageId = aws.String(id) })
	w.want(err, "InvalidAMIID.Unavailable")

	in.Name = aws.String("a*")
	_, err = client.CreateImage(w.ctx, in)
	w.want(err, "InvalidAMIName.Malformed")
	must(client.TerminateInstances(w.ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{m}}))(w)
	in.Name = aws.String("late")
	_, err = client.CreateImage(w.ctx, in)
	w.want(err, "IncorrectState")
}

func TestAnImageIsCopied(t *testing.T) {
	w := setup(t)
	id := w.image("GitLab")
	must(w.ec2(home).CreateTags(w.ctx, &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("edition"), Value: aws.String("ee")}}}))(w)
	west := w.ec2("us-west-2")
	in := &ec2.CopyImageInput{SourceImageId: aws.String(id), SourceRegion: aws.String(home), Name: aws.String("GitLab"), ClientToken: aws.String("c1")}
	first, again := must(west.CopyImage(w.ctx, in))(w), must(west.CopyImage(w.ctx, in))(w)
	same(w, "copy by the same token", *again.ImageId, *first.ImageId)
	in.Description = aws.String("other")
	_, err := west.CopyImage(w.ctx, in)
	w.want(err, "IdempotentParameterMismatch")
	in.ClientToken, in.CopyImageTags = aws.String("c2"), aws.Bool(true)
	second := must(west.CopyImage(w.ctx, in))(w)
	w.clock.pass(9 * time.Minute)
	a, b := w.described("us-west-2", *first.ImageId), w.described("us-west-2", *second.ImageId)
	same(w, "names that are the same", *a.Name, *b.Name)
	same(w, "tags", len(a.Tags), 0)
	same(w, "tags of the copy with tags", len(b.Tags), 1)
	same(w, "source", *a.SourceImageId+*a.SourceImageRegion, id+home)
	same(w, "state", a.State, types.ImageStateAvailable)

	w.sim.FailImages("CopyImage", "us-west-2", 1, "The snapshot could not be copied")
	w.sim.SlowImages("CopyImage", "us-east-2", 1, time.Hour)
	bad := must(west.CopyImage(w.ctx, &ec2.CopyImageInput{SourceImageId: aws.String(id), SourceRegion: aws.String(home), Name: aws.String("bad")}))(w)
	slow := must(w.ec2("us-east-2").CopyImage(w.ctx, &ec2.CopyImageInput{SourceImageId: aws.String(id), SourceRegion: aws.String(home), Name: aws.String("slow")}))(w)
	w.clock.pass(30 * time.Minute)
	got := w.described("us-west-2", *bad.ImageId)
	same(w, "state", got.State, types.ImageStateFailed)
	same(w, "reason", *got.StateReason.Message, "The snapshot could not be copied")
	same(w, "state", w.described("us-east-2", *slow.ImageId).State, types.ImageStatePending)
}

func TestAnImageBecomesPublic(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	id := w.image("GitLab")
	all := &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{Group: types.PermissionGroupAll}, {UserId: aws.String("679593333241")}}}
	share := func() error {
		_, err := client.ModifyImageAttribute(w.ctx, &ec2.ModifyImageAttributeInput{ImageId: aws.String(id), LaunchPermission: all})
		return err
	}
	must(client.EnableImageBlockPublicAccess(w.ctx, &ec2.EnableImageBlockPublicAccessInput{ImageBlockPublicAccessState: types.ImageBlockPublicAccessEnabledStateBlockNewSharing}))(w)
	state := func() string {
		return *must(client.GetImageBlockPublicAccessState(w.ctx, &ec2.GetImageBlockPublicAccessStateInput{}))(w).ImageBlockPublicAccessState
	}
	same(w, "setting before it is in force", state(), "unblocked")
	w.clock.pass(5 * time.Minute)
	same(w, "setting", state(), "block-new-sharing")
	w.want(share(), "OperationNotPermitted")
	must(client.DisableImageBlockPublicAccess(w.ctx, &ec2.DisableImageBlockPublicAccessInput{}))(w)
	w.want(share(), "OperationNotPermitted")
	w.clock.pass(5 * time.Minute)

	for i := range 5 {
		w.sim.AddImage(home, awssim.Image{Name: fmt.Sprintf("old %d", i), Public: true})
	}
	err := share()
	w.want(err, "ResourceLimitExceeded")
	if !strings.Contains(err.Error(), "your quota of 5 for the number of public images") {
		t.Errorf("the error is %v", err)
	}
	w.sim.SetPublicImageQuota(home, 6)
	w.want(share(), "")
	w.want(share(), "") // which is nothing new
	same(w, "public", *w.described(home, id).Public, true)
	got := must(client.DescribeImageAttribute(w.ctx, &ec2.DescribeImageAttributeInput{ImageId: aws.String(id), Attribute: types.ImageAttributeNameLaunchPermission}))(w)
	same(w, "permissions", len(got.LaunchPermissions), 2)
	same(w, "images that all can use", len(must(client.DescribeImages(w.ctx, &ec2.DescribeImagesInput{Owners: []string{"self"}, ExecutableUsers: []string{"all"}}))(w).Images), 6)
	same(w, "is there", w.sim.MakePrivate(home, id), true)
	same(w, "public", *w.described(home, id).Public, false)

	w.sim.SetBlockPublicAccess("", "block-new-sharing", "declarative-policy")
	_, err = client.DisableImageBlockPublicAccess(w.ctx, &ec2.DisableImageBlockPublicAccessInput{})
	w.want(err, "DeclarativePolicyViolation")
}

func TestAnImageIsDeprecatedAndDisabled(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	id := aws.String(w.image("GitLab"))
	at := w.clock.now().Add(24*time.Hour + 20*time.Second)
	must(client.EnableImageDeprecation(w.ctx, &ec2.EnableImageDeprecationInput{ImageId: id, DeprecateAt: &at}))(w)
	same(w, "deprecation", *w.described(home, *id).DeprecationTime, at.Truncate(time.Minute).Format("2006-01-02T15:04:05.000Z"))
	past := w.clock.now().Add(-time.Hour)
	_, err := client.EnableImageDeprecation(w.ctx, &ec2.EnableImageDeprecationInput{ImageId: id, DeprecateAt: &past})
	w.want(err, "InvalidParameterValue")
	must(client.DisableImageDeprecation(w.ctx, &ec2.DisableImageDeprecationInput{ImageId: id}))(w)
	must(client.DisableImage(w.ctx, &ec2.DisableImageInput{ImageId: id}))(w)
	own := func(more bool) int {
		return len(must(client.DescribeImages(w.ctx, &ec2.DescribeImagesInput{Owners: []string{"self"}, IncludeDisabled: aws.Bool(more)}))(w).Images)
	}
	same(w, "images", own(false), 0)
	same(w, "images with the disabled", own(true), 1)
	must(client.EnableImage(w.ctx, &ec2.EnableImageInput{ImageId: id}))(w)
	same(w, "images", own(false), 1)
	must(client.ModifyImageAttribute(w.ctx, &ec2.ModifyImageAttributeInput{ImageId: id, ImdsSupport: &types.AttributeValue{Value: aws.String("v2.0")}}))(w)
	same(w, "imds", w.described(home, *id).ImdsSupport, types.ImdsSupportValuesV20)
	_, err = client.DeregisterImage(w.ctx, &ec2.DeregisterImageInput{ImageId: aws.String(w.base(home))})
	w.want(err, "AuthFailure")
}

func TestImagesAreFiltered(t *testing.T) {
	w := setup(t)
	w.sim.AddImage(home, awssim.Image{Name: "GitLab EE 18.4.0", Tags: map[string]string{"Type": "ee", "Version": "18.4.0"}, Public: true})
	w.sim.AddImage(home, awssim.Image{Name: "GitLab EE 18.5.0 (ARM64)", Tags: map[string]string{"Type": "ee"}, Architecture: "arm64"})
	w.sim.AddImage(home, awssim.Image{Name: "GitLab CE 18.5.0"})
	for _, c := range []struct {
		want   int
		filter []types.Filter
	}{
		{3, nil},
		{2, filters("name", "GitLab EE*")},
		{3, filters("name", "GitLab ?E 18.*")},
		{0, filters("name", "gitlab*")},
		{2, filters("tag:Type", "ee")},
		{2, filters("tag:Type", "ee|ce")},
		{1, filters("tag:Type", "ee", "architecture", "arm64")},
		{1, filters("tag-key", "Version")},
		{1, filters("is-public", "true")},
		{3, filters("state", "available|pending")},
		{0, filters("state", "failed")},
	} {
		out := must(w.ec2(home).DescribeImages(w.ctx, &ec2.DescribeImagesInput{Owners: []string{"self"}, Filters: c.filter}))(w)
		if len(out.Images) != c.want {
			t.Errorf("%v: %d images; want %d", c.filter, len(out.Images), c.want)
		}
	}
	pages := ec2.NewDescribeImagesPaginator(w.ec2(home), &ec2.DescribeImagesInput{MaxResults: aws.Int32(2)})
	n := 0
	for pages.HasMorePages() {
		n += len(must(pages.NextPage(w.ctx))(w).Images)
	}
	same(w, "images in pages", n, 7)
}

func TestTagsAndSnapshots(t *testing.T) {
	w := setup(t)
	client := w.ec2(home)
	id := w.image("GitLab")
	snap := *w.described(home, id).BlockDeviceMappings[0].Ebs.SnapshotId
	tag := func(k, v string) types.Tag { return types.Tag{Key: aws.String(k), Value: aws.String(v)} }
	must(client.CreateTags(w.ctx, &ec2.CreateTagsInput{Resources: []string{id, snap}, Tags: []types.Tag{tag("a", "1"), tag("b", "2")}}))(w)
	out := must(client.DescribeTags(w.ctx, &ec2.DescribeTagsInput{Filters: filters("resource-type", "image|snapshot")}))(w)
	same(w, "tags", len(out.Tags), 4)
	must(client.DeleteTags(w.ctx, &ec2.DeleteTagsInput{Resources: []string{id}, Tags: []types.Tag{tag("a", "other"), {Key: aws.String("b")}}}))(w)
	same(w, "tags", len(w.described(home, id).Tags), 1)
	_, err := client.CreateTags(w.ctx, &ec2.CreateTagsInput{Resources: []string{"ami-00000000000000000"}, Tags: []types.Tag{tag("a", "1")}})
	w.want(err, "InvalidAMIID.NotFound")
	must(client.ModifySnapshotAttribute(w.ctx, &ec2.ModifySnapshotAttributeInput{
		SnapshotId: aws.String(snap), Attribute: types.SnapshotAttributeNameCreateVolumePermission,
		CreateVolumePermission: &types.CreateVolumePermissionModifications{Add: []types.CreateVolumePermission{{UserId: aws.String("679593333241")}}},
	}))(w)
	got := must(client.DescribeSnapshotAttribute(w.ctx, &ec2.DescribeSnapshotAttributeInput{SnapshotId: aws.String(snap), Attribute: types.SnapshotAttributeNameCreateVolumePermission}))(w)
	same(w, "shared with", *got.CreateVolumePermissions[0].UserId, "679593333241")
	must(client.DeregisterImage(w.ctx, &ec2.DeregisterImageInput{ImageId: aws.String(id)}))(w)
	must(client.DeleteSnapshot(w.ctx, &ec2.DeleteSnapshotInput{SnapshotId: aws.String(snap)}))(w)
	_, err = client.DescribeSnapshots(w.ctx, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{snap}})
	w.want(err, "InvalidSnapshot.NotFound")
}
