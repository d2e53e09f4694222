package aws

import (
	"strings"

	"cloudimage/workflow/images"
)

// How long things take, in minutes, as they usually do.
const (
	launchTakes  = 3
	installTakes = 12
	imageTakes   = 8
	bootsTake    = 10
	copyTakes    = 12 // the regions side by side
	marketTakes  = 60
)

// What things cost, in dollars. They are list prices of us-east-1, rounded, for a
// notion of what an order or a leftover costs, and for nothing else.
const (
	diskMonth     = 0.08 // a GB of gp3
	snapshotMonth = 0.05 // a GB
	transfer      = 0.02 // a GB to another region
	hoursInMonth  = 730
	usedOfDisk    = 0.4 // how much of a disk is written, about
)

// hourly are prices of machines by their size: those of a general family.
var hourly = map[string]float64{
	"nano": 0.006, "micro": 0.012, "small": 0.023, "medium": 0.05, "large": 0.1, "xlarge": 0.2, "2xlarge": 0.4,
	"4xlarge": 0.8, "8xlarge": 1.6, "12xlarge": 2.4, "16xlarge": 3.2, "24xlarge": 4.8,
}

// anHour is what a machine of a type costs in an hour, about.
func anHour(machine string) float64 {
	_, size, _ := strings.Cut(machine, ".")
	if p, ok := hourly[size]; ok {
		return p
	}
	return hourly["large"]
}

// estimate is about how many minutes an order takes, and how many dollars, the first
// month of its images included.
func estimate(o images.Order, disk int) (minutes int, dollars float64) {
	minutes = launchTakes + installTakes + imageTakes + bootsTake
	machines := float64(launchTakes+installTakes+imageTakes+2*bootsTake) / 60
	used := float64(disk) * usedOfDisk
	copies := len(o.Regions) - 1
	if copies > 0 {
		minutes += copyTakes
	}
	if o.Product != "" {
		minutes += marketTakes
	}
	dollars = machines*anHour(o.Machine) + used*float64(copies)*transfer + used*float64(copies+1)*snapshotMonth
	return minutes, float64(int(dollars*100+0.5)) / 100
}
