package azure

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file knows what things are called. Names are made of a build and a step, and
// take the place of the tokens that Azure does not have.

// groupOf is the resource group of a build.
func groupOf(build images.BuildID) string {
	return "cloudimage-" + clouds.Mark(string(build), 70)
}

// site is where a machine is.
type site struct {
	subscription, group, name string
}

// siteOf is where the machine of a step is. Those that are started from a preview are
// in the subscription that sees it.
func (c *Cloud) siteOf(w images.Work, m images.Machine) site {
	s := site{c.o.Subscription, groupOf(w.Build), m.Role + "-" + strconv.Itoa(max(1, w.Attempt))}
	if m.Preview != nil {
		s.subscription = c.o.PreviewSubscription
	}
	return s
}

// ref is what the engine knows a machine by: "group/name", after its subscription when
// that is another than ours.
func (c *Cloud) ref(s site) string {
	if s.subscription != c.o.Subscription {
		return s.subscription + "/" + s.group + "/" + s.name
	}
	return s.group + "/" + s.name
}

// site is where a machine is that the engine knows.
func (c *Cloud) site(ref string) (site, error) {
	sub, rest := c.inWhich(ref, 1)
	group, name, ok := strings.Cut(rest, "/")
	if !ok || group == "" || name == "" {
		return site{}, &images.Fault{Class: images.Invalid, What: ref, Said: fmt.Sprintf("%q is no machine.", ref)}
	}
	return site{sub, group, name}, c.knows(sub)
}

// inWhich splits a name with so many slashes from the subscription before it, which is
// ours where there is none.
func (c *Cloud) inWhich(ref string, slashes int) (sub, rest string) {
	if strings.Count(ref, "/") > slashes {
		sub, rest, _ = strings.Cut(ref, "/")
		return sub, rest
	}
	return c.o.Subscription, ref
}

// knows is the fault of a subscription that is not configured any more.
func (c *Cloud) knows(sub string) error {
	if sub == c.o.Subscription || sub == c.o.PreviewSubscription {
		return nil
	}
	return &images.Fault{Class: images.WrongAccount, What: sub, Said: fmt.Sprintf("It is in the subscription %s, which is not configured any more.", sub)}
}

// id is the resource id of something in the group of a machine.
func (s site) id(kind, name string) string {
	return "/subscriptions/" + s.subscription + "/resourceGroups/" + s.group + "/providers/" + kind + "/" + name
}

func (s site) machine() string { return s.id("Microsoft.Compute/virtualMachines", s.name) }

// version is an image: a version of a definition in a gallery.
type version struct{ gallery, definition, number string }

func (v version) String() string { return v.gallery + "/" + v.definition + "/" + v.number }

// versionOf reads the id of an image.
func versionOf(ref string) (version, error) {
	p := strings.Split(ref, "/")
	if len(p) != 3 || p[0] == "" || p[1] == "" || p[2] == "" {
		return version{}, &images.Fault{Class: images.Invalid, What: ref, Said: fmt.Sprintf("%q is no image, such as gallery/definition/17.5.100.", ref)}
	}
	return version{p[0], p[1], p[2]}, nil
}

// resource is the resource id of an image.
func (c *Cloud) resource(v version) string {
	return c.galleryID() + "/images/" + v.definition + "/versions/" + v.number
}

func (c *Cloud) galleryID() string {
	return "/subscriptions/" + c.o.Subscription + "/resourceGroups/" + c.o.GalleryGroup + "/providers/Microsoft.Compute/galleries/" + c.o.Gallery
}

// definition is the name of an image definition.
func definition(pattern, edition, architecture string) string {
	edition = strings.ToLower(edition)
	if pattern == "" {
		pattern = "gitlab-{edition}"
		if architecture == "arm64" {
			pattern += "-arm64"
		}
	}
	return strings.NewReplacer("{edition}", edition, "{architecture}", architecture).Replace(pattern)
}

func (c *Cloud) definitionOf(o *images.Order) string {
	return definition(c.o.Definition, o.Edition, cmp.Or(o.Architecture, "amd64"))
}

// rebuilds is how many rebuilds of a version have numbers of their own.
const rebuilds = 100

// published is the number of a version that customers get: the last part has room for
// rebuilds, as galleries and offers know no more than three.
func published(o *images.Order) string {
	v := o.Version
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch*rebuilds+v.Rebuild)
}

// builds is how many builds of a version have numbers of their own in the gallery.
const builds = 100_000

// imageOf is the image that a build makes. Its number in the gallery is the one that
// customers get, with five digits of the build's own behind it: an id that was taken away
// is not given again, as whoever named it, a preview above all, would have another image.
func (c *Cloud) imageOf(build images.BuildID, o *images.Order) version {
	h := sha256.Sum256([]byte(build))
	return version{c.o.Gallery, c.definitionOf(o), fmt.Sprintf("%s%05d", published(o), binary.BigEndian.Uint64(h[:8])%builds)}
}

// place is the name of a region as it is compared: "West Europe" is "westeurope".
func place(region string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(region), " ", ""))
}
