package azure

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// launched is what Launch remembers: how much of what the machine needs is there, when
// it made the machine, and the operation that does.
type launched struct {
	Ready int       `json:"ready,omitzero"`
	Made  time.Time `json:"made,omitzero"`
	Op    string    `json:"op,omitzero"`
}

// Launch starts a machine.
func (c *Cloud) Launch(ctx context.Context, w images.Work, m images.Machine) (images.Progress, error) {
	s, mem := c.siteOf(w, m), clouds.Recall[launched](w)
	if s.subscription == "" {
		return images.Progress{}, &images.Fault{Class: images.Invalid, What: "preview_subscription", Said: "No subscription is configured in which previews are tried."}
	}
	vm, err := c.machine(ctx, s)
	switch {
	case err != nil:
		return images.Progress{}, err
	case vm != nil && tagged(vm.Tags, clouds.LabelKey) != w.Key:
		return images.Progress{}, &images.Fault{Class: images.Invalid, What: c.ref(s), Said: "There is a machine " + c.ref(s) + " already that is not of this step."}
	case vm != nil:
		return c.await(ctx, w, s, mem, vm)
	case w.Ref != "" && clouds.Settles(w, mem.Made):
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Note: "starting", Again: 5 * time.Second}, nil
	case w.Ref != "":
		return images.Progress{}, clouds.Gone("The machine %s is not there any more.", w.Ref)
	}
	region := c.homeOf(w)
	if p, err := c.prepare(ctx, w, s, region, &mem); p != nil || err != nil {
		return deref(p), err
	}
	return c.launch(ctx, w, s, region, m, mem)
}

// launch makes the call that starts it.
func (c *Cloud) launch(ctx context.Context, w images.Work, s site, region string, m images.Machine, mem launched) (images.Progress, error) {
	want, err := c.wanted(ctx, w, s, region, m)
	if err != nil {
		return images.Progress{}, err
	}
	op, err := begin(ctx, c, writeMachine, func(ctx context.Context) (*runtime.Poller[armcompute.VirtualMachinesClientCreateOrUpdateResponse], error) {
		return c.of(s.subscription).compute.NewVirtualMachinesClient().BeginCreateOrUpdate(ctx, s.group, s.name, *want, &armcompute.VirtualMachinesClientBeginCreateOrUpdateOptions{IfNoneMatch: to.Ptr("*")})
	})
	switch {
	case clouds.Coded(err, "ResourceGroupNotFound", "InvalidResourceReference", "ReferencedResourceNotProvisioned") || clouds.Is(err, images.Gone) && clouds.Settles(w, time.Time{}):
		// What was there a moment ago is looked at again.
		return images.Progress{Note: "waiting for what it is made of", Again: 10 * time.Second}, nil
	case clouds.Coded(err, "PropertyChangeNotAllowed", "PreconditionFailed"):
		// Somebody of us was quicker, or an answer was lost.
		return images.Progress{Memory: clouds.Remember(mem), Note: "starting", Again: 5 * time.Second}, nil
	case err != nil:
		return images.Progress{}, err
	}
	mem.Made, mem.Op = w.Now, op
	return images.Progress{Ref: c.ref(s), Memory: clouds.Remember(mem), Note: "starting", Again: 10 * time.Second}, nil
}

