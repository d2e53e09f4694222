package awssim

import (
	"encoding/base64"
	"net/http"
	"path"
	"slices"
	"time"
)

// order is a checked request for machines.
type order struct {
	image *image
	kind  machine
	count int
	disk  int
	keep  bool // the volume, when the machine is terminated
	tags  map[string]map[string]string
	like  instance // what all of them have
}

func runInstances(s *Server, c *request) (any, error) {
	f := c.form
	token := f["ClientToken"]
	if len(token) > 64 {
		return nil, refuse("InvalidParameterValue", "Client token must be at most 64 ASCII characters.")
	}
	if t, ok := c.reg.tokens["RunInstances "+token]; ok && token != "" {
		if t.params != f.print() {
			return nil, mismatch()
		}
		return s.reservation(c, t.id), nil
	}
	o, err := s.order(c)
	if err != nil {
		return nil, err
	}
	if err := s.room(c, o); err != nil {
		return nil, err
	}
	id := s.id("r")
	for range o.count {
		s.launch(c, o, id)
	}
	if token != "" {
		c.reg.tokens["RunInstances "+token] = used{f.print(), id}
	}
	return s.reservation(c, id), nil
}

func mismatch() error {
	return refuse("IdempotentParameterMismatch", "The client token you have provided is associated with a request that has different parameters.")
}

// order checks what does not depend on how much there is.
func (s *Server) order(c *request) (*order, error) {
	f := c.form
	o := &order{}
	var err error
	if f["ImageId"] == "" {
		return nil, missing("ImageId")
	}
	if o.image, err = c.reg.usable(f["ImageId"], c.now); err != nil {
		return nil, err
	}
	if o.count, err = s.count(f); err != nil {
		return nil, err
	}
	name := f["InstanceType"]
	if name == "" {
		name = "m1.small"
	}
	kind, ok := machines()[name]
	if !ok {
		return nil, refuse("InvalidParameterValue", "Invalid value '%s' for InstanceType.", name)
	}
	if o.kind = kind; kind.arch != o.image.arch {
		return nil, refuse("InvalidParameterValue", "The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.", kind.arch, o.image.arch)
	}
	if o.tags, err = readTags(s, c, "instance", "volume", "network-interface"); err != nil {
		return nil, err
	}
	if err = s.ground(c, o); err != nil {
		return nil, err
	}
	if err = s.profile(c, o); err != nil {
		return nil, err
	}
	if err = o.read(f); err != nil {
		return nil, err
	}
	return o, o.disks(f)
}

func (s *Server) count(f form) (int, error) {
	for _, p := range []string{"MinCount", "MaxCount"} {
		if f[p] == "" {
			return 0, missing(p)
		}
	}
	least, err := f.whole("MinCount", 1)
	if err != nil {
		return 0, err
	}
	most, err := f.whole("MaxCount", 1)
	if err != nil {
		return 0, err
	}
	if least < 1 || most < least || most > 1000 {
		return 0, badValue("MaxCount", f["MaxCount"])
	}
	return most, nil
}

// ground finds the subnet and the security group.
func (s *Server) ground(c *request, o *order) error {
	f := c.form
	subnet, group := fixed("subnet", c.region), fixed("sg", c.region)
	asked := f["SubnetId"] + f["NetworkInterface.1.SubnetId"]
	if asked == "" && c.reg.noVPC {
		return refuse("VPCIdNotSpecified", "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.")
	}
	if asked != "" && asked != subnet {
		return refuse("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", asked)
	}
	for _, g := range append(f.list("SecurityGroupId"), f.list("NetworkInterface.1.SecurityGroupId")...) {
		if g != group {
			return refuse("InvalidGroup.NotFound", "The security group '%s' does not exist", g)
		}
	}
	if k := f["KeyName"]; k != "" {
		return refuse("InvalidKeyPair.NotFound", "The key pair '%s' does not exist", k)
	}
	o.like.subnet, o.like.group = subnet, group
	return nil
}

