package ingestsim

import (
	"fmt"
	"regexp"
	"strings"
)

// techFields are the members of a plan's technical configuration. Only the second
// preview's schema could be read: what the later ones changed is from the resources that
// are documented with them.
func techFields(level int) fields {
	types, most := []string{"x64Gen1", "x64Gen2"}, 2
	sku := fields{"skuId!": like(`^[a-z0-9_-]+$`)}
	properties := fields{"isNetworkVirtualAppliance": boolean}
	for _, name := range []string{
		"supportsExtensions", "supportsBackup", "supportsAcceleratedNetworking", "supportsNVMe", "supportsCloudInit", "supportsAadLogin",
		"supportsHibernation", "supportsRemoteConnection", "requiresCustomArmTemplate",
	} {
		properties[name] = boolean
	}
	if level >= 3 {
		properties["networkVirtualAppliance"] = boolean
	}
	if level >= 5 {
		types, most = append(types, "arm64Gen2"), 3
		sku["securityType"] = list(0, -1, among("trusted", "confidential"))
	}
	sku["imageType!"] = among(types...)
	version := object(fields{
		"versionNumber!": both(text(1, 32), like(`^[0-9]+\.[0-9]+\.[0-9]+$`)),
		"vmImages!":      list(1, 2, object(fields{"imageType!": among(types...), "source!": source})),
		"lifecycleState": among("generallyAvailable", "deprecated", "deleted"), "deprecationSchedule": schedule(),
	})
	return fields{
		"product!": reference, "plan!": reference, "basePlan": reference,
		"reuseTechnicalConfigurationState": among("enable", "detach"),
		"operatingSystem":                  operatingSystem, "vmProperties": object(properties),
		"recommendedVmSizes": list(0, 6, free()),
		"openPorts": list(0, 100, object(fields{
			"label!":     both(text(3, 20), like(`^[a-zA-Z_0-9.\- ]*[a-zA-Z_0-9]$`)),
			"portRange!": ports, "protocol!": among("tcp", "udp", "both"),
		})),
		"skus": list(1, most, object(sku)), "vmImageVersions": list(0, -1, version),
	}
}

func operatingSystem(f *findings, path string, v any) {
	object(fields{"family!": among("windows", "linux"), "type!": free(), "friendlyName!": text(1, 100)})(f, path, v)
	m, _ := v.(map[string]any)
	if m == nil || m["type"] == nil {
		return
	}
	switch m["family"] {
	case "linux":
		among("debian", "centos", "openSolaris", "redHat", "ubuntu", "suse", "cblMariner", "oracleLinux", "other")(f, join(path, "type"), m["type"])
	case "windows":
		among("windowsServer2008R2", "windowsServer2012", "windowsServer2012R2", "windowsServer2012R2Datacenter", "windowsServer2016",
			"windowsServer2019", "windowsServer2022", "windowsServer2022DatacenterAzureEdition", "windowsServerVersion20H2",
			"windowsServerVersion2004", "other")(f, join(path, "type"), m["type"])
	}
}

// ports is a port or a range of them.
func ports(f *findings, path string, v any) {
	s, _ := v.(string)
	parts := regexp.MustCompile(`^([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?$`).FindStringSubmatch(s)
	if parts == nil {
		f.add(path, "must be a port or a range of ports")
		return
	}
	for _, p := range parts[1:] {
		var n int
		if _, err := fmt.Sscan(p, &n); err == nil && n > 65536 {
			f.add(path, "must be between 0 and 65536")
		}
	}
}

// source is where an image comes from: a gallery or a signed address.
func source(f *findings, path string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		f.add(path, "must be an object")
		return
	}
	disk := like(`^https?://[^\s]+$`)
	switch m["sourceType"] {
	case "sharedImageGallery":
		object(fields{
			"sourceType!":  anything,
			"sharedImage!": object(fields{"tenantId!": guidText, "resourceId!": imageVersionID}),
		})(f, path, m)
	case "sasUri":
		object(fields{
			"sourceType!": anything, "osDisk!": object(fields{"uri!": disk}),
			"dataDisks": list(0, 16, object(fields{"lunNumber!": number(0, 15), "uri!": disk})),
		})(f, path, m)
	default:
		f.add(join(path, "sourceType"), "must be one of sharedImageGallery, sasUri")
	}
}

// guidText and imageVersionID are stricter than the schema, which takes any string:
// with others nothing can be found.
func guidText(f *findings, path string, v any) {
	like(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)(f, path, v)
}

func imageVersionID(f *findings, path string, v any) {
	s, _ := v.(string)
	re := regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/galleries/[^/]+/images/[^/]+/versions/[0-9]+\.[0-9]+\.[0-9]+$`)
	if !re.MatchString(s) {
		f.add(path, "must be the resource id of a version of an image in a gallery")
	}
}

// schedule says when and why something is no longer sold. Its date is the service's.
func schedule() rule {
	return func(f *findings, path string, v any) {
		object(fields{
			"$schema": anything, "date": anything, "dateOffset": duration,
			"reason": among("criticalSecurityIssue", "endOfSupport", "other"), "alternative": alternative,
		})(f, path, v)
	}
}

func duration(f *findings, path string, v any) {
	s, _ := v.(string)
	re := regexp.MustCompile(`^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)$`)
	if !re.MatchString(s) || s == "P" || strings.HasSuffix(s, "T") {
		f.add(path, "must be a duration such as P90D")
	}
}

func alternative(f *findings, path string, v any) {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 || m["product"] == nil && m["plan"] == nil {
		f.add(path, "must have product or plan alone")
		return
	}
	for name, ref := range m {
		reference(f, join(path, name), ref)
	}
}
