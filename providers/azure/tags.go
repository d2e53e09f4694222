package azure

import (
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// tagCreated is when something was made, which a resource group does not know.
const tagCreated = "createdAt"

// tagsFor are the tags of what a step makes.
func tagsFor(w images.Work, name string, more ...clouds.Label) map[string]*string {
	out := map[string]*string{tagCreated: to.Ptr(w.Now.UTC().Format(time.RFC3339))}
	for _, l := range clouds.Labels(w, name, more...) {
		out[l.Name] = to.Ptr(l.Value)
	}
	return out
}

// tagged is the value of a tag.
func tagged(tags map[string]*string, name string) string { return val(tags[name]) }

// createdAt is when something was made, as its tags say.
func createdAt(tags map[string]*string) time.Time {
	t, err := time.Parse(time.RFC3339, tagged(tags, tagCreated))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// val is what is pointed to, or the zero value.
func val[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