// profile finds the instance profile, which takes the permission to pass its role.
func (s *Server) profile(c *request, o *order) error {
	name, arn := c.form["IamInstanceProfile.Name"], c.form["IamInstanceProfile.Arn"]
	if name == "" && arn == "" {
		return nil
	}
	if name != "" && arn != "" {
		return refuse("InvalidParameterCombination", "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
	}
	if name == "" {
		name = path.Base(arn)
	}
	if s.profiles != nil && !s.profiles[name] {
		if arn != "" {
			return refuse("InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", arn)
		}
		return refuse("InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", name)
	}
	o.like.profile = s.arn("instance-profile/" + name)
	return s.authorize(c, "iam:PassRole")
}

// read reads the rest.
func (o *order) read(f form) error {
	data, err := base64.StdEncoding.DecodeString(f["UserData"])
	if err != nil {
		return refuse("InvalidParameterValue", "Invalid BASE64 encoding of user data.")
	}
	if len(data) > 16<<10 {
		return refuse("InvalidParameterValue", "User data is limited to 16384 bytes")
	}
	l := &o.like
	l.userData, l.token = string(data), f["ClientToken"]
	if l.onShutdown = f["InstanceInitiatedShutdownBehavior"]; l.onShutdown == "" {
		l.onShutdown = "stop"
	}
	if !slices.Contains([]string{"stop", "terminate"}, l.onShutdown) {
		return badValue("InstanceInitiatedShutdownBehavior", l.onShutdown)
	}
	if l.httpTokens = f["MetadataOptions.HttpTokens"]; l.httpTokens == "" {
		l.httpTokens = "optional"
		if o.image.imds == "v2.0" {
			l.httpTokens = "required"
		}
	}
	if !slices.Contains([]string{"optional", "required"}, l.httpTokens) {
		return badValue("MetadataOptions.HttpTokens", l.httpTokens)
	}
	return nil
}

// disks reads the mapping of the root device; other devices are not simulated.
func (o *order) disks(f form) error {
	o.disk = o.image.size
	var err error
	f.each("BlockDeviceMapping", func(p string) {
		if f[p+"DeviceName"] != rootDevice || err != nil {
			return
		}
		o.keep = f[p+"Ebs.DeleteOnTermination"] == "false"
		o.disk, err = f.whole(p+"Ebs.VolumeSize", o.image.size)
		if err == nil && o.disk < o.image.size {
			err = refuse("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", o.disk, o.image.snapshot, o.image.size)
		}
	})
	return err
}

// room checks whether the machines are to be had.
func (s *Server) room(c *request, o *order) error {
	if n := c.reg.scarce[o.kind.name]; n != 0 {
		if n > 0 {
			c.reg.scarce[o.kind.name]--
		}
		return refuseWith(http.StatusInternalServerError, "InsufficientInstanceCapacity", "We currently do not have sufficient %s capacity in the Availability Zone you requested (%sa). Our system will be working on provisioning additional capacity. You can currently get %s capacity by not specifying an Availability Zone in your request or choosing another one.", o.kind.name, c.region, o.kind.name)
	}
	sum := o.kind.cpus * o.count
	for _, i := range c.reg.instances {
		if st := i.life.at(c.now); st == pending || st == running {
			sum += i.kind.cpus
		}
	}
	if sum > c.reg.vcpus {
		return refuse("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %d allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", c.reg.vcpus)
	}
	return nil
}

func (s *Server) launch(c *request, o *order, reservation string) {
	i := o.like
	i.id, i.reservation, i.region, i.image, i.kind, i.born = s.id("i"), reservation, c.region, o.image.id, o.kind, c.now
	i.tags = copyTags(o.tags["instance"])
	i.address = len(c.reg.instances) + 4
	v := &volume{
		id: s.id("vol"), born: c.now, size: o.disk, keep: o.keep, snapshot: o.image.snapshot,
		instance: i.id, tags: copyTags(o.tags["volume"]),
	}
	i.volume = v.id
	i.begin(c.reg.times, c.now)
	o.image.launched = c.now
	c.reg.instances[i.id], c.reg.volumes[v.id] = &i, v
}

func copyTags(tags map[string]string) map[string]string {
	out := make(map[string]string, len(tags))
	for k, v := range tags {
		out[k] = v
	}
	return out
}

// reservation is the reply with the machines that were made together.
func (s *Server) reservation(c *request, id string) nodes {
	var list []*instance
	for _, i := range sorted(c.reg.instances) {
		if i.reservation == id {
			list = append(list, i)
		}
	}
	return s.reservationNodes(c.reg, id, list, c.now)
}

func (s *Server) reservationNodes(r *region, id string, list []*instance, now time.Time) nodes {
	return nodes{
		tx("reservationId", id), tx("ownerId", s.account), el("groupSet"),
		set("instancesSet", list, func(i *instance) nodes { return s.instanceNodes(r, i, now) }),
	}
}
