package awssim

import (
	"slices"
	"strconv"
)

// machine is a type of machines.
type machine struct {
	name string
	arch string // x86_64 or arm64
	cpus int
	mem  int // MiB
}

// machines are the types that every region has here: those that images are usually
// built, tried and recommended on.
func machines() map[string]machine {
	out := map[string]machine{}
	add := func(arch string, cpus, gib int, names ...string) {
		for _, n := range names {
			out[n] = machine{n, arch, cpus, gib << 10}
		}
	}
	add("x86_64", 1, 2, "m1.small")
	add("x86_64", 1, 4, "m3.medium")
	add("x86_64", 2, 1, "t3.micro")
	add("x86_64", 2, 2, "t3.small")
	add("x86_64", 2, 4, "t3.medium", "c5.large", "c6i.large", "c7i.large")
	add("x86_64", 2, 8, "t3.large", "m5.large", "m6i.large", "m7i.large")
	add("x86_64", 4, 8, "c5.xlarge", "c6i.xlarge", "c7i.xlarge")
	add("x86_64", 4, 16, "t3.xlarge", "m5.xlarge", "m6i.xlarge", "m7i.xlarge")
	add("x86_64", 8, 16, "c5.2xlarge", "c6i.2xlarge", "c7i.2xlarge")
	add("x86_64", 8, 32, "m5.2xlarge", "m6i.2xlarge")
	add("arm64", 1, 4, "m6g.medium", "m7g.medium")
	add("arm64", 2, 1, "t4g.micro")
	add("arm64", 2, 2, "t4g.small")
	add("arm64", 2, 4, "t4g.medium", "c6g.large", "c7g.large")
	add("arm64", 2, 8, "t4g.large", "m6g.large", "m7g.large")
	add("arm64", 4, 8, "c6g.xlarge", "c7g.xlarge")
	add("arm64", 4, 16, "t4g.xlarge", "m6g.xlarge", "m7g.xlarge")
	add("arm64", 8, 16, "c6g.2xlarge", "c7g.2xlarge")
	add("arm64", 8, 32, "m6g.2xlarge", "m7g.2xlarge")
	return out
}

func describeTypes(_ *Server, c *request) (any, error) {
	all := machines()
	only := c.form.list("InstanceType")
	for _, n := range only {
		if _, ok := all[n]; !ok {
			return nil, refuse("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", n)
		}
	}
	var list []machine
	for _, m := range sorted(all) {
		if len(only) > 0 && !slices.Contains(only, m.name) {
			continue
		}
		ok, err := match(c.form.filters(), nil, func(name string) ([]string, bool) {
			switch name {
			case "instance-type":
				return []string{m.name}, true
			case "processor-info.supported-architecture":
				return []string{m.arch}, true
			case "vcpu-info.default-vcpus":
				return []string{strconv.Itoa(m.cpus)}, true
			case "current-generation":
				return []string{strconv.FormatBool(m.name[0] != 'm' || m.name[1] > '4')}, true
			}
			return nil, false
		})
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, m)
		}
	}
	list, next, err := pageOf(c, list, func(m machine) string { return m.name }, 5)
	if err != nil {
		return nil, err
	}
	named := func(name, text string) node { return el(name, tx("item", text)) }
	return nodes{set("instanceTypeSet", list, func(m machine) nodes {
		return nodes{
			tx("instanceType", m.name), tx("hypervisor", "nitro"),
			el("processorInfo", named("supportedArchitectures", m.arch)),
			el("vCpuInfo", num("defaultVCpus", m.cpus)), el("memoryInfo", num("sizeInMiB", m.mem)),
			named("supportedRootDeviceTypes", "ebs"), named("supportedVirtualizationTypes", "hvm"),
		}
	}), next}, nil
}

func describeOfferings(_ *Server, c *request) (any, error) {
	kind := c.form["LocationType"]
	if kind == "" {
		kind = "region"
	}
	place := map[string]string{"region": c.region, "availability-zone": c.region + "a"}[kind]
	if place == "" {
		return nil, badValue("LocationType", kind)
	}
	var list []machine
	for _, m := range sorted(machines()) {
		ok, err := match(c.form.filters(), nil, func(name string) ([]string, bool) {
			switch name {
			case "instance-type":
				return []string{m.name}, true
			case "location":
				return []string{place}, true
			}
			return nil, false
		})
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, m)
		}
	}
	list, next, err := pageOf(c, list, func(m machine) string { return m.name }, 5)
	if err != nil {
		return nil, err
	}
	return nodes{set("instanceTypeOfferingSet", list, func(m machine) nodes {
		return nodes{tx("instanceType", m.name), tx("locationType", kind), tx("location", place)}
	}), next}, nil
}
