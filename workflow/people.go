package workflow

import (
	"context"
	"maps"
	"slices"
	"time"
)

// This file is the service's door to the office: who may change it, and that all
// open runs follow.

// SetAway says that a person is away until the end of a day, and who covers for
// them. People say it of themselves; the lead of one of their teams and admins
// may say it of them.
func (s *Service) SetAway(ctx context.Context, who Who, person, by UserID, until Date) error {
	if err := s.MayPlanFor(ctx, who, person); err != nil {
		return err
	}
	if _, err := ParseDate(string(until)); err != nil {
		return notDate(FieldUntil)
	}
	if by != "" { // or the office says that somebody is needed
		if err := s.FitFor(ctx, by, FieldCover); err != nil {
			return err
		}
	}
	p, err := s.Profile(ctx, person)
	if err != nil {
		return err
	}
	now := s.now()
	c := Cover{By: by, Since: now.UTC().Truncate(time.Millisecond), Until: endOfDay(until, p.Zone), Day: until, Set: who.User}
	return s.changeOffice(ctx, who, func(o *Office) error { return o.SetAway(person, c, now) })
}

// Back says that a person is back before the day they said.
func (s *Service) Back(ctx context.Context, who Who, person UserID) error {
	if err := s.MayPlanFor(ctx, who, person); err != nil {
		return err
	}
	return s.changeOffice(ctx, who, func(o *Office) error { return o.Back(person, s.now()) })
}

// endOfDay is the first moment after a day in a zone.
func endOfDay(day Date, zone *time.Location) time.Time {
	t := day.Time()
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, zone).UTC()
}

// MayPlanFor refuses those who have no say in when a person is away.
func (s *Service) MayPlanFor(ctx context.Context, who Who, person UserID) error {
	if err := s.admitted(ctx, who.User); err != nil || who.User == person {
		return err
	}
	for _, def := range s.processes {
		roster := s.Roster(def)
		if roster.IsAdmin(who.User) {
			return nil
		}
		for _, t := range roster.Teams {
			if t.Lead == who.User && t.Has(person) {
				return nil
			}
		}
	}
	return fail(Denied, "When %s is away is for them to say, or for the lead of their team.", person)
}

// SetStandin makes a person the acting maintainer of a team. The team itself, the
// team that owns the processes and admins decide that.
func (s *Service) SetStandin(ctx context.Context, who Who, standin Standin) error {
	if err := s.MayDecide(ctx, who, standin); err != nil {
		return err
	}
	if standin.User != "" {
		if err := s.FitFor(ctx, standin.User, FieldCover); err != nil {
			return err
		}
	}
	for _, date := range []struct {
		on    Date
		field FieldID
	}{{standin.Until, FieldUntil}, {standin.Review, FieldReview}} {
		if _, err := ParseDate(string(date.on)); date.on != "" && err != nil {
			return notDate(date.field)
		}
	}
	var err error
	if standin.Reason, err = checkWords(FieldReason, standin.Reason); err != nil {
		return err
	}
	if standin.Condition, err = checkWords(FieldCondition, standin.Condition); err != nil {
		return err
	}
	now := s.now()
	standin.Set, standin.Since = who.User, now.UTC().Truncate(time.Millisecond)
	if standin.Until != "" {
		standin.Ends = s.calendars.At(standin.Team, standin.Until).UTC()
	}
	return s.changeOffice(ctx, who, func(o *Office) error { return o.SetStandin(standin, now) })
}

// HandBack gives a team its work back.
func (s *Service) HandBack(ctx context.Context, who Who, team TeamID, user UserID) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.changeOffice(ctx, who, func(o *Office) error {
		if err := s.mayEnd(o, who.User, team, user); err != nil {
			return err
		}
		return o.HandBack(team, user, s.now())
	})
}

// PutOffReview asks later whether an acting maintainer is needed still.
func (s *Service) PutOffReview(ctx context.Context, who Who, team TeamID, user UserID, on Date) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.changeOffice(ctx, who, func(o *Office) error {
		if err := s.mayEnd(o, who.User, team, user); err != nil {
			return err
		}
		if _, err := ParseDate(string(on)); err != nil {
			return notDate(FieldReview)
		}
		return o.Review(team, user, on, s.now())
	})
}

// MayDecideFor refuses those who have no say in who stands in for a team.
func (s *Service) MayDecideFor(ctx context.Context, who Who, team TeamID) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.mayDecideFor(who.User, team)
}

func (s *Service) mayDecideFor(who UserID, team TeamID) error {
	known := map[TeamID]bool{}
	names := Text{}
	for _, name := range slices.Sorted(maps.Keys(s.processes)) {
		def := s.processes[name]
		for _, t := range def.Teams {
			if known[t.ID] {
				continue
			}
			known[t.ID] = true
			if names.Format != "" {
				names.Format += ", "
			}
			names.Format += "%s"
			names.Args = append(names.Args, string(t.ID))
		}
		if s.decidesIn(def, team, who) {
			return nil
		}
	}
	if !known[team] {
		t := Say("There is no team “%s”. There are: %s.", string(team), names)
		return &Error{Kind: NotFound, Message: t, Fields: map[FieldID]Text{FieldTeam: t}}
	}
	return fail(Denied, "Who stands in for a team is for the team to say, and for those who own the process.")
}

