package azure

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	armpolicy "github.com/Azure/azure-sdk-for-go/sdk/azcore/arm/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"

	"cloudimage/providers/azure/partnercenter"
	"cloudimage/providers/clouds"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

var _ images.Cloud = (*Cloud)(nil)

// application is how we call ourselves.
const application = "cloudimage"

// Cloud is a subscription of Azure. It is made by [New] and safe for concurrent use.
type Cloud struct {
	o       Options
	servers servers
	who     *identity
	carrier *carrier
	arm     *armpolicy.ClientOptions
	market  *partnercenter.Client // nil when it is not configured
	timeout time.Duration         // of a call
	scrub   func(string) string
	hush    hush
	updates sync.Mutex // of versions
	// The clients of the subscription, and those of the one for previews.
	home, preview clients
}

// clients are those of a subscription. They share one way to the server and one
// credential.
type clients struct {
	subscription string
	raw          *arm.Client
	compute      *armcompute.ClientFactory
	network      *armnetwork.ClientFactory
	resources    *armresources.ClientFactory
	rights       *armauthorization.ClientFactory
}

// New returns a cloud. It asks Azure nothing; options that cannot be right are an error.
func New(o Options) (*Cloud, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("azure: %w", err)
	}
	s, err := o.Endpoints.resolve()
	if err != nil {
		return nil, fmt.Errorf("azure: %w", err)
	}
	base := o.Transport
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = 32 // all goes to one server
		base = own
	}
	c := &Cloud{o: o, servers: s, timeout: 30 * time.Second, carrier: &carrier{base: base, servers: s},
		scrub: clouds.Scrubbing(o.ClientSecret, o.CertificatePassword, string(o.Certificate))}
	client := &http.Client{Transport: c.carrier, CheckRedirect: noRedirect}
	if c.who, err = newIdentity(func() (azcore.TokenCredential, error) { return o.credential(s, client) }); err != nil {
		return nil, fmt.Errorf("azure: %s", c.clean(err.Error()))
	}
	c.carrier.who = c.who
	c.arm = &armpolicy.ClientOptions{
		ClientOptions: policy.ClientOptions{
			Cloud: s.cloudConfig(), Transport: client, InsecureAllowCredentialWithHTTP: s.manager.Scheme == "http",
			Retry: policy.RetryOptions{MaxRetries: -1}, Telemetry: policy.TelemetryOptions{ApplicationID: application},
		},
		DisableRPRegistration: true, // it would register, and wait
	}
	if c.home, err = c.clientsOf(o.Subscription); err == nil {
		c.preview, err = c.clientsOf(o.PreviewSubscription)
	}
	if err != nil {
		return nil, fmt.Errorf("azure: %w", err)
	}
	c.market = c.newMarket()
	return c, nil
}

func (c *Cloud) clientsOf(subscription string) (out clients, err error) {
	out.subscription = subscription
	if subscription == "" {
		return out, nil
	}
	if out.raw, err = arm.NewClient("cloudimage", "v1.0.0", c.who, c.arm); err != nil {
		return out, err
	}
	if out.compute, err = armcompute.NewClientFactory(subscription, c.who, c.arm); err != nil {
		return out, err
	}
	if out.network, err = armnetwork.NewClientFactory(subscription, c.who, c.arm); err != nil {
		return out, err
	}
	if out.resources, err = armresources.NewClientFactory(subscription, c.who, c.arm); err != nil {
		return out, err
	}
	out.rights, err = armauthorization.NewClientFactory(subscription, c.who, c.arm)
	return out, err
}

// of are the clients of a subscription that things of ours are in.
func (c *Cloud) of(subscription string) clients {
	if subscription != "" && subscription == c.o.PreviewSubscription {
		return c.preview
	}
	return c.home
}

// Provider is Azure.
func (c *Cloud) Provider() workflow.Provider { return workflow.Azure }

// Format writes which subscription it is, whatever the verb.
func (c *Cloud) Format(f fmt.State, _ rune) {
	io.WriteString(f, "azure.Cloud{"+c.o.Subscription+"}")
}

// LogValue is what is logged of the cloud.
func (c *Cloud) LogValue() slog.Value { return slog.StringValue(c.o.Subscription) }

// portal is the address of a resource in the portal, by its id.
func (c *Cloud) portal(id string) string {
	return c.servers.portal + "/#@" + c.o.Tenant + "/resource/" + strings.TrimPrefix(id, "/")
}
