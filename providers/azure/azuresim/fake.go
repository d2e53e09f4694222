package azuresim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	authfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2/fake"
	computefake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
	networkfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8/fake"
	resourcesfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/fake"
)

// carryOut has a fake server of the SDK decode a request and do it. The fakes are made
// for each request, because they remember pages and operations by path, which is not
// how Azure does it.
func (c *request) carryOut() (reply *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			reply, err = nil, fmt.Errorf("the fake server stopped: %v", p)
		}
	}()
	t := c.transport()
	if t == nil {
		return c.byHand()
	}
	// The fakes let go of a request that is cancelled while it is being carried out.
	ctx := context.WithValue(context.WithoutCancel(c.raw.Context()), runtime.CtxAPINameKey{}, c.route.api)
	reply, err = t.Do(c.forFake().WithContext(ctx))
	if c.err != nil {
		return nil, c.err
	}
	if err != nil {
		return nil, misread(err)
	}
	return reply, nil
}

// misread is an error of a fake server itself, which is mostly about what was sent.
func misread(err error) error {
	if strings.Contains(err.Error(), "unexpected status code") || strings.Contains(err.Error(), "not implemented") {
		return err
	}
	return refuse("InvalidRequestContent", "The request content was invalid and could not be deserialized: '%v'.", err)
}

// transport is the fake server for an operation; nil when the SDK has none.
func (c *request) transport() policy.Transporter {
	kind, _, _ := strings.Cut(c.route.api, ".")
	switch kind {
	case "VirtualMachinesClient", "VirtualMachineRunCommandsClient", "ImagesClient", "DisksClient", "GalleriesClient",
		"GalleryImagesClient", "GalleryImageVersionsClient", "ResourceSKUsClient", "UsageClient", "VirtualMachineImagesClient":
		return computefake.NewServerFactoryTransport(&computefake.ServerFactory{
			VirtualMachinesServer: c.machinesServer(), VirtualMachineRunCommandsServer: c.runCommandsServer(),
			ImagesServer: c.imagesServer(), DisksServer: c.disksServer(), GalleriesServer: c.galleriesServer(),
			GalleryImagesServer: c.definitionsServer(), GalleryImageVersionsServer: c.versionsServer(),
			ResourceSKUsServer: c.skusServer(), UsageServer: c.usageServer(), VirtualMachineImagesServer: c.basesServer(),
		})
	case "VirtualNetworksClient", "SecurityGroupsClient", "InterfacesClient", "PublicIPAddressesClient":
		return networkfake.NewServerFactoryTransport(&networkfake.ServerFactory{
			VirtualNetworksServer: c.networksServer(), SecurityGroupsServer: c.securityGroupsServer(),
			InterfacesServer: c.interfacesServer(), PublicIPAddressesServer: c.addressesServer(),
		})
	case "ResourceGroupsClient", "ProvidersClient", "Client":
		return resourcesfake.NewServerFactoryTransport(&resourcesfake.ServerFactory{
			ResourceGroupsServer: c.groupsServer(), ProvidersServer: c.providersServer(), Server: c.resourcesServer(),
		})
	case "RoleAssignmentsClient", "RoleDefinitionsClient":
		return authfake.NewServerFactoryTransport(&authfake.ServerFactory{
			RoleAssignmentsServer: c.assignmentsServer(), RoleDefinitionsServer: c.roleDefinitionsServer(),
		})
	}
	return nil
}

// byHand answers what the SDK has no fake server for.
func (c *request) byHand() (*http.Response, error) {
	var status int
	body, err := locked(c, func() (any, error) {
		kind, _, _ := strings.Cut(c.route.api, ".")
		switch kind {
		case "SubscriptionsClient":
			return c.subscriptions()
		case "PermissionsClient":
			return c.permissions(), nil
		}
		v, n, err := c.progress()
		status = n
		return v, err
	})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text))}, nil
}

// locked does something with the server locked. A panic is an error, because the fake
// servers work in goroutines of their own.
func locked[T any](c *request, f func() (T, error)) (v T, err error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s stopped: %v", c.route.api, p)
		}
		if err != nil {
			c.err = err
		}
	}()
	return f()
}

// reject tells a fake server of an error, whose words are the request's own.
func reject(err error) (out azfake.ErrorResponder) {
	var e *armError
	if !errors.As(err, &e) {
		e = refuseWith(http.StatusInternalServerError, "InternalServerError", "")
	}
	out.SetResponseError(e.status, e.code)
	return out
}

// answer does an operation that ends with its answer.
func answer[T any](c *request, status int, f func() (T, error)) (resp azfake.Responder[T], errResp azfake.ErrorResponder) {
	v, err := locked(c, f)
	if err != nil {
		return resp, reject(err)
	}
	if c.status != 0 {
		status = c.status
	}
	resp.SetResponse(status, v, nil)
	return resp, errResp
}

// begin does an operation that may go on after its answer, which the request's op then
// says. The status is that of the answer.
func begin[T any](c *request, f func() (T, int, error)) (resp azfake.PollerResponder[T], errResp azfake.ErrorResponder) {
	var status int
	v, err := locked(c, func() (v T, err error) {
		v, status, err = f()
		return v, err
	})
	if err != nil {
		return resp, reject(err)
	}
	c.status = status
	resp.SetTerminalResponse(status, v, nil)
	return resp, errResp
}

// list answers a page of what there is. The page is made of the entries and of the
// address of the next page, which is nil when there is none.
func list[E, T any](c *request, f func() ([]E, error), page func([]E, *string) T) (resp azfake.PagerResponder[T]) {
	out, err := locked(c, func() (out T, err error) {
		all, err := f()
		if err != nil {
			return out, err
		}
		from := min(c.skip(), len(all))
		to := min(from+c.s.pageSize, len(all))
		var next *string
		if to < len(all) {
			q := lowerKeys(c.query)
			q.Set("$skiptoken", fmt.Sprint(to))
			next = ptr(c.base + c.path + "?" + q.Encode())
		}
		return page(append([]E{}, all[from:to]...), next), nil
	})
	if err != nil {
		resp.AddError(err)
		return resp
	}
	resp.AddPage(http.StatusOK, out, nil)
	return resp
}

func ptr[T any](v T) *T { return &v }

// val is what is pointed to, or the zero value.
func val[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
