package awssim

import (
	"fmt"
	"regexp"
	"time"
)

// doom is what happens to images that are made, instead of the usual.
type doom struct {
	op     string // CreateImage, CopyImage, or "" for both
	left   int
	takes  time.Duration // 0: as usual
	reason string        // not empty: the image fails
}

// FailImages lets the next images that an operation makes in a region fail, with a
// reason. The operation is CreateImage, CopyImage, or "" for both; the region may be
// "" for any. The number is that of all regions together.
func (s *Server) FailImages(op, region string, times int, reason string) {
	s.doom(region, doom{op: op, left: times, reason: reason})
}

// SlowImages lets the next images that an operation makes in a region take this long.
func (s *Server) SlowImages(op, region string, times int, takes time.Duration) {
	s.doom(region, doom{op: op, left: times, takes: takes})
}

func (s *Server) doom(region string, d doom) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		r.doomed = append(r.doomed, &d)
	}
}

// fate plans the life of a new image.
func (r *region) fate(i *image, op string, takes time.Duration, now time.Time) {
	end := available
	for _, d := range r.doomed {
		if d.left == 0 || d.op != "" && d.op != op {
			continue
		}
		d.left--
		if d.takes > 0 {
			takes = d.takes
		}
		if d.reason != "" {
			end, i.reason = failed, d.reason
		}
		break
	}
	i.life = timeline{{pending, now}, {end, now.Add(takes)}}
}

// checkName is what names of images may be.
func checkName(name string) error {
	if name == "" {
		return missing("name")
	}
	if len(name) < 3 || len(name) > 128 || !regexp.MustCompile(`^[\w()\[\] ./\-'@]+$`).MatchString(name) {
		return refuse("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/', '_', '[', ']', ''', '@' and spaces")
	}
	return nil
}

func createImage(s *Server, c *request) (any, error) {
	f := c.form
	if err := checkName(f["Name"]); err != nil {
		return nil, err
	}
	m, err := c.reg.find(f["InstanceId"], c.now)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(s, c, "image", "snapshot")
	if err != nil {
		return nil, err
	}
	// Names are known at once, also those of images that cannot be seen yet.
	for _, i := range sorted(c.reg.images) {
		if s.isOwn(i) && i.name == f["Name"] && i.life.at(c.now) != failed {
			return nil, refuse("InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", i.name, i.id)
		}
	}
	if st := m.life.at(c.now); st != running && st != stopped {
		return nil, refuse("IncorrectState", "Instance is not in state 'running' or 'stopped'.")
	}
	id := s.id("ami")
	size := c.reg.volumes[m.volume].size
	snap := s.snap(c, size, m.volume, fmt.Sprintf("Created by CreateImage(%s) for %s", m.id, id), id, tags["snapshot"], c.reg.times.Image)
	i := &image{
		id: id, name: f["Name"], desc: f["Description"], owner: s.account, arch: m.kind.arch, born: c.now,
		tags: tags["image"], users: map[string]bool{}, orgs: map[string]bool{}, snapshot: snap.id, size: size, from: m.id,
	}
	if base := c.reg.images[m.image]; base != nil {
		i.source, i.sourceRegion, i.imds = base.id, c.region, base.imds
	}
	c.reg.fate(i, "CreateImage", c.reg.times.Image, c.now)
	c.reg.images[id] = i
	s.captured(m.id, id)
	return nodes{tx("imageId", id)}, nil
}

func copyImage(s *Server, c *request) (any, error) {
	f := c.form
	token := f["ClientToken"]
	if t, ok := c.reg.tokens["CopyImage "+token]; ok && token != "" {
		if t.params != f.print() {
			return nil, mismatch()
		}
		return nodes{tx("imageId", t.id)}, nil
	}
	if err := checkName(f["Name"]); err != nil {
		return nil, err
	}
	from := s.regions[f["SourceRegion"]]
	if from == nil {
		return nil, refuse("InvalidParameterValue", "Invalid value '%s' for SourceRegion.", f["SourceRegion"])
	}
	src, err := s.copyable(from, f["SourceImageId"], c.now)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(s, c, "image", "snapshot")
	if err != nil {
		return nil, err
	}
	id := s.id("ami")
	desc, ok := f["Description"]
	if !ok {
		desc = fmt.Sprintf("[Copied %s from %s] %s", src.id, from.name, src.name)
	}
	snap := s.snap(c, src.size, "vol-ffffffff", fmt.Sprintf("Copied for DestinationAmi %s from SourceAmi %s for SourceSnapshot %s. Task created on %d.",
		id, src.id, src.snapshot, c.now.UnixMilli()), id, tags["snapshot"], c.reg.times.Copy)
	i := &image{
		id: id, name: f["Name"], desc: desc, owner: s.account, arch: src.arch, born: c.now,
		tags: tags["image"], users: map[string]bool{}, orgs: map[string]bool{}, snapshot: snap.id, size: src.size,
		source: src.id, sourceRegion: from.name, imds: src.imds, encrypted: src.encrypted || f.is("Encrypted"),
	}
	if f.is("CopyImageTags") {
		for k, v := range s.tagsOf(src) {
			if _, has := i.tags[k]; !has {
				i.tags[k] = v
			}
		}
	}
	c.reg.fate(i, "CopyImage", c.reg.times.Copy, c.now)
	c.reg.images[id] = i
	if token != "" {
		c.reg.tokens["CopyImage "+token] = used{f.print(), id}
	}
	s.copied(src.id, id)
	return nodes{tx("imageId", id)}, nil
}

// copyable is an image that can be copied.
func (s *Server) copyable(r *region, id string, now time.Time) (*image, error) {
	if r.gone[id] {
		return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", id)
	}
	i, err := r.findImage(id, now)
	if err != nil {
		return nil, err
	}
	switch i.life.at(now) {
	case available:
		return i, nil
	case pending:
		return nil, refuse("InvalidRequest", "The image %s is pending and cannot be copied.", id)
	}
	return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is not available", id)
}

func deregisterImage(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if c.reg.gone[c.form["ImageId"]] {
		return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", c.form["ImageId"])
	}
	if err != nil {
		return nil, err
	}
	delete(c.reg.images, i.id)
	c.reg.gone[i.id] = true
	out := returned()
	if c.form.is("DeleteAssociatedSnapshots") {
		delete(c.reg.snapshots, i.snapshot)
		out = append(out, el("deleteSnapshotResultSet", el("item", tx("snapshotId", i.snapshot), tx("returnCode", "success"))))
	}
	return out, nil
}
