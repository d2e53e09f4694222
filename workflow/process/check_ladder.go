package process

import (
	"slices"

	"cloudimage/workflow"
)

// This file checks the ladders: whether they are climbed rung by rung, and
// whether there is somebody on each rung.

func (c *checker) ladders() {
	silence, lateness := c.root.get("silence"), c.root.get("lateness")
	c.ladder("silence", silence, c.def.Silence)
	c.ladder("lateness", lateness, c.def.Lateness)
	// Without a ladder of its own a process has no place where a role could be
	// taken for a team. It may be an old one, which a run keeps.
	if silence.given() || lateness.given() {
		c.teamsNamedLikeRoles()
	}
}

func (c *checker) ladder(key string, at *node, rungs []workflow.Rung) {
	var last *node
	days := 0
	// Where the file has fewer rungs, these are the ones that go without saying.
	for i := range min(len(at.items), len(rungs)) {
		rung, n := rungs[i], at.item(i)
		if rung.After > 0 {
			after := n.get("after")
			if last != nil && rung.After <= days {
				c.problem(after, "\"after\" must rise from rung to rung of %q, and %d is not more than the %d in line %d; put them in order, or leave one out",
					key, rung.After, days, last.line)
			}
			last, days = after, rung.After
		}
		c.told(key, n.get("tell"), rung)
	}
}

// told tells when there is nobody on a rung.
func (c *checker) told(key string, at *node, rung workflow.Rung) {
	able := slices.Clone(roles)
	if key == "lateness" {
		able = []workflow.Role{workflow.ToStage, workflow.ToOwner}
	}
	for _, id := range c.teamIDs() {
		able = append(able, workflow.Role(id))
	}
	switch {
	case rung.Tell == workflow.ToChaser && key == "lateness":
		c.problem(at, "%q is who follows up with a partner, and nobody does for a step that is late; tell %s", rung.Tell, either(able))
	case rung.Tell == workflow.ToTeam && len(c.def.Teams) > 0:
		if _, ok := c.def.Team(rung.Team); !ok {
			c.problem(at, "unknown team %q in %q%s", rung.Team, key, suggest(string(rung.Team), able, "it can tell "+either(able)))
		}
	}
}

func (c *checker) teamsNamedLikeRoles() {
	for i, team := range c.def.Teams {
		if slices.Contains(roles, workflow.Role(team.ID)) {
			c.problem(c.root.get("teams").item(i).get("id"), "%q is a role that \"silence\" and \"lateness\" tell, so no team can have it as its id; give the team another", team.ID)
		}
	}
}
