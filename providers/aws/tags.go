package aws

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// tagsFor are the tags of what a step makes.
func tagsFor(w images.Work, name string, more ...types.Tag) (out []types.Tag) {
	for _, l := range clouds.Labels(w, name) {
		out = append(out, tag(l.Name, l.Value))
	}
	return append(out, more...)
}

func tag(key, value string) types.Tag {
	return types.Tag{Key: &key, Value: sdk.String(clouds.Shorten(value, 250))}
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

// oldest sorts by a time as AWS writes it, and then by id.
func oldest[T any](list []T, made func(T) string, id func(T) *string) {
	slices.SortStableFunc(list, func(a, b T) int {
		return cmp.Or(cmp.Compare(made(a), made(b)), cmp.Compare(sdk.ToString(id(a)), sdk.ToString(id(b))))
	})
}
