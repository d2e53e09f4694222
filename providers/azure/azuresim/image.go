package azuresim

import (
	"context"
	"net/http"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

// image is a managed image.
type image struct {
	core
	source, arch, generation string
	clean                    bool
}

// disk is a managed disk.
type disk struct {
	core
	owner      string // the id of the machine
	image      string
	gigabytes  int32
	generation string
}

// addDisk makes the disk of a machine and notes it in what the machine shows.
func (c *request) addDisk(m *machine, d *arm.OSDisk) {
	name := val(d.Name)
	if name == "" {
		name = m.name + "_OsDisk_1_" + c.s.hex() + c.s.hex()
	}
	if d.DiskSizeGB == nil {
		d.DiskSizeGB = ptr(int32(30))
	}
	g, err := c.group()
	if err != nil {
		return
	}
	id := g.id + "/providers/Microsoft.Compute/disks/" + name
	k := &disk{
		core:  c.s.newCore(id, name, "Microsoft.Compute/disks", g, m.location, m.tags, c.now),
		owner: m.id, image: m.from.ref, gigabytes: *d.DiskSizeGB, generation: m.from.generation,
	}
	k.life = timeline{{succeeded, c.now}}
	c.s.put(k)
	m.disk, m.diskGoes = id, val(d.DeleteOption) == arm.DiskDeleteOptionTypesDelete
	if d.DeleteOption == nil {
		d.DeleteOption = ptr(arm.DiskDeleteOptionTypesDetach)
	}
	d.Name, d.OSType = ptr(name), ptr(arm.OperatingSystemTypesLinux)
	if d.ManagedDisk == nil {
		d.ManagedDisk = &arm.ManagedDiskParameters{StorageAccountType: ptr(arm.StorageAccountTypesStandardLRS)}
	}
	d.ManagedDisk.ID = ptr(id)
}

func (c *request) diskJSON(d *disk) arm.Disk {
	state := arm.DiskStateUnattached
	out := arm.Disk{
		ID: ptr(d.id), Name: ptr(d.name), Type: ptr(d.kind), Location: ptr(d.location), Tags: copyTags(d.tags),
		SKU: &arm.DiskSKU{Name: ptr(arm.DiskStorageAccountTypesPremiumLRS)},
		Properties: &arm.DiskProperties{
			ProvisioningState: ptr(d.life.at(c.now)), DiskSizeGB: ptr(d.gigabytes), OSType: ptr(arm.OperatingSystemTypesLinux), TimeCreated: ptr(d.born),
			HyperVGeneration: ptr(arm.HyperVGeneration(d.generation)), CreationData: &arm.CreationData{CreateOption: ptr(arm.DiskCreateOptionFromImage)},
		},
	}
	if d.owner != "" {
		state = arm.DiskStateAttached
		out.ManagedBy = ptr(d.owner)
		if m, ok := find[*machine](c.s, d.owner); ok && m.power.at(c.now) == deallocated {
			state = arm.DiskStateReserved
		}
	}
	out.Properties.DiskState = ptr(state)
	return out
}

func (c *request) disksServer() fake.DisksServer {
	return fake.DisksServer{
		Get: func(context.Context, string, string, *arm.DisksClientGetOptions) (azfake.Responder[arm.DisksClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.DisksClientGetResponse, err error) {
				out.Disk, err = one(c, c.diskJSON)
				return out, err
			})
		},
		NewListByResourceGroupPager: func(string, *arm.DisksClientListByResourceGroupOptions) azfake.PagerResponder[arm.DisksClientListByResourceGroupResponse] {
			return list(c, each(c, c.diskJSON), func(v []*arm.Disk, next *string) (out arm.DisksClientListByResourceGroupResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *arm.DisksClientBeginDeleteOptions) (azfake.PollerResponder[arm.DisksClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.DisksClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(d *disk) (time.Duration, error) {
					if d.owner != "" {
						return 0, conflict("OperationNotAllowed", "Disk %s is attached to VM %s.", d.name, d.owner)
					}
					return c.s.at(d.location).times.Delete, nil
				})
				return out, status, err
			})
		},
	}
}

