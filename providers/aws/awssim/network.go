package awssim

import "slices"

// one answers for a thing that the region has exactly one of.
func one(c *request, list, param, id, absent string, more map[string]string, body nodes) (any, error) {
	for _, asked := range c.form.list(param) {
		if asked != id {
			return nil, refuse(absent, "The ID '%s' does not exist", asked)
		}
	}
	ok, err := match(c.form.filters(), nil, func(name string) ([]string, bool) {
		v, ok := more[name]
		return []string{v}, ok
	})
	if err != nil {
		return nil, err
	}
	var items []nodes
	if ok && !(c.reg.noVPC && slices.Contains([]string{"VpcId", "SubnetId"}, param)) {
		items = append(items, body)
	}
	return nodes{set(list, items, func(n nodes) nodes { return n })}, nil
}

func describeVPCs(s *Server, c *request) (any, error) {
	id := fixed("vpc", c.region)
	return one(c, "vpcSet", "VpcId", id, "InvalidVpcID.NotFound",
		map[string]string{"vpc-id": id, "is-default": "true", "isDefault": "true", "state": "available"},
		nodes{tx("vpcId", id), tx("state", "available"), tx("cidrBlock", "172.31.0.0/16"), yes("isDefault", true), tx("ownerId", s.account)})
}

func describeSubnets(s *Server, c *request) (any, error) {
	id := fixed("subnet", c.region)
	return one(c, "subnetSet", "SubnetId", id, "InvalidSubnetID.NotFound",
		map[string]string{
			"subnet-id": id, "vpc-id": fixed("vpc", c.region), "default-for-az": "true", "defaultForAz": "true",
			"availability-zone": c.region + "a", "state": "available",
		},
		nodes{
			tx("subnetId", id), tx("state", "available"), tx("vpcId", fixed("vpc", c.region)), tx("cidrBlock", "172.31.0.0/20"),
			num("availableIpAddressCount", 4091), tx("availabilityZone", c.region+"a"), yes("defaultForAz", true),
			yes("mapPublicIpOnLaunch", true), tx("ownerId", s.account),
		})
}

func describeGroups(s *Server, c *request) (any, error) {
	id := fixed("sg", c.region)
	return one(c, "securityGroupInfo", "GroupId", id, "InvalidGroup.NotFound",
		map[string]string{"group-id": id, "group-name": "default", "vpc-id": fixed("vpc", c.region)},
		nodes{
			tx("groupId", id), tx("groupName", "default"), tx("groupDescription", "default VPC security group"),
			tx("vpcId", fixed("vpc", c.region)), tx("ownerId", s.account),
		})
}
