package aws

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"cloudimage/providers/clouds"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

var _ images.Cloud = (*Cloud)(nil)

// Cloud is an account of AWS. It is made by [New] and safe for concurrent use.
type Cloud struct {
	o        Options
	config   sdk.Config
	pace     *pace
	timeout  time.Duration // of a call
	scrub    func(string) string
	plain    *http.Client // for what is not AWS's interface
	accounts accounts     // that we know keys of
}

// New returns a cloud. It asks AWS nothing; options that cannot be right are an error.
func New(ctx context.Context, o Options) (*Cloud, error) { return newCloud(ctx, o) }

// newCloud takes more options for the client library.
func newCloud(ctx context.Context, o Options, more ...func(*config.LoadOptions) error) (*Cloud, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("aws: %w", err)
	}
	load := append(more,
		config.WithRegion(o.Region),
		config.WithRetryer(func() sdk.Retryer { return sdk.NopRetryer{} }),
		config.WithAppID("cloudimage"),
		config.WithAPIOptions([]func(*middleware.Stack) error{noteSent}),
	)
	if o.AccessKey != "" {
		load = append(load, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(o.AccessKey, o.SecretKey, o.SessionToken)))
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	scrub := clouds.Scrubbing(o.AccessKey, o.SecretKey, o.SessionToken)
	if err != nil {
		return nil, fmt.Errorf("aws: read its configuration: %s", scrub(err.Error()))
	}
	if o.Endpoint != "" {
		c.BaseEndpoint = &o.Endpoint
	}
	transport := o.Transport
	if transport != nil {
		// Not while it is loaded: the client library adds AWS_CA_BUNDLE to no other client
		// than its own.
		c.HTTPClient = &http.Client{Transport: transport, CheckRedirect: noRedirect}
	} else if own, ok := c.HTTPClient.(*awshttp.BuildableClient); ok || c.HTTPClient == nil {
		if own == nil {
			own = awshttp.NewBuildableClient()
		}
		// One for all clients. Each would make one of its own from the library's, and as they
		// are made for each call, no connection would be used twice, and none closed for long.
		transport = own.GetTransport()
		c.HTTPClient = &http.Client{Transport: transport, CheckRedirect: noRedirect}
	}
	if o.Role != "" {
		c.Credentials = sdk.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c), o.Role, func(p *stscreds.AssumeRoleOptions) {
			p.RoleSessionName = "cloudimage"
		}))
	}
	return &Cloud{o: o, config: c, pace: newPace(), timeout: 30 * time.Second, scrub: scrub,
		plain: &http.Client{Transport: transport, CheckRedirect: noRedirect}}, nil
}

// noRedirect lets no answer send us elsewhere with a signed request.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Provider is AWS.
func (c *Cloud) Provider() workflow.Provider { return workflow.AWS }

// Format writes which account it is, whatever the verb.
func (c *Cloud) Format(f fmt.State, _ rune) { io.WriteString(f, "aws.Cloud{"+c.o.Account+"}") }

// LogValue is what is logged of the cloud.
func (c *Cloud) LogValue() slog.Value { return slog.StringValue(c.o.Account) }

// The clients of a region. They cost little, and are made for each call.

func (c *Cloud) ec2(region string) *ec2.Client {
	return ec2.NewFromConfig(c.config, func(o *ec2.Options) { o.Region = region })
}

func (c *Cloud) ssm(region string) *ssm.Client {
	return ssm.NewFromConfig(c.config, func(o *ssm.Options) { o.Region = region })
}

func (c *Cloud) sts() *sts.Client { return sts.NewFromConfig(c.config) }

func (c *Cloud) quotas(region string) *servicequotas.Client {
	return servicequotas.NewFromConfig(c.config, func(o *servicequotas.Options) { o.Region = region })
}

func (c *Cloud) catalog() *marketplacecatalog.Client {
	return marketplacecatalog.NewFromConfig(c.config, func(o *marketplacecatalog.Options) { o.Region = market })
}

// elsewhere reports whether EC2 or Systems Manager is a server that somebody named,
// and may be no more than an imitation.
func (c *Cloud) elsewhere() bool {
	return c.ec2(c.o.Region).Options().BaseEndpoint != nil || c.ssm(c.o.Region).Options().BaseEndpoint != nil
}

// imitated reports whether machines are those of an imitation, which may carry nothing
// out: Systems Manager is a server that somebody named, and it is none of AWS's.
func (c *Cloud) imitated() bool {
	base := c.ssm(c.o.Region).Options().BaseEndpoint
	if base == nil {
		return false
	}
	u, err := url.Parse(*base)
	return err == nil && !ofAWS(u.Hostname())
}

// ofAWS reports whether a host is one of AWS.
func ofAWS(host string) bool {
	host = strings.ToLower(host)
	return strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".aws.amazon.com") || strings.HasSuffix(host, ".api.aws")
}

// console is the address of a page of the console.
func console(region, page string) string {
	return "https://" + region + ".console.aws.amazon.com/" + strings.TrimPrefix(page, "/")
}
