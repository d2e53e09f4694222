package workflow

import (
	"maps"
	"slices"
	"time"
)

// This file is what may be done to an office. Each either returns an error and
// leaves it as it was, or changes it.

// mostAway is the longest that somebody can be away, in days: longer, and the
// work is better handed over.
const mostAway = 180

// SetAway says who covers for a person until the end of a day. Until is that end
// where the person is.
func (o *Office) SetAway(person UserID, c Cover, now time.Time) error {
	wrong := func(field FieldID, format string, args ...any) error {
		t := Say(format, args...)
		return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{field: t}}
	}
	switch {
	case !c.Until.After(now):
		return wrong(FieldUntil, "That day is over. Choose today or a later day.")
	case c.Until.Sub(now) > mostAway*24*time.Hour:
		return wrong(FieldUntil, "That is more than half a year. Hand the work over instead: %s.", Command("/cloudimage people"))
	case c.By == "":
		return wrong(FieldCover, "Choose who covers.")
	case c.By == person:
		return wrong(FieldCover, "Choose somebody else: nobody covers for themselves.")
	}
	for who, n := c.By, 0; n <= len(o.Away); n++ {
		next, away := o.Away[who]
		if !away || !next.Until.After(now) {
			break
		}
		if next.By == person {
			return wrong(FieldCover, "%s is away until %s, and %s covers for them: that would lead in a circle. Choose somebody who is here.", who, next.Day, person)
		}
		who = next.By
	}
	o.prune(now)
	if o.Away == nil {
		o.Away = map[UserID]Cover{}
	}
	o.Away[person] = c
	return nil
}

// Back ends a cover before its time.
func (o *Office) Back(person UserID, now time.Time) error {
	if c, away := o.Away[person]; !away || !c.Until.After(now) {
		return fail(Conflict, "%s is not away.", person)
	}
	delete(o.Away, person)
	o.prune(now)
	return nil
}

// SetStandin makes a person the acting maintainer of a team. It takes the place
// of one for the same team and the same processes.
func (o *Office) SetStandin(s Standin, now time.Time) error {
	field, why := FieldID(""), Text{}
	bad := func(f FieldID, format string) { field, why = f, Say(format) }
	switch {
	case s.User == "":
		bad(FieldCover, "Choose who stands in.")
	case s.Reason == "":
		bad(FieldReason, "Say why; it is shown on every card.")
	case s.Until != "" && s.Condition != "":
		bad(FieldUntil, "It ends on a day or when something has happened: choose one.")
	case s.Until != "" && !s.Ends.After(now):
		bad(FieldUntil, "That day is over. Choose today or a later day.")
	case s.Until == "" && s.Condition == "":
		bad(FieldUntil, "Say when it ends: a day, or below what has to happen first.")
	case s.Condition != "" && s.Review == "":
		bad(FieldReview, "Say when it is asked whether that has happened.")
	case s.Review != "" && s.Review < DateOf(now.UTC()):
		bad(FieldReview, "That day is over. Choose today or a later day.")
	}
	if field != "" {
		return &Error{Kind: Invalid, Message: why, Fields: map[FieldID]Text{field: why}}
	}
	o.prune(now)
	s.Scope = slices.Sorted(slices.Values(s.Scope))
	o.Standins = slices.DeleteFunc(o.Standins, func(old Standin) bool {
		return old.Team == s.Team && (slices.Equal(old.Scope, s.Scope) || old.User == s.User)
	})
	o.Standins = append(o.Standins, s)
	return nil
}

// HandBack ends what a person does for a team.
func (o *Office) HandBack(team TeamID, user UserID, now time.Time) error {
	before := len(o.Standins)
	o.Standins = slices.DeleteFunc(o.Standins, func(s Standin) bool { return s.Team == team && s.User == user })
	if len(o.Standins) == before {
		return fail(Conflict, "%s does not stand in for that team any more.", user)
	}
	o.prune(now)
	return nil
}

// Review puts off the question whether an acting maintainer is needed still.
func (o *Office) Review(team TeamID, user UserID, on Date, now time.Time) error {
	i := slices.IndexFunc(o.Standins, func(s Standin) bool { return s.Team == team && s.User == user })
	switch {
	case i < 0:
		return fail(Conflict, "%s does not stand in for that team any more.", user)
	case on <= DateOf(now.UTC()):
		t := Say("Choose a later day than today.")
		return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldReview: t}}
	}
	o.Standins[i].Review = on
	return nil
}

// Prefer keeps what a person wants to be told.
func (o *Office) Prefer(person UserID, p Preferences) error {
	if _, err := time.Parse("15:04", p.Morning); p.Morning != "" && err != nil {
		t := Say("Write the time as 09:30.")
		return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{FieldMorning: t}}
	}
	if o.People == nil {
		o.People = map[UserID]Preferences{}
	}
	if o.People[person] = p; p == (Preferences{}) {
		delete(o.People, person)
	}
	return nil
}

// PreferIn keeps what a channel wants to be told.
func (o *Office) PreferIn(channel ChannelID, p ChannelPreferences) {
	if o.Channels == nil {
		o.Channels = map[ChannelID]ChannelPreferences{}
	}
	if o.Channels[channel] = p; p == (ChannelPreferences{}) {
		delete(o.Channels, channel)
	}
}

// Left forgets a person who has left: they cover for nobody and stand in for no
// team. Whom they covered for is covered by the first of heirs who can; where
// nobody can, the cover ends, or else what is asked of the person who is away
// would be asked of nobody who reads it.
func (o *Office) Left(person UserID, heirs func(away UserID) []UserID, now time.Time) {
	delete(o.Away, person)
	for _, away := range slices.Sorted(maps.Keys(o.Away)) {
		c := o.Away[away]
		if c.By != person {
			continue
		}
		delete(o.Away, away)
		c.Since = now
		for _, c.By = range heirs(away) {
			if c.By != person && o.SetAway(away, c, now) == nil {
				break
			}
		}
	}
	o.Standins = slices.DeleteFunc(o.Standins, func(s Standin) bool { return s.User == person })
	delete(o.People, person)
	delete(o.Handles, person)
}

// prune drops what is over.
func (o *Office) prune(now time.Time) {
	maps.DeleteFunc(o.Away, func(_ UserID, c Cover) bool { return !c.Until.After(now) })
	o.Standins = slices.DeleteFunc(o.Standins, func(s Standin) bool { return !s.Ends.IsZero() && !s.Ends.After(now) })
}

// Form fields of what is done to an office.
const (
	FieldCover   FieldID = "cover"   // who covers, or stands in
	FieldReview  FieldID = "review"  // when it is asked whether a condition is met
	FieldMorning FieldID = "morning" // the time of the morning message
	FieldTeam    FieldID = "team"    // a team, by its id
	// FieldCondition is what ends an acting maintainer's time, in words.
	FieldCondition FieldID = "condition"
)
