package partnercenter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tech is the technical configuration of a plan: what its machines are made of. It may be
// nil where the plan is not in a place.
type tech struct {
	resource
	list []version // as in it, taken apart
}

// version is a version in a technical configuration.
type version struct {
	resource
	number, state string
}

// techOf takes a technical configuration apart.
func techOf(r resource) tech {
	t := tech{resource: r}
	for _, one := range r.objects("vmImageVersions") {
		t.list = append(t.list, versionOf(one))
	}
	return t
}

func versionOf(r resource) version {
	return version{r, r.text("versionNumber"), cmp.Or(r.text("lifecycleState"), available)}
}

// image is an image of a version.
type image struct {
	Type             string
	Tenant, Resource string // of a gallery's image version
	Disk             string // where a disk is instead, without its signature
}

const (
	available  = "generallyAvailable"
	deprecated = "deprecated"
	deleted    = "deleted"
)

// versions are those of the list, in its order.
func (t *tech) versions() []version {
	if t == nil {
		return nil
	}
	return t.list
}

// numbered is the version of a number; nil when there is none.
func (t *tech) numbered(number string) *version {
	for _, v := range t.versions() {
		if v.number == number {
			return &v
		}
	}
	return nil
}

// has reports whether a version is there with its image, for new customers to take.
func (t *tech) has(v Version) bool {
	there := t.numbered(v.Number)
	return there != nil && there.state == available && there.made(v)
}

// had reports whether a version is there with its image, hidden or not.
func (t *tech) had(v Version) bool {
	there := t.numbered(v.Number)
	return there != nil && there.state != deleted && there.made(v)
}

func (v version) images() (out []image) {
	for _, r := range v.objects("vmImages") {
		source := r.object("source")
		shared := source.object("sharedImage")
		disk, _, _ := strings.Cut(source.object("osDisk").text("uri"), "?")
		out = append(out, image{r.text("imageType"), shared.text("tenantId"), shared.text("resourceId"), disk})
	}
	return out
}

// of is the image of a type; nil when there is none.
func (v version) of(imageType string) *image {
	for _, im := range v.images() {
		if im.Type == imageType {
			return &im
		}
	}
	return nil
}

// made reports whether a version has the image of ours.
func (v version) made(ours Version) bool {
	im := v.of(ours.ImageType)
	return im != nil && strings.EqualFold(im.Tenant, ours.TenantID) && strings.EqualFold(im.Resource, ours.ResourceID)
}

// words are what a version is made of, for people.
func (v version) words() string {
	var out []string
	for _, im := range v.images() {
		out = append(out, fmt.Sprintf("%s (%s)", cmp.Or(im.Resource, im.Disk, "an image that is not named"), im.Type))
	}
	return strings.Join(out, ", ")
}

// set is a configuration with another list of versions.
func (t tech) set(list []version) tech {
	rows := make([]resource, 0, len(list))
	for _, v := range list {
		rows = append(rows, v.resource)
	}
	return techOf(t.with("vmImageVersions", rows))
}

// active is how many versions new customers can get.
func active(list []version) (n int) {
	for _, v := range list {
		if v.state == available {
			n++
		}
	}
	return n
}

// byAge compares versions by their numbers: the API does not say when one was made.
func byAge(a, b version) int { return slices.Compare(numbers(a.number), numbers(b.number)) }

func numbers(text string) (out []int) {
	for part := range strings.SplitSeq(text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			n = 0
		}
		out = append(out, n)
	}
	return out
}

// hiding is how we hide a version from new customers: who has it can use it for that long
// still.
func hiding() map[string]string { return map[string]string{"dateOffset": "P30D", "reason": "other"} }

func (v version) hide() version {
	return versionOf(v.with("lifecycleState", deprecated).with("deprecationSchedule", hiding()))
}

// open is the version as new customers can get it.
func (v version) open() version {
	return versionOf(v.with("lifecycleState", available).without("deprecationSchedule"))
}

// hidden are the versions that are hidden as we do it, and are not so where customers
// are: the oldest first, and n at most. They were hidden for a version of ours.
func hidden(draft, live *tech, n int) (out []version) {
	list := slices.SortedFunc(slices.Values(draft.versions()), byAge)
	for _, v := range list {
		there := live.numbered(v.number)
		if len(out) < n && there != nil && there.state == available && v.hiddenByUs() {
			out = append(out, v)
		}
	}
	return out
}

// hiddenByUs reports whether a version is hidden from new customers as we do it.
func (v version) hiddenByUs() bool {
	schedule, ours := v.object("deprecationSchedule"), hiding()
	return v.state == deprecated && schedule.text("dateOffset") == ours["dateOffset"] && schedule.text("reason") == ours["reason"]
}

// image is ours, as a version has it.
func (v Version) image() resource {
	return resource{"imageType": raw(v.ImageType), "source": raw(map[string]any{
		"sourceType": "sharedImageGallery", "sharedImage": map[string]string{"tenantId": v.TenantID, "resourceId": v.ResourceID},
	})}
}

// fresh is ours, as a configuration has it that has none of its number.
func (v Version) fresh() version {
	return versionOf(resource{"versionNumber": raw(v.Number), "vmImages": raw([]resource{v.image()}), "lifecycleState": raw(available)})
}

// appended is a member that is a list, with one more.
func appended(r resource, name string, one any) resource {
	var list []json.RawMessage
	r.member(name, &list)
	return r.with(name, append(list, raw(one)))
}
