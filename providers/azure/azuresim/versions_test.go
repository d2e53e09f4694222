package azuresim_test

import (
	"fmt"
	"testing"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/azure/azuresim"
)

const gallery = azuresim.GalleryName

func regions(v arm.GalleryImageVersion) string {
	out := ""
	for _, r := range v.Properties.ReplicationStatus.Summary {
		out += fmt.Sprintf("%s %s %d; ", *r.Region, *r.State, *r.Progress)
	}
	return out + string(*v.Properties.ReplicationStatus.AggregatedState)
}

func TestReplication(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	p, err := w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", versionOf(id, "East US", "westus2"), nil)
	w.want(err, "")
	w.pass(3 * time.Minute)
	same(w, "first", regions(w.getVersion("gitlab-ee", "1.2.3")), "East US Replicating 50; westus2 Unknown 0; InProgress")
	w.pass(6 * time.Minute)
	same(w, "second", regions(w.getVersion("gitlab-ee", "1.2.3")), "East US Completed 100; westus2 Replicating 20; InProgress")
	v := done(w, p, nil)
	same(w, "at last", regions(w.getVersion("gitlab-ee", "1.2.3")), "East US Completed 100; westus2 Completed 100; Completed")
	same(w, "not said", v.Properties.ReplicationStatus == nil, true)
	same(w, "excluded", *v.Properties.PublishingProfile.ExcludeFromLatest, true)
	same(w, "replicas", *v.Properties.PublishingProfile.TargetRegions[0].RegionalReplicaCount, 1)

	in := versionOf(id, "eastus", "westus2", "westeurope")
	in.Properties.PublishingProfile.ExcludeFromLatest = ptr(false)
	in.Tags = map[string]*string{"verified": ptr("yes")}
	p, err = w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", in, nil)
	w.want(err, "")
	_, err = w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", in, nil)
	w.want(err, "Conflict")
	w.pass(3 * time.Minute)
	same(w, "more", regions(w.getVersion("gitlab-ee", "1.2.3")), "eastus Completed 100; westeurope Replicating 20; westus2 Completed 100; InProgress")
	v = done(w, p, nil)
	same(w, "excluded", *v.Properties.PublishingProfile.ExcludeFromLatest, false)
	same(w, "tag", *v.Tags["verified"], "yes")

	u, err := w.versions().BeginUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", arm.GalleryImageVersionUpdate{Properties: &arm.GalleryImageVersionProperties{
		PublishingProfile: &arm.GalleryImageVersionPublishingProfile{EndOfLifeDate: ptr(w.clock.now().Add(time.Hour)), TargetRegions: []*arm.TargetRegion{{Name: ptr(home)}}},
		SafetyProfile:     &arm.GalleryImageVersionSafetyProfile{BlockDeletionBeforeEndOfLife: ptr(true)},
	}}, nil)
	done(w, u, err)
	s := w.sim.State().Versions[0]
	same(w, "regions", len(s.Regions), 1)
	_, err = w.versions().BeginDelete(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", nil)
	w.want(err, "OperationNotAllowed")
	w.pass(2 * time.Hour)
	w.cred = w.login()
	d, err := w.versions().BeginDelete(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.2.3", nil)
	done(w, d, err)
	same(w, "versions", len(w.sim.State().Versions), 0)
}

func TestRefusedVersions(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	running := w.machine("running")
	g := w.id(azuresim.GalleryGroup, "Microsoft.Compute/galleries/"+gallery)
	w.sim.AddDefinition(g, azuresim.Definition{Name: "old-generation", Generation: "V1"})
	w.sim.AddDefinition(g, azuresim.Definition{Name: "trusted", Features: map[string]string{"SecurityType": "TrustedLaunch"}})
	put := func(definition, name, code string, v arm.GalleryImageVersion) {
		t.Helper()
		_, err := w.putVersion(definition, name, v)
		w.want(err, code)
	}
	put("gitlab-ee", "17.5", "InvalidParameter", versionOf(id, home))
	put("gitlab-ee", "1.2.4294967296", "InvalidParameter", versionOf(id, home))
	put("gitlab-ee", "1.0.0", "InvalidParameter", versionOf(id, "westus2"))
	put("gitlab-ee", "1.0.0", "InvalidParameter", versionOf(id, home, "East US"))
	put("gitlab-ee", "1.0.0", "InvalidParameter", versionOf(id, home, "atlantis"))
	put("gitlab-ee", "1.0.0", "InvalidParameter", versionOf("", home))
	put("gitlab-ee", "1.0.0", "OperationNotAllowed", versionOf(running, home))
	put("gitlab-ee", "1.0.0", "NotFound", versionOf(id+"x", home))
	put("gitlab-ee-arm64", "1.0.0", "InvalidParameter", versionOf(id, home))
	put("old-generation", "1.0.0", "InvalidParameter", versionOf(id, home))
	put("trusted", "1.0.0", "InvalidParameter", versionOf(id, home))
	put("nothing", "1.0.0", "ParentResourceNotFound", versionOf(id, home))
	both := versionOf(id, home)
	both.Properties.PublishingProfile.StorageAccountType = ptr(arm.StorageAccountTypePremiumLRS)
	both.Properties.PublishingProfile.StorageAccountStrategy = ptr(arm.StorageAccountStrategyDefaultStandardLRS)
	put("gitlab-ee", "1.0.0", "InvalidParameter", both)
	many := versionOf(id, home)
	many.Properties.PublishingProfile.ReplicaCount = ptr(int32(101))
	put("gitlab-ee", "1.0.0", "InvalidParameter", many)
	same(w, "versions", len(w.sim.State().Versions), 0)
	put("gitlab-ee", "1.0.0", "", versionOf(id, home))
	other := w.generalized("other")
	put("gitlab-ee", "1.0.0", "PropertyChangeNotAllowed", versionOf(other, home))
	elsewhere := versionOf(id, home)
	elsewhere.Location = ptr("westus2")
	put("gitlab-ee", "1.0.0", "InvalidResourceLocation", elsewhere)
}

// A definition that supports trusted launch does not take machines, but images.
func TestTrustedLaunch(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	g := w.id(azuresim.GalleryGroup, "Microsoft.Compute/galleries/"+gallery)
	w.sim.AddDefinition(g, azuresim.Definition{Name: "supported", Features: map[string]string{"SecurityType": "TrustedLaunchSupported"}})
	w.sim.AddDefinition(g, azuresim.Definition{Name: "trusted", Features: map[string]string{"SecurityType": "TrustedLaunch"}})
	_, err := w.putVersion("supported", "1.0.0", versionOf(id, home))
	w.want(err, "InvalidParameter")
	image := arm.Image{Location: ptr(home), Properties: &arm.ImageProperties{SourceVirtualMachine: &arm.SubResource{ID: ptr(id)}}}
	p, err := w.compute().NewImagesClient().BeginCreateOrUpdate(w.ctx, build, "image", image, nil)
	i := done(w, p, err)
	v := versionOf("", home)
	v.Properties.StorageProfile.Source = &arm.GalleryArtifactVersionFullSource{ID: i.ID}
	must(w.putVersion("supported", "1.0.0", v))(w)

	launch := func(m *arm.VirtualMachine) {
		m.Properties.SecurityProfile = &arm.SecurityProfile{SecurityType: ptr(arm.SecurityTypesTrustedLaunch), UefiSettings: &arm.UefiSettings{SecureBootEnabled: ptr(true), VTpmEnabled: ptr(true)}}
	}
	secure := w.generalized("secure", launch)
	_, err = w.putVersion("gitlab-ee", "1.0.0", versionOf(secure, home))
	w.want(err, "InvalidParameter")
	image.Properties.SourceVirtualMachine.ID = ptr(secure)
	_, err = w.compute().NewImagesClient().BeginCreateOrUpdate(w.ctx, build, "another", image, nil)
	w.want(err, "InvalidParameter")
	from := *must(w.putVersion("trusted", "1.0.0", versionOf(secure, home)))(w).ID
	m := machineOf(w.nic("check"))
	m.Properties.StorageProfile.ImageReference = &arm.ImageReference{ID: ptr(from)}
	_, err = w.machines().BeginCreateOrUpdate(w.ctx, build, "check", m, nil)
	w.want(err, "BadRequest")
	launch(&m)
	q, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "check", m, nil)
	done(w, q, err)
}

