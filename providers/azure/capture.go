package azure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// capturing is what Capture remembers: when it made the image, and the operations that
// make it and what it is made of.
type capturing struct {
	At     time.Time `json:"at,omitzero"`
	Op     string    `json:"op,omitzero"`
	Source string    `json:"source,omitzero"` // operation of the managed image
}

// Capture makes the image of a stopped machine. Its number is that of the version, and
// takes the place of a token.
func (c *Cloud) Capture(ctx context.Context, w images.Work, machine string, im images.Image) (images.Progress, error) {
	o, err := orderOf(w)
	if err != nil {
		return images.Progress{}, err
	}
	s, err := c.site(machine)
	if err != nil {
		return images.Progress{}, err
	}
	v, mem := c.imageOf(w.Build, o), clouds.Recall[capturing](w)
	found, err := c.version(ctx, v)
	switch {
	case err != nil:
		return images.Progress{}, err
	case found != nil:
		return c.captured(ctx, w, s, v, mem, found)
	case w.Ref != "" && clouds.Settles(w, mem.At):
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "waiting for the image to be found", Again: 5 * time.Second}, nil
	case w.Ref != "":
		return images.Progress{}, clouds.Gone("The image %s is not there any more.", w.Ref)
	}
	d, err := c.definition(ctx, v.definition)
	if err != nil {
		return images.Progress{}, err
	}
	source := &armcompute.GalleryArtifactVersionFullSource{VirtualMachineID: to.Ptr(s.machine())}
	if viaImage(securityOf(d)) {
		if p, err := c.managedImage(ctx, w, s, mem); p != nil || err != nil {
			return deref(p), err
		}
		source = &armcompute.GalleryArtifactVersionFullSource{ID: to.Ptr(s.id(imageKind, s.name))}
	}
	return c.capture(ctx, w, v, source, im)
}

// viaImage reports whether versions of a definition are not taken from a machine, but
// from a managed image of it.
func viaImage(security string) bool {
	return security == trustedSupported || security == eitherSupported || security == confidentialReady
}

// imageKind is what a managed image is.
const imageKind = "Microsoft.Compute/images"

// capture makes the call that makes the image.
func (c *Cloud) capture(ctx context.Context, w images.Work, v version, source *armcompute.GalleryArtifactVersionFullSource, im images.Image) (images.Progress, error) {
	region := c.homeOf(w)
	name := im.Name
	if name == "" {
		name = v.String()
	}
	as := armcompute.GalleryImageVersion{
		Location: &region, Tags: tagsFor(w, name),
		Properties: &armcompute.GalleryImageVersionProperties{
			StorageProfile:    &armcompute.GalleryImageVersionStorageProfile{Source: source},
			PublishingProfile: &armcompute.GalleryImageVersionPublishingProfile{ExcludeFromLatest: to.Ptr(true), ReplicaCount: to.Ptr[int32](1)},
			SafetyProfile:     &armcompute.GalleryImageVersionSafetyProfile{AllowDeletionOfReplicatedLocations: to.Ptr(true)},
		},
	}
	goTo(&as, region)
	op, err := c.makeVersion(ctx, v, as)
	if err != nil {
		return images.Progress{}, err
	}
	return images.Progress{Ref: v.String(), Memory: clouds.Remember(capturing{At: w.Now, Op: op}), Note: "making the image", Again: 20 * time.Second}, nil
}

// captured says how the version stands that has the number of the image. One that
// failed in an earlier attempt, or is of a machine of one, is removed first.
func (c *Cloud) captured(ctx context.Context, w images.Work, s site, v version, mem capturing, found *armcompute.GalleryImageVersion) (images.Progress, error) {
	if tagged(found.Tags, clouds.LabelBuild) != string(w.Build) {
		return images.Progress{}, c.taken(v, found)
	}
	home := c.homeOf(w)
	p := images.Progress{Ref: v.String(), Memory: clouds.Remember(mem), Note: "making the image", Percent: int(val(copyIn(found, home).Progress)), Again: 20 * time.Second}
	switch state := stateOf(found); {
	case state == armcompute.GalleryProvisioningStateDeleting:
		return images.Progress{Memory: clouds.Remember(capturing{}), Note: "removing the image of an earlier attempt", Again: 15 * time.Second}, nil
	case state == armcompute.GalleryProvisioningStateFailed && tagged(found.Tags, clouds.LabelKey) == w.Key:
		return images.Progress{}, c.brokenImage(v, found, c.whyNotMade(ctx, v, mem.Op), home)
	case state == armcompute.GalleryProvisioningStateFailed, !changing(found) && !takenFrom(found, s):
		if err := c.deleteVersion(ctx, v); err != nil {
			return images.Progress{}, err
		}
		return images.Progress{Note: "removing the image of an earlier attempt", Again: 15 * time.Second}, nil
	case changing(found):
		return p, nil
	}
	p.Done, p.Note, p.Percent, p.Again = true, "", 0, 0
	return p, nil
}

