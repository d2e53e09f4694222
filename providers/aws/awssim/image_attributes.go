package awssim

import (
	"regexp"
	"strings"
	"time"
)

func describeImageAttribute(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	out := nodes{tx("imageId", i.id)}
	value := func(name, v string) nodes {
		n := el(name)
		if v != "" {
			n.kids = append(n.kids, tx("value", v))
		}
		return append(out, n)
	}
	switch a := c.form["Attribute"]; a {
	case "launchPermission":
		return append(out, set("launchPermission", i.holders(), func(n node) nodes { return nodes{n} })), nil
	case "description":
		return value("description", i.desc), nil
	case "imdsSupport":
		return value("imdsSupport", i.imds), nil
	case "bootMode":
		return value("bootMode", "uefi-preferred"), nil
	case "productCodes":
		return append(out, el("productCodes")), nil
	default:
		return nil, badValue("Attribute", a)
	}
}

func modifyImageAttribute(s *Server, c *request) (any, error) {
	f := c.form
	i, err := s.ownImage(c.reg, f["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	attribute := f["Attribute"]
	switch {
	case attribute == "launchPermission", attribute == "" && f.any("LaunchPermission."):
		return s.share(c, i)
	case attribute == "description", attribute == "" && f.any("Description"):
		i.desc = f["Description.Value"] + f["Value"]
	case attribute == "imdsSupport", attribute == "" && f.any("ImdsSupport"):
		v := f["ImdsSupport.Value"] + f["Value"]
		if v != "v2.0" {
			// It can be set, and never be taken back.
			return nil, badValue("ImdsSupport", v)
		}
		i.imds = v
	default:
		return nil, refuse("InvalidParameterCombination", "No attributes specified.")
	}
	return returned(), nil
}

// grant is a change of launch permissions.
type grant struct {
	groups, users, orgs []string
}

func grants(f form, name string) (grant, error) {
	var g grant
	var err error
	f.each(name, func(p string) {
		switch group, user := f[p+"Group"], f[p+"UserId"]; {
		case group == "all":
			g.groups = append(g.groups, group)
		case group != "":
			err = badValue("Group", group)
		case regexp.MustCompile(`^\d{12}$`).MatchString(user):
			g.users = append(g.users, user)
		case user != "":
			err = refuse("InvalidAMIAttributeItemValue", "Invalid attribute item value \"%s\" for userId item type.", user)
		default:
			g.orgs = append(g.orgs, f[p+"OrganizationArn"]+f[p+"OrganizationalUnitArn"])
		}
	})
	return g, err
}

// share changes who may use an image.
func (s *Server) share(c *request, i *image) (any, error) {
	add, err := grants(c.form, "LaunchPermission.Add")
	if err != nil {
		return nil, err
	}
	remove, err := grants(c.form, "LaunchPermission.Remove")
	if err != nil {
		return nil, err
	}
	// The older form of the request.
	old := grant{groups: c.form.list("UserGroup"), users: c.form.list("UserId"), orgs: c.form.list("OrganizationArn")}
	switch c.form["OperationType"] {
	case "add":
		add = old
	case "remove":
		remove = old
	}
	if i.life.at(c.now) != available {
		return nil, refuse("InvalidAMIID.Unavailable", "The image ID '%s' is not available", i.id)
	}
	if len(add.groups) > 0 && !i.public {
		if err := s.mayPublish(c, i); err != nil {
			return nil, err
		}
		i.public = true
	}
	if len(remove.groups) > 0 {
		i.public = false
	}
	for _, u := range add.users {
		i.users[u] = true
	}
	for _, u := range remove.users {
		delete(i.users, u)
	}
	for _, o := range add.orgs {
		i.orgs[o] = true
	}
	for _, o := range remove.orgs {
		delete(i.orgs, o)
	}
	return returned(), nil
}

// mayPublish refuses what cannot be public.
func (s *Server) mayPublish(c *request, i *image) error {
	if c.reg.bpa.at(c.now) == blocked {
		return refuse("OperationNotPermitted", "You can't publicly share this image because block public access for AMIs is enabled for this account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.")
	}
	if i.encrypted {
		return refuse("InvalidParameter", "Snapshots encrypted with the AWS Managed CMK can’t be shared. Specify another snapshot.")
	}
	if n := c.reg.publicAMIs; s.publicIn(c.reg) >= n {
		return refuse("ResourceLimitExceeded", "You have reached your quota of %d for the number of public images allowed in this Region. Deregister unused public images or make them private, or request an increase in your public AMIs quota.", n)
	}
	return nil
}

func enableDeprecation(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339, c.form["DeprecateAt"])
	if err != nil {
		return nil, badValue("DeprecateAt", c.form["DeprecateAt"])
	}
	at = at.UTC().Round(time.Minute)
	switch {
	case at.Before(c.now.Truncate(time.Minute)):
		return nil, refuse("InvalidParameterValue", "The DeprecateAt value must be in the future.")
	case at.After(c.now.AddDate(10, 0, 0)), i.public && at.After(i.born.AddDate(2, 0, 0)):
		return nil, refuse("InvalidParameterValue", "The DeprecateAt value is too far in the future.")
	}
	i.deprecated = at
	return returned(), nil
}

func disableDeprecation(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	if !i.public {
		i.deprecated = time.Time{}
	}
	return returned(), nil
}

func disableImage(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	if st := i.life.at(c.now); st != available && st != disabled {
		return nil, refuse("IncorrectState", "The image %s is not in state available.", i.id)
	}
	i.life = i.life.turn(c.now, phase{disabled, c.now})
	i.public, i.users, i.orgs = false, map[string]bool{}, map[string]bool{}
	return returned(), nil
}

func enableImage(s *Server, c *request) (any, error) {
	i, err := s.ownImage(c.reg, c.form["ImageId"], c.now)
	if err != nil {
		return nil, err
	}
	if i.life.at(c.now) == disabled {
		i.life = i.life.turn(c.now, phase{available, c.now})
	}
	return returned(), nil
}

// The states of the setting that blocks public images.
const (
	unblocked = "unblocked"
	blocked   = "block-new-sharing"
)

func getBlock(_ *Server, c *request) (any, error) {
	return nodes{tx("imageBlockPublicAccessState", c.reg.bpa.at(c.now)), tx("managedBy", c.reg.managedBy)}, nil
}

func enableBlock(_ *Server, c *request) (any, error) {
	if v := c.form["ImageBlockPublicAccessState"]; v != blocked {
		return nil, badValue("ImageBlockPublicAccessState", v)
	}
	return c.block(blocked)
}

func disableBlock(_ *Server, c *request) (any, error) { return c.block(unblocked) }

// block changes the setting, which is in force a while later. The code for an
// organization that does not allow it could not be verified.
func (c *request) block(to string) (any, error) {
	if !strings.HasPrefix(c.reg.managedBy, "account") {
		return nil, refuse("DeclarativePolicyViolation", "This functionality has been disabled by a Declarative Policy.")
	}
	if c.reg.bpa.end().name != to {
		c.reg.bpa = c.reg.bpa.turn(c.now, phase{to, c.now.Add(c.reg.times.BlockPublicAccess)})
	}
	return nodes{tx("imageBlockPublicAccessState", to)}, nil
}
