package slackdev

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// clockAct moves the clock. The body says how far, in one of three ways:
//
//	{"advance": "1h30m"}                a duration as Go writes it
//	{"to": "tomorrow 09:30"}            a moment; see clock.Clock.AdvanceToMoment
//	{"business_days": 3}                the same time of day, Monday to Friday
//
// "zone" is the zone in which that is meant ("Europe/Berlin"); without it the zone
// of the person in "as", and UTC without either.
func clockAct(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
	if err := ws.moveClock(ctx, u, o); err != nil {
		out, err := refused(fmt.Errorf("%w: %w", ErrNotPossible, err))
		return answer{Outcome: out}, err
	}
	return answer{Outcome: Outcome{OK: true}, Now: ws.clock.Now().Format(time.RFC3339Nano)}, nil
}

func (ws *Workspace) moveClock(ctx context.Context, u *user, o *order) error {
	ways := 0
	for _, given := range []bool{o.Advance != "", o.To != "", o.BusinessDays != 0} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return errors.New("say how far in one way: advance, to or business_days")
	}
	zone, err := ws.zoneOf(u, o.Zone)
	switch {
	case err != nil:
		return err
	case o.To != "":
		return ws.clock.AdvanceToMoment(ctx, o.To, zone)
	case o.BusinessDays != 0:
		return ws.clock.AdvanceBusinessDays(ctx, o.BusinessDays, zone)
	}
	d, err := time.ParseDuration(o.Advance)
	if err != nil {
		return fmt.Errorf("advance must be a duration like 90m or 24h, not %q", o.Advance)
	}
	return ws.clock.Advance(ctx, d)
}

func (ws *Workspace) zoneOf(u *user, name string) (*time.Location, error) {
	if name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("zone must be the name of a time zone like Europe/Berlin, not %q", name)
		}
		return zone, nil
	}
	if u == nil {
		return nil, nil
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return u.zone, nil
}
