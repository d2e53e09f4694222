package azuresim

import (
	"net/http"
	"slices"
	"strings"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// The states of a replica, besides Failed.
const (
	replicating = "Replicating"
	completed   = "Completed"
)

// version is a version of an image in a gallery.
type version struct {
	core
	source   string // the machine, image or version that it was made of
	bySource bool   // named as a machine
	profile  arm.GalleryImageVersionPublishingProfile
	safety   arm.GalleryImageVersionSafetyProfile
	replicas map[string]*replica // by location
	clean    bool                // its machine was deprovisioned
}

// replica is what a version has in a location.
type replica struct {
	location, shown string // shown is the name as it was asked for
	count           int32
	exclude         bool
	tier            arm.StorageAccountType
	life            timeline
	details         string
}

// parent is the id of the definition.
func (v *version) parent() string {
	at, _, _ := cutLast(v.id, "/versions/")
	return at
}

// latest is the newest version of a definition that machines in a location may use.
func (s *Server) latest(d *definition, location string, now time.Time) *version {
	var best *version
	for _, v := range all[*version](s) {
		h := v.replicas[location]
		if !sameID(v.parent(), d.id) || h == nil || h.life.at(now) != completed || h.exclude || val(v.profile.ExcludeFromLatest) || v.life.at(now) == deleting {
			continue
		}
		if best == nil || compareVersions(v.name, best.name) > 0 {
			best = v
		}
	}
	return best
}

// putVersion makes a version, or changes one.
func (c *request) putVersion(in arm.GalleryImageVersion) (*version, int, error) {
	at, _, _ := cutLast(c.resourceID(), "/versions/")
	d, err := parentOf[*definition](c, at, "Microsoft.Compute/galleries/images/versions")
	if err != nil {
		return nil, 0, err
	}
	if v, ok := find[*version](c.s, c.resourceID()); ok {
		if err := v.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := c.changeVersion(v, val(in.Properties), in.Tags); err != nil {
			return nil, 0, err
		}
		return v, http.StatusOK, nil
	}
	k, err := c.fresh(in.Location, in.Tags)
	if err != nil {
		return nil, 0, err
	}
	if err := checkVersionName(k.name); err != nil {
		return nil, 0, err
	}
	v := &version{core: k, replicas: map[string]*replica{}}
	p := val(in.Properties)
	v.source, v.bySource = sourceOf(p)
	if v.source == "" {
		return nil, 0, missing("galleryImageVersion.properties.storageProfile.source")
	}
	from, err := c.checkSource(v, d)
	if err != nil {
		return nil, 0, err
	}
	if err := c.checkProfile(v, p.PublishingProfile, nil); err != nil {
		return nil, 0, err
	}
	v.adopt(p)
	v.profile.PublishedDate = ptr(c.now)
	c.capture(v)
	c.s.put(v)
	if v.bySource {
		c.s.captured(from, v.id)
	} else {
		c.s.copied(from, v.id)
	}
	return v, http.StatusCreated, nil
}

// sourceOf is what a version is to be made of, and whether it is said to be a machine.
func sourceOf(p arm.GalleryImageVersionProperties) (string, bool) {
	s := val(val(p.StorageProfile).Source)
	if val(s.VirtualMachineID) != "" {
		return *s.VirtualMachineID, true
	}
	return val(s.ID), false
}

// adopt takes what may be changed later too.
func (v *version) adopt(p arm.GalleryImageVersionProperties) {
	q := clone(val(p.PublishingProfile))
	q.TargetRegions, q.PublishedDate = nil, v.profile.PublishedDate
	if q.ReplicationMode == nil {
		q.ReplicationMode = v.profile.ReplicationMode
	}
	v.profile = q
	if p.SafetyProfile != nil {
		v.safety = clone(*p.SafetyProfile)
	}
}

// capture plans the life of a new version: first its own location, then the others.
func (c *request) capture(v *version) {
	until, why := c.replicate(v, slices.Collect(keysOf(v.replicas)))
	end := succeeded
	if why != nil {
		end = failed
	}
	v.life = timeline{{creating, c.now}, {end, until}}
	c.begun(&v.core, until, why)
}

// changeVersion changes the locations, the flags and the tags of a version. What it was
// made of stays.
func (c *request) changeVersion(v *version, p arm.GalleryImageVersionProperties, tags map[string]*string) error {
	if st := v.life.at(c.now); st == failed && !v.usable(c.now) {
		return conflict("Conflict", "The gallery image version '%s' is in the state 'Failed' and cannot be updated. Delete it and create it again.", v.name)
	}
	if err := v.free(c.now); err != nil {
		return err
	}
	if src, byMachine := sourceOf(p); src != "" && (!sameID(src, v.source) || byMachine != v.bySource) {
		name := "id"
		if byMachine {
			name = "virtualMachineId"
		}
		return fixedProperty("galleryImageVersion.properties.storageProfile.source." + name)
	}
	if m := val(p.PublishingProfile).ReplicationMode; m != nil && v.profile.ReplicationMode != nil && *m != *v.profile.ReplicationMode {
		return fixedProperty("galleryImageVersion.properties.publishingProfile.replicationMode")
	}
	old := v.replicas
	v.replicas = map[string]*replica{}
	if p.PublishingProfile == nil {
		v.replicas = old
	} else if err := c.checkProfile(v, p.PublishingProfile, old); err != nil {
		v.replicas = old
		return err
	} else {
		v.adopt(p)
	}
	if p.SafetyProfile != nil {
		v.safety = clone(*p.SafetyProfile)
	}
	if tags != nil {
		v.tags = copyTags(tags)
	}
	var fresh []string
	for at, r := range v.replicas {
		if r.life == nil {
			fresh = append(fresh, at)
		}
	}
	until, why := c.now.Add(c.s.at(v.location).times.Update), (*armError)(nil)
	if len(fresh) > 0 {
		until, why = c.replicate(v, fresh)
	}
	end := succeeded
	for _, r := range v.replicas {
		// One that failed before is still there.
		if r.life.end().name == failed {
			end = failed
		}
	}
	if why == nil && end == failed {
		why = conflict("ReplicationFailed", "Replication of the gallery image version '%s' failed in at least one region.", v.name)
	}
	v.life = v.life.turn(c.now, phase{updating, c.now}, phase{end, until})
	c.begun(&v.core, until, why)
	return nil
}

// usable reports whether a version was captured. Those that were not must be deleted.
// Whether a version of which only a replica failed may be changed is not documented;
// here it may, since it could not be repaired else.
func (v *version) usable(now time.Time) bool {
	h := v.replicas[v.location]
	return h != nil && h.life.at(now) == completed
}

// removable checks that a version may be deleted.
func (v *version) removable(now time.Time) error {
	if val(v.safety.BlockDeletionBeforeEndOfLife) && now.Before(val(v.profile.EndOfLifeDate)) {
		return conflict("OperationNotAllowed", "The gallery image version '%s' cannot be deleted before its end of life date, because 'blockDeletionBeforeEndOfLife' is set.", v.name)
	}
	if o := v.safety.AllowDeletionOfReplicatedLocations; o != nil && !*o && v.life.at(now) != failed {
		return conflict("OperationNotAllowed", "The gallery image version '%s' cannot be deleted while it is replicated, because 'allowDeletionOfReplicatedLocations' is not set.", v.name)
	}
	return nil
}

// listVersions are those of the definition that the path names.
func (c *request) listVersions() ([]*arm.GalleryImageVersion, error) {
	at := strings.TrimSuffix(c.resourceID(), "/versions")
	if _, ok := find[*definition](c.s, at); !ok {
		if _, err := c.group(); err != nil {
			return nil, err
		}
		_, name := kindOf(at)
		return nil, refuseWith(http.StatusNotFound, "ParentResourceNotFound", "Can not perform requested operation on nested resource. Parent resource '%s' not found.", name)
	}
	var out []*arm.GalleryImageVersion
	for _, v := range all[*version](c.s) {
		if sameID(v.parent(), at) {
			out = append(out, ptr(c.versionJSON(v)))
		}
	}
	return out, nil
}
