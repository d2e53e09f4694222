package awssim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// snapshot is the disk of an image.
type snapshot struct {
	id, volume, desc string
	image            string // which was made with it
	owner            string
	born             time.Time
	life             timeline
	size             int
	tags             map[string]string
	users            map[string]bool // who may make volumes of it
	public           bool
}

// snap makes the snapshot of a new image.
func (s *Server) snap(c *request, size int, vol, desc, image string, tags map[string]string, takes time.Duration) *snapshot {
	n := &snapshot{
		id: s.id("snap"), volume: vol, desc: desc, image: image, owner: s.account, born: c.now, size: size,
		life: timeline{{pending, c.now}, {"completed", c.now.Add(takes)}}, tags: tags, users: map[string]bool{},
	}
	c.reg.snapshots[n.id] = n
	return n
}

func (r *region) findSnapshot(id string, now time.Time) (*snapshot, error) {
	if !wellFormed("snap", id) {
		return nil, refuse("InvalidSnapshotID.Malformed", "Invalid id: \"%s\"", id)
	}
	n := r.snapshots[id]
	if n == nil || now.Before(n.born.Add(r.times.Invisible)) {
		return nil, refuse("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", id)
	}
	return n, nil
}

func describeSnapshots(s *Server, c *request) (any, error) {
	f := c.form
	ids, owners := f.list("SnapshotId"), f.list("Owner")
	for _, id := range ids {
		if _, err := c.reg.findSnapshot(id, c.now); err != nil {
			return nil, err
		}
	}
	var list []*snapshot
	for _, n := range sorted(c.reg.snapshots) {
		mine := len(owners) == 0 || slices.Contains(owners, "self") || slices.Contains(owners, n.owner)
		if !mine || len(ids) > 0 && !slices.Contains(ids, n.id) || c.now.Before(n.born.Add(c.reg.times.Invisible)) {
			continue
		}
		ok, err := match(f.filters(), n.tags, n.attributes(c.now))
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, n)
		}
	}
	list, next, err := pageOf(c, list, func(n *snapshot) string { return n.id }, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("snapshotSet", list, func(n *snapshot) nodes {
		return nodes{
			tx("snapshotId", n.id), tx("volumeId", n.volume), tx("status", n.life.at(c.now)), when("startTime", n.born),
			tx("progress", n.progress(c.now)), tx("ownerId", n.owner), num("volumeSize", n.size), opt("description", n.desc),
			yes("encrypted", false), tx("storageTier", "standard"), tagSet(n.tags),
		}
	}), next}, nil
}

// progress is how much of a snapshot is there, in percent.
func (n *snapshot) progress(now time.Time) string {
	end := n.life.end().from
	if !now.Before(end) {
		return "100%"
	}
	return fmt.Sprintf("%d%%", int(100*now.Sub(n.born)/end.Sub(n.born)))
}

func (n *snapshot) attributes(now time.Time) attributes {
	return func(name string) ([]string, bool) {
		v, ok := map[string]string{
			"snapshot-id": n.id, "status": n.life.at(now), "owner-id": n.owner, "description": n.desc,
			"volume-id": n.volume, "volume-size": strconv.Itoa(n.size), "start-time": stamp(n.born),
			"progress": n.progress(now), "encrypted": "false",
		}[name]
		return []string{v}, ok
	}
}

func deleteSnapshot(_ *Server, c *request) (any, error) {
	n, err := c.reg.findSnapshot(c.form["SnapshotId"], c.now)
	if err != nil {
		return nil, err
	}
	for _, i := range sorted(c.reg.images) {
		if i.snapshot == n.id {
			return nil, refuse("InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", n.id, i.id)
		}
	}
	delete(c.reg.snapshots, n.id)
	return returned(), nil
}

func modifySnapshotAttribute(_ *Server, c *request) (any, error) {
	f := c.form
	n, err := c.reg.findSnapshot(f["SnapshotId"], c.now)
	if err != nil {
		return nil, err
	}
	add, err := grants(f, "CreateVolumePermission.Add")
	if err != nil {
		return nil, err
	}
	remove, err := grants(f, "CreateVolumePermission.Remove")
	if err != nil {
		return nil, err
	}
	old := grant{groups: f.list("UserGroup"), users: f.list("UserId")}
	switch f["OperationType"] {
	case "add":
		add = old
	case "remove":
		remove = old
	}
	n.public = (n.public || len(add.groups) > 0) && len(remove.groups) == 0
	for _, u := range add.users {
		n.users[u] = true
	}
	for _, u := range remove.users {
		delete(n.users, u)
	}
	return returned(), nil
}

func describeSnapshotAttribute(_ *Server, c *request) (any, error) {
	n, err := c.reg.findSnapshot(c.form["SnapshotId"], c.now)
	if err != nil {
		return nil, err
	}
	if a := c.form["Attribute"]; a != "createVolumePermission" {
		return nodes{tx("snapshotId", n.id), el("productCodes")}, nil
	}
	var list []node
	if n.public {
		list = append(list, tx("group", "all"))
	}
	for _, u := range slices.Sorted(maps.Keys(n.users)) {
		list = append(list, tx("userId", u))
	}
	return nodes{tx("snapshotId", n.id), set("createVolumePermission", list, func(n node) nodes { return nodes{n} })}, nil
}
