package azure

import "strings"

// action is what a role has to allow for a call.
type action struct {
	name    string
	changes bool
	// joins are actions on other things that the same call names.
	joins []string
	// failing marks the end of an operation: what went wrong was done by then, and is told.
	failing bool
}

func (a action) String() string { return a.name }

// Actions, as https://learn.microsoft.com/azure/role-based-access-control/permissions/compute
// and its neighbours name them.
var (
	readSubscription = action{name: "Microsoft.Resources/subscriptions/read"}
	readProvider     = action{name: "Microsoft.Resources/subscriptions/providers/read"}
	readGroup        = action{name: "Microsoft.Resources/subscriptions/resourceGroups/read"}
	writeGroup       = action{name: "Microsoft.Resources/subscriptions/resourceGroups/write", changes: true}
	deleteGroup      = action{name: "Microsoft.Resources/subscriptions/resourceGroups/delete", changes: true}

	readFirewall   = action{name: "Microsoft.Network/networkSecurityGroups/read"}
	writeFirewall  = action{name: "Microsoft.Network/networkSecurityGroups/write", changes: true}
	readNetwork    = action{name: "Microsoft.Network/virtualNetworks/read"}
	writeNetwork   = action{name: "Microsoft.Network/virtualNetworks/write", changes: true, joins: []string{"Microsoft.Network/networkSecurityGroups/join/action"}}
	readInterface  = action{name: "Microsoft.Network/networkInterfaces/read"}
	writeInterface = action{name: "Microsoft.Network/networkInterfaces/write", changes: true, joins: []string{"Microsoft.Network/virtualNetworks/subnets/join/action"}}

	readMachine       = action{name: "Microsoft.Compute/virtualMachines/read"}
	writeMachine      = action{name: "Microsoft.Compute/virtualMachines/write", changes: true, joins: []string{"Microsoft.Network/networkInterfaces/join/action", "Microsoft.Compute/galleries/images/versions/read"}}
	deleteMachine     = action{name: "Microsoft.Compute/virtualMachines/delete", changes: true}
	powerOffMachine   = action{name: "Microsoft.Compute/virtualMachines/powerOff/action", changes: true}
	deallocateMachine = action{name: "Microsoft.Compute/virtualMachines/deallocate/action", changes: true}
	generalizeMachine = action{name: "Microsoft.Compute/virtualMachines/generalize/action", changes: true}
	readCommand       = action{name: "Microsoft.Compute/virtualMachines/runCommands/read"}
	writeCommand      = action{name: "Microsoft.Compute/virtualMachines/runCommands/write", changes: true}

	readManagedImage  = action{name: "Microsoft.Compute/images/read"}
	writeManagedImage = action{name: "Microsoft.Compute/images/write", changes: true, joins: []string{"Microsoft.Compute/virtualMachines/read"}}

	readGallery    = action{name: "Microsoft.Compute/galleries/read"}
	readDefinition = action{name: "Microsoft.Compute/galleries/images/read"}
	readVersion    = action{name: "Microsoft.Compute/galleries/images/versions/read"}
	writeVersion   = action{name: "Microsoft.Compute/galleries/images/versions/write", changes: true, joins: []string{"Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/images/read"}}
	deleteVersion  = action{name: "Microsoft.Compute/galleries/images/versions/delete", changes: true}

	readBases  = action{name: "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read"}
	readSKUs   = action{name: "Microsoft.Compute/skus/read"}
	readUsages = action{name: "Microsoft.Compute/locations/usages/read"}

	readComputeOperation = action{name: "Microsoft.Compute/locations/operations/read"}
	readNetworkOperation = action{name: "Microsoft.Network/locations/operations/read"}
	readGroupOperation   = action{name: "Microsoft.Resources/subscriptions/operationresults/read"}

	readRights = action{name: "Microsoft.Authorization/permissions/read"}
	readRoles  = action{name: "Microsoft.Authorization/roleAssignments/read"}
)

// operations is the action that reads how an operation stands that another has begun.
func (a action) operations() string {
	switch {
	case strings.HasPrefix(a.name, "Microsoft.Network/"):
		return readNetworkOperation.name
	case strings.HasPrefix(a.name, "Microsoft.Resources/"):
		return readGroupOperation.name
	}
	return readComputeOperation.name
}

// forBuilds are the actions of builds in the subscription, and forGallery those in the
// gallery.
func forBuilds() []action {
	return []action{readGroup, writeGroup, deleteGroup, readFirewall, writeFirewall, readNetwork, writeNetwork, readInterface, writeInterface,
		readMachine, writeMachine, deleteMachine, powerOffMachine, deallocateMachine, generalizeMachine, readCommand, writeCommand,
		readManagedImage, writeManagedImage}
}

func forGallery() []action {
	return []action{readGallery, readDefinition, readVersion, writeVersion, deleteVersion}
}

// inSubscription are the actions that Look and the following of operations need there.
func inSubscription() []action {
	return []action{readSubscription, readProvider, readBases, readSKUs, readUsages, readComputeOperation, readNetworkOperation, readGroupOperation, readRights, readRoles}
}

// Actions are all the names of actions that roles have to allow, sorted as they are
// used. Those that go to the subscription for previews are those of builds.
func Actions() []string {
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, list := range [][]action{inSubscription(), forBuilds(), forGallery()} {
		for _, a := range list {
			add(a.name)
			for _, j := range a.joins {
				add(j)
			}
		}
	}
	return out
}
