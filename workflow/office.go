package workflow

import (
	"maps"
	"slices"
	"time"
)

// Office is what is so of people across runs: who is away and who covers for
// them, who stands in for a team, and what reaches whom. Runs that are open
// follow it, so that each of them knows by itself whose move it is; see
// [Run.Follow].
type Office struct {
	// Away are the covers by the person who is away. One whose end has passed
	// means nothing.
	Away map[UserID]Cover
	// Standins are the acting maintainers, the oldest first.
	Standins []Standin
	// People are the preferences of those who have changed one.
	People map[UserID]Preferences
	// Channels are the preferences of channels.
	Channels map[ChannelID]ChannelPreferences
	// Facts are what every run knows once somebody has said it, such as where our
	// own logos are.
	Facts map[FactName]string
	// Handles are the names of people in the issue tracker, as far as they said them
	// themselves.
	Handles map[UserID]Handle
}

// Handle is a person's name in the issue tracker. It is theirs once they have
// written, there and under that name, the code they were given here.
type Handle struct {
	Name    string    `json:"name,omitzero"` // confirmed; empty while none is
	Account int64     `json:"account,omitzero"`
	Since   time.Time `json:"since,omitzero"`
	Wants   string    `json:"wants,omitzero"` // to be confirmed; empty for none
	Code    string    `json:"code,omitzero"`
	Until   time.Time `json:"until,omitzero"` // the code is good until then
}

// Cover is the cover of a person who is away.
type Cover struct {
	By    UserID    `json:"by,omitzero"` // who covers
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"` // the end of the last day away, in the person's zone
	Day   Date      `json:"day,omitzero"`   // the last day away
	Set   UserID    `json:"set,omitzero"`   // who said so
}

// Standin is an acting maintainer: a person who stands in for a team. It ends by
// Hand back, or on its last day.
type Standin struct {
	Team TeamID `json:"team,omitzero"`
	User UserID `json:"user,omitzero"`
	// Scope is for which processes; empty for all.
	Scope  []ProcessName `json:"scope,omitzero"`
	Reason string        `json:"reason,omitzero"`
	Until  Date          `json:"until,omitzero"` // its last day; empty while Condition says when it ends
	// Ends is Until's close of business; zero without one.
	Ends      time.Time `json:"ends,omitzero"`
	Condition string    `json:"condition,omitzero"` // what ends it, in words
	Review    Date      `json:"review,omitzero"`    // when it is asked whether the condition has come true
	Set       UserID    `json:"set,omitzero"`
	Since     time.Time `json:"since,omitzero"`
}

// Preferences are what reaches a person, and when.
type Preferences struct {
	NoMorning bool   `json:"no_morning,omitzero"` // no morning message
	NoNews    bool   `json:"no_news,omitzero"`    // direct messages are edited in place, and never posted anew
	Morning   string `json:"morning,omitzero"`    // its time, "15:04"; empty for the default
}

// ChannelPreferences are what reaches a channel.
type ChannelPreferences struct {
	NoDaily  bool `json:"no_daily,omitzero"`  // no daily message
	NoThread bool `json:"no_thread,omitzero"` // the card's thread is left alone
}

// Clone is a deep copy.
func (o *Office) Clone() *Office {
	c := &Office{Away: maps.Clone(o.Away), Standins: slices.Clone(o.Standins), People: maps.Clone(o.People), Channels: maps.Clone(o.Channels),
		Facts: maps.Clone(o.Facts), Handles: maps.Clone(o.Handles)}
	for i := range c.Standins {
		c.Standins[i].Scope = slices.Clone(c.Standins[i].Scope)
	}
	return c
}

// Covers reports whether the standin is for runs of that process.
func (s Standin) Covers(process ProcessName) bool {
	return len(s.Scope) == 0 || slices.Contains(s.Scope, process)
}