// decidesIn reports whether a person has a say in who stands in for a team of a
// process: the team, those who own the process, and admins.
func (s *Service) decidesIn(def *Definition, team TeamID, who UserID) bool {
	roster := s.Roster(def)
	_, has := def.Team(team)
	return has && (roster.IsAdmin(who) || roster.IsMember(def.Owner, who) || roster.IsMember(team, who))
}

// MayDecide refuses those who have no say in a standin, for all that it is for.
func (s *Service) MayDecide(ctx context.Context, who Who, standin Standin) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.mayDecide(who.User, standin)
}

func (s *Service) mayDecide(who UserID, standin Standin) error {
	if err := s.mayDecideFor(who, standin.Team); err != nil {
		return err
	}
	for name, def := range s.processes {
		if _, has := def.Team(standin.Team); has && standin.Covers(name) && !s.decidesIn(def, standin.Team, who) {
			return fail(Denied, "Who stands in for %s in everything it does is for the team to say, and for those who own each process.", def.TeamName(standin.Team))
		}
	}
	return nil
}

// mayEnd refuses those who have no say in a standin as the office has it at the
// moment of the change, unless it is they who stand in.
func (s *Service) mayEnd(o *Office, who UserID, team TeamID, user UserID) error {
	if who == user {
		return nil
	}
	for _, standin := range o.Standins {
		if standin.Team == team && standin.User == user {
			return s.mayDecide(who, standin)
		}
	}
	return s.mayDecideFor(who, team)
}

// Prefer changes what a person wants to be told. Change is pure, and may be called
// more than once.
func (s *Service) Prefer(ctx context.Context, who Who, change func(*Preferences)) error {
	if err := s.admitted(ctx, who.User); err != nil {
		return err
	}
	return s.store.UpdateOffice(ctx, who.Request, func(o *Office) error {
		p := o.People[who.User]
		change(&p)
		return o.Prefer(who.User, p)
	}, nil)
}

// PreferIn changes what a channel wants to be told, as Prefer does. Everybody who
// is in one of the teams may say so.
func (s *Service) PreferIn(ctx context.Context, who Who, channel ChannelID, change func(*ChannelPreferences)) error {
	if err := s.MayPreferIn(ctx, who.User, channel); err != nil {
		return err
	}
	return s.store.UpdateOffice(ctx, who.Request, func(o *Office) error {
		p := o.Channels[channel]
		change(&p)
		o.PreferIn(channel, p)
		return nil
	}, nil)
}

// MayPreferIn refuses those who have no say in what a channel is told.
func (s *Service) MayPreferIn(ctx context.Context, user UserID, channel ChannelID) error {
	if err := s.admitted(ctx, user); err != nil {
		return err
	}
	for _, def := range s.processes {
		roster := s.Roster(def)
		if roster.IsAdmin(user) || slices.ContainsFunc(def.Teams, func(t Team) bool { return roster.IsMember(t.ID, user) }) {
			return nil
		}
	}
	return fail(Denied, "What reaches %s is for the teams of its runs to say.", channel)
}

// Left gives what a person had back to their teams, because their account was
// deactivated, and ends what they did for others: whom they covered for is covered
// by the lead of their team. Doing so again changes nothing.
func (s *Service) Left(ctx context.Context, person UserID, request RequestID) error {
	act := Act{Actor: Bot, At: s.now()}
	since := act.At.UTC().Truncate(time.Millisecond)
	change := func(o *Office) error { o.Left(person, s.teammates, since); return nil }
	return s.store.UpdateOffice(ctx, request, change, func(o *Office, r *Run) {
		leads := map[TeamID]UserID{}
		for id, t := range s.Roster(r.def).Teams {
			leads[id] = t.Lead
			if t.Lead == person {
				leads[id] = ""
				if i := slices.IndexFunc(t.Members, func(m UserID) bool { return m != person }); i >= 0 {
					leads[id] = t.Members[i]
				}
			}
		}
		r.Left(act, person, leads)
		r.Follow(act, o)
	})
}

// teammates are who could act for a person: the leads of their teams, then the
// others who are in one.
func (s *Service) teammates(person UserID) []UserID {
	var leads, members []UserID
	for _, name := range slices.Sorted(maps.Keys(s.processes)) {
		def := s.processes[name]
		roster := s.Roster(def)
		for _, t := range def.Teams {
			if roster.IsMember(t.ID, person) {
				leads = append(leads, roster.Teams[t.ID].Lead)
				members = append(members, roster.Teams[t.ID].Members...)
			}
		}
	}
	return append(leads, members...)
}

// changeOffice changes who acts for whom, and lets every open run follow.
func (s *Service) changeOffice(ctx context.Context, who Who, change func(*Office) error) error {
	act := Act{Actor: who.User, At: s.now()}
	return s.store.UpdateOffice(ctx, who.Request, change, func(o *Office, r *Run) { r.Follow(act, o) })
}

// admitted is Admitted by any of the processes.
func (s *Service) admitted(ctx context.Context, user UserID) error {
	for _, name := range slices.Sorted(maps.Keys(s.processes)) {
		_, err := s.Admitted(ctx, user, s.processes[name])
		return err
	}
	return nil
}
