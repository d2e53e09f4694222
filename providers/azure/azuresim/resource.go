package azuresim

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
	resourcesfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/fake"
)

// The provisioning states.
const (
	creating = "Creating"
	updating = "Updating"
	deleting = "Deleting"
	gone     = "gone" // never shown
)

// core is what all resources have.
type core struct {
	id, name, kind string // such as Microsoft.Compute/virtualMachines
	sub, group     string
	location       string
	tags           map[string]*string
	born           time.Time
	order          int      // in which it was made
	life           timeline // of provisioning states
}

func (k *core) common() *core { return k }

// resource is anything that is in a resource group.
type resource interface{ common() *core }

// find is the resource with an id, when it is of a type and is there.
func find[T resource](s *Server, id string) (T, bool) {
	r, ok := s.resources[strings.ToLower(strings.TrimRight(id, "/"))].(T)
	return r, ok
}

// all are the resources of a type, in the order in which they were made.
func all[T resource](s *Server) []T {
	var out []T
	for _, r := range s.resources {
		if t, ok := r.(T); ok {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b T) int { return a.common().order - b.common().order })
	return out
}

// inTheGroup are the resources of a type in the request's group.
func inTheGroup[T resource](c *request) ([]T, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all[T](c.s), func(r T) bool {
		return !strings.EqualFold(r.common().sub, g.sub) || !strings.EqualFold(r.common().group, g.name)
	}), nil
}

// named is the resource that the path names, of a type.
func named[T resource](c *request) (T, error) {
	r, ok := find[T](c.s, c.resourceID())
	if ok {
		return r, nil
	}
	g, err := c.group()
	if err != nil {
		return r, err
	}
	kind, name := kindOf(c.resourceID())
	return r, notFound(kind, name, g.name)
}

// kindOf takes an id apart: Microsoft.Compute/galleries/images, and gallery/image.
func kindOf(id string) (kind, name string) {
	_, rest, _ := cutLast(id, "/providers/")
	parts := strings.Split(rest, "/")
	kind = parts[0]
	var names []string
	for i := 1; i < len(parts); i++ {
		if i%2 == 1 {
			kind += "/" + parts[i]
		} else {
			names = append(names, parts[i])
		}
	}
	return kind, strings.Join(names, "/")
}

// fresh is a new resource where the path says, which is not there yet. Its location
// is that of the body.
func (c *request) fresh(location *string, tags map[string]*string) (core, error) {
	g, err := c.group()
	if err != nil {
		return core{}, err
	}
	if g.life.at(c.now) == deleting {
		return core{}, conflict("ResourceGroupBeingDeleted", "The resource group '%s' is in deprovisioning state and cannot perform this operation.", g.name)
	}
	if val(location) == "" {
		return core{}, refuse("LocationRequired", "The location property is required for this definition.")
	}
	id := c.resourceID()
	kind, name := kindOf(id)
	_, last, _ := cutLast(name, "/")
	if last == "" {
		last = name
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_]([\w.\-]{0,78}[A-Za-z0-9_])?$`).MatchString(last) {
		return core{}, refuse("InvalidResourceName", "Resource name '%s' is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.", last)
	}
	if len(tags) > 50 {
		return core{}, refuse("InvalidTagsCount", "The number of tags exceeded the maximum allowed number of tags.")
	}
	return c.s.newCore(id, last, kind, g, plain(*location), tags, c.now), nil
}

func (s *Server) newCore(id, name, kind string, g *group, location string, tags map[string]*string, now time.Time) core {
	s.serial++
	return core{
		id: id, name: name, kind: kind, sub: g.sub, group: g.name, location: location, tags: copyTags(tags), born: now,
		order: s.serial,
	}
}

// changes checks what no later PUT may change.
func (k *core) changes(location *string) error {
	if at := plain(val(location)); at != "" && at != k.location {
		return conflict("InvalidResourceLocation", "The resource '%s' already exists in location '%s' in resource group '%s'. A resource with the same name cannot be created in location '%s'. Please select a new resource name.", k.name, k.location, k.group, at)
	}
	return nil
}

// free checks that nothing goes on with a resource.
func (k *core) free(now time.Time) error {
	if st := k.life.at(now); st != succeeded && st != failed {
		return busy()
	}
	return nil
}

// put adds a resource.
func (s *Server) put(r resource) { s.resources[strings.ToLower(r.common().id)] = r }

// remove lets a resource be deleted after a while.
func (c *request) remove(r resource, takes time.Duration) int {
	k := r.common()
	if k.life.at(c.now) != deleting {
		c.s.preempt(k.id, c.now)
		k.life = k.life.turn(c.now, phase{deleting, c.now}, phase{gone, c.now.Add(takes)})
	}
	c.begun(k, k.life.end().from, nil)
	return http.StatusAccepted
}

// drop deletes what the path names if it is there, which takes a while. A resource that
// is not there is deleted already.
func drop[T resource](c *request, takes func(T) (time.Duration, error)) (int, error) {
	if _, err := c.group(); err != nil {
		return http.StatusNoContent, err
	}
	r, err := named[T](c)
	if err != nil {
		// This is not an error.
		return http.StatusNoContent, nil
	}
	d, err := takes(r)
	if err != nil {
		return 0, err
	}
	return c.remove(r, d), nil
}

func copyTags(tags map[string]*string) map[string]*string {
	out := map[string]*string{}
	for k, v := range tags {
		out[k] = ptr(val(v))
	}
	return out
}

func plainTags(tags map[string]*string) map[string]string {
	out := map[string]string{}
	for k, v := range tags {
		out[k] = val(v)
	}
	return out
}

func (c *request) resourcesServer() resourcesfake.Server {
	return resourcesfake.Server{
		NewListByResourceGroupPager: func(string, *armresources.ClientListByResourceGroupOptions) azfake.PagerResponder[armresources.ClientListByResourceGroupResponse] {
			return list(c, c.listResources, func(v []*armresources.GenericResourceExpanded, next *string) (out armresources.ClientListByResourceGroupResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

// listResources are the resources of a group, without those inside of others.
func (c *request) listResources() ([]*armresources.GenericResourceExpanded, error) {
	rs, err := inTheGroup[resource](c)
	if err != nil {
		return nil, err
	}
	var out []*armresources.GenericResourceExpanded
	for _, r := range rs {
		k := r.common()
		e := &armresources.GenericResourceExpanded{
			ID: ptr(k.id), Name: ptr(k.name), Type: ptr(k.kind), Location: ptr(k.location), Tags: maps.Clone(k.tags),
		}
		if strings.Contains(c.query.Get("$expand"), "provisioningState") {
			e.ProvisioningState = ptr(k.life.at(c.now))
		}
		if strings.Contains(c.query.Get("$expand"), "createdTime") {
			e.CreatedTime = ptr(k.born)
		}
		out = append(out, e)
	}
	return out, nil
}
