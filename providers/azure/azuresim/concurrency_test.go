package azuresim_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/azuresim"
)

// asker is a guest that asks the server while it thinks.
type asker struct{ sim *azuresim.Server }

func (a *asker) Run(azuresim.Command) azuresim.Outcome {
	return azuresim.Outcome{Stdout: fmt.Sprint(len(a.sim.State().Machines))}
}

func (a *asker) Captured(string, string) { a.sim.Calls() }

func TestManyAtOnce(t *testing.T) {
	g := &asker{}
	w := setup(t, withGuest(g))
	g.sim = w.sim
	w.sim.SetTimes("", func(t *azuresim.Times) { t.RetryAfter = 0 })
	w.sim.OnCall(func(azuresim.Call, bool) *azuresim.Fault { w.sim.State(); return nil })
	id := w.generalized("old")
	w.machine("vm")
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			name := fmt.Sprintf("n%d", n)
			if _, err := w.resources().NewResourceGroupsClient().CreateOrUpdate(w.ctx, name, armresources.ResourceGroup{Location: ptr(home)}, nil); err != nil {
				t.Error(err)
			}
			if _, err := w.runs().BeginCreateOrUpdate(w.ctx, build, "vm", name, script("true"), nil); err != nil {
				t.Error(err)
			}
			if _, err := w.versions().BeginCreateOrUpdate(w.ctx, azuresim.GalleryGroup, azuresim.GalleryName, "gitlab-ee", fmt.Sprintf("1.0.%d", n), versionOf(id, home), nil); err != nil {
				t.Error(err)
			}
			if _, err := w.versions().NewListByGalleryImagePager(azuresim.GalleryGroup, azuresim.GalleryName, "gitlab-ee", nil).NextPage(w.ctx); err != nil {
				t.Error(err)
			}
			w.clock.pass(time.Second)
		})
	}
	all.Wait()
	s := w.sim.State()
	same(w, "groups", len(s.Groups), 10)
	same(w, "commands", len(s.RunCommands), 8)
	same(w, "versions", len(s.Versions), 8)
	w.pass(10 * time.Minute)
	same(w, "output", *w.look("vm", "n3").Output, "2")
	same(w, "state", *w.look("vm", "n3").ExecutionState, armcompute.ExecutionStateSucceeded)
}