func TestFailedVersion(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	w.sim.FailVersion("The disk could not be read.")
	_, err := w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home, "westus2"))
	w.want(err, "InternalOperationError")
	same(w, "regions", regions(w.getVersion("gitlab-ee", "1.0.0")), "eastus Failed 0; westus2 Failed 0; Failed")
	_, err = w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home))
	w.want(err, "Conflict")
	d, err := w.versions().BeginDelete(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.0.0", nil)
	done(w, d, err)
	must(w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home)))(w)
}

// One region fails and another is slow. Taken out and added again, it is copied anew.
func TestOneRegionFails(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	w.sim.FailReplication("westeurope", 1)
	w.sim.SlowReplication("westus2", 55*time.Minute)
	p, err := w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.0.0", versionOf(id, home, "westeurope", "westus2"), nil)
	w.want(err, "")
	w.pass(40 * time.Minute)
	same(w, "under way", regions(w.getVersion("gitlab-ee", "1.0.0")), "eastus Completed 100; westeurope Failed 0; westus2 Replicating 61; InProgress")
	token := must(p.ResumeToken())(w)
	w.pass(30 * time.Minute)
	w.cred = w.login()
	p, err = w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.0.0", versionOf(id, home), &arm.GalleryImageVersionsClientBeginCreateOrUpdateOptions{ResumeToken: token})
	_, err = wait(w, p, err)
	w.want(err, "ReplicationFailed")
	same(w, "state", w.sim.State().Versions[0].State, "Failed")
	_, err = w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home, "westeurope", "westus2"))
	w.want(err, "ReplicationFailed")
	w.cred = w.login()
	must(w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home, "westus2")))(w)
	must(w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home, "westus2", "westeurope")))(w)
	same(w, "at last", regions(w.getVersion("gitlab-ee", "1.0.0")), "eastus Completed 100; westeurope Completed 100; westus2 Completed 100; Completed")
}

