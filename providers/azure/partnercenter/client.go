package partnercenter

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// DefaultEndpoint is where the Product Ingestion API is.
const DefaultEndpoint = "https://graph.microsoft.com/rp/product-ingestion"

// Options are what a [Client] is made with. Only Token is needed.
type Options struct {
	// Endpoint is the root of the API. Defaults to [DefaultEndpoint].
	Endpoint string
	// Token is a bearer token for Microsoft Graph; fresh asks for another one than the
	// last, which was not accepted.
	Token func(ctx context.Context, fresh bool) (string, error)
	// Publisher is the publisher's id, which support asks for. May be empty.
	Publisher string
	// Transport makes the calls. Defaults to [http.DefaultTransport].
	Transport http.RoundTripper
	// Schemas are the versions to be used, over the defaults: by the type of resource, such
	// as "submission", "configure" or "virtual-machine-plan-technical-configuration", and
	// "resource-tree" for all that is read.
	Schemas map[string]string
	// KeepVersions is how many versions of a plan new customers can get when we are
	// through. Defaults to 95, of the 100 that there may be.
	KeepVersions int
	// Now is the time. Defaults to [time.Now].
	Now func() time.Time
	// Logger gets each call, at debug. Defaults to none.
	Logger *slog.Logger
	// Scrub takes secrets that the caller knows out of a text.
	Scrub func(string) string
}

// Client asks Partner Center. It is safe for concurrent use and keeps nothing.
type Client struct {
	o    Options
	http *http.Client
}

// mostVersions is how many versions of a plan new customers can get at most.
const mostVersions = 100

// defaultSchemas are the versions of schemas that this package was written for.
func defaultSchemas() map[string]string {
	return map[string]string{
		configureKind: "2022-07-01", treeKind: "2022-07-01", submissionKind: "2022-03-01-preview2", techKind: "2022-03-01-preview5",
	}
}

// New makes a client.
func New(o Options) *Client {
	o.Endpoint = strings.TrimSuffix(cmp.Or(o.Endpoint, DefaultEndpoint), "/")
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.KeepVersions <= 0 {
		o.KeepVersions = 95
	}
	o.KeepVersions = min(o.KeepVersions, mostVersions)
	schemas := defaultSchemas()
	maps.Copy(schemas, o.Schemas)
	o.Schemas = schemas
	// A redirect could lead a token elsewhere.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{o: o, http: &http.Client{Transport: o.Transport, CheckRedirect: stay}}
}

// clean is a text of theirs in one line, without secrets.
func (c *Client) clean(text string) string {
	if c.o.Scrub != nil {
		text = c.o.Scrub(text)
	}
	return clouds.OneLine(clouds.Scrubbing()(text))
}

// Version is what one build brings to a plan of an offer.
type Version struct {
	Offer, Plan string // external ids
	Number      string // "17.6.200"
	ImageType   string // "x64Gen2", "arm64Gen2"
	// TenantID and ResourceID are those of the gallery's image version. ResourceID may be
	// empty for [Client.Look], before there is one.
	TenantID, ResourceID string
	// SecurityTypes are those of the image type, "trusted" or "confidential", for a plan
	// that does not have the image type yet.
	SecurityTypes []string
	// Texts are what customers are to read of the offer; what is empty stays as it is.
	Texts workflow.Texts
	// Hides is how many of the oldest versions are hidden from new customers.
	Hides int
}

var (
	numberForm   = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	tenantForm   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	resourceForm = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/galleries/[^/]+/images/[^/]+/versions/[0-9]+\.[0-9]+\.[0-9]+$`)
)

// valid says what is missing to bring a version anywhere.
func (v Version) valid() error {
	lacks := ""
	switch {
	case v.Offer == "" || v.Plan == "":
		lacks = "It is not said to which plan of which offer the version belongs: the product is named as offer/plan."
	case !numberForm.MatchString(v.Number):
		lacks = "The version of an offer is three numbers, and not " + v.Number + "."
	case v.ImageType != "x64Gen1" && v.ImageType != "x64Gen2" && v.ImageType != "arm64Gen2":
		lacks = "An offer has images of the types x64Gen1, x64Gen2 and arm64Gen2, and none of " + v.ImageType + "."
	case !tenantForm.MatchString(v.TenantID):
		lacks = "It is not said in which tenant the image is."
	case !resourceForm.MatchString(v.ResourceID):
		lacks = "It is not said which version of a gallery's image the version is made of."
	default:
		return nil
	}
	return &images.Fault{Class: images.Invalid, What: v.product(), Said: lacks}
}

func (v Version) product() string { return v.Offer + "/" + v.Plan }

// managed is where people see their offers.
const managed = "https://partner.microsoft.com/dashboard/marketplace-offers/overview"
