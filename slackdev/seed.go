package slackdev

import (
	"fmt"
	"strings"
	"time"
)

// Seed is the workspace before anything happens: its people, user groups and
// channels. Ids left empty are derived from the names (ana is U0ANA,
// cloud-images is C0CLOUDIMAGES), so scripts may rely on them.
type Seed struct {
	Team       SeedTeam      `json:"team" yaml:"team"`
	Users      []SeedUser    `json:"users" yaml:"users"`
	UserGroups []SeedGroup   `json:"usergroups" yaml:"usergroups"`
	Channels   []SeedChannel `json:"channels" yaml:"channels"`
}

// SeedTeam is the workspace itself.
type SeedTeam struct {
	ID     TeamID `json:"id,omitempty" yaml:"id,omitempty"`
	Name   string `json:"name" yaml:"name"`
	Domain string `json:"domain" yaml:"domain"` // the part before .slack.com
}

// UserKind says what sort of account a person has.
type UserKind string

// The kinds of account, in Slack's words.
const (
	KindMember             UserKind = "member"
	KindAdmin              UserKind = "admin"
	KindGuest              UserKind = "guest"                // is_restricted: several channels
	KindSingleChannelGuest UserKind = "single_channel_guest" // is_ultra_restricted
	KindBot                UserKind = "bot"                  // another app's bot user
	KindDeleted            UserKind = "deleted"              // deactivated
	KindStranger           UserKind = "stranger"             // of another workspace, seen through a shared channel
)

// SeedUser is one person. Kind defaults to member, TZ to UTC, Email to
// name@<domain>.example, RealName to the capitalised name.
type SeedUser struct {
	ID       UserID   `json:"id,omitempty" yaml:"id,omitempty"`
	Name     string   `json:"name" yaml:"name"`
	RealName string   `json:"real_name,omitempty" yaml:"real_name,omitempty"`
	Title    string   `json:"title,omitempty" yaml:"title,omitempty"`
	Email    string   `json:"email,omitempty" yaml:"email,omitempty"`
	TZ       string   `json:"tz,omitempty" yaml:"tz,omitempty"` // an IANA zone
	Kind     UserKind `json:"kind,omitempty" yaml:"kind,omitempty"`
	TeamID   TeamID   `json:"team_id,omitempty" yaml:"team_id,omitempty"` // strangers only: their own workspace
}

// SeedGroup is one user group; Users are names of seeded people.
type SeedGroup struct {
	ID     GroupID  `json:"id,omitempty" yaml:"id,omitempty"`
	Handle string   `json:"handle" yaml:"handle"`
	Name   string   `json:"name,omitempty" yaml:"name,omitempty"`
	Users  []string `json:"users" yaml:"users"`
}

// SeedChannel is one channel. Members are names of seeded people; "everyone"
// means every member and admin of the workspace.
type SeedChannel struct {
	ID       ChannelID `json:"id,omitempty" yaml:"id,omitempty"`
	Name     string    `json:"name" yaml:"name"`
	Topic    string    `json:"topic,omitempty" yaml:"topic,omitempty"`
	Private  bool      `json:"private,omitempty" yaml:"private,omitempty"`
	Archived bool      `json:"archived,omitempty" yaml:"archived,omitempty"`
	Shared   bool      `json:"shared,omitempty" yaml:"shared,omitempty"` // with another organisation (Slack Connect)
	Members  []string  `json:"members" yaml:"members"`
	Bot      bool      `json:"bot,omitempty" yaml:"bot,omitempty"` // the app's bot is a member
}

// DefaultSeed is a company with every kind of account and channel an app must
// tell apart.
func DefaultSeed() *Seed {
	return &Seed{
		Team: SeedTeam{ID: "T0ACME", Name: "Acme", Domain: "acme"},
		Users: []SeedUser{
			{Name: "ana", RealName: "Ana Pereira", Title: "Strategic Partnerships Manager", TZ: "Europe/Lisbon"},
			{Name: "lee", RealName: "Lee Chang", Title: "Strategic Partnerships Manager", TZ: "America/Los_Angeles"},
			{Name: "omar", RealName: "Omar Haddad", Title: "Release Engineer", TZ: "Europe/Berlin"},
			{Name: "lena", RealName: "Lena Novak", Title: "Release Engineer", TZ: "America/New_York"},
			{Name: "maya", RealName: "Maya Iyer", Title: "Partner Marketing Manager", TZ: "Asia/Kolkata"},
			{Name: "noor", RealName: "Noor Aziz", Title: "Partner Marketing Specialist", TZ: "Asia/Dubai"},
			{Name: "wei", RealName: "Wei Zhang", Title: "Technical Writer", TZ: "Asia/Singapore"},
			{Name: "ines", RealName: "Ines Duarte", Title: "Workspace Admin", TZ: "Europe/Lisbon", Kind: KindAdmin},
			{Name: "gus", RealName: "Gus Miller", Title: "Contractor", TZ: "America/Chicago", Kind: KindGuest},
			{Name: "sol", RealName: "Sol Rivera", Title: "Agency", TZ: "America/Bogota", Kind: KindSingleChannelGuest},
			{Name: "buildbot", RealName: "Build Bot", Kind: KindBot},
			{Name: "dana", RealName: "Dana Former", Title: "Left the company", TZ: "Europe/London", Kind: KindDeleted},
			{Name: "oscar", RealName: "Oscar Lind", Title: "Product Lead", Email: "oscar@partner.example", TZ: "Australia/Adelaide", Kind: KindStranger, TeamID: "T0PARTNER"},
		},
		UserGroups: []SeedGroup{
			{Handle: "strategic-partnerships", Name: "Strategic Partnerships", Users: []string{"ana", "lee"}},
			{Handle: "omnibus", Name: "Omnibus", Users: []string{"omar", "lena"}},
			{Handle: "partner-marketing", Name: "Partner Marketing", Users: []string{"maya", "noor"}},
		},
		Channels: []SeedChannel{
			{Name: "cloud-images", Topic: "Images on the clouds", Members: []string{"everyone", "gus"}, Bot: true},
			{Name: "general", Topic: "Company wide", Members: []string{"everyone", "gus", "buildbot"}, Bot: true},
			{Name: "private-partners", Topic: "Contracts", Private: true, Members: []string{"ana", "lee", "ines"}},
			{Name: "random", Topic: "Anything", Members: []string{"everyone"}},
			{Name: "shared-digitalocean", Topic: "With DigitalOcean", Shared: true, Members: []string{"ana", "omar", "maya", "oscar"}, Bot: true},
			{Name: "guests", Topic: "One channel for an agency", Members: []string{"maya", "sol"}, Bot: true},
			{Name: "cloud-images-ops", Topic: "For those who keep the machines going", Members: []string{"omar", "lena", "ines"}, Bot: true},
			{Name: "old-images", Topic: "Kept for the record", Archived: true, Members: []string{"ana", "omar"}, Bot: true},
		},
	}
}