// wanted is the machine that is asked for.
func (c *Cloud) wanted(ctx context.Context, w images.Work, s site, region string, m images.Machine) (*armcompute.VirtualMachine, error) {
	key, err := forgottenKey()
	if err != nil {
		return nil, err
	}
	vm := &armcompute.VirtualMachine{
		Location: &region, Tags: tagsFor(w, s.name, clouds.Label{Name: clouds.LabelRole, Value: m.Role}),
		Properties: &armcompute.VirtualMachineProperties{
			HardwareProfile: &armcompute.HardwareProfile{VMSize: to.Ptr(armcompute.VirtualMachineSizeTypes(m.Type))},
			StorageProfile: &armcompute.StorageProfile{OSDisk: &armcompute.OSDisk{
				Name: to.Ptr(s.name), CreateOption: to.Ptr(armcompute.DiskCreateOptionTypesFromImage), DeleteOption: to.Ptr(armcompute.DiskDeleteOptionTypesDelete),
				ManagedDisk: &armcompute.ManagedDiskParameters{StorageAccountType: to.Ptr(armcompute.StorageAccountTypesStandardSSDLRS)},
			}},
			OSProfile: &armcompute.OSProfile{
				ComputerName: &s.name, AdminUsername: to.Ptr(userName),
				LinuxConfiguration: &armcompute.LinuxConfiguration{
					DisablePasswordAuthentication: to.Ptr(true), ProvisionVMAgent: to.Ptr(true),
					SSH: &armcompute.SSHConfiguration{PublicKeys: []*armcompute.SSHPublicKey{{KeyData: &key, Path: to.Ptr("/home/" + userName + "/.ssh/authorized_keys")}}},
				},
			},
			NetworkProfile: &armcompute.NetworkProfile{NetworkInterfaces: []*armcompute.NetworkInterfaceReference{{
				ID:         to.Ptr(s.id("Microsoft.Network/networkInterfaces", s.name)),
				Properties: &armcompute.NetworkInterfaceReferenceProperties{Primary: to.Ptr(true), DeleteOption: to.Ptr(armcompute.DeleteOptionsDelete)},
			}}},
			DiagnosticsProfile: &armcompute.DiagnosticsProfile{BootDiagnostics: &armcompute.BootDiagnostics{Enabled: to.Ptr(true)}},
		},
	}
	if c.o.Disk > 0 {
		vm.Properties.StorageProfile.OSDisk.DiskSizeGB = to.Ptr(int32(c.o.Disk))
	}
	if m.UserData != "" {
		vm.Properties.OSProfile.CustomData = to.Ptr(base64.StdEncoding.EncodeToString([]byte(m.UserData)))
	}
	return vm, c.from(ctx, w, m, vm)
}

// from says what a machine is started from: the base image, one of ours, or the
// preview of an offer.
func (c *Cloud) from(ctx context.Context, w images.Work, m images.Machine, vm *armcompute.VirtualMachine) error {
	p := vm.Properties
	if m.Preview != nil {
		o, err := orderOf(w)
		if err != nil {
			return err
		}
		offer, plan, ok := strings.Cut(m.Preview.Product, "/")
		if !ok {
			return noPlan(m.Preview.Product)
		}
		offer += "-preview"
		p.StorageProfile.ImageReference = &armcompute.ImageReference{Publisher: &c.o.Publisher, Offer: &offer, SKU: &plan, Version: to.Ptr(published(o))}
		vm.Plan = &armcompute.Plan{Name: &plan, Product: &offer, Publisher: &c.o.Publisher}
		return nil
	}
	of := ""
	if urn := strings.Split(m.Image, ":"); len(urn) == 4 {
		p.StorageProfile.ImageReference = &armcompute.ImageReference{Publisher: &urn[0], Offer: &urn[1], SKU: &urn[2], Version: &urn[3]}
		if w.Order != nil {
			of = c.definitionOf(w.Order)
		}
	} else {
		v, err := versionOf(m.Image)
		if err != nil {
			return err
		}
		p.StorageProfile.ImageReference = &armcompute.ImageReference{ID: to.Ptr(c.resource(v))}
		of = v.definition
	}
	d, err := c.definition(ctx, of)
	if err != nil {
		return err
	}
	if securityOf(d) == trustedLaunch {
		p.SecurityProfile = &armcompute.SecurityProfile{
			SecurityType: to.Ptr(armcompute.SecurityTypesTrustedLaunch),
			UefiSettings: &armcompute.UefiSettings{SecureBootEnabled: to.Ptr(true), VTpmEnabled: to.Ptr(true)},
		}
	}
	return nil
}

// userName is who a machine is made for. It is the name that the base image knows, and
// goes with what it has before the machine is captured.
const userName = "ubuntu"

// forgottenKey is a public key whose private one nobody has: Azure makes no machine
// without a way to log in, and nobody is to.
func forgottenKey() (string, error) {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	const kind = "ssh-ed25519"
	var b []byte
	for _, part := range [][]byte{[]byte(kind), public} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return kind + " " + base64.StdEncoding.EncodeToString(b) + " nobody", nil
}

// machine is a machine with how it stands; nil when there is none.
func (c *Cloud) machine(ctx context.Context, s site) (*armcompute.VirtualMachine, error) {
	out, err := ask(ctx, c, readMachine, func(ctx context.Context) (armcompute.VirtualMachinesClientGetResponse, error) {
		return c.of(s.subscription).compute.NewVirtualMachinesClient().Get(ctx, s.group, s.name, &armcompute.VirtualMachinesClientGetOptions{Expand: to.Ptr(armcompute.InstanceViewTypesInstanceView)})
	})
	if clouds.Is(err, images.Gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if out.Properties == nil {
		out.Properties = &armcompute.VirtualMachineProperties{}
	}
	return &out.VirtualMachine, nil
}

func deref(p *images.Progress) images.Progress {
	if p == nil {
		return images.Progress{}
	}
	return *p
}