// takenFrom reports whether a version was taken from a machine, or the managed image of
// it. One that does not say is.
func takenFrom(found *armcompute.GalleryImageVersion, s site) bool {
	if found.Properties.StorageProfile == nil || found.Properties.StorageProfile.Source == nil {
		return true
	}
	source := found.Properties.StorageProfile.Source
	id := val(source.VirtualMachineID)
	if id == "" {
		id = val(source.ID)
	}
	return id == "" || strings.EqualFold(id, s.machine()) || strings.EqualFold(id, s.id(imageKind, s.name))
}

// taken is the fault of a number that a version has which is not of the build.
func (c *Cloud) taken(v version, found *armcompute.GalleryImageVersion) error {
	whose := "not made here"
	if b := tagged(found.Tags, clouds.LabelBuild); b != "" {
		whose = "of the build " + b
	}
	return &images.Fault{Class: images.Invalid, What: v.String(), Code: "VersionTaken", Link: c.portal(c.resource(v)),
		Said: fmt.Sprintf("The gallery has the image %s already, which is %s.", v, whose)}
}

// managedImage makes the image of a machine that a version is taken from. A nil progress
// without an error is that it is there.
func (c *Cloud) managedImage(ctx context.Context, w images.Work, s site, mem capturing) (*images.Progress, error) {
	client := c.of(s.subscription).compute.NewImagesClient()
	there, err := ask(ctx, c, readManagedImage, func(ctx context.Context) (armcompute.ImagesClientGetResponse, error) {
		return client.Get(ctx, s.group, s.name, nil)
	})
	if err == nil {
		state := ""
		if there.Properties != nil {
			state = val(there.Properties.ProvisioningState)
		}
		switch state {
		case "Succeeded":
			return nil, nil
		case "Failed":
			f := failed(ctx, c, writeManagedImage, mem.Source, func(ctx context.Context, token string) (*runtime.Poller[armcompute.ImagesClientCreateOrUpdateResponse], error) {
				return client.BeginCreateOrUpdate(ctx, s.group, s.name, armcompute.Image{}, &armcompute.ImagesClientBeginCreateOrUpdateOptions{ResumeToken: token})
			})
			broken := &images.Fault{Class: images.BrokenImage, What: s.group + "/" + s.name, Said: "Azure could not make the managed image of the machine."}
			if f != nil {
				broken.Code, broken.Said = f.Code, broken.Said+" "+f.Said
			}
			if tagged(there.Tags, clouds.LabelKey) == w.Key {
				return nil, broken
			}
			// It is made over what failed in an earlier attempt.
		default:
			return &images.Progress{Memory: w.Memory, Note: "making the managed image", Again: 15 * time.Second}, nil
		}
	} else if !clouds.Is(err, images.Gone) {
		return nil, err
	}
	region := c.homeOf(w)
	op, err := begin(ctx, c, writeManagedImage, func(ctx context.Context) (*runtime.Poller[armcompute.ImagesClientCreateOrUpdateResponse], error) {
		return client.BeginCreateOrUpdate(ctx, s.group, s.name, armcompute.Image{
			Location: &region, Tags: tagsFor(w, s.name),
			Properties: &armcompute.ImageProperties{
				SourceVirtualMachine: &armcompute.SubResource{ID: to.Ptr(s.machine())}, HyperVGeneration: to.Ptr(armcompute.HyperVGenerationTypesV2),
			},
		}, nil)
	})
	if err != nil {
		return nil, err
	}
	return &images.Progress{Memory: clouds.Remember(capturing{Source: op}), Note: "making the managed image", Again: 15 * time.Second}, nil
}
