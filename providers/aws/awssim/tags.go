package awssim

import (
	"slices"
	"strings"
)

// tagged is a thing with tags.
type tagged struct {
	id, kind string
	tags     map[string]string
}

// taggable are all things of the account in the region that have tags, in order.
func (s *Server) taggable(c *request) []tagged {
	var out []tagged
	for _, i := range sorted(c.reg.instances) {
		if i.visible(c.reg.times, c.now) {
			out = append(out, tagged{i.id, "instance", i.tags})
		}
	}
	for _, i := range sorted(c.reg.images) {
		if s.isOwn(i) && i.visible(c.reg.times, c.now) {
			out = append(out, tagged{i.id, "image", i.tags})
		}
	}
	for _, n := range sorted(c.reg.snapshots) {
		if !c.now.Before(n.born.Add(c.reg.times.Invisible)) {
			out = append(out, tagged{n.id, "snapshot", n.tags})
		}
	}
	for _, v := range sorted(c.reg.volumes) {
		if v.state(c.reg, c.now) != "" {
			out = append(out, tagged{v.id, "volume", v.tags})
		}
	}
	return out
}

// resources are those that a request names. All must be there.
func (s *Server) resources(c *request) ([]tagged, error) {
	ids := c.form.list("ResourceId")
	if len(ids) == 0 {
		return nil, missing("resourceIdSet")
	}
	all := s.taggable(c)
	var out []tagged
	for _, id := range ids {
		n := slices.IndexFunc(all, func(t tagged) bool { return t.id == id })
		if n < 0 {
			return nil, s.absent(c, id)
		}
		out = append(out, all[n])
	}
	return out, nil
}

func (s *Server) absent(c *request, id string) error {
	prefix, _, _ := strings.Cut(id, "-")
	var err error
	switch prefix {
	case "i":
		_, err = c.reg.find(id, c.now)
	case "ami":
		_, err = s.ownImage(c.reg, id, c.now)
	case "snap":
		_, err = c.reg.findSnapshot(id, c.now)
	case "vol":
		err = refuse("InvalidVolume.NotFound", "The volume '%s' does not exist.", id)
	}
	if err != nil {
		return err
	}
	return refuse("InvalidID", "The ID '%s' is not valid", id)
}

func createTags(s *Server, c *request) (any, error) {
	list, err := s.resources(c)
	if err != nil {
		return nil, err
	}
	add := map[string]string{}
	if err := readTagList(c.form, "Tag", add); err != nil {
		return nil, err
	}
	if len(add) == 0 {
		return nil, missing("tagSet")
	}
	for _, t := range list {
		more := len(t.tags)
		for k := range add {
			if _, has := t.tags[k]; !has {
				more++
			}
		}
		if more > 50 {
			return nil, refuse("TagLimitExceeded", "The maximum number of tags for a resource has been reached.")
		}
	}
	for _, t := range list {
		for k, v := range add {
			t.tags[k] = v
		}
	}
	return returned(), nil
}

func deleteTags(s *Server, c *request) (any, error) {
	list, err := s.resources(c)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if !c.form.any("Tag.") {
			clear(t.tags)
		}
		c.form.each("Tag", func(p string) {
			k := c.form[p+"Key"]
			// With a value, the tag goes only if it has that value.
			if v, given := c.form[p+"Value"]; !given || v == t.tags[k] {
				delete(t.tags, k)
			}
		})
	}
	return returned(), nil
}

// label is one tag of one thing.
type label struct{ id, kind, key, value string }

func describeTags(s *Server, c *request) (any, error) {
	var list []label
	for _, t := range s.taggable(c) {
		for _, k := range keys(t.tags) {
			ok, err := match(c.form.filters(), map[string]string{k: t.tags[k]}, func(name string) ([]string, bool) {
				v, ok := map[string]string{"resource-id": t.id, "resource-type": t.kind, "key": k, "value": t.tags[k]}[name]
				return []string{v}, ok
			})
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, label{t.id, t.kind, k, t.tags[k]})
			}
		}
	}
	at := func(l label) string { return l.id + " " + l.key }
	slices.SortFunc(list, func(a, b label) int { return strings.Compare(at(a), at(b)) })
	list, next, err := pageOf(c, list, at, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("tagSet", list, func(l label) nodes {
		return nodes{tx("resourceId", l.id), tx("resourceType", l.kind), tx("key", l.key), tx("value", l.value)}
	}), next}, nil
}
