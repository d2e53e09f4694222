package azuresim

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
	resourcesfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/fake"
)

// group is a resource group.
type group struct{ core }

// group is the group that the path names.
func (c *request) group() (*group, error) {
	g := c.s.groups[strings.ToLower(c.vars["sub"]+"/"+c.vars["group"])]
	if g == nil {
		return nil, refuseWith(http.StatusNotFound, "ResourceGroupNotFound", "Resource group '%s' could not be found.", c.vars["group"])
	}
	return g, nil
}

// newGroup adds a group.
func (s *Server) newGroup(sub, name, location string, tags map[string]*string, now time.Time) *group {
	s.serial++
	g := &group{core{
		id: "/subscriptions/" + sub + "/resourceGroups/" + name, name: name, kind: "Microsoft.Resources/resourceGroups",
		sub: sub, group: name, location: plain(location), tags: copyTags(tags), born: now, order: s.serial,
		life: timeline{{succeeded, now}},
	}}
	s.groups[strings.ToLower(sub+"/"+name)] = g
	return g
}

func (g *group) json(now time.Time) armresources.ResourceGroup {
	return armresources.ResourceGroup{
		ID: ptr(g.id), Name: ptr(g.name), Type: ptr(g.kind), Location: ptr(g.location), Tags: copyTags(g.tags),
		Properties: &armresources.ResourceGroupProperties{ProvisioningState: ptr(g.life.at(now))},
	}
}

func (c *request) groupsServer() resourcesfake.ResourceGroupsServer {
	return resourcesfake.ResourceGroupsServer{
		CheckExistence: func(context.Context, string, *armresources.ResourceGroupsClientCheckExistenceOptions) (azfake.Responder[armresources.ResourceGroupsClientCheckExistenceResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusNoContent, func() (out armresources.ResourceGroupsClientCheckExistenceResponse, err error) {
				_, err = c.group()
				return out, err
			})
		},
		CreateOrUpdate: func(_ context.Context, name string, in armresources.ResourceGroup, _ *armresources.ResourceGroupsClientCreateOrUpdateOptions) (azfake.Responder[armresources.ResourceGroupsClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armresources.ResourceGroupsClientCreateOrUpdateResponse, err error) {
				out.ResourceGroup, err = c.putGroup(name, in)
				return out, err
			})
		},
		Update: func(_ context.Context, _ string, in armresources.ResourceGroupPatchable, _ *armresources.ResourceGroupsClientUpdateOptions) (azfake.Responder[armresources.ResourceGroupsClientUpdateResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armresources.ResourceGroupsClientUpdateResponse, err error) {
				g, err := c.group()
				if err != nil {
					return out, err
				}
				if in.Tags != nil {
					g.tags = copyTags(in.Tags)
				}
				out.ResourceGroup = g.json(c.now)
				return out, nil
			})
		},
		Get: func(context.Context, string, *armresources.ResourceGroupsClientGetOptions) (azfake.Responder[armresources.ResourceGroupsClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out armresources.ResourceGroupsClientGetResponse, err error) {
				g, err := c.group()
				if err == nil {
					out.ResourceGroup = g.json(c.now)
				}
				return out, err
			})
		},
		NewListPager: func(*armresources.ResourceGroupsClientListOptions) azfake.PagerResponder[armresources.ResourceGroupsClientListResponse] {
			return list(c, c.listGroups, func(v []*armresources.ResourceGroup, next *string) (out armresources.ResourceGroupsClientListResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, *armresources.ResourceGroupsClientBeginDeleteOptions) (azfake.PollerResponder[armresources.ResourceGroupsClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out armresources.ResourceGroupsClientDeleteResponse, status int, err error) {
				status, err = c.deleteGroup()
				return out, status, err
			})
		},
	}
}

func (c *request) putGroup(name string, in armresources.ResourceGroup) (out armresources.ResourceGroup, err error) {
	if len(name) > 90 || !regexp.MustCompile(`^[\p{L}\p{N}_().\-]*[\p{L}\p{N}_()\-]$`).MatchString(name) {
		return out, refuse("InvalidResourceGroup", "The provided resource group name '%s' has these invalid characters: it may have letters, numbers, '_', '-', '.', '(' and ')', and cannot end with a period.", name)
	}
	if val(in.Location) == "" {
		return out, refuse("LocationRequired", "The location property is required for this definition.")
	}
	if g, err := c.group(); err == nil {
		if g.life.at(c.now) == deleting {
			return out, conflict("ResourceGroupBeingDeleted", "The resource group '%s' is in deprovisioning state and cannot perform this operation.", g.name)
		}
		if plain(*in.Location) != g.location {
			return out, conflict("InvalidResourceGroupLocation", "Invalid resource group location '%s'. The Resource group already exists in location '%s'.", *in.Location, g.location)
		}
		g.tags = copyTags(in.Tags)
		return g.json(c.now), nil
	}
	c.status = http.StatusCreated
	return c.s.newGroup(c.sub.id, name, *in.Location, in.Tags, c.now).json(c.now), nil
}

// listGroups are the groups of the subscription. Of filters, the one by a tag is known.
func (c *request) listGroups() ([]*armresources.ResourceGroup, error) {
	tag := regexp.MustCompile(`(?i)^tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?$`).FindStringSubmatch(c.query.Get("$filter"))
	if tag == nil && c.query.Get("$filter") != "" {
		return nil, refuse("InvalidFilterInQueryString", "Invalid $filter '%s' specified in the query string.", c.query.Get("$filter"))
	}
	gs := sorted(c.s.groups)
	slices.SortFunc(gs, func(a, b *group) int { return a.order - b.order })
	var out []*armresources.ResourceGroup
	for _, g := range gs {
		if g.sub != c.sub.id {
			continue
		}
		if tag != nil {
			v, ok := g.tags[tag[1]]
			if !ok || tag[2] != "" && val(v) != tag[2] {
				continue
			}
		}
		out = append(out, ptr(g.json(c.now)))
	}
	return out, nil
}

// deleteGroup deletes a group and all that is in it. What is inside is deleted at
// once, and at the latest when the group ends.
func (c *request) deleteGroup() (int, error) {
	g, err := c.group()
	if err != nil {
		return 0, err
	}
	for _, t := range strings.Split(c.query.Get("forcedeletiontypes"), ",") {
		if t != "" && !strings.EqualFold(t, "Microsoft.Compute/virtualMachines") && !strings.EqualFold(t, "Microsoft.Compute/virtualMachineScaleSets") {
			return 0, refuse("InvalidForceDeletionTypes", "The force deletion types '%s' are not supported.", t)
		}
	}
	if g.life.at(c.now) == deleting {
		// A second request joins the first.
		c.begun(&g.core, g.life.end().from, nil)
		return http.StatusAccepted, nil
	}
	times := c.s.at(g.location).times
	takes := times.DeleteGroup
	if c.query.Get("forcedeletiontypes") != "" {
		takes /= 2
	}
	until := c.now.Add(takes)
	for _, r := range c.s.resources {
		k := r.common()
		if k.sub != g.sub || !strings.EqualFold(k.group, g.name) || k.life.at(c.now) == deleting {
			continue
		}
		c.s.preempt(k.id, c.now)
		end := until
		if _, ok := r.(*machine); ok {
			end = c.now.Add(min(times.Delete, takes))
		}
		k.life = k.life.turn(c.now, phase{deleting, c.now}, phase{gone, end})
	}
	g.life = g.life.turn(c.now, phase{deleting, c.now}, phase{gone, until})
	c.begun(&g.core, until, nil)
	return http.StatusAccepted, nil
}