// putImage makes a managed image of a machine.
func (c *request) putImage(in arm.Image) (*image, int, error) {
	p := val(in.Properties)
	src := val(val(p.SourceVirtualMachine).ID)
	if i, ok := find[*image](c.s, c.resourceID()); ok {
		if err := i.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := i.free(c.now); err != nil {
			return nil, 0, err
		}
		if src != "" && !sameID(src, i.source) {
			return nil, 0, fixedProperty("image.properties.sourceVirtualMachine.id")
		}
		i.tags = copyTags(in.Tags)
		return i, c.make(&i.core, false, c.s.at(i.location).times.Update), nil
	}
	k, err := c.fresh(in.Location, in.Tags)
	if err != nil {
		return nil, 0, err
	}
	if src == "" {
		return nil, 0, missing("image.properties.sourceVirtualMachine")
	}
	m, err := c.generalizedSource(src, k.location)
	if err != nil {
		return nil, 0, err
	}
	if m.security() == "TrustedLaunch" || m.security() == "ConfidentialVM" {
		return nil, 0, refuse("InvalidParameter", "The source virtual machine '%s' has the security type '%s', which is not supported for managed images.", src, m.security()).on("sourceVirtualMachine")
	}
	if g := val(p.HyperVGeneration); g != "" && string(g) != m.from.generation {
		return nil, 0, refuse("InvalidParameter", "The HyperVGeneration property '%s' specified for the image does not match the HyperVGeneration '%s' of the source virtual machine.", g, m.from.generation).on("image.properties.hyperVGeneration")
	}
	i := &image{core: k, source: m.id, arch: m.from.arch, generation: m.from.generation, clean: m.clean}
	status := c.make(&i.core, true, c.s.at(i.location).times.Image)
	c.s.put(i)
	c.s.captured(m.id, i.id)
	return i, status, nil
}

// generalizedSource is a machine that an image or a version can be made of.
func (c *request) generalizedSource(id, location string) (*machine, error) {
	m, ok := find[*machine](c.s, id)
	if !ok || m.life.at(c.now) == deleting {
		return nil, refuseWith(http.StatusNotFound, "NotFound", "The source virtual machine '%s' was not found.", id)
	}
	if m.location != location {
		return nil, refuse("InvalidParameter", "The source virtual machine '%s' is in location '%s', and must be in '%s'.", id, m.location, location)
	}
	if err := c.link("Microsoft.Compute/virtualMachines/read", id); err != nil {
		return nil, err
	}
	if !m.generalized {
		return nil, conflict("OperationNotAllowed", "Before the virtual machine '%s' is captured, it must be set to Generalized.", m.name)
	}
	return m, nil
}

func (c *request) imageJSON(i *image) arm.Image {
	return arm.Image{
		ID: ptr(i.id), Name: ptr(i.name), Type: ptr(i.kind), Location: ptr(i.location), Tags: copyTags(i.tags),
		Properties: &arm.ImageProperties{
			SourceVirtualMachine: &arm.SubResource{ID: ptr(i.source)}, HyperVGeneration: ptr(arm.HyperVGenerationTypes(i.generation)),
			ProvisioningState: ptr(i.life.at(c.now)),
			StorageProfile:    &arm.ImageStorageProfile{OSDisk: &arm.ImageOSDisk{OSType: ptr(arm.OperatingSystemTypesLinux), OSState: ptr(arm.OperatingSystemStateTypesGeneralized)}},
		},
	}
}

func (c *request) imagesServer() fake.ImagesServer {
	return fake.ImagesServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _ string, in arm.Image, _ *arm.ImagesClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[arm.ImagesClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.ImagesClientCreateOrUpdateResponse, status int, err error) {
				i, status, err := c.putImage(in)
				if err == nil {
					out.Image = c.imageJSON(i)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, *arm.ImagesClientGetOptions) (azfake.Responder[arm.ImagesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.ImagesClientGetResponse, err error) {
				out.Image, err = one(c, c.imageJSON)
				return out, err
			})
		},
		NewListByResourceGroupPager: func(string, *arm.ImagesClientListByResourceGroupOptions) azfake.PagerResponder[arm.ImagesClientListByResourceGroupResponse] {
			return list(c, each(c, c.imageJSON), func(v []*arm.Image, next *string) (out arm.ImagesClientListByResourceGroupResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *arm.ImagesClientBeginDeleteOptions) (azfake.PollerResponder[arm.ImagesClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.ImagesClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(i *image) (time.Duration, error) { return c.s.at(i.location).times.Delete, nil })
				return out, status, err
			})
		},
	}
}
