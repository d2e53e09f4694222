package azuresim

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Deny takes the permission for an action, such as
// "Microsoft.Compute/virtualMachines/write", away from all clients. A star at the end
// is any rest of it.
func (s *Server) Deny(action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied[action] = true
}

// Allow gives back what [Server.Deny] took away under the same name.
func (s *Server) Allow(action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.denied, action)
}

func (s *Server) denials() []string { return slices.Sorted(maps.Keys(s.denied)) }

// lacks reports whether nobody may do something.
func (s *Server) lacks(action string) bool {
	for p := range s.denied {
		if covers(p, action) {
			return true
		}
	}
	return false
}

// allow checks the action of a request itself.
func (s *Server) allow(c *request, action string) error {
	if !s.lacks(action) {
		return nil
	}
	return refuseWith(http.StatusForbidden, "AuthorizationFailed", "The client '%s' with object id '%s' does not have authorization to perform action '%s' over scope '%s' or the scope is invalid. If access was recently granted, please refresh your credentials.", c.call.Client, s.object(c.call.Client), action, c.scope())
}

// link checks an action on another resource that a request names.
func (c *request) link(action, id string) error {
	if !slices.Contains(c.call.Linked, action) {
		c.call.Linked = append(c.call.Linked, action)
	}
	if !c.s.lacks(action) {
		return nil
	}
	return refuseWith(http.StatusForbidden, "LinkedAuthorizationFailed", "The client '%s' with object id '%s' has permission to perform action '%s' on scope '%s'; however, it does not have permission to perform action(s) '%s' on the linked scope(s) '%s' (respectively) or the linked scope(s) are invalid.", c.call.Client, c.s.object(c.call.Client), c.route.action, c.scope(), action, id)
}

func (s *Server) object(client string) string {
	if c := s.clients[client]; c != nil {
		return c.object
	}
	return client
}

// scope is what a request is about, as roles are given for it.
func (c *request) scope() string {
	id := c.resourceID()
	last := c.route.parts[len(c.route.parts)-1]
	if c.route.method == http.MethodPost || c.route.method == http.MethodGet && !strings.HasPrefix(last, "{") {
		id, _, _ = cutLast(id, "/")
	}
	head, types, ok := strings.Cut(id, "/providers/")
	if ok && (strings.Count(types, "/") == 0 || strings.Count(types, "/")%2 != 0) {
		return head
	}
	return id
}

// permissions are what the client may do, in a scope.
func (c *request) permissions() any {
	not := append([]string{}, c.s.denials()...)
	return map[string]any{"value": []any{map[string]any{
		"actions": []string{"*"}, "notActions": not, "dataActions": []string{}, "notDataActions": []string{},
	}}}
}
