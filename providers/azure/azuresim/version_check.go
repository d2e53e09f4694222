package azuresim

import (
	"cmp"
	"iter"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

func keysOf[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// checkVersionName checks that a name has three numbers of 32 bits.
func checkVersionName(name string) error {
	bad := refuse("InvalidParameter", "The gallery image version name '%s' is invalid. It must follow the pattern 'Major.Minor.Patch', where each is a number in the range of a 32-bit integer.", name).on("galleryImageVersionName")
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(name) {
		return bad
	}
	for p := range strings.SplitSeq(name, ".") {
		if n, err := strconv.ParseInt(p, 10, 64); err != nil || n > 1<<31-1 {
			return bad
		}
	}
	return nil
}

// checkSource checks that a version of a definition can be made of what it names, and
// answers its id as it was made.
func (c *request) checkSource(v *version, d *definition) (string, error) {
	security := d.security()
	if _, ok := find[*machine](c.s, v.source); ok || v.bySource {
		if strings.HasSuffix(security, "Supported") {
			return "", refuse("InvalidParameter", "The security type '%s' is not supported for the source id '%s'. Currently only Vhd Blob, User Image and Gallery Image Version sources are supported for '%s' images.", security, v.source, security).on("galleryImageVersion.properties.storageProfile.source.id")
		}
		m, err := c.generalizedSource(v.source, v.location)
		if err != nil {
			return "", err
		}
		// Standard is what machines and definitions are of which nothing is said.
		if kind := m.security(); cmp.Or(kind, "Standard") != cmp.Or(security, "Standard") {
			return "", refuse("InvalidParameter", "The resource with id '%s' has a different security type ['%s'] than the parent gallery image ['%s'].", v.source, orNone(kind), orNone(security)).on("galleryImageVersion.properties.storageProfile.source.id")
		}
		v.clean = m.clean
		return m.id, matches(v.source, m.from.arch, m.from.generation, d)
	}
	if i, ok := find[*image](c.s, v.source); ok && i.life.at(c.now) == succeeded {
		v.clean = i.clean
		if err := c.link("Microsoft.Compute/images/read", i.id); err != nil {
			return "", err
		}
		return i.id, matches(v.source, i.arch, i.generation, d)
	}
	if o, ok := find[*version](c.s, v.source); ok && o.usable(c.now) {
		v.clean = o.clean
		if err := c.link("Microsoft.Compute/galleries/images/versions/read", o.id); err != nil {
			return "", err
		}
		if od, ok := find[*definition](c.s, o.parent()); ok {
			return o.id, matches(v.source, od.arch(), od.generation(), d)
		}
		return o.id, nil
	}
	return "", refuseWith(http.StatusNotFound, "NotFound", "The source '%s' was not found.", v.source)
}

func orNone(kind string) string {
	if kind == "" {
		return "None"
	}
	return kind
}

// matches checks that a source is like the definition.
func matches(source, arch, generation string, d *definition) error {
	if arch != d.arch() {
		return refuse("InvalidParameter", "The resource with id '%s' has a different architecture ['%s'] than the parent gallery image architecture ['%s'].", source, arch, d.arch()).on("galleryImageVersion.properties.storageProfile.source.id")
	}
	if generation != d.generation() {
		return refuse("InvalidParameter", "The resource with id '%s' has a different Hypervisor generation ['%s'] than the parent gallery image Hypervisor generation ['%s'].", source, generation, d.generation()).on("galleryImageVersion.properties.storageProfile.source.id")
	}
	return nil
}

// checkProfile checks where a version is to be and adds its replicas: those that it has
// already go on.
func (c *request) checkProfile(v *version, p *arm.GalleryImageVersionPublishingProfile, old map[string]*replica) error {
	q := val(p)
	if q.StorageAccountType != nil && q.StorageAccountStrategy != nil {
		return refuse("InvalidParameter", "Only one of 'storageAccountType' and 'storageAccountStrategy' can be specified.").on("galleryImageVersion.properties.publishingProfile.storageAccountType")
	}
	if m := val(q.ReplicationMode); m != "" && !slices.Contains(arm.PossibleReplicationModeValues(), m) {
		return badValue("galleryImageVersion.properties.publishingProfile.replicationMode")
	}
	count, err := replicas(q.ReplicaCount, 1)
	if err != nil {
		return err
	}
	targets := q.TargetRegions
	if len(targets) == 0 {
		targets = []*arm.TargetRegion{{Name: ptr(v.location)}}
	}
	const param = "galleryImageVersion.properties.publishingProfile.targetRegions"
	for _, t := range targets {
		name := plain(val(val(t).Name))
		if c.s.places[name] == nil {
			return refuse("InvalidParameter", "The target region '%s' is not available for gallery image versions.", val(val(t).Name)).on(param)
		}
		if v.replicas[name] != nil {
			return refuse("InvalidParameter", "The target region '%s' is specified more than once.", name).on(param)
		}
		n, err := replicas(t.RegionalReplicaCount, count)
		if err != nil {
			return err
		}
		r := &replica{location: name, shown: *t.Name, count: n, exclude: val(t.ExcludeFromLatest), tier: arm.StorageAccountTypeStandardLRS}
		if o := old[name]; o != nil {
			r.life, r.details = o.life, o.details
		}
		if q.StorageAccountType != nil {
			r.tier = *q.StorageAccountType
		}
		if t.StorageAccountType != nil {
			r.tier = *t.StorageAccountType
		}
		if !slices.Contains(arm.PossibleStorageAccountTypeValues(), r.tier) {
			return badValue(param + ".storageAccountType")
		}
		v.replicas[name] = r
	}
	if v.replicas[v.location] == nil {
		return refuse("InvalidParameter", "The gallery image version's location '%s' must be one of its target regions.", v.location).on(param)
	}
	for at := range old {
		if o := v.safety.AllowDeletionOfReplicatedLocations; v.replicas[at] == nil && o != nil && !*o {
			return conflict("OperationNotAllowed", "The region '%s' cannot be removed, because 'allowDeletionOfReplicatedLocations' is not set.", at)
		}
	}
	return nil
}

func replicas(n *int32, otherwise int32) (int32, error) {
	if n == nil {
		return otherwise, nil
	}
	if *n < 1 || *n > 100 {
		return 0, refuse("InvalidParameter", "The replica count must be between 1 and 100.").on("galleryImageVersion.properties.publishingProfile.replicaCount")
	}
	return *n, nil
}
