package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/aws"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file is about the AWS in which images are made.

// AWS says in which account of AWS images are made. Credentials come from the SDK's
// own chain, or from the environment as references; none belong here.
type AWS struct {
	// Account is the number of the account. Nothing is made in any other.
	Account string `yaml:"account"`
	// Region is where images are built. Defaults to us-east-1, where the marketplace
	// takes them from.
	Region string `yaml:"region"`
	// Regions are where images go besides. Defaults to nowhere.
	Regions []string `yaml:"regions"`
	// Role is the ARN of a role to assume. Defaults to none.
	Role string `yaml:"role"`
	// InstanceProfile is the name of the one that lets machines take commands. Needed.
	InstanceProfile string `yaml:"instance_profile"`
	Subnet          string `yaml:"subnet"`         // defaults to the default VPC's
	SecurityGroup   string `yaml:"security_group"` // defaults to the VPC's own
	// Machines are the types of the machines that images are built on, by architecture.
	// Defaults to m6i.large and m6g.large.
	Machines map[string]string `yaml:"machines"`
	// Disk is the size of the image's disk in GB. Defaults to 20.
	Disk int `yaml:"disk"`
	// Public says whether images become public when they are published. Defaults to true.
	Public *bool `yaml:"public"`
	// DeprecateAfter is how long after a newer version is live an older image is
	// deprecated: "720h". Defaults to "720h"; "never" for never.
	DeprecateAfter string    `yaml:"deprecate_after"`
	Base           AWSBase   `yaml:"base"`
	Marketplace    AWSMarket `yaml:"marketplace"`
}

// AWSBase says which image builds begin with. Defaults to Canonical's newest of Ubuntu
// 24.04.
type AWSBase struct {
	Parameter string `yaml:"parameter"` // of SSM, with {architecture}
	Owner     string `yaml:"owner"`     // account that the image has to be of
	Name      string `yaml:"name"`      // pattern that its name has to match, with {architecture}
	// Distribution is which packages are for it. Defaults to "noble".
	Distribution string `yaml:"distribution"`
	MaxAge       string `yaml:"max_age"` // from when it is said to be old; defaults to "720h"
}

// AWSMarket says how a version of a product is described to AWS Marketplace.
type AWSMarket struct {
	AccessRole      string          `yaml:"access_role"`      // ARN of the role that lets it read images; needed to publish there
	UserName        string          `yaml:"user_name"`        // defaults to "ubuntu"
	OSName          string          `yaml:"os_name"`          // defaults to "UBUNTU"
	OSVersion       string          `yaml:"os_version"`       // defaults to "24.04"
	RecommendedType string          `yaml:"recommended_type"` // defaults to "c5.2xlarge,c6g.2xlarge": what is behind the comma is for arm64
	Usage           string          `yaml:"usage"`            // instructions for customers
	Share           []string        `yaml:"share"`            // accounts that scan images; defaults to none
	Mailbox         workflow.UserID `yaml:"mailbox"`          // member id of who reads its mail; defaults to nobody
	KeepVersions    int             `yaml:"keep_versions"`    // from how many on the oldest are restricted; defaults to 95
}

// usageOfGitLab is what customers are told.
const usageOfGitLab = "Open the address of the instance in a browser after some minutes. Sign in as root with the instance id as password, and change it. See https://docs.gitlab.com/ee/install/aws/."

