package azuresim

import (
	"net/url"
	"strings"
)

// route is one operation of Resource Manager.
type route struct {
	method string
	// pattern is the path as the provider writes it. {scope} at its beginning is any
	// number of segments.
	pattern string
	// api is what the SDK calls it, such as "VirtualMachinesClient.BeginPowerOff".
	api string
	// action is what a role must allow.
	action string
	parts  []string
}

// The beginnings of paths.
const (
	inSub     = "/subscriptions/{sub}"
	inGroup   = inSub + "/resourceGroups/{group}"
	compute   = inGroup + "/providers/Microsoft.Compute"
	network   = inGroup + "/providers/Microsoft.Network"
	inPlace   = inSub + "/providers/Microsoft.Compute/locations/{location}"
	published = inPlace + "/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions"
	oneVM     = compute + "/virtualMachines/{name}"
	oneRun    = oneVM + "/runCommands/{command}"
	oneDef    = compute + "/galleries/{gallery}/images/{name}"
	oneVer    = oneDef + "/versions/{version}"
	byGroup   = inSub + "/resourcegroups/{group}"
)

// routes are all that the server can do.
func routes() []*route {
	const c, n, m = "Microsoft.Compute/", "Microsoft.Network/", "Microsoft.Resources/"
	out := []*route{
		{method: "GET", pattern: "/subscriptions", api: "SubscriptionsClient.NewListPager", action: m + "subscriptions/read"},
		{method: "GET", pattern: inSub, api: "SubscriptionsClient.Get", action: m + "subscriptions/read"},
		{method: "GET", pattern: inSub + "/providers/{namespace}", api: "ProvidersClient.Get", action: m + "subscriptions/providers/read"},
		{method: "POST", pattern: inSub + "/providers/{namespace}/register", api: "ProvidersClient.Register", action: "{namespace}/register/action"},
		{method: "GET", pattern: inSub + "/resourcegroups", api: "ResourceGroupsClient.NewListPager", action: m + "subscriptions/resourceGroups/read"},
		{method: "GET", pattern: byGroup, api: "ResourceGroupsClient.Get", action: m + "subscriptions/resourceGroups/read"},
		{method: "HEAD", pattern: byGroup, api: "ResourceGroupsClient.CheckExistence", action: m + "subscriptions/resourceGroups/read"},
		{method: "PUT", pattern: byGroup, api: "ResourceGroupsClient.CreateOrUpdate", action: m + "subscriptions/resourceGroups/write"},
		{method: "PATCH", pattern: byGroup, api: "ResourceGroupsClient.Update", action: m + "subscriptions/resourceGroups/write"},
		{method: "DELETE", pattern: byGroup, api: "ResourceGroupsClient.BeginDelete", action: m + "subscriptions/resourceGroups/delete"},
		{method: "GET", pattern: inGroup + "/resources", api: "Client.NewListByResourceGroupPager", action: m + "subscriptions/resourceGroups/resources/read"},

		{method: "GET", pattern: inSub + "/providers/Microsoft.Compute/virtualMachines", api: "VirtualMachinesClient.NewListAllPager", action: c + "virtualMachines/read"},
		{method: "GET", pattern: oneVM + "/instanceView", api: "VirtualMachinesClient.InstanceView", action: c + "virtualMachines/instanceView/read"},
		{method: "POST", pattern: oneVM + "/powerOff", api: "VirtualMachinesClient.BeginPowerOff", action: c + "virtualMachines/powerOff/action"},
		{method: "POST", pattern: oneVM + "/deallocate", api: "VirtualMachinesClient.BeginDeallocate", action: c + "virtualMachines/deallocate/action"},
		{method: "POST", pattern: oneVM + "/start", api: "VirtualMachinesClient.BeginStart", action: c + "virtualMachines/start/action"},
		{method: "POST", pattern: oneVM + "/generalize", api: "VirtualMachinesClient.Generalize", action: c + "virtualMachines/generalize/action"},
		{method: "GET", pattern: oneVM + "/runCommands", api: "VirtualMachineRunCommandsClient.NewListByVirtualMachinePager", action: c + "virtualMachines/runCommands/read"},
		{method: "GET", pattern: oneRun, api: "VirtualMachineRunCommandsClient.GetByVirtualMachine", action: c + "virtualMachines/runCommands/read"},
		{method: "PUT", pattern: oneRun, api: "VirtualMachineRunCommandsClient.BeginCreateOrUpdate", action: c + "virtualMachines/runCommands/write"},
		{method: "DELETE", pattern: oneRun, api: "VirtualMachineRunCommandsClient.BeginDelete", action: c + "virtualMachines/runCommands/delete"},
		{method: "GET", pattern: oneDef, api: "GalleryImagesClient.Get", action: c + "galleries/images/read"},
		{method: "PUT", pattern: oneDef, api: "GalleryImagesClient.BeginCreateOrUpdate", action: c + "galleries/images/write"},
		{method: "GET", pattern: compute + "/galleries/{gallery}/images", api: "GalleryImagesClient.NewListByGalleryPager", action: c + "galleries/images/read"},
		{method: "GET", pattern: oneDef + "/versions", api: "GalleryImageVersionsClient.NewListByGalleryImagePager", action: c + "galleries/images/versions/read"},
		{method: "GET", pattern: oneVer, api: "GalleryImageVersionsClient.Get", action: c + "galleries/images/versions/read"},
		{method: "PUT", pattern: oneVer, api: "GalleryImageVersionsClient.BeginCreateOrUpdate", action: c + "galleries/images/versions/write"},
		{method: "PATCH", pattern: oneVer, api: "GalleryImageVersionsClient.BeginUpdate", action: c + "galleries/images/versions/write"},
		{method: "DELETE", pattern: oneVer, api: "GalleryImageVersionsClient.BeginDelete", action: c + "galleries/images/versions/delete"},
		{method: "GET", pattern: inSub + "/providers/Microsoft.Compute/skus", api: "ResourceSKUsClient.NewListPager", action: c + "skus/read"},
		{method: "GET", pattern: inPlace + "/usages", api: "UsageClient.NewListPager", action: c + "locations/usages/read"},
		{method: "GET", pattern: published, api: "VirtualMachineImagesClient.List", action: c + "locations/publishers/artifacttypes/offers/skus/versions/read"},
		{method: "GET", pattern: published + "/{version}", api: "VirtualMachineImagesClient.Get", action: c + "locations/publishers/artifacttypes/offers/skus/versions/read"},
		{method: "GET", pattern: inPlace + "/operations/{operation}", api: "OperationsClient.Get", action: c + "locations/operations/read"},
		{method: "GET", pattern: inSub + "/providers/Microsoft.Network/locations/{location}/operations/{operation}", api: "OperationsClient.Get", action: n + "locations/operations/read"},
		{method: "GET", pattern: inSub + "/operationresults/{operation}", api: "OperationsClient.Get", action: m + "subscriptions/operationresults/read"},

		{method: "GET", pattern: "{scope}/providers/Microsoft.Authorization/permissions", api: "PermissionsClient.NewListPager", action: "Microsoft.Authorization/permissions/read"},
		{method: "GET", pattern: "{scope}/providers/Microsoft.Authorization/roleAssignments", api: "RoleAssignmentsClient.NewListForScopePager", action: "Microsoft.Authorization/roleAssignments/read"},
		{method: "GET", pattern: "{scope}/providers/Microsoft.Authorization/roleDefinitions", api: "RoleDefinitionsClient.NewListPager", action: "Microsoft.Authorization/roleDefinitions/read"},
		{method: "GET", pattern: "{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}", api: "RoleDefinitionsClient.Get", action: "Microsoft.Authorization/roleDefinitions/read"},
	}
	whole(&out, compute, c, "virtualMachines", "VirtualMachinesClient", "NewListPager", true)
	whole(&out, compute, c, "images", "ImagesClient", "NewListByResourceGroupPager", true)
	whole(&out, compute, c, "disks", "DisksClient", "NewListByResourceGroupPager", false)
	whole(&out, compute, c, "galleries", "GalleriesClient", "NewListByResourceGroupPager", false)
	whole(&out, network, n, "virtualNetworks", "VirtualNetworksClient", "NewListPager", true)
	whole(&out, network, n, "networkSecurityGroups", "SecurityGroupsClient", "NewListPager", true)
	whole(&out, network, n, "networkInterfaces", "InterfacesClient", "NewListPager", true)
	whole(&out, network, n, "publicIPAddresses", "PublicIPAddressesClient", "NewListPager", false)
	for _, r := range out {
		r.parts = strings.Split(strings.TrimPrefix(r.pattern, "/"), "/")
	}
	return out
}

