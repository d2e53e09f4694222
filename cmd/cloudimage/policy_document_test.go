package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/aws/awssim"
)

// This file reads the policies in docs/aws.md as IAM does, as far as they go: a call is
// allowed when for each kind of resource that it is about some statement allows it, on all
// its conditions. Accounts and regions in names of resources are not looked at.

// oneOrMany is what policies write as a text or as a list of texts.
type oneOrMany []string

func (l *oneOrMany) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*l = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// statement is one of a policy's.
type statement struct {
	Sid       string
	Effect    string
	Principal map[string]oneOrMany
	Action    oneOrMany
	Resource  oneOrMany
	Condition map[string]map[string]oneOrMany // by operator and key
}

type policy []statement

// policies are those of the page, by their headings.
func policies(t *testing.T) map[string]policy {
	t.Helper()
	page := string(readFile(t, filepath.Join(root, "docs", "aws.md")))
	out := map[string]policy{}
	for _, m := range regexp.MustCompile("(?ms)^### ([^\n]+)\n(?:(?:[^#`\n]|`[^`])[^\n]*\n|\n)*```json\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		var doc struct {
			Version   string
			Statement policy
		}
		d := json.NewDecoder(strings.NewReader(m[2]))
		d.DisallowUnknownFields()
		if err := d.Decode(&doc); err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
		if doc.Version != "2012-10-17" || len(doc.Statement) == 0 {
			t.Errorf("%s is of the version %q and has %d statements", m[1], doc.Version, len(doc.Statement))
		}
		for _, s := range doc.Statement {
			if s.Effect != "Allow" || len(s.Action) == 0 {
				t.Errorf("%s: %s has the effect %q and %d actions", m[1], s.Sid, s.Effect, len(s.Action))
			}
		}
		out[m[1]] = doc.Statement
	}
	if n := strings.Count(page, "```json\n"); len(out) != n {
		t.Fatalf("%d of %d documents are below a heading: %q", len(out), n, slices.Sorted(maps.Keys(out)))
	}
	return out
}

// actions are those that policies allow.
func actions(list ...policy) map[string]bool {
	out := map[string]bool{}
	for _, p := range list {
		for _, s := range p {
			for _, a := range s.Action {
				out[a] = true
			}
		}
	}
	return out
}

// requested is what a call asks for, as far as conditions are about it.
func requested(c awssim.Call) map[string][]string {
	out := map[string][]string{"aws:RequestedRegion": {c.Region}}
	for k, v := range c.Params {
		switch {
		case strings.HasPrefix(k, "TagSpecification.") && strings.HasSuffix(k, ".Key"):
			key := "aws:RequestTag/" + v
			out[key] = append(out[key], c.Params[strings.TrimSuffix(k, "Key")+"Value"])
		case strings.HasPrefix(k, "Tag.") && strings.HasSuffix(k, ".Key"):
			out["aws:TagKeys"] = append(out["aws:TagKeys"], v)
		case strings.HasSuffix(k, ".ChangeType"):
			out["catalog:ChangeType"] = append(out["catalog:ChangeType"], v)
		}
	}
	switch c.Operation {
	case "RunInstances":
		out["iam:PassedToService"] = []string{"ec2.amazonaws.com"}
		fallthrough
	case "CreateImage", "CopyImage":
		out["ec2:CreateAction"] = []string{c.Operation}
	case "StartChangeSet":
		out["iam:PassedToService"] = []string{"assets.marketplace.amazonaws.com"}
	}
	return out
}

// fits reports whether values are among those that a condition has. A star stands for
// anything.
func fits(values, wanted []string) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool {
		return !slices.Contains(wanted, v) && !slices.Contains(wanted, "*")
	})
}

// kinds are the kinds of resources that a call needs to be allowed for, all of them, where
// there are several.
var kinds = map[string][]string{
	"ec2:RunInstances": {"instance", "volume", "network-interface", "image", "subnet", "security-group"},
	"ec2:CreateImage":  {"instance", "image", "snapshot"},
	"ec2:CopyImage":    {"image", "snapshot"},
	"ssm:SendCommand":  {"instance", "document"},
}

// allows reports whether a policy allows a call: for each kind of resource one of its
// statements does, on all its conditions. What the stand-in's resources are tagged with is
// found by tagged.
func (p policy) allows(action string, c awssim.Call, tagged func(awssim.Call) bool) bool {
	needs := kinds[action]
	if needs == nil {
		needs = []string{""}
	}
	return !slices.ContainsFunc(needs, func(kind string) bool {
		return !slices.ContainsFunc(p, func(s statement) bool {
			return slices.Contains(s.Action, action) && s.isFor(kind, c) && s.fits(c, tagged)
		})
	})
}

