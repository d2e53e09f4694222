package azure

import (
	"cmp"
	"regexp"
	"strconv"

	"cloudimage/workflow/images"
)

// How long things take, in minutes, as they usually do.
const (
	launchTakes  = 4
	installTakes = 12
	imageTakes   = 25
	bootsTake    = 10
	copyTakes    = 40      // the regions side by side
	marketTakes  = 30 * 60 // the preview, and the certification
)

// What things cost, in dollars. They are list prices of a region in Europe, rounded, for
// a notion of what an order or a leftover costs, and for nothing else.
const (
	diskMonth     = 0.08 // a GB of a standard SSD
	snapshotMonth = 0.05 // a GB of a replica
	transfer      = 0.02 // a GB to another region
	hoursInMonth  = 730
	usedOfDisk    = 0.4 // how much of a disk is written, about
	vcpuHour      = 0.05
	// usualDisk is how large the disk of the base image is.
	usualDisk = 30
)

// disk is how large the disks of machines are, about.
func (c *Cloud) disk() int { return cmp.Or(c.o.Disk, usualDisk) }

// vcpus finds how many virtual processors a type has: 2 of "Standard_D2s_v5".
var vcpus = regexp.MustCompile(`^(?:[A-Za-z]+_)?[A-Z]+(\d+)`)

// anHour is what a machine of a type costs in an hour, about.
func anHour(machine string) float64 {
	if m := vcpus.FindStringSubmatch(machine); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 && n <= 512 {
			return vcpuHour * float64(n)
		}
	}
	return 2 * vcpuHour
}

// estimate is about how many minutes an order takes, and how many dollars, the first
// month of its images included.
func estimate(o images.Order, disk int) (minutes int, dollars float64) {
	minutes = launchTakes + installTakes + imageTakes + bootsTake
	machines := float64(launchTakes+installTakes+imageTakes+2*bootsTake) / 60
	used := float64(disk) * usedOfDisk
	copies := max(0, len(o.Regions)-1)
	if copies > 0 {
		minutes += copyTakes
	}
	if o.Product != "" {
		minutes += marketTakes
	}
	dollars = machines*anHour(o.Machine) + used*float64(copies)*transfer + used*float64(copies+1)*snapshotMonth
	return minutes, float64(int(dollars*100+0.5)) / 100
}