// build makes the state the seed describes.
func (s *Seed) build(st *state, now time.Time) error {
	st.team = team{id: s.Team.ID, name: s.Team.Name, domain: s.Team.Domain}
	if st.team.domain == "" {
		return fmt.Errorf("seed: team.domain is missing")
	}
	if st.team.id == "" {
		st.team.id = TeamID(derivedID("T", st.team.domain))
	}
	for _, u := range s.Users {
		if err := s.addUser(st, u, now); err != nil {
			return err
		}
	}
	for _, g := range s.UserGroups {
		if err := addGroup(st, g, now); err != nil {
			return err
		}
	}
	for _, c := range s.Channels {
		if err := addChannel(st, c, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Seed) addUser(st *state, su SeedUser, now time.Time) error {
	if su.Name == "" || st.userByName(su.Name) != nil {
		return fmt.Errorf("seed: user %q: the name is missing or used twice", su.Name)
	}
	if su.TZ == "" {
		su.TZ = "Etc/UTC"
	}
	zone, err := time.LoadLocation(su.TZ)
	if err != nil {
		return fmt.Errorf("seed: user %q: %w", su.Name, err)
	}
	if su.Kind == "" {
		su.Kind = KindMember
	}
	if su.ID == "" {
		su.ID = UserID(derivedID("U", su.Name))
	}
	if su.RealName == "" {
		su.RealName = strings.ToUpper(su.Name[:1]) + su.Name[1:]
	}
	if su.Email == "" && su.Kind != KindBot {
		su.Email = su.Name + "@" + s.Team.Domain + ".example"
	}
	team := st.team.id
	if su.Kind == KindStranger {
		if su.TeamID == "" || su.TeamID == team {
			return fmt.Errorf("seed: user %q: a stranger needs the team_id of another workspace", su.Name)
		}
		team = su.TeamID
	}
	st.addUser(&user{
		id: su.ID, team: team, name: su.Name, realName: su.RealName, title: su.Title, email: su.Email,
		kind: su.Kind, tz: su.TZ, zone: zone, updated: now.Unix(),
	})
	return nil
}

func addGroup(st *state, sg SeedGroup, now time.Time) error {
	if sg.ID == "" {
		sg.ID = GroupID(derivedID("S", sg.Handle))
	}
	if sg.Name == "" {
		sg.Name = sg.Handle
	}
	g := &group{id: sg.ID, handle: sg.Handle, name: sg.Name, created: now.Unix(), updated: now.Unix()}
	for _, n := range sg.Users {
		u := st.userByName(n)
		if u == nil {
			return fmt.Errorf("seed: user group %q: no user is named %q", sg.Handle, n)
		}
		g.users = append(g.users, u.id)
	}
	st.groups = append(st.groups, g)
	return nil
}

func addChannel(st *state, sc SeedChannel, now time.Time) error {
	if sc.ID == "" {
		sc.ID = ChannelID(derivedID("C", sc.Name))
	}
	kind := kindPublic
	if sc.Private {
		kind = kindPrivate
	}
	c := newChannel(sc.ID, sc.Name, kind, now)
	c.topic.Value, c.archived, c.extShared = sc.Topic, sc.Archived, sc.Shared
	c.creator = st.founder().id
	for _, n := range sc.Members {
		if n == "everyone" {
			for _, u := range st.users {
				if u.kind == KindMember || u.kind == KindAdmin {
					c.join(u.id)
				}
			}
			continue
		}
		u := st.userByName(n)
		if u == nil {
			return fmt.Errorf("seed: channel %q: no user is named %q", sc.Name, n)
		}
		c.join(u.id)
	}
	if sc.Bot {
		c.join(st.bot.id)
	}
	st.addChannel(c)
	return nil
}