// noID is how the ids end of what does not exist.
const noID = "-00000000000000000"

// isFor reports whether a statement is for resources of a kind; of any for an empty one. One
// for what does not exist is for calls that name it, and they only try.
func (s statement) isFor(kind string, c awssim.Call) bool {
	return slices.ContainsFunc(s.Resource, func(r string) bool {
		if r != "*" && !strings.Contains(r, ":"+kind+"/") && kind != "" {
			return false
		}
		if !strings.HasSuffix(r, noID) {
			return true
		}
		return c.DryRun && slices.Contains(slices.Collect(maps.Values(c.Params)), r[strings.LastIndex(r, "/")+1:])
	})
}

// fits reports whether a call fits the conditions of a statement.
func (s statement) fits(c awssim.Call, tagged func(awssim.Call) bool) bool {
	asks := requested(c)
	for _, keys := range s.Condition {
		for key, wanted := range keys {
			switch key {
			case "ec2:ResourceTag/cloudimage:build", "ssm:resourceTag/cloudimage:build":
				if !tagged(c) {
					return false
				}
			default:
				if !fits(asks[key], wanted) {
					return false
				}
			}
		}
	}
	return true
}

// ofBuilds reports whether what a call of EC2 or Systems Manager names was made by a build.
func ofBuilds(sim *awssim.Server) func(awssim.Call) bool {
	return func(c awssim.Call) bool {
		ours := map[string]bool{}
		for _, r := range sim.State().Regions {
			for _, i := range r.Instances {
				ours[i.ID] = i.Tags["cloudimage:build"] != ""
			}
			for _, i := range r.Images {
				ours[i.ID] = i.Tags["cloudimage:build"] != ""
			}
			for _, s := range r.Snapshots {
				ours[s.ID] = s.Tags["cloudimage:build"] != ""
			}
		}
		named := 0
		for _, v := range c.Params {
			if regexp.MustCompile(`^(i|ami|snap|vol)-[0-9a-f]+$`).MatchString(v) {
				if is, known := ours[v]; known && !is || strings.HasSuffix(v, noID) {
					return false // what is gone by now was ours, or nobody could have removed it
				}
				named++
			}
		}
		return named > 0
	}
}

// TestPoliciesAreReadInEarnest holds that a call is not allowed for the wrong reason.
func TestPoliciesAreReadInEarnest(t *testing.T) {
	t.Parallel()
	call := func(operation string, dry bool, params ...string) awssim.Call {
		c := awssim.Call{Service: "ec2", Operation: operation, Region: "us-east-1", DryRun: dry, Params: map[string]string{}}
		for i := 0; i < len(params); i += 2 {
			c.Params[params[i]] = params[i+1]
		}
		return c
	}
	build := policies(t)["Build"]
	ours, others := func(awssim.Call) bool { return true }, func(awssim.Call) bool { return false }
	machine := []string{"TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "cloudimage:build", "TagSpecification.1.Tag.1.Value", "b-1"}
	elsewhere := call("RunInstances", false, machine...)
	elsewhere.Region = "eu-north-1"
	for _, c := range []struct {
		name   string
		call   awssim.Call
		tagged func(awssim.Call) bool
		want   bool
	}{
		{"a machine with our tag", call("RunInstances", false, machine...), others, true},
		{"a machine without it", call("RunInstances", false), others, false},
		{"a machine in another region", elsewhere, others, false},
		{"ending our machine", call("TerminateInstances", false, "InstanceId.1", "i-0123456789abcdef0"), ours, true},
		{"ending another", call("TerminateInstances", false, "InstanceId.1", "i-0123456789abcdef0"), others, false},
		{"trying it", call("TerminateInstances", true, "InstanceId.1", "i"+noID), others, true},
		{"doing it to nothing", call("TerminateInstances", false, "InstanceId.1", "i"+noID), others, false},
		{"marking our image", call("CreateTags", false, "ResourceId.1", "ami-1", "Tag.1.Key", "cloudimage:state"), ours, true},
		{"marking another", call("CreateTags", false, "ResourceId.1", "ami-1", "Tag.1.Key", "cloudimage:state"), others, false},
		{"tagging another as ours", call("CreateTags", false, "ResourceId.1", "ami-1", "Tag.1.Key", "cloudimage:build"), ours, false},
		{"opening an image", call("ModifyImageAttribute", false, "ImageId", "ami-1"), ours, false},
	} {
		if got := build.allows("ec2:"+c.call.Operation, c.call, c.tagged); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
