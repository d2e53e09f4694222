package awssim

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// listed are the machines that a request asks for: by their ids, which must be
// there, or all that fit its filters.
func (s *Server) listed(c *request) ([]*instance, error) {
	ids := c.form.list("InstanceId")
	if _, paged := c.form["MaxResults"]; paged && len(ids) > 0 {
		return nil, refuse("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults")
	}
	for _, id := range ids {
		if _, err := c.reg.find(id, c.now); err != nil {
			return nil, err
		}
	}
	var out []*instance
	for _, i := range sorted(c.reg.instances) {
		if !i.visible(c.reg.times, c.now) || len(ids) > 0 && !slices.Contains(ids, i.id) {
			continue
		}
		ok, err := match(c.form.filters(), i.tags, i.attributes(c.now))
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, i)
		}
	}
	return out, nil
}

func (i *instance) attributes(now time.Time) attributes {
	return func(name string) ([]string, bool) {
		one := func(v string) ([]string, bool) { return []string{v}, true }
		switch name {
		case "instance-id":
			return one(i.id)
		case "instance-state-name":
			return one(i.life.at(now))
		case "instance-state-code":
			return one(strconv.Itoa(stateCode(i.life.at(now))))
		case "client-token":
			return one(i.token)
		case "image-id":
			return one(i.image)
		case "instance-type":
			return one(i.kind.name)
		case "architecture":
			return one(i.kind.arch)
		case "reservation-id":
			return one(i.reservation)
		case "subnet-id":
			return one(i.subnet)
		case "vpc-id":
			return one(fixed("vpc", i.region))
		case "iam-instance-profile.arn":
			return one(i.profile)
		case "launch-time":
			return one(stamp(i.born))
		}
		return nil, false
	}
}

func describeInstances(s *Server, c *request) (any, error) {
	list, err := s.listed(c)
	if err != nil {
		return nil, err
	}
	list, next, err := pageOf(c, list, func(i *instance) string { return i.id }, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("reservationSet", list, func(i *instance) nodes {
		return s.reservationNodes(c.reg, i.reservation, []*instance{i}, c.now)
	}), next}, nil
}

func (s *Server) instanceNodes(r *region, i *instance, now time.Time) nodes {
	state := i.life.at(now)
	address := fmt.Sprintf("172.31.%d.%d", i.address/250%250, i.address%250+4)
	out := nodes{
		tx("instanceId", i.id), tx("imageId", i.image),
		el("instanceState", num("code", stateCode(state)), tx("name", state)),
		tx("instanceType", i.kind.name), tx("architecture", i.kind.arch), when("launchTime", i.born),
		num("amiLaunchIndex", 0), opt("clientToken", i.token),
		el("placement", tx("availabilityZone", r.name+"a"), tx("tenancy", "default")),
		el("monitoring", tx("state", "disabled")),
		tx("rootDeviceType", "ebs"), tx("rootDeviceName", rootDevice), tx("virtualizationType", "hvm"),
		tx("hypervisor", "xen"), yes("ebsOptimized", false), yes("enaSupport", true),
		tx("platformDetails", "Linux/UNIX"), tagSet(i.tags),
		el("metadataOptions", tx("state", "applied"), tx("httpTokens", i.httpTokens),
			tx("httpEndpoint", "enabled"), num("httpPutResponseHopLimit", 2)),
	}
	if i.profile != "" {
		out = append(out, el("iamInstanceProfile", tx("arn", i.profile), tx("id", "AIPAAWSSIM")))
	}
	if state == shuttingDown || state == terminated || state == stopping || state == stopped {
		code := i.reason
		if code == "" {
			code = "Client.UserInitiatedShutdown: User initiated shutdown"
		}
		out = append(out, el("stateReason", tx("code", code[:indexColon(code)]), tx("message", code)))
	}
	if state != terminated {
		out = append(out,
			tx("privateIpAddress", address), tx("subnetId", i.subnet), tx("vpcId", fixed("vpc", r.name)),
			el("groupSet", el("item", tx("groupId", i.group), tx("groupName", "default"))))
	}
	if v := r.volumes[i.volume]; v != nil && state != terminated {
		out = append(out, el("blockDeviceMapping", el("item", tx("deviceName", rootDevice),
			el("ebs", tx("volumeId", v.id), tx("status", "attached"), yes("deleteOnTermination", !v.keep), when("attachTime", i.born)))))
	}
	return out
}

func indexColon(text string) int {
	for i, r := range text {
		if r == ':' {
			return i
		}
	}
	return len(text)
}

func describeInstanceStatus(s *Server, c *request) (any, error) {
	list, err := s.listed(c)
	if err != nil {
		return nil, err
	}
	if !c.form.is("IncludeAllInstances") {
		list = slices.DeleteFunc(list, func(i *instance) bool { return i.life.at(c.now) != running })
	}
	list, next, err := pageOf(c, list, func(i *instance) string { return i.id }, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("instanceStatusSet", list, func(i *instance) nodes {
		state := i.life.at(c.now)
		overall, check := "not-applicable", ""
		switch {
		case i.statusOK(c.reg.times, c.now):
			overall, check = "ok", "passed"
		case state == running:
			overall, check = "initializing", "initializing"
		}
		summary := func(name string) node {
			n := el(name, tx("status", overall))
			if check != "" {
				n.kids = append(n.kids, el("details", el("item", tx("name", "reachability"), tx("status", check))))
			}
			return n
		}
		return nodes{
			tx("instanceId", i.id), tx("availabilityZone", c.region+"a"),
			el("instanceState", num("code", stateCode(state)), tx("name", state)),
			summary("systemStatus"), summary("instanceStatus"),
		}
	}), next}, nil
}

func consoleOutput(s *Server, c *request) (any, error) {
	i, err := c.reg.find(c.form["InstanceId"], c.now)
	if err != nil {
		return nil, err
	}
	text := ""
	if i.life.at(c.now) != pending {
		text = "[    0.000000] Linux version 6.8.0 (buildd@lcy02)\n[    2.104731] cloud-init: Cloud-init finished\n"
		if g, ok := s.guest.(Console); ok {
			s.outside(func() { text = g.Console(i.id, i.image) })
		}
	}
	return nodes{
		tx("instanceId", i.id), when("timestamp", c.now),
		tx("output", base64.StdEncoding.EncodeToString([]byte(text))),
	}, nil
}
