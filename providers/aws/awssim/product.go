package awssim

import (
	"encoding/base64"
	"fmt"
	"maps"
)

func (p *product) identifier() string { return fmt.Sprintf("%s@%d", p.id, p.revision) }

// document is what the catalog says of a product.
func (p *product) document() map[string]any {
	about := map[string]any{
		"ProductTitle": p.title, "ProductCode": "awssim" + p.id[max(0, len(p.id)-6):], "ShortDescription": p.title + ".",
		"LongDescription": p.title + ".", "Visibility": "Public", "ProductState": "Public", "Manufacturer": "", "Sku": nil,
		"Highlights": []any{}, "SearchKeywords": []any{}, "Categories": []any{},
	}
	maps.Copy(about, p.about)
	versions := []any{}
	for _, v := range p.versions {
		versions = append(versions, v.document(p.arch))
	}
	return map[string]any{
		"Description": about, "Versions": versions, "Dimensions": []any{},
		"RegionAvailability": map[string]any{"Restrict": []any{}, "Regions": []any{"us-east-1", "us-west-2", "eu-west-1"}, "FutureRegionSupport": "All"},
		"Targeting":          map[string]any{"PositiveTargeting": map[string]any{}},
		"SupportInformation": map[string]any{"Description": "Support is available.", "Resources": []any{}},
	}
}

func (v *version) document(arch string) map[string]any {
	visibility := "Public"
	if v.restricted {
		visibility = "Restricted"
	}
	groups := []any{}
	for _, g := range v.groups {
		groups = append(groups, map[string]any{"Protocol": g.IPProtocol, "FromPort": g.FromPort, "ToPort": g.ToPort, "CidrIps": g.IPRanges})
	}
	return map[string]any{
		"Id": v.id, "VersionTitle": v.title, "ReleaseNotes": v.notes, "CreationDate": moment(v.created), "UpgradeInstructions": "",
		"Sources": []any{map[string]any{
			"Id": v.source, "Type": "AmazonMachineImage", "Image": v.image, "Architecture": arch, "VirtualizationMethod": "hvm",
			"OperatingSystem": map[string]any{"Name": v.os, "DisplayName": v.os, "Version": v.release, "Username": v.user, "ScanningPort": v.port},
			"Compatibility":   map[string]any{"AvailableInstanceTypes": fitting(arch), "RestrictedInstanceTypes": []any{}},
		}},
		"DeliveryOptions": []any{map[string]any{
			"Id": v.option, "SourceId": v.source, "Type": "AmazonMachineImage", "Title": "64-bit Amazon Machine Image (AMI)",
			"ShortDescription": "", "isRecommended": true, "Visibility": visibility,
			"Instructions":    map[string]any{"Usage": v.usage, "AccessEndpointUrl": nil},
			"Recommendations": map[string]any{"InstanceType": v.machine, "SecurityGroups": groups},
			"Compatibility":   map[string]any{"AWSServices": []any{}},
		}},
	}
}

// fitting are the types of machines of an architecture.
func fitting(arch string) []string {
	out := []string{}
	for _, m := range sorted(machines()) {
		if m.arch == arch {
			out = append(out, m.name)
		}
	}
	return out
}

func hide(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// unhide is the text that was hidden, and empty when it was not.
func unhide(token string) string {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ""
	}
	return string(b)
}