// checkAWS looks at what can be wrong without asking anybody, and fills in what was
// left out.
func (c *Config) checkAWS() error {
	a := c.AWS
	if a == nil {
		return nil
	}
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("aws."+path, format, args...))
	}
	if !isAccount(a.Account) {
		bad("account", "%q is no number of an account: it has 12 digits, in quotes", a.Account)
	}
	if a.InstanceProfile == "" {
		bad("instance_profile", "name the instance profile that lets machines take commands of Systems Manager; docs/aws.md says how to make it")
	}
	a.Region = cmp.Or(a.Region, "us-east-1")
	for i, r := range append([]string{a.Region}, a.Regions...) {
		if strings.Count(r, "-") < 2 || strings.ContainsAny(r, " /.") {
			bad([]string{"region", fmt.Sprintf("regions[%d]", i-1)}[min(i, 1)], "%q is no region; write it as us-east-1", r)
		}
	}
	for _, arn := range []struct{ path, value string }{{"role", a.Role}, {"marketplace.access_role", a.Marketplace.AccessRole}} {
		if arn.value != "" && !strings.HasPrefix(arn.value, "arn:") {
			bad(arn.path, "%q is no ARN of a role; it begins with arn:", arn.value)
		}
	}
	machines := map[string]string{"amd64": "m6i.large", "arm64": "m6g.large"}
	for _, arch := range slices.Sorted(maps.Keys(a.Machines)) {
		if machines[arch] == "" {
			bad("machines."+arch, "%q is no architecture of packages; those there are: amd64, arm64", arch)
		}
	}
	maps.Copy(machines, a.Machines)
	a.Machines = machines
	a.Base.Distribution = cmp.Or(a.Base.Distribution, "noble")
	if a.Disk != 0 && (a.Disk < 8 || a.Disk > 1000) {
		bad("disk", "%d is no size for a disk; say 8 to 1000 GB", a.Disk)
	}
	for _, t := range []struct {
		path, text string
		never      bool // is an answer too
	}{{"deprecate_after", a.DeprecateAfter, true}, {"base.max_age", a.Base.MaxAge, false}} {
		if d, err := time.ParseDuration(t.text); t.text != "" && !(t.never && t.text == "never") && (err != nil || d < time.Hour) {
			bad(t.path, "%q is no time of an hour or more; write it as 720h", t.text)
		}
	}
	if m := string(a.Marketplace.Mailbox); m != "" && !strings.HasPrefix(m, "U") && !strings.HasPrefix(m, "W") {
		bad("marketplace.mailbox", "%q is no member id; an id begins with U or W, and Slack has it under “Copy member ID” in the profile", m)
	}
	if n := a.Marketplace.KeepVersions; n != 0 && (n < 2 || n > 99) {
		bad("marketplace.keep_versions", "%d is out of range; the marketplace takes 100 versions, so say 2 to 99", n)
	}
	for i, account := range a.Marketplace.Share {
		if !isAccount(account) {
			bad(fmt.Sprintf("marketplace.share[%d]", i), "%q is no number of an account: it has 12 digits, in quotes", account)
		}
	}
	return errors.Join(errs...)
}

func isAccount(s string) bool {
	return len(s) == 12 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// awsSetup is AWS, and how images are made there.
func (s Settings) awsSetup(ctx context.Context) (images.Setup, error) {
	a := s.Config.AWS
	cloud, err := aws.New(ctx, s.awsOptions())
	if err != nil {
		return images.Setup{}, err
	}
	setup := images.Setup{Cloud: cloud, Account: a.Account, Region: a.Region, Regions: a.Regions, Machines: a.Machines, Distribution: a.Base.Distribution,
		Public: a.Public == nil || *a.Public, Mailbox: a.Marketplace.Mailbox, Grace: cmp.Or(duration(a.DeprecateAfter), 30*24*time.Hour)}
	if a.DeprecateAfter == "never" {
		setup.Grace = -1
	}
	return setup, nil
}

func (s Settings) awsOptions() aws.Options {
	a := s.Config.AWS
	m := a.Marketplace
	o := aws.Options{
		Account: a.Account, Region: a.Region, Regions: a.Regions, Role: a.Role, AccessKey: s.AWSKeys.id, SecretKey: s.AWSKeys.secret, SessionToken: s.AWSKeys.session,
		Profile: a.InstanceProfile, Subnet: a.Subnet, SecurityGroup: a.SecurityGroup, Disk: a.Disk,
		BaseParameter: a.Base.Parameter, BaseOwner: a.Base.Owner, BaseName: a.Base.Name, BaseMaxAge: duration(a.Base.MaxAge),
		AccessRole: m.AccessRole, UserName: m.UserName, OSName: m.OSName, OSVersion: m.OSVersion, RecommendedType: m.RecommendedType,
		Usage: m.Usage, Endpoint: s.AWSEndpoint, Share: m.Share, KeepVersions: m.KeepVersions, Now: s.Now, Transport: s.Transport, Logger: s.Logger,
	}
	if s.Config.product().Name == "GitLab" {
		o.Usage = cmp.Or(o.Usage, usageOfGitLab)
	}
	return o
}
