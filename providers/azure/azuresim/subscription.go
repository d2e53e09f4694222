package azuresim

import (
	"context"
	"net/http"
	"slices"
	"strings"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
	resourcesfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/fake"
)

const registered = "Registered"

// subscription is what is paid for together.
type subscription struct {
	id, name  string
	disabled  bool
	providers map[string]string // registration states by namespace in lower case
}

// namespaces are the providers that a subscription may use.
func namespaces() []string {
	return []string{"Microsoft.Authorization", "Microsoft.Compute", "Microsoft.Network", "Microsoft.PartnerCenterIngestion", "Microsoft.Resources"}
}

// AddSubscription adds a subscription to the tenant, such as one of a preview's
// audience.
func (s *Server) AddSubscription(id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addSubscription(strings.ToLower(id), name)
}

func (s *Server) addSubscription(id, name string) {
	sub := &subscription{id: id, name: name, providers: map[string]string{}}
	for _, n := range namespaces() {
		sub.providers[strings.ToLower(n)] = registered
	}
	s.subs[id] = sub
}

// DisableSubscription lets a subscription be disabled, or enabled again. Nothing is
// refused for it: only what is read about the subscription changes.
func (s *Server) DisableSubscription(id string, disabled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub := s.subs[strings.ToLower(id)]; sub != nil {
		sub.disabled = disabled
	}
}

// SetRegistration says, in all subscriptions, whether a provider such as
// "Microsoft.PartnerCenterIngestion" may be used: Registered, NotRegistered or
// Registering.
func (s *Server) SetRegistration(namespace, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subs {
		sub.providers[strings.ToLower(namespace)] = state
	}
}

func (sub *subscription) registration(namespace string) string {
	return sub.providers[strings.ToLower(namespace)]
}

func (sub *subscription) json(tenant string) map[string]any {
	state := "Enabled"
	if sub.disabled {
		state = "Disabled"
	}
	return map[string]any{
		"id": "/subscriptions/" + sub.id, "subscriptionId": sub.id, "displayName": sub.name, "state": state, "tenantId": tenant,
		"authorizationSource": "RoleBased",
		"subscriptionPolicies": map[string]any{
			"locationPlacementId": "Public_2014-09-01", "quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off",
		},
	}
}

// subscriptions answers one of them, or all.
func (c *request) subscriptions() (any, error) {
	if c.sub != nil {
		return c.sub.json(c.s.tenant), nil
	}
	var all []any
	for _, sub := range sorted(c.s.subs) {
		all = append(all, sub.json(c.s.tenant))
	}
	return map[string]any{"value": all, "count": map[string]any{"type": "Total", "value": len(all)}}, nil
}

func (c *request) providersServer() resourcesfake.ProvidersServer {
	return resourcesfake.ProvidersServer{
		Get: func(_ context.Context, namespace string, _ *armresources.ProvidersClientGetOptions) (azfake.Responder[armresources.ProvidersClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armresources.ProvidersClientGetResponse, err error) {
				out.Provider, err = c.provider(namespace)
				return out, err
			})
		},
		Register: func(_ context.Context, namespace string, _ *armresources.ProvidersClientRegisterOptions) (azfake.Responder[armresources.ProvidersClientRegisterResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armresources.ProvidersClientRegisterResponse, err error) {
				out.Provider, err = c.register(namespace)
				return out, err
			})
		},
	}
}

// register lets the subscription use a provider. The real one takes a while.
func (c *request) register(namespace string) (armresources.Provider, error) {
	if _, ok := c.sub.providers[strings.ToLower(namespace)]; ok {
		c.sub.providers[strings.ToLower(namespace)] = registered
	}
	return c.provider(namespace)
}

func (c *request) provider(namespace string) (armresources.Provider, error) {
	i := slices.IndexFunc(namespaces(), func(n string) bool { return strings.EqualFold(n, namespace) })
	if i < 0 {
		return armresources.Provider{}, refuseWith(http.StatusNotFound, "InvalidResourceNamespace", "The resource namespace '%s' is invalid.", namespace)
	}
	name := namespaces()[i]
	policy := "RegistrationRequired"
	if name == "Microsoft.Resources" || name == "Microsoft.Authorization" {
		policy = "RegistrationFree"
	}
	return armresources.Provider{
		ID: ptr("/subscriptions/" + c.sub.id + "/providers/" + name), Namespace: ptr(name),
		RegistrationState: ptr(c.sub.registration(name)), RegistrationPolicy: ptr(policy), ResourceTypes: []*armresources.ProviderResourceType{},
	}, nil
}