// whole adds what there is for each kind of resource: a list, and for each one GET,
// DELETE and, if it can be made here, PUT. A gallery cannot be deleted here.
func whole(out *[]*route, under, namespace, kind, api, list string, put bool) {
	one := under + "/" + kind + "/{name}"
	*out = append(*out,
		&route{method: "GET", pattern: under + "/" + kind, api: api + "." + list, action: namespace + kind + "/read"},
		&route{method: "GET", pattern: one, api: api + ".Get", action: namespace + kind + "/read"},
	)
	if kind != "galleries" {
		*out = append(*out, &route{method: "DELETE", pattern: one, api: api + ".BeginDelete", action: namespace + kind + "/delete"})
	}
	if put {
		*out = append(*out, &route{method: "PUT", pattern: one, api: api + ".BeginCreateOrUpdate", action: namespace + kind + "/write"})
	}
}

// operation is what a call is named: "VirtualMachines.PowerOff".
func (r *route) operation() string {
	kind, name, _ := strings.Cut(r.api, ".")
	kind = strings.TrimSuffix(kind, "Client")
	if kind == "" {
		kind = "Resources"
	}
	name = strings.TrimPrefix(name, "Begin")
	if list, ok := strings.CutPrefix(name, "New"); ok {
		name = strings.TrimSuffix(list, "Pager")
	}
	return kind + "." + name
}

// match reads a path that was split at its slashes and is still escaped. Names are
// compared without case; path is the same as the provider writes it.
func (r *route) match(segments []string) (vars map[string]string, path string, ok bool) {
	parts, vars := r.parts, map[string]string{}
	var b strings.Builder
	if parts[0] == "{scope}" {
		n := len(segments) - len(parts) + 1
		if n < 1 {
			return nil, "", false
		}
		scope := strings.Join(segments[:n], "/")
		text, err := url.PathUnescape(scope)
		if err != nil {
			return nil, "", false
		}
		vars["scope"] = "/" + text
		b.WriteString("/" + scope)
		parts, segments = parts[1:], segments[n:]
	}
	if len(parts) != len(segments) {
		return nil, "", false
	}
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, "{"); ok {
			text, err := url.PathUnescape(segments[i])
			if err != nil || text == "" || strings.Contains(text, "/") {
				return nil, "", false
			}
			vars[strings.TrimSuffix(name, "}")] = text
			p = segments[i]
		} else if !strings.EqualFold(p, segments[i]) {
			return nil, "", false
		}
		b.WriteString("/" + p)
	}
	return vars, b.String(), true
}
