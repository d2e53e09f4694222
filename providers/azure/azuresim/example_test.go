package azuresim_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

	"cloudimage/providers/azure/azuresim"
)

// A program that is told an address, and that reaches it without TLS, takes the server
// for Azure.
func Example() {
	sim := azuresim.New(azuresim.Options{})
	server := httptest.NewServer(sim)
	defer server.Close()
	sim.SetBaseURL(server.URL)

	options := policy.ClientOptions{
		Cloud: cloud.Configuration{
			ActiveDirectoryAuthorityHost: strings.Replace(server.URL, "http", "https", 1),
			Services: map[cloud.ServiceName]cloud.ServiceConfiguration{
				cloud.ResourceManager: {Endpoint: server.URL, Audience: azuresim.AudienceARM},
			},
		},
		Transport:                       &wire{next: server.Client().Transport},
		InsecureAllowCredentialWithHTTP: true,
	}
	id, secret := sim.Credentials()
	login, err := azidentity.NewClientSecretCredential(sim.Tenant(), id, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	galleries, err := armcompute.NewGalleriesClient(sim.Subscription(), login, &arm.ClientOptions{ClientOptions: options})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := galleries.Get(context.Background(), azuresim.GalleryGroup, azuresim.GalleryName, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*g.Name, *g.Location)
	// Output: gitlab_images eastus
}
