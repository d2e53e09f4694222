package azuresim

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	auth "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2/fake"
)

// GalleryImageReader is the id of the role Compute Gallery Image Reader.
const GalleryImageReader = "cf7c76d2-98a3-4358-a134-615aa78bf44d"

// The service principals with which Partner Center reads galleries. Object ids differ
// from tenant to tenant; these are the ones of this server's.
const (
	// PartnerCenterObjectID is Microsoft Partner Center Resource Provider.
	PartnerCenterObjectID = "5e00aaaa-0000-4000-8000-0000000000a1"
	// ImageRegistryObjectID is Compute Image Registry.
	ImageRegistryObjectID = "5e00aaaa-0000-4000-8000-0000000000a2"
)

// assignment is a role that somebody has in a scope.
type assignment struct {
	name, scope, principal, role string
	at                           time.Time
}

// roles are the definitions that are known, by id.
func roles() map[string]struct {
	name    string
	actions []string
} {
	type role = struct {
		name    string
		actions []string
	}
	return map[string]role{
		GalleryImageReader: {"Compute Gallery Image Reader", []string{
			"Microsoft.Compute/galleries/read", "Microsoft.Compute/galleries/images/read", "Microsoft.Compute/galleries/images/versions/read",
		}},
		"acdd72a7-3385-48ef-bd42-f606fba81ae7": {"Reader", []string{"*/read"}},
		"b24988ac-6180-42a0-ab88-20f7382dd24c": {"Contributor", []string{"*"}},
		"8e3af657-a8ff-443c-a75c-2fe8c4bcb635": {"Owner", []string{"*"}},
	}
}

// Grant gives a role to a principal, by object id, in a scope, and answers the
// assignment's id.
func (s *Server) Grant(scope, principal, roleID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.grant(scope, principal, roleID, s.time())
	return a.id()
}

func (s *Server) grant(scope, principal, roleID string, now time.Time) *assignment {
	if _, last, ok := cutLast(roleID, "/"); ok {
		roleID = last
	}
	a := &assignment{s.uuid(), strings.TrimRight(scope, "/"), principal, strings.ToLower(roleID), now}
	s.assignments = append(s.assignments, a)
	return a
}

// Revoke takes a role of a principal in a scope away; an empty role is all of them.
func (s *Server) Revoke(scope, principal, roleID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assignments = slices.DeleteFunc(s.assignments, func(a *assignment) bool {
		return sameID(a.scope, scope) && strings.EqualFold(a.principal, principal) && (roleID == "" || strings.EqualFold(a.role, roleID))
	})
}

// PartnerCenterReads reports whether both of Partner Center's service principals may
// read what an id names, a version of a gallery for instance.
func (s *Server) PartnerCenterReads(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range []string{PartnerCenterObjectID, ImageRegistryObjectID} {
		if !slices.ContainsFunc(s.assignments, func(a *assignment) bool {
			return strings.EqualFold(a.principal, p) && within(id, a.scope) && roles()[a.role].name != ""
		}) {
			return false
		}
	}
	return true
}

// within reports whether a scope is another one or inside of it.
func within(inner, outer string) bool {
	inner, outer = strings.ToLower(strings.TrimRight(inner, "/"))+"/", strings.ToLower(strings.TrimRight(outer, "/"))+"/"
	return strings.HasPrefix(inner, outer)
}

func (a *assignment) id() string {
	return a.scope + "/providers/Microsoft.Authorization/roleAssignments/" + a.name
}

func (a *assignment) json(sub string) *auth.RoleAssignment {
	return &auth.RoleAssignment{
		ID: ptr(a.id()), Name: ptr(a.name), Type: ptr("Microsoft.Authorization/roleAssignments"),
		Properties: &auth.RoleAssignmentProperties{
			Scope: ptr(a.scope), PrincipalID: ptr(a.principal), PrincipalType: ptr(auth.PrincipalTypeServicePrincipal),
			RoleDefinitionID: ptr("/subscriptions/" + sub + "/providers/Microsoft.Authorization/roleDefinitions/" + a.role),
			CreatedOn:        ptr(a.at), UpdatedOn: ptr(a.at),
		},
	}
}

