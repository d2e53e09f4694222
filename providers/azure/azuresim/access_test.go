package azuresim_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/azuresim"
)

func TestDeny(t *testing.T) {
	w := setup(t)
	nic := w.nic("nic")
	put := func() error {
		_, err := w.machines().BeginCreateOrUpdate(w.ctx, build, "vm", machineOf(nic), nil)
		return err
	}
	w.sim.Deny("Microsoft.Compute/virtualMachines/write")
	err := put()
	w.want(err, "AuthorizationFailed")
	id, _ := w.sim.Credentials()
	for _, part := range []string{
		"The client '" + id + "' with object id '" + w.sim.ObjectID() + "' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/write' over scope '" + w.id(build, "Microsoft.Compute/virtualMachines/vm") + "' or the scope is invalid.",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
	w.sim.Allow("Microsoft.Compute/virtualMachines/write")
	w.sim.Deny("Microsoft.Network/networkInterfaces/join/*")
	w.want(put(), "LinkedAuthorizationFailed")
	w.sim.Allow("Microsoft.Network/networkInterfaces/join/*")
	w.want(put(), "")
	calls := w.sim.Calls()
	last := calls[len(calls)-1]
	same(w, "operation", last.Operation, "VirtualMachines.CreateOrUpdate")
	same(w, "action", last.Action, "Microsoft.Compute/virtualMachines/write")
	same(w, "region", last.Region, home)
	same(w, "status", last.Status, http.StatusCreated)
	same(w, "linked", slices.Contains(last.Linked, "Microsoft.Network/networkInterfaces/join/action"), true)
}

// The scope of an action is the resource, and for a list what it is in.
func TestScopes(t *testing.T) {
	w := setup(t)
	w.nic("nic")
	w.sim.Deny("Microsoft.Compute/*")
	scope := func(err error, want string) {
		t.Helper()
		w.want(err, "AuthorizationFailed")
		if !strings.Contains(err.Error(), "over scope '"+want+"'") {
			t.Errorf("%v is not about %s", err, want)
		}
	}
	vm := w.id(build, "Microsoft.Compute/virtualMachines/vm")
	_, err := w.machines().BeginDeallocate(w.ctx, build, "vm", nil)
	scope(err, vm)
	_, err = w.machines().InstanceView(w.ctx, build, "vm", nil)
	scope(err, vm)
	_, err = w.machines().NewListPager(build, nil).NextPage(w.ctx)
	scope(err, w.sub()+"/resourceGroups/"+build)
	_, err = w.machines().NewListAllPager(nil).NextPage(w.ctx)
	scope(err, w.sub())
}

func TestRoles(t *testing.T) {
	w := setup(t)
	g := w.id(azuresim.GalleryGroup, "Microsoft.Compute/galleries/"+azuresim.GalleryName)
	assignments := w.roles().NewRoleAssignmentsClient()
	list := func(scope, filter string) int {
		t.Helper()
		o := &armauthorization.RoleAssignmentsClientListForScopeOptions{}
		if filter != "" {
			o.Filter = ptr(filter)
		}
		return len(pages(w, assignments.NewListForScopePager(scope, o), func(p armauthorization.RoleAssignmentsClientListForScopeResponse) []*armauthorization.RoleAssignment {
			return p.Value
		}))
	}
	same(w, "at the gallery", list(g, ""), 2)
	same(w, "below the subscription", list(w.sub(), ""), 2)
	same(w, "at the subscription", list(w.sub(), "atScope()"), 0)
	same(w, "below the gallery", list(g+"/images/gitlab-ee", "atScope()"), 2)
	same(w, "of one", list(g, "principalId%20eq%20'"+azuresim.PartnerCenterObjectID+"'"), 1)
	same(w, "of one", list(g, "atScope()%20and%20assignedTo('"+azuresim.ImageRegistryObjectID+"')"), 1)
	_, err := assignments.NewListForScopePager(g, &armauthorization.RoleAssignmentsClientListForScopeOptions{Filter: ptr("x%20eq%201")}).NextPage(w.ctx)
	w.want(err, "UnsupportedQuery")
	same(w, "reads", w.sim.PartnerCenterReads(g+"/images/gitlab-ee/versions/1.0.0"), true)
	w.sim.Revoke(g, azuresim.ImageRegistryObjectID, "")
	same(w, "reads", w.sim.PartnerCenterReads(g), false)
	w.sim.Grant(w.sub(), azuresim.ImageRegistryObjectID, azuresim.GalleryImageReader)
	same(w, "reads", w.sim.PartnerCenterReads(g), true)
	same(w, "at the gallery", list(g, "atScope()"), 2)
	d := must(w.roles().NewRoleDefinitionsClient().Get(w.ctx, w.sub(), azuresim.GalleryImageReader, nil))(w)
	same(w, "role", *d.Properties.RoleName, "Compute Gallery Image Reader")
	_, err = w.roles().NewRoleDefinitionsClient().Get(w.ctx, w.sub(), "unknown", nil)
	w.want(err, "RoleDefinitionDoesNotExist")
	named := pages(w, w.roles().NewRoleDefinitionsClient().NewListPager(w.sub(), &armauthorization.RoleDefinitionsClientListOptions{Filter: ptr("roleName eq 'Reader'")}), func(p armauthorization.RoleDefinitionsClientListResponse) []*armauthorization.RoleDefinition {
		return p.Value
	})
	same(w, "named", len(named), 1)
	w.sim.Deny("Microsoft.Compute/virtualMachines/delete")
	w.group(build)
	permissions := pages(w, w.roles().NewPermissionsClient().NewListForResourceGroupPager(build, nil), func(p armauthorization.PermissionsClientListForResourceGroupResponse) []*armauthorization.Permission {
		return p.Value
	})
	same(w, "not allowed", *permissions[0].NotActions[0], "Microsoft.Compute/virtualMachines/delete")
}

func TestProviders(t *testing.T) {
	w := setup(t)
	providers := w.resources().NewProvidersClient()
	state := func(n string) string { return *must(providers.Get(w.ctx, n, nil))(w).RegistrationState }
	same(w, "state", state("Microsoft.PartnerCenterIngestion"), "Registered")
	w.sim.SetRegistration("Microsoft.PartnerCenterIngestion", "NotRegistered")
	same(w, "state", state("microsoft.partnercenteringestion"), "NotRegistered")
	_, err := providers.Get(w.ctx, "Microsoft.Nothing", nil)
	w.want(err, "InvalidResourceNamespace")
	w.sim.SetRegistration("Microsoft.Network", "NotRegistered")
	w.group(build)
	_, err = w.network().NewVirtualNetworksClient().BeginDelete(w.ctx, build, "net", nil)
	w.want(err, "MissingSubscriptionRegistration")
	_, err = providers.Register(w.ctx, "Microsoft.Network", nil)
	w.want(err, "")
	same(w, "state", state("Microsoft.Network"), "Registered")
	same(w, "action", w.sim.Calls()[len(w.sim.Calls())-2].Action, "Microsoft.Network/register/action")
}

func TestSubscriptions(t *testing.T) {
	w := setup(t)
	get := func(path string) (int, string) {
		r := must(http.NewRequestWithContext(w.ctx, "GET", w.url+path+"?api-version=2022-12-01", nil))(w)
		r.Header.Set("Authorization", "Bearer "+must(w.cred.GetToken(w.ctx, tokenOptions()))(w).Token)
		resp := must(w.wire.Do(r))(w)
		return resp.StatusCode, string(must(io.ReadAll(resp.Body))(w))
	}
	status, body := get(w.sub())
	same(w, "status", status, http.StatusOK)
	if !strings.Contains(body, `"tenantId": "`+w.sim.Tenant()+`"`) && !strings.Contains(body, `"tenantId":"`+w.sim.Tenant()+`"`) {
		t.Error(body)
	}
	status, _ = get("/subscriptions/audience")
	same(w, "status", status, http.StatusNotFound)
	w.sim.AddSubscription("audience", "Preview")
	w.sim.DisableSubscription("audience", true)
	status, body = get("/subscriptions/audience")
	same(w, "status", status, http.StatusOK)
	same(w, "disabled", strings.Contains(body, "Disabled"), true)
	_, body = get("/subscriptions")
	same(w, "all", strings.Count(body, `"subscriptionId"`), 2)
}

func TestFaults(t *testing.T) {
	w := setup(t)
	groups := w.resources().NewResourceGroupsClient()
	put := func() error {
		_, err := groups.CreateOrUpdate(w.ctx, build, armresources.ResourceGroup{Location: ptr(home)}, nil)
		return err
	}
	w.sim.Inject("ResourceGroups.CreateOrUpdate", home, 1, false, azuresim.Fault{Status: 429, Code: "TooManyRequests", RetryAfter: 17 * time.Second})
	err := put()
	w.want(err, "TooManyRequests")
	var e *azcore.ResponseError
	if errors.As(err, &e) {
		same(w, "after", e.RawResponse.Header.Get("Retry-After"), "17")
	}
	same(w, "groups", len(w.sim.State().Groups), 1)
	w.sim.Inject("ResourceGroups.*", "", 1, true, azuresim.Fault{Drop: true})
	if err := put(); err == nil || errors.As(err, &e) && e.StatusCode != 429 {
		t.Errorf("the error is %v", err)
	}
	same(w, "groups", len(w.sim.State().Groups), 2)
	w.sim.Inject("ResourceGroups.*", "westus2", -1, false, azuresim.Fault{})
	w.want(put(), "")
	w.sim.Inject("*", "", -1, false, azuresim.Fault{})
	w.want(put(), "InternalServerError")
	_, err = w.login().GetToken(w.ctx, tokenOptions())
	w.want(err, "AADSTS90033")
	w.sim.ClearFaults()
	w.want(put(), "")
	var heard []bool
	w.sim.OnCall(func(c azuresim.Call, done bool) *azuresim.Fault {
		heard = append(heard, done)
		w.sim.State()
		if done {
			return &azuresim.Fault{Status: 503, Code: "ServerBusy"}
		}
		return nil
	})
	w.want(put(), "ServerBusy")
	same(w, "heard", len(heard), 2)
	same(w, "error", w.sim.Calls()[len(w.sim.Calls())-1].Error, "ServerBusy")
}
