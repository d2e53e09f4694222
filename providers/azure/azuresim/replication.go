package azuresim

import (
	"slices"
	"strings"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// doom is what happens to versions that are made, instead of the usual.
type doom struct {
	region string // where; empty: in the version's own location, to all of it
	left   int
	takes  time.Duration // 0: as usual
	fails  bool
	reason string
}

// FailVersion lets the next version of a gallery that is made end as Failed, with a
// reason.
func (s *Server) FailVersion(reason string) {
	s.doom(doom{left: 1, fails: true, reason: reason})
}

// FailReplication lets the next replications of versions to a region fail. The version
// ends as Failed, and its other regions go on. With n below 0 it is for ever, and 0 ends
// it and [Server.SlowReplication] for the region.
func (s *Server) FailReplication(region string, n int) {
	s.doom(doom{region: plain(region), left: n, fails: true, reason: "Replication failed in this region due to 'An unexpected error occurred while copying the image. Please retry.'"})
}

// SlowReplication lets all replications of versions to a region that begin from now on
// take this long, until [Server.FailReplication] with 0.
func (s *Server) SlowReplication(region string, takes time.Duration) {
	s.doom(doom{region: plain(region), left: -1, takes: takes})
}

func (s *Server) doom(d doom) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.left == 0 {
		s.doomed = slices.DeleteFunc(s.doomed, func(o *doom) bool { return o.region == d.region })
		return
	}
	s.doomed = append(s.doomed, &d)
}

// fate says how long something takes and why it fails.
func (s *Server) fate(region string, takes time.Duration) (time.Duration, string) {
	why := ""
	for _, d := range s.doomed {
		if d.left == 0 || d.region != region {
			continue
		}
		if d.left > 0 {
			d.left--
		}
		if d.takes > 0 {
			takes = d.takes
		}
		if d.fails {
			why = d.reason
		}
	}
	return takes, why
}

// replicate plans new replicas of a version: the own location first, and the others
// from it. It answers when all of them have ended, and how.
func (c *request) replicate(v *version, fresh []string) (time.Time, *armError) {
	begins, until := c.now, c.now
	var why *armError
	plan := func(at string, takes time.Duration, reason string) time.Time {
		r := v.replicas[at]
		end, done := completed, begins.Add(takes)
		if reason != "" {
			end, r.details = failed, reason
			why = conflict("ReplicationFailed", "Replication of the gallery image version '%s' to the region '%s' failed. %s", v.name, r.shown, reason)
		}
		r.life = timeline{{replicating, c.now}, {end, done}}
		r.life[0].from = begins
		if begins.After(c.now) {
			r.life = append(timeline{{"Unknown", c.now}}, r.life...)
		}
		if done.After(until) {
			until = done
		}
		return done
	}
	slices.Sort(fresh)
	if slices.Contains(fresh, v.location) {
		takes, reason := c.s.fate("", c.s.at(v.location).times.Capture)
		slow, other := c.s.fate(v.location, takes)
		if reason == "" {
			reason = other
		}
		begins = plan(v.location, slow, reason)
		if reason != "" {
			// Nothing can be copied.
			for _, at := range fresh {
				v.replicas[at].life = timeline{{replicating, c.now}, {failed, begins}}
				v.replicas[at].details = reason
			}
			return begins, conflict("InternalOperationError", "%s", reason)
		}
	}
	for _, at := range fresh {
		if at != v.location {
			takes, reason := c.s.fate(at, c.s.at(at).times.Replicate)
			plan(at, takes, reason)
		}
	}
	return until, why
}

// progress is how much of a replica is there, in percent.
func (r *replica) progress(now time.Time) int32 {
	switch r.life.at(now) {
	case completed:
		return 100
	case replicating:
		from, to := r.life.since(now), r.life.end().from
		if total := to.Sub(from); total > 0 {
			return int32(min(99, 100*now.Sub(from)/total))
		}
	}
	return 0
}

func (c *request) versionJSON(v *version) arm.GalleryImageVersion {
	p := clone(v.profile)
	if p.ReplicaCount == nil {
		p.ReplicaCount = ptr(int32(1))
	}
	if p.ExcludeFromLatest == nil {
		p.ExcludeFromLatest = ptr(false)
	}
	if p.StorageAccountType == nil && p.StorageAccountStrategy == nil {
		p.StorageAccountType = ptr(arm.StorageAccountTypeStandardLRS)
	}
	for _, r := range sorted(v.replicas) {
		p.TargetRegions = append(p.TargetRegions, &arm.TargetRegion{
			Name: ptr(r.shown), RegionalReplicaCount: ptr(r.count), StorageAccountType: ptr(r.tier), ExcludeFromLatest: ptr(r.exclude),
		})
	}
	src := &arm.GalleryArtifactVersionFullSource{}
	if v.bySource {
		src.VirtualMachineID = ptr(v.source)
	} else {
		src.ID = ptr(v.source)
	}
	q := &arm.GalleryImageVersionProperties{
		ProvisioningState: ptr(arm.GalleryProvisioningState(v.life.at(c.now))), PublishingProfile: &p, SafetyProfile: ptr(clone(v.safety)),
		StorageProfile: &arm.GalleryImageVersionStorageProfile{Source: src, OSDiskImage: &arm.GalleryOSDiskImage{HostCaching: ptr(arm.HostCachingReadWrite), SizeInGB: ptr(int32(30))}},
	}
	if strings.EqualFold(c.query.Get("$expand"), "ReplicationStatus") {
		q.ReplicationStatus = v.replication(c.now)
	}
	return arm.GalleryImageVersion{ID: ptr(v.id), Name: ptr(v.name), Type: ptr(v.kind), Location: ptr(v.location), Tags: copyTags(v.tags), Properties: q}
}

// replication is how far each region is.
func (v *version) replication(now time.Time) *arm.ReplicationStatus {
	out := &arm.ReplicationStatus{}
	states := map[string]bool{}
	for _, r := range sorted(v.replicas) {
		st := r.life.at(now)
		states[st] = true
		s := &arm.RegionalReplicationStatus{Region: ptr(r.shown), State: ptr(arm.ReplicationState(st)), Progress: ptr(r.progress(now)), Details: ptr("")}
		if st == failed {
			s.Details = ptr(r.details)
		}
		out.Summary = append(out.Summary, s)
	}
	total := arm.AggregatedReplicationStateCompleted
	switch {
	case states[replicating] || states["Unknown"]:
		total = arm.AggregatedReplicationStateInProgress
	case states[failed]:
		total = arm.AggregatedReplicationStateFailed
	}
	out.AggregatedState = &total
	return out
}
