package azuresim_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/azuresim"
)

// poller is any of the SDK's.
type poller interface {
	Done() bool
	Poll(context.Context) (*http.Response, error)
	ResumeToken() (string, error)
	result(context.Context) error
	whole(context.Context) error
}

type pollerOf[T any] struct{ *runtime.Poller[T] }

func (p pollerOf[T]) result(ctx context.Context) error {
	_, err := p.Result(ctx)
	return err
}

func (p pollerOf[T]) whole(ctx context.Context) error {
	_, err := p.PollUntilDone(ctx, &runtime.PollUntilDoneOptions{Frequency: time.Millisecond})
	return err
}

func poll[T any](p *runtime.Poller[T], err error) (poller, error) { return pollerOf[T]{p}, err }

// operations are all that go on after their answer, each on what a test has made. With
// a token, it is resumed instead.
func operations() map[string]func(w *world, token string) (poller, error) {
	const g, n = azuresim.GalleryGroup, azuresim.GalleryName
	return map[string]func(w *world, token string) (poller, error){
		"group deletion": func(w *world, token string) (poller, error) {
			return poll(w.resources().NewResourceGroupsClient().BeginDelete(w.ctx, build, &armresources.ResourceGroupsClientBeginDeleteOptions{ResumeToken: token, ForceDeletionTypes: ptr("Microsoft.Compute/virtualMachines")}))
		},
		"network": func(w *world, token string) (poller, error) {
			return poll(w.network().NewVirtualNetworksClient().BeginCreateOrUpdate(w.ctx, build, "second", armnetwork.VirtualNetwork{Location: ptr(home), Properties: &armnetwork.VirtualNetworkPropertiesFormat{AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{ptr("10.1.0.0/16")}}}}, &armnetwork.VirtualNetworksClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"security group": func(w *world, token string) (poller, error) {
			return poll(w.network().NewSecurityGroupsClient().BeginCreateOrUpdate(w.ctx, build, "nsg", armnetwork.SecurityGroup{Location: ptr(home)}, &armnetwork.SecurityGroupsClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"interface deletion": func(w *world, token string) (poller, error) {
			return poll(w.network().NewInterfacesClient().BeginDelete(w.ctx, build, "free", &armnetwork.InterfacesClientBeginDeleteOptions{ResumeToken: token}))
		},
		"machine": func(w *world, token string) (poller, error) {
			m := machineOf(w.id(build, "Microsoft.Network/networkInterfaces/free"))
			return poll(w.machines().BeginCreateOrUpdate(w.ctx, build, "another", m, &armcompute.VirtualMachinesClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"machine's change": func(w *world, token string) (poller, error) {
			return poll(w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(w.id(build, "Microsoft.Network/networkInterfaces/vm-nic")), &armcompute.VirtualMachinesClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"power off": func(w *world, token string) (poller, error) {
			return poll(w.machines().BeginPowerOff(w.ctx, build, "vm", &armcompute.VirtualMachinesClientBeginPowerOffOptions{ResumeToken: token}))
		},
		"deallocation": func(w *world, token string) (poller, error) {
			return poll(w.machines().BeginDeallocate(w.ctx, build, "vm", &armcompute.VirtualMachinesClientBeginDeallocateOptions{ResumeToken: token}))
		},
		"machine's deletion": func(w *world, token string) (poller, error) {
			return poll(w.machines().BeginDelete(w.ctx, build, "vm", &armcompute.VirtualMachinesClientBeginDeleteOptions{ResumeToken: token}))
		},
		"command": func(w *world, token string) (poller, error) {
			return poll(w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", "run", script("true"), &armcompute.VirtualMachineRunCommandsClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"image": func(w *world, token string) (poller, error) {
			return poll(w.compute().NewImagesClient().BeginCreateOrUpdate(w.ctx, build, "image", armcompute.Image{Location: ptr(home), Properties: &armcompute.ImageProperties{
				HyperVGeneration: ptr(armcompute.HyperVGenerationTypesV2), SourceVirtualMachine: &armcompute.SubResource{ID: ptr(w.id(build, "Microsoft.Compute/virtualMachines/old"))},
			}}, &armcompute.ImagesClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"definition": func(w *world, token string) (poller, error) {
			return poll(w.compute().NewGalleryImagesClient().BeginCreateOrUpdate(w.ctx, g, n, "new", definitionOf(), &armcompute.GalleryImagesClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"version": func(w *world, token string) (poller, error) {
			return poll(w.versions().BeginCreateOrUpdate(w.ctx, g, n, "gitlab-ee", "1.0.0", versionOf(w.id(build, "Microsoft.Compute/virtualMachines/old"), home, "westus2"), &armcompute.GalleryImageVersionsClientBeginCreateOrUpdateOptions{ResumeToken: token}))
		},
		"version's change": func(w *world, token string) (poller, error) {
			return poll(w.versions().BeginUpdate(w.ctx, g, n, "gitlab-ce", "1.0.0", armcompute.GalleryImageVersionUpdate{Properties: &armcompute.GalleryImageVersionProperties{
				PublishingProfile: &armcompute.GalleryImageVersionPublishingProfile{TargetRegions: []*armcompute.TargetRegion{{Name: ptr(home)}, {Name: ptr("westus2")}}},
			}}, &armcompute.GalleryImageVersionsClientBeginUpdateOptions{ResumeToken: token}))
		},
		"version's deletion": func(w *world, token string) (poller, error) {
			return poll(w.versions().BeginDelete(w.ctx, g, n, "gitlab-ce", "1.0.0", &armcompute.GalleryImageVersionsClientBeginDeleteOptions{ResumeToken: token}))
		},
	}
}

func definitionOf() armcompute.GalleryImage {
	return armcompute.GalleryImage{Location: ptr(home), Properties: &armcompute.GalleryImageProperties{
		Identifier: &armcompute.GalleryImageIdentifier{Publisher: ptr("gitlab"), Offer: ptr("gitlab"), SKU: ptr("new")},
		OSType:     ptr(armcompute.OperatingSystemTypesLinux), OSState: ptr(armcompute.OperatingSystemStateTypesGeneralized), HyperVGeneration: ptr(armcompute.HyperVGenerationV2),
	}}
}

// stage makes what the operations are about.
func stage(t *testing.T) *world {
	w := setup(t)
	w.sim.SetTimes("", func(t *azuresim.Times) { t.RetryAfter = 0 })
	old := w.generalized("old")
	must(w.putVersion("gitlab-ce", "1.0.0", versionOf(old, home)))(w)
	w.machine("vm")
	w.nic("free")
	return w
}

// Each operation can be polled, resumed from its token by another client, and polled
// until it is done.
func TestOperations(t *testing.T) {
	for name, begin := range operations() {
		t.Run(name, func(t *testing.T) {
			w := stage(t)
			p := must(begin(w, ""))(w)
			same(w, "done", p.Done(), false)
			must(p.Poll(w.ctx))(w)
			same(w, "done", p.Done(), false)
			token := must(p.ResumeToken())(w)
			if strings.Contains(token, "Fake") || !strings.Contains(token, w.url) {
				t.Errorf("the token is %s", token)
			}
			w.cred = w.login()
			q := must(begin(w, token))(w)
			must(q.Poll(w.ctx))(w)
			same(w, "done when resumed", q.Done(), false)
			w.pass(2 * time.Hour)
			w.cred = w.login()
			r := must(begin(w, token))(w)
			w.want(r.whole(w.ctx), "")
			again := must(begin(w, token))(w)
			must(again.Poll(w.ctx))(w)
			same(w, "done again", again.Done(), true)
			w.want(again.result(w.ctx), "")
		})
	}
}

// What was begun goes on when its token is lost.
func TestLostOperations(t *testing.T) {
	for name, begin := range operations() {
		t.Run(name, func(t *testing.T) {
			w := stage(t)
			p := must(begin(w, ""))(w)
			w.sim.ForgetOperations()
			_, err := p.Poll(w.ctx)
			if err == nil {
				err = p.result(w.ctx)
			}
			w.want(err, "NotFound")
			w.pass(2 * time.Hour)
			for _, v := range w.sim.State().Versions {
				same(w, v.ID, v.State, "Succeeded")
			}
		})
	}
}

func TestOperationOnTheWire(t *testing.T) {
	w := setup(t)
	id := w.machine("vm")
	ask := func(method, path, body string) *http.Response {
		token := must(w.cred.GetToken(w.ctx, tokenOptions()))(w)
		r := must(http.NewRequestWithContext(w.ctx, method, path, strings.NewReader(body)))(w)
		r.Header.Set("Authorization", "Bearer "+token.Token)
		return must(w.wire.Do(r))(w)
	}
	// Names are compared without case.
	r := ask("POST", w.url+strings.ToLower(id)+"/DEALLOCATE?api-version=2024-07-01", "")
	same(w, "status", r.StatusCode, http.StatusAccepted)
	same(w, "when", r.Header.Get("Retry-After"), "10")
	at := r.Header.Get("Azure-AsyncOperation")
	if !strings.HasPrefix(at, w.url+"/subscriptions/"+w.sim.Subscription()+"/providers/Microsoft.Compute/locations/eastus/operations/") || !strings.HasSuffix(at, "?api-version=2024-07-01") {
		t.Errorf("the operation is at %q", at)
	}
	r = ask("GET", at, "")
	same(w, "status", r.StatusCode, http.StatusOK)
	where := ask("POST", w.url+id+"/deallocate?api-version=2024-07-01", "")
	same(w, "a second one", where.StatusCode, http.StatusConflict)
	same(w, "code", where.Header.Get("X-Ms-Error-Code"), "Conflict")
	w.pass(time.Hour)
	w.cred = w.login()
	r = ask("GET", r.Header.Get("Location"), "")
	same(w, "result", r.StatusCode, http.StatusNoContent)
	r = ask("GET", w.url+id, "")
	same(w, "no version", r.Header.Get("X-Ms-Error-Code"), "MissingApiVersionParameter")
	r = ask("DELETE", w.url+w.sub()+"/resourcegroups/"+build+"?api-version=2021-04-01", "")
	same(w, "status", r.StatusCode, http.StatusAccepted)
	same(w, "async", r.Header.Get("Azure-AsyncOperation"), "")
	at = r.Header.Get("Location")
	same(w, "going on", ask("GET", at, "").StatusCode, http.StatusAccepted)
	w.pass(10 * time.Minute)
	same(w, "ended", ask("GET", at, "").StatusCode, http.StatusOK)
}
