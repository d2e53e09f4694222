package workflow

import (
	"context"
	"slices"
	"time"
)

// Profile is what the chat workspace says of a person, at the moment of asking.
type Profile struct {
	ID          UserID
	Name        string // for logs and files; people are referred to by id
	Outsider    bool   // of another organisation, or not known to the workspace
	Guest       bool
	Bot         bool
	Deactivated bool
	Zone        *time.Location // never nil
	Email       string         // empty when the workspace does not say
	FullName    string         // for readers who see no chat; may be empty
}

// Roster is who belongs to which team, as last known.
type Roster struct {
	Teams  map[TeamID]TeamRoster
	Admins []UserID
}

// TeamRoster is the people of one team.
type TeamRoster struct {
	Members []UserID
	Lead    UserID // answers for the team; the first member when nobody is named
	Group   string // user group id, for mentions; empty when members are listed by hand
	// Problem says why the members are not known; empty when they are. A team
	// whose members are not known has none: nobody is taken for one.
	Problem Text
}

// Has reports whether the person is a member.
func (t TeamRoster) Has(id UserID) bool { return slices.Contains(t.Members, id) }

// IsMember reports whether the person is a member of the team.
func (r Roster) IsMember(team TeamID, id UserID) bool { return r.Teams[team].Has(id) }

// IsAdmin reports whether the person is an admin.
func (r Roster) IsAdmin(id UserID) bool { return slices.Contains(r.Admins, id) }

// Directory knows people and teams. Answers may be cached; both methods are
// safe for concurrent use.
type Directory interface {
	// Profile is what is known of a person. It returns an Unavailable error
	// when the person is not cached and cannot be looked up in time.
	Profile(ctx context.Context, id UserID) (Profile, error)
	// Roster is who belongs to the teams of a process.
	Roster(def *Definition) Roster
}
