package azure

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"cloudimage/workflow/images"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a       action
		code    string
		message string
		status  int
		is      images.Class
	}{
		{writeMachine, "OperationNotAllowed", "Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota.", 409, images.Quota},
		{writeMachine, "OperationNotAllowed", "Operation 'start' is not allowed on VM 'x'.", 409, images.Invalid},
		{writeMachine, "InternalServerError", "", 500, images.Unknown},
		{readMachine, "InternalServerError", "", 500, images.Passing},
		{action{name: writeMachine.name, failing: true}, "InternalExecutionError", "", 200, images.Passing},
		{writeMachine, "Conflict", "", 409, images.Passing},
		{writeMachine, "", "", 503, images.Unknown},
		{readMachine, "Something", "", 404, images.Gone},
		{readMachine, "Something", "", 403, images.Permission},
		{readMachine, "Something", "", 429, images.Throttled},
		{readMachine, "Something", "", 400, images.Invalid},
		{writeMachine, "MarketplacePurchaseEligibilityFailed", "", 400, images.Unready},
		{readSubscription, "InvalidAuthenticationTokenTenant", "", 401, images.WrongAccount},
	} {
		if got := classOf(c.a, c.code, c.message, c.status); got != c.is {
			t.Errorf("%s %d is %s", c.code, c.status, got)
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	for message, what := range map[string]string{
		"The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Compute/images/write' over scope '/subscriptions/z'.":                                                                                                         "Microsoft.Compute/images/write",
		"The client 'x' has permission to perform action 'Microsoft.Network/networkInterfaces/write' on scope 'a'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) 'b'.": "Microsoft.Network/virtualNetworks/subnets/join/action",
		"No.": "",
	} {
		if got := missing(message); got != what {
			t.Errorf("%q", got)
		}
	}
}

// An error may wrap another that says more, and need not be wrapped itself.
func TestWhatIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for body, want := range map[string]string{
		`{"error":{"code":"DeploymentFailed","message":"See details.","details":[{"code":"SkuNotAvailable","message":"Not\nhere."}]}}`: "capacity SkuNotAvailable Not here.",
		`{"code":"QuotaExceeded","message":"Full."}`: "quota QuotaExceeded Full.",
		`<html>Oops</html>`:                          "unknown  Azure answered with Bad Gateway and said nothing.",
		``:                                           "unknown  Azure answered with Bad Gateway and said nothing.",
	} {
		b := &between{answer: func(r *http.Request) (int, http.Header, string, bool) {
			return 502, nil, body, r.Method == http.MethodDelete
		}}
		_, err := w.betweenOf(b).deleteGroup(t.Context(), site{w.Subscription(), "any", "any"})
		f, ok := err.(*images.Fault)
		if !ok || string(f.Class)+" "+f.Code+" "+f.Said != want {
			t.Errorf("%+v", err)
		}
	}
}

// What a poller's token does not lead to any more is no fault.
func TestTokensOfOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, token := range []string{"", "{}", "nonsense", `{"type":"other","token":{}}`} {
		if f := w.whyNotMade(t.Context(), version{"a", "b", "c"}, token); f != nil {
			t.Errorf("%q: %+v", token, f)
		}
	}
	runs, err := follow(t.Context(), w.Cloud, deleteGroup, "x", func(_ context.Context, _ string) (*runtime.Poller[int], error) { return nil, http.ErrNotSupported })
	if runs || err != nil {
		t.Error(runs, err)
	}
	if !strings.HasPrefix(readGroupOperation.name, "Microsoft.Resources/") || deleteGroup.operations() != readGroupOperation.name || writeNetwork.operations() != readNetworkOperation.name {
		t.Error("operations")
	}
}