// listAssignments are the roles in a scope: those above it and below it too, unless
// the filter has atScope(), which leaves out those below.
func (c *request) listAssignments(scope string) ([]*auth.RoleAssignment, error) {
	only, who := false, ""
	assigned := regexp.MustCompile(`(?i)^assignedTo\('([^']+)'\)$`)
	principal := regexp.MustCompile(`(?i)^principalId eq '([^']+)'$`)
	for _, f := range strings.Split(c.query.Get("$filter"), " and ") {
		f = strings.TrimSpace(f)
		switch {
		case f == "":
		case strings.EqualFold(f, "atScope()"):
			only = true
		case assigned.MatchString(f):
			who = assigned.FindStringSubmatch(f)[1]
		case principal.MatchString(f):
			who = principal.FindStringSubmatch(f)[1]
		default:
			return nil, refuse("UnsupportedQuery", "The filter '%s' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'.", f)
		}
	}
	out := []*auth.RoleAssignment{}
	for _, a := range c.s.assignments {
		if who != "" && !strings.EqualFold(who, a.principal) {
			continue
		}
		if within(scope, a.scope) || !only && within(a.scope, scope) {
			out = append(out, a.json(c.s.home))
		}
	}
	return out, nil
}

func (c *request) assignmentsServer() fake.RoleAssignmentsServer {
	return fake.RoleAssignmentsServer{
		NewListForScopePager: func(string, *auth.RoleAssignmentsClientListForScopeOptions) azfake.PagerResponder[auth.RoleAssignmentsClientListForScopeResponse] {
			return list(c, func() ([]*auth.RoleAssignment, error) { return c.listAssignments(c.vars["scope"]) }, func(v []*auth.RoleAssignment, next *string) (out auth.RoleAssignmentsClientListForScopeResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

func (c *request) roleJSON(id string) *auth.RoleDefinition {
	r := roles()[id]
	var actions []*string
	for _, a := range r.actions {
		actions = append(actions, ptr(a))
	}
	return &auth.RoleDefinition{
		ID: ptr("/subscriptions/" + c.s.home + "/providers/Microsoft.Authorization/roleDefinitions/" + id), Name: ptr(id), Type: ptr("Microsoft.Authorization/roleDefinitions"),
		Properties: &auth.RoleDefinitionProperties{
			RoleName: ptr(r.name), RoleType: ptr("BuiltInRole"), AssignableScopes: []*string{ptr("/")}, Description: ptr(r.name),
			Permissions: []*auth.Permission{{Actions: actions, NotActions: []*string{}, DataActions: []*string{}, NotDataActions: []*string{}}},
		},
	}
}

func (c *request) roleDefinitionsServer() fake.RoleDefinitionsServer {
	return fake.RoleDefinitionsServer{
		Get: func(_ context.Context, _, id string, _ *auth.RoleDefinitionsClientGetOptions) (azfake.Responder[auth.RoleDefinitionsClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out auth.RoleDefinitionsClientGetResponse, err error) {
				id = strings.ToLower(id)
				if roles()[id].name == "" {
					return out, refuseWith(http.StatusNotFound, "RoleDefinitionDoesNotExist", "The specified role definition with ID '%s' does not exist.", id)
				}
				out.RoleDefinition = *c.roleJSON(id)
				return out, nil
			})
		},
		NewListPager: func(string, *auth.RoleDefinitionsClientListOptions) azfake.PagerResponder[auth.RoleDefinitionsClientListResponse] {
			return list(c, c.listRoles, func(v []*auth.RoleDefinition, next *string) (out auth.RoleDefinitionsClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

// listRoles are the role definitions, or the one with a name.
func (c *request) listRoles() ([]*auth.RoleDefinition, error) {
	m := regexp.MustCompile(`(?i)^roleName eq '([^']*)'$`).FindStringSubmatch(c.query.Get("$filter"))
	out := []*auth.RoleDefinition{}
	for id, r := range roles() {
		if m == nil || strings.EqualFold(m[1], r.name) {
			out = append(out, c.roleJSON(id))
		}
	}
	return sortBy(out, func(r *auth.RoleDefinition) string { return *r.Name }), nil
}
