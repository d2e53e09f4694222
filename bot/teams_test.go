package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

const omnibus workflow.TeamID = "omnibus"

// omnibusTeam is who is in the Omnibus team, as the bot knows.
func (s *site) omnibusTeam() workflow.TeamRoster {
	return s.Roster(s.options.Processes[0]).Teams[omnibus]
}

func TestTeamsComeFromUserGroups(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	team := s.omnibusTeam()
	if !slices.Equal(team.Members, []workflow.UserID{"U0OMAR", "U0LENA"}) || team.Lead != "U0OMAR" || team.Group != "S0OMNIBUS" || !team.Problem.IsZero() {
		t.Errorf("the team is %+v", team)
	}
	if err := s.slack.SetUserGroup("omnibus", "lena", "wei"); err != nil {
		t.Fatal(err)
	}
	s.until("the new members", func() bool {
		return slices.Equal(s.omnibusTeam().Members, []workflow.UserID{"U0LENA", "U0WEI"})
	})
}

func TestTeamsFromTheConfiguration(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{}, func(o *Options) {
		o.Teams = map[workflow.TeamID]TeamConfig{
			omnibus:                  {Members: []workflow.UserID{"U0WEI", "U0LENA"}, Lead: "U0LENA"},
			"strategic-partnerships": {Group: "@partner-marketing"},
			"partner-marketing":      {Group: "S0OMNIBUS"},
		}
		o.Admins = []workflow.UserID{"U0INES"}
	})
	roster := s.Roster(s.options.Processes[0])
	if team := roster.Teams[omnibus]; !slices.Equal(team.Members, []workflow.UserID{"U0WEI", "U0LENA"}) || team.Lead != "U0LENA" {
		t.Errorf("the listed team is %+v", team)
	}
	if team := roster.Teams["strategic-partnerships"]; team.Lead != "U0MAYA" {
		t.Errorf("the team of another group's handle is %+v", team)
	}
	if team := roster.Teams["partner-marketing"]; team.Lead != "U0OMAR" {
		t.Errorf("the team of a group's id is %+v", team)
	}
	if !roster.IsAdmin("U0INES") || roster.IsAdmin("U0OMAR") {
		t.Errorf("the admins are %v", roster.Admins)
	}
}

// A group that cannot be read any more is believed for an hour; then nobody is
// taken for a member.
func TestTeamsOutliveAFailureForAnHour(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	s.slack.FailNext("usergroups.list", 1, slackdev.Fault{Status: 503})
	s.teams.load(t.Context())
	if team := s.omnibusTeam(); len(team.Members) != 2 || !team.Problem.IsZero() {
		t.Errorf("after a failure the team is %+v", team)
	}
	s.age(groupAge + time.Second)
	team := s.omnibusTeam()
	if len(team.Members) != 0 || team.Lead != "" || !mentions(team.Problem.String(), "user groups could not be read", "teams: omnibus: members:") {
		t.Errorf("after an hour the team is %+v", team)
	}
	s.teams.load(t.Context())
	if team := s.omnibusTeam(); len(team.Members) != 2 || !team.Problem.IsZero() {
		t.Errorf("once it could be read again the team is %+v", team)
	}
}

// age lets what is known of user groups be that old.
func (s *site) age(by time.Duration) {
	s.teams.mu.Lock()
	defer s.teams.mu.Unlock()
	s.teams.loaded = s.teams.loaded.Add(-by)
}

func TestWhyTeamsAreNotKnown(t *testing.T) {
	t.Parallel()
	scopes := []string{"commands", "chat:write", "users:read", "channels:read", "groups:read"}
	for name, c := range map[string]struct {
		workspace slackdev.Options
		group     string
		says      []string
	}{
		"the plan has none":  {slackdev.Options{NoUserGroups: true}, "", []string{"not on this workspace's plan"}},
		"the scope is not":   {slackdev.Options{ScopesGranted: scopes}, "", []string{"lacks the scope usergroups:read"}},
		"the server has not": {slackdev.Options{DisabledMethods: []string{"usergroups.list"}}, "", []string{"this server has no user groups"}},
		"no such group":      {slackdev.Options{}, "packers", []string{"there is no user group @packers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, says("x"), c.workspace, func(o *Options) {
				o.Teams = map[workflow.TeamID]TeamConfig{omnibus: {Group: c.group}}
			})
			team := s.omnibusTeam()
			if len(team.Members) != 0 || !mentions(team.Problem.String(), c.says...) || !strings.HasSuffix(team.Problem.String(), ".") {
				t.Errorf("the team is %+v", team)
			}
		})
	}
}
