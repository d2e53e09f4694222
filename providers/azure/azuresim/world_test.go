package azuresim_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/azuresim"
)

const (
	home  = "eastus"
	build = "build-1"
	key   = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGtleSBvZiBhIHRlc3QsIG5vdCBhIHJlYWwga2V5 test"
)

// clock is time as a test wants it.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is a server and the real clients of it.
type world struct {
	*testing.T
	ctx   context.Context
	clock *clock
	sim   *azuresim.Server
	url   string
	wire  *wire
	cred  azcore.TokenCredential
}

func setup(t *testing.T, options ...func(*azuresim.Options)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, ctx: t.Context(), clock: &clock{t: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}}
	o := azuresim.Options{Now: w.clock.now}
	for _, f := range options {
		f(&o)
	}
	w.sim = azuresim.New(o)
	server := httptest.NewServer(w.sim)
	t.Cleanup(server.Close)
	w.url, w.wire = server.URL, &wire{t: t, next: server.Client().Transport}
	w.sim.SetBaseURL(server.URL)
	w.cred = w.login()
	return w
}

// wire sends what is for https to a server that speaks http, as one does for a server
// that is near, and looks at every answer.
type wire struct {
	t    *testing.T
	next http.RoundTripper
}

func (x *wire) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http"
	resp, err := x.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	for k := range resp.Header {
		if strings.HasPrefix(strings.ToLower(k), "fake") {
			x.t.Errorf("%s %s: the answer has the header %s", r.Method, r.URL, k)
		}
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	if strings.Contains(strings.ToLower(string(body)), "/fake") {
		x.t.Errorf("%s %s: the answer names a fake: %s", r.Method, r.URL, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (w *world) cloud() cloud.Configuration {
	return cloud.Configuration{
		ActiveDirectoryAuthorityHost: strings.Replace(w.url, "http://", "https://", 1) + "/",
		Services: map[cloud.ServiceName]cloud.ServiceConfiguration{
			cloud.ResourceManager: {Endpoint: w.url, Audience: azuresim.AudienceARM},
		},
	}
}

func (w *world) options() policy.ClientOptions {
	return policy.ClientOptions{
		Cloud: w.cloud(), Transport: w.wire, Retry: policy.RetryOptions{MaxRetries: -1}, InsecureAllowCredentialWithHTTP: true,
	}
}

func (w *world) arm() *arm.ClientOptions {
	return &arm.ClientOptions{ClientOptions: w.options(), DisableRPRegistration: true}
}

// login is a new credential, which has no token yet.
func (w *world) login() azcore.TokenCredential {
	w.Helper()
	id, secret := w.sim.Credentials()
	return w.loginWith(id, secret)
}

func (w *world) loginWith(id, secret string) azcore.TokenCredential {
	w.Helper()
	cred, err := azidentity.NewClientSecretCredential(w.sim.Tenant(), id, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: w.options(), DisableInstanceDiscovery: true,
	})
	w.want(err, "")
	return cred
}

func (w *world) compute(subs ...string) *armcompute.ClientFactory {
	sub := w.sim.Subscription()
	if len(subs) > 0 {
		sub = subs[0]
	}
	return must(armcompute.NewClientFactory(sub, w.cred, w.arm()))(w)
}

func (w *world) network() *armnetwork.ClientFactory {
	return must(armnetwork.NewClientFactory(w.sim.Subscription(), w.cred, w.arm()))(w)
}

func (w *world) resources() *armresources.ClientFactory {
	return must(armresources.NewClientFactory(w.sim.Subscription(), w.cred, w.arm()))(w)
}

func (w *world) roles() *armauthorization.ClientFactory {
	return must(armauthorization.NewClientFactory(w.sim.Subscription(), w.cred, w.arm()))(w)
}

func (w *world) machines() *armcompute.VirtualMachinesClient {
	return w.compute().NewVirtualMachinesClient()
}

func (w *world) runs() *armcompute.VirtualMachineRunCommandsClient {
	return w.compute().NewVirtualMachineRunCommandsClient()
}

func (w *world) versions() *armcompute.GalleryImageVersionsClient {
	return w.compute().NewGalleryImageVersionsClient()
}

// must is a value that was got without an error.
func must[T any](v T, err error) func(*world) T {
	return func(w *world) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

// want checks the code of an error; empty is none.
func (w *world) want(err error, code string) {
	w.Helper()
	if err == nil {
		if code != "" {
			w.Fatalf("there is no error, want %s", code)
		}
		return
	}
	var e *azcore.ResponseError
	if !errors.As(err, &e) {
		if code == "" || !strings.Contains(err.Error(), code) {
			w.Fatalf("the error is %v, want %q", err, code)
		}
		return
	}
	if e.ErrorCode != code {
		w.Fatalf("the error is %v, want %q", err, code)
	}
}

func same[T comparable](w *world, what string, got, want T) {
	w.Helper()
	if got != want {
		w.Errorf("%s: %v, want %v", what, got, want)
	}
}

// wait polls until something is done and answers its result. Time passes at each turn.
func wait[T any](w *world, p *runtime.Poller[T], err error) (T, error) {
	w.Helper()
	if err != nil {
		return *new(T), err
	}
	for range 2000 {
		if p.Done() {
			return p.Result(w.ctx)
		}
		w.clock.pass(10 * time.Second)
		if _, err := p.Poll(w.ctx); err != nil {
			return *new(T), err
		}
	}
	w.Fatal("the operation does not end")
	return *new(T), nil
}

// done is the result of an operation that succeeds.
func done[T any](w *world, p *runtime.Poller[T], err error) T {
	w.Helper()
	return must(wait(w, p, err))(w)
}

// pages are all entries of a list.
func pages[T, E any](w *world, p *runtime.Pager[T], entries func(T) []*E) []*E {
	w.Helper()
	var out []*E
	for p.More() {
		out = append(out, entries(must(p.NextPage(w.ctx))(w))...)
	}
	return out
}

func ptr[T any](v T) *T { return &v }

func (w *world) pass(d time.Duration) { w.clock.pass(d) }

func (w *world) sub() string { return "/subscriptions/" + w.sim.Subscription() }

func (w *world) id(group, rest string) string {
	return w.sub() + "/resourceGroups/" + group + "/providers/" + rest
}

// group makes a resource group.
func (w *world) group(name string) {
	w.Helper()
	_, err := w.resources().NewResourceGroupsClient().CreateOrUpdate(w.ctx, name, armresources.ResourceGroup{Location: ptr(home), Tags: map[string]*string{"createdBy": ptr("test")}}, nil)
	w.want(err, "")
}

// nic makes a network with one interface in the group and answers the interface's id.
func (w *world) nic(name string, change ...func(*armnetwork.VirtualNetwork)) string {
	w.Helper()
	w.group(build)
	v := armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{
		AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{ptr("10.0.0.0/16")}},
		Subnets:      []*armnetwork.Subnet{{Name: ptr("default"), Properties: &armnetwork.SubnetPropertiesFormat{AddressPrefix: ptr("10.0.0.0/24")}}},
	}}
	for _, f := range change {
		f(&v)
	}
	p, err := w.network().NewVirtualNetworksClient().BeginCreateOrUpdate(w.ctx, build, "net", v, nil)
	net := done(w, p, err)
	q, err := w.network().NewInterfacesClient().BeginCreateOrUpdate(w.ctx, build, name, armnetwork.Interface{Location: ptr(home), Properties: &armnetwork.InterfacePropertiesFormat{
		IPConfigurations: []*armnetwork.InterfaceIPConfiguration{{Name: ptr("ip"), Properties: &armnetwork.InterfaceIPConfigurationPropertiesFormat{
			Subnet: &armnetwork.Subnet{ID: net.Properties.Subnets[0].ID},
		}}},
	}}, nil)
	return *done(w, q, err).ID
}

// machineOf is a usual machine with an interface.
func machineOf(nic string) armcompute.VirtualMachine {
	return armcompute.VirtualMachine{
		Location: ptr(home), Tags: map[string]*string{"runId": ptr("1")},
		Properties: &armcompute.VirtualMachineProperties{
			HardwareProfile: &armcompute.HardwareProfile{VMSize: ptr(armcompute.VirtualMachineSizeTypes("Standard_D2s_v5"))},
			StorageProfile: &armcompute.StorageProfile{
				ImageReference: &armcompute.ImageReference{Publisher: ptr("Canonical"), Offer: ptr("ubuntu-24_04-lts"), SKU: ptr("server"), Version: ptr("latest")},
				OSDisk: &armcompute.OSDisk{
					CreateOption: ptr(armcompute.DiskCreateOptionTypesFromImage), DeleteOption: ptr(armcompute.DiskDeleteOptionTypesDelete), DiskSizeGB: ptr(int32(64)),
				},
			},
			OSProfile: &armcompute.OSProfile{
				ComputerName: ptr("builder"), AdminUsername: ptr("builder"), CustomData: ptr("I2Nsb3VkLWNvbmZpZw=="),
				LinuxConfiguration: &armcompute.LinuxConfiguration{
					DisablePasswordAuthentication: ptr(true),
					SSH:                           &armcompute.SSHConfiguration{PublicKeys: []*armcompute.SSHPublicKey{{Path: ptr("/home/builder/.ssh/authorized_keys"), KeyData: ptr(key)}}},
				},
			},
			NetworkProfile: &armcompute.NetworkProfile{NetworkInterfaces: []*armcompute.NetworkInterfaceReference{{
				ID: ptr(nic), Properties: &armcompute.NetworkInterfaceReferenceProperties{DeleteOption: ptr(armcompute.DeleteOptionsDelete)},
			}}},
		},
	}
}

// machine makes a machine that runs and whose agent answers, and answers its id.
func (w *world) machine(name string, change ...func(*armcompute.VirtualMachine)) string {
	w.Helper()
	m := machineOf(w.nic(name + "-nic"))
	for _, f := range change {
		f(&m)
	}
	p, err := w.machines().BeginCreateOrUpdate(w.ctx, build, name, m, nil)
	id := *done(w, p, err).ID
	w.pass(time.Minute)
	return id
}

// generalized makes a machine that images can be made of, and answers its id.
func (w *world) generalized(name string, change ...func(*armcompute.VirtualMachine)) string {
	w.Helper()
	id := w.machine(name, change...)
	p, err := w.machines().BeginDeallocate(w.ctx, build, name, nil)
	done(w, p, err)
	_, err = w.machines().Generalize(w.ctx, build, name, nil)
	w.want(err, "")
	return id
}

func script(text string) armcompute.VirtualMachineRunCommand {
	return armcompute.VirtualMachineRunCommand{Location: ptr(home), Properties: &armcompute.VirtualMachineRunCommandProperties{
		Source: &armcompute.VirtualMachineRunCommandScriptSource{Script: ptr(text)},
	}}
}

// look is how a command does.
func (w *world) look(machine, name string) *armcompute.VirtualMachineRunCommandInstanceView {
	w.Helper()
	r := must(w.runs().GetByVirtualMachine(w.ctx, build, machine, name, &armcompute.VirtualMachineRunCommandsClientGetByVirtualMachineOptions{Expand: ptr("instanceView")}))(w)
	return r.Properties.InstanceView
}

// versionOf is a usual version of a machine.
func versionOf(machine string, regions ...string) armcompute.GalleryImageVersion {
	p := &armcompute.GalleryImageVersionPublishingProfile{ExcludeFromLatest: ptr(true)}
	for _, r := range regions {
		p.TargetRegions = append(p.TargetRegions, &armcompute.TargetRegion{Name: ptr(r)})
	}
	return armcompute.GalleryImageVersion{Location: ptr(home), Properties: &armcompute.GalleryImageVersionProperties{
		PublishingProfile: p, StorageProfile: &armcompute.GalleryImageVersionStorageProfile{Source: &armcompute.GalleryArtifactVersionFullSource{VirtualMachineID: ptr(machine)}},
	}}
}

func (w *world) putVersion(definition, name string, v armcompute.GalleryImageVersion) (armcompute.GalleryImageVersionsClientCreateOrUpdateResponse, error) {
	w.Helper()
	p, err := w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, azuresim.GalleryName, definition, name, v, nil)
	return wait(w, p, err)
}

func (w *world) getVersion(definition, name string) armcompute.GalleryImageVersion {
	w.Helper()
	return must(w.versions().Get(w.ctx, azuresim.GalleryGroup, azuresim.GalleryName, definition, name, &armcompute.GalleryImageVersionsClientGetOptions{Expand: ptr(armcompute.ReplicationStatusTypesReplicationStatus)}))(w).GalleryImageVersion
}

// guest does what a test says.
type guest func(azuresim.Command) azuresim.Outcome

func (g guest) Run(c azuresim.Command) azuresim.Outcome { return g(c) }

func withGuest(g azuresim.Guest) func(*azuresim.Options) {
	return func(o *azuresim.Options) { o.Guest = g }
}
