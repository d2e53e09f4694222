package aws

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// market is the region of the marketplace.
const market = "us-east-1"

// The defaults of [Options].
const (
	DefaultRegion = market
	// DefaultBaseParameter is where Canonical says which image of Ubuntu is the newest.
	DefaultBaseParameter = "/aws/service/canonical/ubuntu/server/24.04/stable/current/{architecture}/hvm/ebs-gp3/ami-id"
	// DefaultBaseOwner is Canonical.
	DefaultBaseOwner = "099720109477"
	DefaultBaseName  = "ubuntu/images/*ubuntu-noble-24.04-{architecture}-server-*"
)

// Options are what a [Cloud] is made with. They print without their keys.
type Options struct {
	// Account is the number of the account in which everything happens. What answers for
	// another is not used.
	Account string
	// Region is the home region. Defaults to [DefaultRegion].
	Region string
	// Regions are those that images usually go to, for [Cloud.Check]. Defaults to the
	// home region.
	Regions []string

	// Role is the ARN of a role to assume; empty for none.
	Role string
	// AccessKey and SecretKey say who we are. Empty: what the environment says, as for
	// all tools of AWS.
	AccessKey string `json:"-"`
	SecretKey string `json:"-"`
	// SessionToken goes with keys that end; empty for those that do not.
	SessionToken string `json:"-"`

	// Endpoint is the address of a stand-in for all of AWS. Defaults to what
	// AWS_ENDPOINT_URL says, and its forms for single services.
	Endpoint string

	// Profile is the name of the instance profile that lets machines take commands from
	// Systems Manager.
	Profile string
	// Subnet and SecurityGroup are where machines are. Defaults to what the account has
	// as its default.
	Subnet, SecurityGroup string

	// BaseParameter is the public parameter that names the newest base image. Defaults to
	// [DefaultBaseParameter]. In it and in BaseName {architecture} is amd64 or arm64.
	BaseParameter string
	// BaseOwner and BaseName are whose images are taken, and which. Default to
	// [DefaultBaseOwner] and [DefaultBaseName].
	BaseOwner, BaseName string
	// BaseMaxAge is how old a base image may be before it is mentioned. Defaults to 30
	// days.
	BaseMaxAge time.Duration
	// Disk is how large the disks of machines are, in GB. Defaults to 20.
	Disk int

	// AccessRole is the ARN of the role with which the marketplace reads images. Without
	// it nothing is submitted.
	AccessRole string
	// UserName, OSName and OSVersion are what customers are told of the system. Default
	// to ubuntu, UBUNTU and 24.04.
	UserName, OSName, OSVersion string
	// RecommendedType is the type of machine that customers are advised to take, with
	// the alternative for arm64 behind a comma. Defaults to c5.2xlarge,c6g.2xlarge.
	RecommendedType string
	// Usage are the instructions of a version. Defaults to where the product's manual is.
	Usage string
	// Share are accounts that may use images of the marketplace, beside its role.
	Share []string
	// KeepVersions is how many versions a product has before the oldest are hidden from
	// new customers. Defaults to 95.
	KeepVersions int

	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time
	// Transport carries the requests, except those with which the client library looks
	// for keys by itself. Defaults to the library's own, which heeds AWS_CA_BUNDLE and the
	// proxy of the environment.
	Transport http.RoundTripper
	// Logger hears of each call at the level debug. Defaults to none.
	Logger *slog.Logger
}

// Format writes the options without their keys, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { io.WriteString(f, o.redacted()) }

// LogValue is what is logged of the options.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.redacted()) }

func (o Options) redacted() string {
	return "aws.Options{Account: " + o.Account + ", Region: " + o.Region + "}"
}

// withDefaults fills in what is empty.
func (o Options) withDefaults() Options {
	o.Region = cmp.Or(o.Region, DefaultRegion)
	o.Regions = slices.Clone(o.Regions)
	if len(o.Regions) == 0 {
		o.Regions = []string{o.Region}
	}
	o.BaseParameter = cmp.Or(o.BaseParameter, DefaultBaseParameter)
	o.BaseOwner = cmp.Or(o.BaseOwner, DefaultBaseOwner)
	o.BaseName = cmp.Or(o.BaseName, DefaultBaseName)
	o.BaseMaxAge = cmp.Or(o.BaseMaxAge, 30*24*time.Hour)
	o.Disk = cmp.Or(o.Disk, 20)
	o.UserName = cmp.Or(o.UserName, "ubuntu")
	o.OSName = cmp.Or(o.OSName, "UBUNTU")
	o.OSVersion = cmp.Or(o.OSVersion, "24.04")
	o.RecommendedType = cmp.Or(o.RecommendedType, "c5.2xlarge,c6g.2xlarge")
	o.Usage = cmp.Or(o.Usage, "https://docs.gitlab.com/install/cloud_providers/aws/")
	o.KeepVersions = cmp.Or(o.KeepVersions, 95)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

var (
	accountNumber = regexp.MustCompile(`^[0-9]{12}$`)
	regionName    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)
	roleARN       = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$`)
)

// check says what cannot be right. It never repeats a key.
func (o Options) check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if !accountNumber.MatchString(o.Account) {
		say("the account has to be its number, of twelve digits, and is %q", o.Account)
	}
	for _, r := range append([]string{o.Region}, o.Regions...) {
		if !regionName.MatchString(r) {
			say("%q is no name of a region", r)
		}
	}
	for _, s := range o.Share {
		if !accountNumber.MatchString(s) {
			say("what images are shared with has to be an account's number, of twelve digits, and is %q", s)
		}
	}
	for what, arn := range map[string]string{"the role to assume": o.Role, "the role of the marketplace": o.AccessRole} {
		if arn != "" && !roleARN.MatchString(arn) {
			say("%s has to be an ARN such as arn:aws:iam::123456789012:role/name, and is %q", what, arn)
		}
	}
	if (o.AccessKey == "") != (o.SecretKey == "") {
		say("an access key and its secret are given together or not at all")
	}
	if o.Disk < 8 || o.Disk > 16384 {
		say("a disk has 8 to 16384 GB, and not %d", o.Disk)
	}
	if o.KeepVersions < 2 || o.KeepVersions > mostVersions {
		say("a product keeps 2 to %d versions, and not %d", mostVersions, o.KeepVersions)
	}
	if o.BaseMaxAge < 0 {
		say("the age of a base image is below zero")
	}
	return errors.Join(wrong...)
}

// recommended is the type of machine for an architecture.
func (o Options) recommended(architecture string) string {
	intel, arm, _ := strings.Cut(o.RecommendedType, ",")
	if architecture == "arm64" && strings.TrimSpace(arm) != "" {
		return strings.TrimSpace(arm)
	}
	return strings.TrimSpace(intel)
}
