package awssim

import (
	"net/netip"
	"slices"
	"strings"
)

// judge is what is wrong with a change that has the right form.
func (s *Server) judge(ch *oneChange) []detail {
	p := s.market.products[ch.Entity.product()]
	switch ch.ChangeType {
	case "AddDeliveryOptions":
		d := ch.delivery
		out := slices.Concat(s.judgeVersion(p, d), s.judgeImage(p, d.source()))
		for _, o := range d.DeliveryOptions {
			out = append(out, judgeOption(p, o.Details.AmiDeliveryOptionDetails)...)
		}
		return out
	case "RestrictDeliveryOptions":
		return judgeRestriction(p, ch.options())
	case "UpdateDeliveryOptions":
		return ch.judgeUpdate(p)
	}
	return nil
}

// judgeUpdate finds the options that a product does not have.
func (ch *oneChange) judgeUpdate(p *product) []detail {
	var out []detail
	for _, o := range ch.update().DeliveryOptions {
		if !slices.ContainsFunc(p.versions, func(v *version) bool { return v.option == o.ID }) {
			out = append(out, detail{"INVALID_DELIVERY_OPTION_ID", "The product has no delivery option " + o.ID + "."})
		}
	}
	return out
}

func (s *Server) judgeVersion(p *product, d *delivery) []detail {
	var out []detail
	title := d.Version.VersionTitle
	if n := len([]rune(strings.TrimSpace(title))); n == 0 || n > 255 {
		out = append(out, detail{"INVALID_VERSION_TITLE", "The version title must have between 1 and 255 characters."})
	} else if v := p.titled(title); v != nil {
		out = append(out, detail{"DUPLICATE_VERSION_TITLE", "The version title " + title + " is already in use by " + v.id + "."})
	}
	if n := len([]rune(d.Version.ReleaseNotes)); n == 0 || n > 30000 {
		out = append(out, detail{"INVALID_RELEASE_NOTES", "The release notes must have between 1 and 30000 characters."})
	}
	if p.open() >= maxVersions {
		// That there is such a limit is known from sellers; what it is called is not.
		out = append(out, detail{"VERSION_LIMIT_EXCEEDED", "The product has reached the limit of 100 versions. Restrict versions that are not needed."})
	}
	return out
}

func (s *Server) judgeImage(p *product, src amiSource) []detail {
	var out []detail
	home := s.regions["us-east-1"]
	i := home.images[src.AmiID]
	switch now := s.time(); {
	case i == nil, !s.isOwn(i), i.life.at(now) != available:
		return []detail{{"INVALID_AMI_ID", "The AMI " + src.AmiID + " must exist in us-east-1 and be owned by the seller's account."}}
	case i.arch != p.arch:
		out = append(out, detail{"INVALID_AMI_ARCHITECTURE", "The AMI's architecture " + i.arch + " is not the product's, which is " + p.arch + "."})
	case i.encrypted:
		out = append(out, detail{"INCOMPATIBLE_AMI", "The AMI's snapshots are encrypted."})
	}
	if !s.market.roles[src.AccessRoleArn] {
		out = append(out, detail{"ASSET_ACCESS_EXCEPTION", "The role " + src.AccessRoleArn + " cannot be assumed, or does not let the AMI be taken."})
	}
	if !slices.Contains([]string{"AMAZONLINUX", "CENTOS", "DEBIAN", "FEDORA", "OTHERLINUX", "RHEL", "SUSE", "UBUNTU", "WINDOWS"}, src.OperatingSystemName) {
		out = append(out, detail{"INCOMPATIBLE_OPERATING_SYSTEM_NAME", "The operating system " + src.OperatingSystemName + " is not known."})
	}
	if strings.TrimSpace(src.OperatingSystemVersion) == "" {
		out = append(out, detail{"INCOMPATIBLE_OPERATING_SYSTEM_VERSION", "The operating system's version must be given."})
	}
	if src.ScanningPort < 0 || src.ScanningPort > 65535 {
		out = append(out, detail{"INVALID_SCANNING_PORT", "The scanning port must be between 1 and 65535."})
	}
	return out
}

func judgeOption(p *product, o amiDetails) []detail {
	var out []detail
	if n := len([]rune(strings.TrimSpace(o.UsageInstructions))); n == 0 || n > 2000 {
		out = append(out, detail{"INVALID_USAGE_INSTRUCTIONS", "The usage instructions must have between 1 and 2000 characters."})
	}
	kind, ok := machines()[o.RecommendedInstanceType]
	switch {
	case !ok:
		out = append(out, detail{"INVALID_RECOMMENDED_INSTANCE_TYPE", "The instance type " + o.RecommendedInstanceType + " is not known."})
	case kind.arch != p.arch:
		out = append(out, detail{"RECOMMENDED_INSTANCE_TYPE_NOT_AVAILABLE", "The instance type " + kind.name + " is not available for the product."})
	}
	for _, g := range o.SecurityGroups {
		out = append(out, judgeGroup(g)...)
	}
	if u := o.AccessEndpointURL; u != nil {
		if u.Port < 1 || u.Port > 65535 {
			out = append(out, detail{"INVALID_ACCESS_ENDPOINT_PORT", "The port of the access endpoint must be between 1 and 65535."})
		}
		if strings.ContainsAny(u.RelativePath, " \t\n") || strings.Contains(u.RelativePath, "://") {
			out = append(out, detail{"INVALID_ACCESS_ENDPOINT_RELATIVE_PATH", "The path of the access endpoint is not a relative path."})
		}
	}
	return out
}

func judgeGroup(g securityGroup) []detail {
	var out []detail
	if !slices.Contains([]string{"tcp", "udp"}, g.IPProtocol) {
		out = append(out, detail{"INVALID_SECURITY_GROUP_PROTOCOL", "The protocol " + g.IPProtocol + " is neither tcp nor udp."})
	}
	if g.FromPort < 0 || g.ToPort < g.FromPort || g.ToPort > 65535 {
		out = append(out, detail{"INVALID_SECURITY_GROUP", "The ports of a security group are not a range."})
	}
	for _, r := range g.IPRanges {
		if _, err := netip.ParsePrefix(r); err != nil {
			out = append(out, detail{"INVALID_CIDR_IP", "The range " + r + " is not a CIDR range."})
		}
	}
	return out
}

func judgeRestriction(p *product, ids []string) []detail {
	left := p.open()
	for _, id := range ids {
		n := slices.IndexFunc(p.versions, func(v *version) bool { return v.option == id })
		if n < 0 || p.versions[n].restricted {
			return []detail{{"INVALID_DELIVERY_OPTION_ID", "The delivery option " + id + " is not one that is public."}}
		}
		left--
	}
	if left < 1 {
		return []detail{{"ALL_DELIVERY_OPTIONS_RESTRICTED", "The last public delivery option of a product cannot be restricted."}}
	}
	return nil
}
