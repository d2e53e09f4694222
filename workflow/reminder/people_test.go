package reminder_test

import (
	"context"
	"time"

	"cloudimage/workflow"
)

// This file is who there is, and where.

func (b *book) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	b.Lock()
	defer b.Unlock()
	if b.lost {
		return workflow.Profile{}, workflow.Fail(workflow.Unavailable, "Slack does not answer.")
	}
	zones := map[workflow.UserID]string{ana: "America/Los_Angeles", omar: "Europe/Berlin", priy: "Asia/Kolkata", maya: "Europe/London"}
	zone, err := time.LoadLocation(zones[id])
	return workflow.Profile{ID: id, Zone: zone, Deactivated: id == b.gone}, err
}

func (b *book) Roster(*workflow.Definition) workflow.Roster {
	team := func(members ...workflow.UserID) workflow.TeamRoster {
		return workflow.TeamRoster{Members: members, Lead: members[0]}
	}
	return workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{
		"strategic-partnerships": team(ana), "omnibus": team(omar, priy), "partner-marketing": team(maya),
	}}
}
