package aws

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cloudimage/checkup"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Check asks AWS what has to be so to build and publish images, and changes nothing.
// When it cannot be asked, what was not found out is left out.
func (c *Cloud) Check(ctx context.Context) []checkup.Finding {
	me, err := c.identity(ctx)
	if err != nil {
		return []checkup.Finding{unanswered("who we are", err)}
	}
	if p := c.wrongAccount(me); p != nil {
		return []checkup.Finding{checkup.Failing("Use keys of the configured account, or configure the account that is meant.", "%s", p.Said)}
	}
	out := []checkup.Finding{checkup.Okay("AWS takes the keys: we are %s.", me.arn)}
	base := ""
	for _, architecture := range []string{"amd64", "arm64"} {
		f, id := c.checkBase(ctx, architecture)
		out = append(out, f)
		if architecture == "amd64" {
			base = id
		}
	}
	out = append(out, c.checkPermissions(ctx, base)...)
	out = append(out, c.checkRegions(ctx)...)
	return append(out, c.checkSettings()...)
}

// checkBase looks at the base images of an architecture.
func (c *Cloud) checkBase(ctx context.Context, architecture string) (checkup.Finding, string) {
	b, err := c.base(ctx, c.o.Region, architecture)
	if err != nil {
		return unanswered("which base image there is for "+architecture, err), ""
	}
	for _, p := range b.problems {
		return checkup.Doubtful("Look whether the base image's owner has stopped making them, or whether another one is to be configured.", "The base image for %s: %s", architecture, p.Said), b.ID
	}
	return checkup.Okay("The base image for %s is %s of %s.", architecture, b.Name, b.Made.Format("2 Jan 2006")), b.ID
}

// checkPermissions tries what a build does.
func (c *Cloud) checkPermissions(ctx context.Context, base string) []checkup.Finding {
	problems := c.mayBuildIn(ctx, c.o.Region, images.Order{Region: c.o.Region, Architecture: "amd64", Machine: "m5.large", Base: images.Base{ID: base}})
	if len(problems) == 0 {
		return []checkup.Finding{checkup.Okay("We may build images in %s.", c.o.Region)}
	}
	return []checkup.Finding{missingActions(c.o.Region, problems)}
}

// missingActions is a finding about what we may not do.
func missingActions(region string, problems []images.Problem) checkup.Finding {
	var actions []string
	for _, p := range problems {
		if !slices.Contains(actions, p.What) {
			actions = append(actions, p.What)
		}
	}
	slices.Sort(actions)
	return checkup.Failing("Add it to the policy of the user or role, in IAM.", "We may not do in %s: %s.", region, strings.Join(actions, ", "))
}

// checkRegions looks at the regions that images go to.
func (c *Cloud) checkRegions(ctx context.Context) (out []checkup.Finding) {
	enabled, err := c.regions(ctx)
	if err != nil {
		return []checkup.Finding{unanswered("which regions there are", err)}
	}
	regions := slices.Clone(c.o.Regions)
	if !slices.Contains(regions, c.o.Region) {
		regions = append(regions, c.o.Region)
	}
	var ask []string
	for _, r := range regions {
		if slices.Contains(enabled, r) {
			ask = append(ask, r)
			continue
		}
		out = append(out, checkup.Failing("Enable it in the account's settings, or take it out of the configuration.", "The region %s is not enabled for the account.", r))
	}
	for _, s := range each(ask, func(r string) sight {
		return c.lookInto(ctx, r, wanted{public: 1, publishes: true, copies: r != c.o.Region})
	}) {
		out = append(out, c.checkRegion(s)...)
	}
	return out
}

// checkRegion says how a region stands.
func (c *Cloud) checkRegion(s sight) (out []checkup.Finding) {
	var missing []images.Problem
	for _, p := range s.problems {
		if p.Class == images.Permission {
			missing = append(missing, p)
			continue
		}
		out = append(out, checkup.Failing("Check again later. If it stays so, leave the region out.", "%s could not be looked at: %s", s.Name, p.Said))
	}
	if len(missing) > 0 {
		out = append(out, missingActions(s.Name, missing))
	}
	if s.encrypted {
		out = append(out, checkup.Failing("Turn off the encryption of disks by default there, or leave the region out.", "Disks are encrypted by default in %s, and an image of encrypted disks cannot be published.", s.Name))
	}
	if len(out) > 0 {
		return out
	}
	switch {
	case s.Blocked && s.Fixed:
		return append(out, checkup.Doubtful("Ask whoever keeps the organization's policies, or leave the region out.", "A declarative policy keeps images from becoming public in %s.", s.Name))
	case s.MostPublic > 0 && s.Public >= s.MostPublic:
		return append(out, checkup.Doubtful("Ask for more at "+publicQuotaLink(s.Name)+", or remove old images.", "%d of %d images that may be public in %s are.", s.Public, s.MostPublic, s.Name))
	case s.Blocked:
		return append(out, checkup.Noted("", "Block public access is on in %s. It is turned off for a moment when an order says so.", s.Name))
	}
	return append(out, checkup.Okay("%s is ready: %d of %d public images are used.", s.Name, s.Public, s.MostPublic))
}

// checkSettings says what is not configured.
func (c *Cloud) checkSettings() (out []checkup.Finding) {
	if c.o.Profile == "" {
		out = append(out, checkup.Noted("Name an instance profile with the policy AmazonSSMManagedInstanceCore.",
			"No instance profile is configured. Machines take commands only if the account gives Systems Manager to all of them."))
	}
	if c.o.AccessRole == "" {
		out = append(out, checkup.Noted("Name a role that trusts assets.marketplace.amazonaws.com and has the policy AWSMarketplaceAmiIngestion.",
			"Nothing is brought to the marketplace: no access role is configured."))
	}
	return out
}

// unanswered is a finding about a question that was not answered.
func unanswered(what string, err error) checkup.Finding {
	cure := "Look whether AWS can be reached from here, and check again."
	var f *images.Fault
	if errors.As(err, &f) {
		switch f.Class {
		case images.Permission:
			cure = "Look at the keys, and at the policy of whoever they belong to."
			if f.What != "" {
				cure += " What is missing is " + f.What + "."
			}
		case images.Throttled:
			cure = "Wait a minute and check again."
		case images.Invalid, images.Gone:
			cure = "Look at the configuration of base images."
		}
	}
	return checkup.Failing(cure, "AWS did not say %s: %s", what, clouds.Said(err))
}
