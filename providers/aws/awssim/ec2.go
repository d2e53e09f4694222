package awssim

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
)

func ec2Actions() map[string]action {
	return map[string]action{
		"DescribeRegions": describeRegions,

		"RunInstances": runInstances, "DescribeInstances": describeInstances,
		"DescribeInstanceStatus": describeInstanceStatus, "StopInstances": stopInstances,
		"StartInstances": startInstances, "TerminateInstances": terminateInstances,
		"GetConsoleOutput": consoleOutput, "DescribeVolumes": describeVolumes, "DeleteVolume": deleteVolume,

		"DescribeImages": describeImages, "CreateImage": createImage, "CopyImage": copyImage,
		"DeregisterImage": deregisterImage, "DescribeImageAttribute": describeImageAttribute,
		"ModifyImageAttribute": modifyImageAttribute, "EnableImageDeprecation": enableDeprecation,
		"DisableImageDeprecation": disableDeprecation, "DisableImage": disableImage, "EnableImage": enableImage,
		"GetImageBlockPublicAccessState": getBlock, "EnableImageBlockPublicAccess": enableBlock,
		"DisableImageBlockPublicAccess": disableBlock,

		"DescribeSnapshots": describeSnapshots, "DeleteSnapshot": deleteSnapshot,
		"ModifySnapshotAttribute": modifySnapshotAttribute, "DescribeSnapshotAttribute": describeSnapshotAttribute,

		"CreateTags": createTags, "DeleteTags": deleteTags, "DescribeTags": describeTags,

		"DescribeInstanceTypes": describeTypes, "DescribeInstanceTypeOfferings": describeOfferings,
		"DescribeSubnets": describeSubnets, "DescribeSecurityGroups": describeGroups, "DescribeVpcs": describeVPCs,
	}
}

func describeRegions(s *Server, c *request) (any, error) {
	var list []string
	for _, name := range s.names {
		if only := c.form.list("RegionName"); len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		ok, err := match(c.form.filters(), nil, func(f string) ([]string, bool) {
			switch f {
			case "region-name":
				return []string{name}, true
			case "opt-in-status":
				return []string{"opt-in-not-required"}, true
			case "endpoint":
				return []string{endpoint(name)}, true
			}
			return nil, false
		})
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, name)
		}
	}
	for _, name := range c.form.list("RegionName") {
		if s.regions[name] == nil {
			return nil, refuse("InvalidParameterValue", "Invalid region names: [%s]", name)
		}
	}
	return nodes{set("regionInfo", list, func(name string) nodes {
		return nodes{tx("regionName", name), tx("regionEndpoint", endpoint(name)), tx("optInStatus", "opt-in-not-required")}
	})}, nil
}

func endpoint(region string) string { return "ec2." + region + ".amazonaws.com" }

// fixed is the id of a thing that each region has one of.
func fixed(prefix, region string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s of %s", prefix, region)
	return fmt.Sprintf("%s-0%016x", prefix, h.Sum64())
}

// wellFormed reports whether an id looks like one of a kind.
func wellFormed(prefix, id string) bool {
	return regexp.MustCompile(`^` + prefix + `-([0-9a-f]{8}|[0-9a-f]{17})$`).MatchString(id)
}

// readTags reads the tags for one kind of resource. Only some kinds can be tagged by
// an operation.
func readTags(s *Server, c *request, kinds ...string) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, k := range kinds {
		out[k] = map[string]string{}
	}
	var err error
	c.form.each("TagSpecification", func(p string) {
		kind := c.form[p+"ResourceType"]
		if out[kind] == nil {
			err = refuse("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", kind)
			return
		}
		if e := readTagList(c.form, p+"Tag", out[kind]); e != nil {
			err = e
		}
	})
	if err == nil && c.form.any("TagSpecification.") {
		err = s.authorize(c, "ec2:CreateTags")
	}
	return out, err
}

func readTagList(f form, name string, into map[string]string) error {
	var err error
	f.each(name, func(p string) {
		k := f[p+"Key"]
		switch {
		case k == "" || len([]rune(k)) > 128:
			err = refuse("InvalidParameterValue", "Tag key '%s' exceeds the maximum length of 128 characters or is empty.", k)
		case len([]rune(f[p+"Value"])) > 256:
			err = refuse("InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters.")
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			err = refuse("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		default:
			into[k] = f[p+"Value"]
		}
	})
	if err == nil && len(into) > 50 {
		err = refuse("TagLimitExceeded", "More than 50 tags specified")
	}
	return err
}

func tagSet(tags map[string]string) node {
	if len(tags) == 0 {
		return node{}
	}
	return set("tagSet", keys(tags), func(k string) nodes { return nodes{tx("key", k), tx("value", tags[k])} })
}

func returned() nodes { return nodes{tx("return", "true")} }
