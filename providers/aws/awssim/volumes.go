package awssim

import (
	"slices"
	"strconv"
	"time"
)

// rootDevice is where all images here have their only disk.
const rootDevice = "/dev/sda1"

// volume is the disk of a machine.
type volume struct {
	id       string
	born     time.Time
	size     int
	snapshot string
	instance string
	keep     bool // when the machine is terminated
	tags     map[string]string
}

// state is empty when the volume is no more.
func (v *volume) state(r *region, now time.Time) string {
	i := r.instances[v.instance]
	switch {
	case i != nil && i.life.at(now) != terminated:
		return "in-use"
	case v.keep:
		return "available"
	}
	return ""
}

func describeVolumes(s *Server, c *request) (any, error) {
	var list []*volume
	ids := c.form.list("VolumeId")
	for _, id := range ids {
		if v := c.reg.volumes[id]; v == nil || v.state(c.reg, c.now) == "" {
			return nil, refuse("InvalidVolume.NotFound", "The volume '%s' does not exist.", id)
		}
	}
	for _, v := range sorted(c.reg.volumes) {
		state := v.state(c.reg, c.now)
		if state == "" || len(ids) > 0 && !slices.Contains(ids, v.id) || c.now.Before(v.born.Add(c.reg.times.Invisible)) {
			continue
		}
		ok, err := match(c.form.filters(), v.tags, v.attributes(state, c.region))
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, v)
		}
	}
	list, next, err := pageOf(c, list, func(v *volume) string { return v.id }, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("volumeSet", list, func(v *volume) nodes {
		state := v.state(c.reg, c.now)
		out := nodes{
			tx("volumeId", v.id), num("size", v.size), tx("snapshotId", v.snapshot), tx("availabilityZone", c.region+"a"),
			tx("status", state), when("createTime", v.born), tx("volumeType", "gp3"), yes("encrypted", false), tagSet(v.tags),
		}
		if state == "in-use" {
			out = append(out, el("attachmentSet", el("item", tx("volumeId", v.id), tx("instanceId", v.instance),
				tx("device", rootDevice), tx("status", "attached"), when("attachTime", v.born), yes("deleteOnTermination", !v.keep))))
		}
		return out
	}), next}, nil
}

func (v *volume) attributes(state, region string) attributes {
	return func(name string) ([]string, bool) {
		switch name {
		case "volume-id":
			return []string{v.id}, true
		case "status":
			return []string{state}, true
		case "size":
			return []string{strconv.Itoa(v.size)}, true
		case "snapshot-id":
			return []string{v.snapshot}, true
		case "availability-zone":
			return []string{region + "a"}, true
		case "attachment.instance-id":
			return []string{v.instance}, true
		}
		return nil, false
	}
}

func deleteVolume(_ *Server, c *request) (any, error) {
	v := c.reg.volumes[c.form["VolumeId"]]
	if v == nil || v.state(c.reg, c.now) == "" {
		return nil, refuse("InvalidVolume.NotFound", "The volume '%s' does not exist.", c.form["VolumeId"])
	}
	if v.state(c.reg, c.now) == "in-use" {
		return nil, refuse("VolumeInUse", "Volume %s is currently attached to %s", v.id, v.instance)
	}
	delete(c.reg.volumes, v.id)
	return returned(), nil
}