// A machine that is deleted too early takes its version with it.
func TestSourceLost(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	p, err := w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee", "1.0.0", versionOf(id, home), nil)
	w.want(err, "")
	_, err = w.resources().NewResourceGroupsClient().BeginDelete(w.ctx, build, nil)
	w.want(err, "")
	_, err = wait(w, p, nil)
	w.want(err, "ResourceNotFound")
	same(w, "state", w.sim.State().Versions[0].State, "Failed")
}

// Machines are made from a version where it is, and from the latest one of those that
// are not excluded.
func TestMachinesFromVersions(t *testing.T) {
	w := setup(t)
	id := w.generalized("vm")
	from := *must(w.putVersion("gitlab-ee", "1.0.0", versionOf(id, home)))(w).ID
	m := machineOf("")
	w.nic("away")
	m.Location = ptr("westus2")
	m.Properties.StorageProfile.ImageReference = &arm.ImageReference{ID: ptr(from)}
	_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "away", m, nil)
	w.want(err, "GalleryImageNotFound")
	definition := w.id(azuresim.GalleryGroup, "Microsoft.Compute/galleries/"+gallery+"/images/gitlab-ee")
	latest := machineOf(w.nic("latest"))
	latest.Properties.StorageProfile.ImageReference = &arm.ImageReference{ID: ptr(definition)}
	_, err = w.machines().BeginCreateOrUpdate(w.ctx, build, "latest", latest, nil)
	w.want(err, "GalleryImageNotFound")
	w.cred = w.login()
	in := versionOf(id, home)
	in.Properties.PublishingProfile.ExcludeFromLatest = ptr(false)
	must(w.putVersion("gitlab-ee", "1.0.0", in))(w)
	p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "latest", latest, nil)
	done(w, p, err)
	for _, m := range w.sim.State().Machines {
		if m.Name == "latest" {
			same(w, "image", m.Image, from)
		}
	}
}

func TestDefinitions(t *testing.T) {
	w := setup(t)
	images := w.compute().NewGalleryImagesClient()
	all := pages(w, images.NewListByGalleryPager(azuresim.GalleryGroup, gallery, nil), func(p arm.GalleryImagesClientListByGalleryResponse) []*arm.GalleryImage { return p.Value })
	same(w, "definitions", len(all), 3)
	got := must(images.Get(w.ctx, azuresim.GalleryGroup, gallery, "gitlab-ee-arm64", nil))(w)
	same(w, "architecture", *got.Properties.Architecture, arm.ArchitectureArm64)
	d := definitionOf()
	p, err := images.BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "new", d, nil)
	done(w, p, err)
	d.Properties.HyperVGeneration = ptr(arm.HyperVGenerationV1)
	_, err = images.BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "new", d, nil)
	w.want(err, "PropertyChangeNotAllowed")
	d.Properties.Identifier = nil
	_, err = images.BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, gallery, "newer", d, nil)
	w.want(err, "InvalidParameter")
	_, err = images.NewListByGalleryPager(azuresim.GalleryGroup, "nothing", nil).NextPage(w.ctx)
	w.want(err, "ParentResourceNotFound")
	_, err = w.compute().NewGalleriesClient().Get(w.ctx, azuresim.GalleryGroup, gallery, nil)
	w.want(err, "")
	_, err = w.compute().NewGalleriesClient().Get(w.ctx, azuresim.GalleryGroup, "nothing", nil)
	w.want(err, "ResourceNotFound")
	_, err = w.compute().NewGalleriesClient().Get(w.ctx, "nothing", "nothing", nil)
	w.want(err, "ResourceGroupNotFound")
}
