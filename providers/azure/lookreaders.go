package azure

import (
	"context"
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// imageReader is the role "Compute Gallery Image Reader", which the marketplace needs to
// read images.
const imageReader = "cf7c76d2-98a3-4358-a134-615aa78bf44d"

// The services of Microsoft that read images for the marketplace. Their object ids are
// others in each tenant.
const (
	firstReader  = "Microsoft Partner Center Resource Provider"
	secondReader = "Compute Image Registry"
)

// lookAtReaders finds out whether the marketplace may read images of orders that go
// there.
func (c *Cloud) lookAtReaders(ctx context.Context, lanes []images.Lane) error {
	var problems []images.Problem
	asked := false
	for i := range lanes {
		if lanes[i].Order.Product == "" || !c.o.Market {
			continue
		}
		if !asked {
			var err error
			if problems, err = c.readers(ctx); err != nil {
				return err
			}
			asked = true
		}
		addAll(&lanes[i], problems)
	}
	return nil
}

// readers says which services of the marketplace may not read images.
func (c *Cloud) readers(ctx context.Context) ([]images.Problem, error) {
	link := c.portal(c.galleryID() + "/users")
	if len(c.o.PartnerCenterPrincipals) == 0 {
		return []images.Problem{{Class: images.Unready, What: "Compute Gallery Image Reader", Link: link,
			Said: fmt.Sprintf("Whether the marketplace may read images could not be checked: name the object ids of %q and %q as principals under partner_center in the configuration. They are found with az ad sp list --display-name, and both need the role on the gallery.", firstReader, secondReader)}}, nil
	}
	pager := func() *runtime.Pager[armauthorization.RoleAssignmentsClientListForScopeResponse] {
		return c.home.rights.NewRoleAssignmentsClient().NewListForScopePager(c.galleryID(), &armauthorization.RoleAssignmentsClientListForScopeOptions{Filter: to.Ptr("atScope()")})
	}
	list, err := all(ctx, c, readRoles, pager, func(p armauthorization.RoleAssignmentsClientListForScopeResponse) []*armauthorization.RoleAssignment {
		return p.Value
	})
	switch {
	case clouds.Heals(err):
		return nil, err
	case err != nil:
		p := clouds.Problem(err, "", false)
		p.Said = "Whether the marketplace may read images could not be checked. " + p.Said
		return []images.Problem{p}, nil
	}
	var out []images.Problem
	for _, principal := range c.o.PartnerCenterPrincipals {
		if !c.reads(list, principal) {
			out = append(out, images.Problem{Class: images.Unready, What: principal, Stops: true, Link: link,
				Said: fmt.Sprintf("The marketplace's service %s may not read images of the gallery %s. Give it the role Compute Gallery Image Reader: az role assignment create --assignee-object-id %s --assignee-principal-type ServicePrincipal --role %s --scope %s",
					principal, c.o.Gallery, principal, imageReader, c.galleryID())})
		}
	}
	return out, nil
}

// reads reports whether a principal has the role on the gallery, or above it.
func (c *Cloud) reads(list []*armauthorization.RoleAssignment, principal string) bool {
	for _, a := range list {
		p := a.Properties
		if p == nil || !strings.EqualFold(val(p.PrincipalID), principal) || !strings.EqualFold(lastPart(val(p.RoleDefinitionID)), imageReader) {
			continue
		}
		scope := strings.ToLower(strings.TrimSuffix(val(p.Scope), "/"))
		if gallery := strings.ToLower(c.galleryID()); scope == "" || gallery == scope || strings.HasPrefix(gallery, scope+"/") || strings.HasPrefix(scope, "/providers/microsoft.management/") {
			return true
		}
	}
	return false
}
