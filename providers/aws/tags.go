package aws

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/workflow/images"
)

// The tags of what is made.
const (
	tagBuild        = "cloudimage:build"
	tagKey          = "cloudimage:key"
	tagRole         = "cloudimage:role"   // of a machine
	tagSource       = "cloudimage:source" // of a copy: what it is one of
	tagRun          = "cloudimage:run"
	tagVersion      = "cloudimage:version"
	tagEdition      = "cloudimage:edition"
	tagArchitecture = "cloudimage:architecture"
	tagBase         = "cloudimage:base"
	tagSHA256       = "cloudimage:sha256"
	tagState        = "cloudimage:state"
	tagName         = "Name"
)

// The values of tagState.
const (
	building = "building"
	verified = "verified"
)

// tagsFor are the tags of what a step makes.
func tagsFor(w images.Work, name string, more ...types.Tag) []types.Tag {
	values := [][2]string{{tagBuild, string(w.Build)}, {tagKey, w.Key}, {tagState, building}, {tagName, name}}
	if o := w.Order; o != nil {
		values = append(values, [][2]string{
			{tagRun, string(o.Run)}, {tagVersion, o.Version.String()}, {tagEdition, o.Edition}, {tagArchitecture, o.Architecture},
			{tagBase, o.Base.ID}, {tagSHA256, o.Package.SHA256},
		}...)
	}
	var out []types.Tag
	for _, v := range values {
		if v[1] != "" {
			out = append(out, tag(v[0], v[1]))
		}
	}
	return append(out, more...)
}

func tag(key, value string) types.Tag {
	return types.Tag{Key: &key, Value: sdk.String(shorten(value, 250))}
}

// on are tags for resources of some kinds.
func on(tags []types.Tag, kinds ...types.ResourceType) (out []types.TagSpecification) {
	for _, k := range kinds {
		out = append(out, types.TagSpecification{ResourceType: k, Tags: tags})
	}
	return out
}

// tagged is the value of a tag.
func tagged(tags []types.Tag, key string) string {
	for _, t := range tags {
		if sdk.ToString(t.Key) == key {
			return sdk.ToString(t.Value)
		}
	}
	return ""
}

// filter is a filter of a list of EC2.
func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: &name, Values: values}
}

// exactly is a value that a filter takes for nothing but itself.
func exactly(value string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(value)
}

// withTag is a filter for the value of a tag.
func withTag(key, value string) types.Filter { return filter("tag:"+key, exactly(value)) }

// token is what AWS knows a request by, so that it is carried out once.
func token(parts ...string) *string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return sdk.String(hex.EncodeToString(h[:]))
}

// mark is a key where there is room for so many characters.
func mark(key string, most int) string {
	if len(key) <= most {
		return key
	}
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:])[:min(most, 64)]
}

// remember is what a method keeps for the next call.
func remember(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // there is nothing in it that JSON does not have
		panic(err)
	}
	return string(b)
}

// recall reads what the last call kept. What cannot be read is as if there were
// nothing: whatever it was about is looked at anyway.
func recall[M any](w images.Work) (m M) {
	if w.Memory != "" && json.Unmarshal([]byte(w.Memory), &m) != nil {
		var none M
		return none
	}
	return m
}

// oldest sorts by a time as AWS writes it, and then by id.
func oldest[T any](list []T, made func(T) string, id func(T) *string) {
	slices.SortStableFunc(list, func(a, b T) int {
		return cmp.Or(cmp.Compare(made(a), made(b)), cmp.Compare(sdk.ToString(id(a)), sdk.ToString(id(b))))
	})
}
