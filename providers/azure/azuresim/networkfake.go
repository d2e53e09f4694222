package azuresim

import (
	"context"
	"net/http"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	net "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8/fake"
)

// each is what a list and its entries are, as the SDK has them.
func each[R resource, E any](c *request, json func(R) E) func() ([]*E, error) {
	return func() ([]*E, error) {
		rs, err := inTheGroup[R](c)
		var out []*E
		for _, r := range rs {
			out = append(out, ptr(json(r)))
		}
		return out, err
	}
}

// one is what the path names, as the SDK has it.
func one[R resource, E any](c *request, json func(R) E) (out E, err error) {
	r, err := named[R](c)
	if err == nil {
		out = json(r)
	}
	return out, err
}

func (c *request) networksServer() fake.VirtualNetworksServer {
	return fake.VirtualNetworksServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _ string, in net.VirtualNetwork, _ *net.VirtualNetworksClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[net.VirtualNetworksClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.VirtualNetworksClientCreateOrUpdateResponse, status int, err error) {
				v, status, err := c.putNetwork(in)
				if err == nil {
					out.VirtualNetwork = c.networkJSON(v)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, *net.VirtualNetworksClientGetOptions) (azfake.Responder[net.VirtualNetworksClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out net.VirtualNetworksClientGetResponse, err error) {
				out.VirtualNetwork, err = one(c, c.networkJSON)
				return out, err
			})
		},
		NewListPager: func(string, *net.VirtualNetworksClientListOptions) azfake.PagerResponder[net.VirtualNetworksClientListResponse] {
			return list(c, each(c, c.networkJSON), func(v []*net.VirtualNetwork, next *string) (out net.VirtualNetworksClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *net.VirtualNetworksClientBeginDeleteOptions) (azfake.PollerResponder[net.VirtualNetworksClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.VirtualNetworksClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(v *vnet) (time.Duration, error) {
					for _, n := range v.subnets {
						if users := c.s.usersOf(n.id); len(users) > 0 {
							return 0, subnetInUse(n.name, users[0].id)
						}
					}
					return c.s.at(v.location).times.Network, nil
				})
				return out, status, err
			})
		},
	}
}

func (c *request) securityGroupsServer() fake.SecurityGroupsServer {
	return fake.SecurityGroupsServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _ string, in net.SecurityGroup, _ *net.SecurityGroupsClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[net.SecurityGroupsClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.SecurityGroupsClientCreateOrUpdateResponse, status int, err error) {
				g, status, err := c.putSecurityGroup(in)
				if err == nil {
					out.SecurityGroup = c.securityGroupJSON(g)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, *net.SecurityGroupsClientGetOptions) (azfake.Responder[net.SecurityGroupsClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out net.SecurityGroupsClientGetResponse, err error) {
				out.SecurityGroup, err = one(c, c.securityGroupJSON)
				return out, err
			})
		},
		NewListPager: func(string, *net.SecurityGroupsClientListOptions) azfake.PagerResponder[net.SecurityGroupsClientListResponse] {
			return list(c, each(c, c.securityGroupJSON), func(v []*net.SecurityGroup, next *string) (out net.SecurityGroupsClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *net.SecurityGroupsClientBeginDeleteOptions) (azfake.PollerResponder[net.SecurityGroupsClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.SecurityGroupsClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(g *securityGroup) (time.Duration, error) {
					if user := c.s.groupUser(g.id); user != "" {
						return 0, refuse("InUseNetworkSecurityGroupCannotBeDeleted", "Network security group %s cannot be deleted because it is in use by the following resources: %s. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.", g.id, user)
					}
					return c.s.at(g.location).times.Network, nil
				})
				return out, status, err
			})
		},
	}
}

func (c *request) interfacesServer() fake.InterfacesServer {
	return fake.InterfacesServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _ string, in net.Interface, _ *net.InterfacesClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[net.InterfacesClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.InterfacesClientCreateOrUpdateResponse, status int, err error) {
				n, status, err := c.putNIC(in)
				if err == nil {
					out.Interface = c.nicJSON(n)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, *net.InterfacesClientGetOptions) (azfake.Responder[net.InterfacesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out net.InterfacesClientGetResponse, err error) {
				out.Interface, err = one(c, c.nicJSON)
				return out, err
			})
		},
		NewListPager: func(string, *net.InterfacesClientListOptions) azfake.PagerResponder[net.InterfacesClientListResponse] {
			return list(c, each(c, c.nicJSON), func(v []*net.Interface, next *string) (out net.InterfacesClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *net.InterfacesClientBeginDeleteOptions) (azfake.PollerResponder[net.InterfacesClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.InterfacesClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(n *nic) (time.Duration, error) {
					if n.owner != "" {
						return 0, nicInUse(n.id, n.owner)
					}
					return c.s.at(n.location).times.Network, nil
				})
				return out, status, err
			})
		},
	}
}

func (c *request) addressesServer() fake.PublicIPAddressesServer {
	return fake.PublicIPAddressesServer{
		Get: func(context.Context, string, string, *net.PublicIPAddressesClientGetOptions) (azfake.Responder[net.PublicIPAddressesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out net.PublicIPAddressesClientGetResponse, err error) {
				out.PublicIPAddress, err = one(c, c.addressJSON)
				return out, err
			})
		},
		NewListPager: func(string, *net.PublicIPAddressesClientListOptions) azfake.PagerResponder[net.PublicIPAddressesClientListResponse] {
			return list(c, each(c, c.addressJSON), func(v []*net.PublicIPAddress, next *string) (out net.PublicIPAddressesClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, *net.PublicIPAddressesClientBeginDeleteOptions) (azfake.PollerResponder[net.PublicIPAddressesClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out net.PublicIPAddressesClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(a *publicAddress) (time.Duration, error) {
					if a.owner != "" {
						return 0, refuse("PublicIPAddressCannotBeDeleted", "Public IP address %s can not be deleted since it is still allocated to resource %s. In order to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do this, see aka.ms/deletepublicip.", a.id, a.owner)
					}
					return c.s.at(a.location).times.Network, nil
				})
				return out, status, err
			})
		},
	}
}
