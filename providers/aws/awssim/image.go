package awssim

import (
	"maps"
	"slices"
	"time"
)

// canonical is the account of Ubuntu's maker, which owns the base images.
const canonical = "099720109477"

// The states of an image, besides pending.
const (
	available = "available"
	failed    = "failed"
	disabled  = "disabled"
)

// image is a machine image in one region.
type image struct {
	id, name, desc string
	owner          string
	arch           string
	born           time.Time
	life           timeline
	reason         string // why it failed
	tags           map[string]string
	public         bool
	users, orgs    map[string]bool // who else may use it
	snapshot       string
	size           int
	encrypted      bool
	from           string // the machine that it was made of
	source         string // the image that it is a copy of
	sourceRegion   string
	deprecated     time.Time
	imds           string
	launched       time.Time
}

// visible reports whether an image is found. Only its owner waits for that.
func (i *image) visible(t Times, now time.Time) bool {
	return i.owner == canonical && !now.Before(i.born) || !now.Before(i.born.Add(t.Invisible))
}

// find is an image that can be seen.
func (r *region) findImage(id string, now time.Time) (*image, error) {
	if !wellFormed("ami", id) {
		return nil, refuse("InvalidAMIID.Malformed", "Invalid id: \"%s\"", id)
	}
	i := r.images[id]
	if i == nil || !i.visible(r.times, now) {
		return nil, refuse("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id)
	}
	return i, nil
}

// usable is an image that machines can be made of.
func (r *region) usable(id string, now time.Time) (*image, error) {
	if r.gone[id] {
		return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", id)
	}
	i, err := r.findImage(id, now)
	if err != nil {
		return nil, err
	}
	if i.life.at(now) != available {
		return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is not available", id)
	}
	return i, nil
}

// ownImage is an image that the account may change.
func (s *Server) ownImage(r *region, id string, now time.Time) (*image, error) {
	i, err := r.findImage(id, now)
	if err != nil {
		return nil, err
	}
	if i.owner != s.account {
		return nil, refuse("AuthFailure", "Not authorized for images: [%s]", id)
	}
	return i, nil
}

func (s *Server) isOwn(i *image) bool { return i.owner == s.account }

// publicIn is how many public images the account has in a region.
func (s *Server) publicIn(r *region) int {
	n := 0
	for _, i := range r.images {
		if s.isOwn(i) && i.public {
			n++
		}
	}
	return n
}

// wanted reports whether a request asks for images of an owner. Those of Canonical
// have no alias.
func (s *Server) wanted(owners []string, i *image) bool {
	if len(owners) == 0 {
		return true
	}
	return slices.Contains(owners, i.owner) || slices.Contains(owners, "self") && s.isOwn(i)
}

// executable reports whether an image can be used by whom a request names.
func (s *Server) executable(by []string, i *image) bool {
	for _, who := range by {
		switch {
		case who == "all" && i.public, who == "self" && i.users[s.account], i.users[who]:
			return true
		}
	}
	return len(by) == 0
}

func describeImages(s *Server, c *request) (any, error) {
	f := c.form
	ids, owners := f.list("ImageId"), f.list("Owner")
	for _, id := range ids {
		if _, err := c.reg.findImage(id, c.now); err != nil {
			return nil, err
		}
	}
	if len(ids) > 0 && f["MaxResults"] != "" {
		return nil, refuse("InvalidParameterCombination", "The parameter imageIdsSet cannot be used with the parameter maxResults")
	}
	var list []*image
	for _, i := range sorted(c.reg.images) {
		hidden := !i.visible(c.reg.times, c.now) ||
			i.life.at(c.now) == disabled && !f.is("IncludeDisabled") ||
			i.past(c.now) && !s.isOwn(i) && !f.is("IncludeDeprecated")
		if hidden || len(ids) > 0 && !slices.Contains(ids, i.id) || !s.wanted(owners, i) || !s.executable(f.list("ExecutableBy"), i) {
			continue
		}
		ok, err := match(f.filters(), s.tagsOf(i), i.attributes(c.now))
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, i)
		}
	}
	list, next, err := pageOf(c, list, func(i *image) string { return i.id }, 1)
	if err != nil {
		return nil, err
	}
	return nodes{set("imagesSet", list, func(i *image) nodes { return s.imageNodes(i, c.now) }), next}, nil
}

// past reports whether an image is deprecated.
func (i *image) past(now time.Time) bool {
	return !i.deprecated.IsZero() && !now.Before(i.deprecated)
}

// tagsOf are the tags that the account sees: its own.
func (s *Server) tagsOf(i *image) map[string]string {
	if s.isOwn(i) {
		return i.tags
	}
	return nil
}

func (i *image) attributes(now time.Time) attributes {
	return func(name string) ([]string, bool) {
		v, ok := map[string]string{
			"image-id": i.id, "name": i.name, "description": i.desc, "state": i.life.at(now),
			"architecture": i.arch, "owner-id": i.owner, "root-device-type": "ebs", "root-device-name": rootDevice,
			"virtualization-type": "hvm", "image-type": "machine", "hypervisor": "xen", "ena-support": "true",
			"is-public": map[bool]string{true: "true", false: "false"}[i.public], "creation-date": stamp(i.born),
			"block-device-mapping.snapshot-id": i.snapshot, "source-instance-id": i.from,
			"source-image-id": i.source, "source-image-region": i.sourceRegion, "owner-alias": "",
			"state-reason-message": i.reason, "platform": "",
		}[name]
		return []string{v}, ok
	}
}

func (s *Server) imageNodes(i *image, now time.Time) nodes {
	state := i.life.at(now)
	out := nodes{
		tx("imageId", i.id), tx("imageLocation", i.owner+"/"+i.name), tx("imageState", state), tx("imageOwnerId", i.owner),
		tx("creationDate", stamp(i.born)), yes("isPublic", i.public), tx("architecture", i.arch), tx("imageType", "machine"),
		tx("name", i.name), opt("description", i.desc), tx("rootDeviceType", "ebs"), tx("rootDeviceName", rootDevice),
		tx("virtualizationType", "hvm"), tx("hypervisor", "xen"), yes("enaSupport", true), tx("sriovNetSupport", "simple"),
		tx("platformDetails", "Linux/UNIX"), tx("usageOperation", "RunInstances"), tx("bootMode", "uefi-preferred"),
		opt("imdsSupport", i.imds), tagSet(s.tagsOf(i)),
		opt("sourceInstanceId", i.from), opt("sourceImageId", i.source), opt("sourceImageRegion", i.sourceRegion),
	}
	if !i.deprecated.IsZero() {
		out = append(out, when("deprecationTime", i.deprecated))
	}
	if !i.launched.IsZero() && s.isOwn(i) {
		out = append(out, when("lastLaunchedTime", i.launched))
	}
	if state == failed {
		out = append(out, el("stateReason", tx("code", "Server.InternalError"), tx("message", i.reason)))
	}
	return append(out, el("blockDeviceMapping", el("item", tx("deviceName", rootDevice), el("ebs",
		tx("snapshotId", i.snapshot), num("volumeSize", i.size), tx("volumeType", "gp3"),
		yes("deleteOnTermination", true), yes("encrypted", i.encrypted)))))
}

// holders are the launch permissions, in order.
func (i *image) holders() []node {
	var out []node
	if i.public {
		out = append(out, tx("group", "all"))
	}
	for _, u := range slices.Sorted(maps.Keys(i.users)) {
		out = append(out, tx("userId", u))
	}
	for _, o := range slices.Sorted(maps.Keys(i.orgs)) {
		out = append(out, tx("organizationArn", o))
	}
	return out
}
