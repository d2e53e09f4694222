package clock

import (
	"context"
	"fmt"
	"time"

	"cloudimage/slackdev/moment"
)

// This file moves the clock to moments as people name them. A zone that is nil is
// UTC. All of it moves as AdvanceTo does: forward alone, stopping on the way.

// AdvanceToMoment moves the clock to a moment as a person names it in his zone:
// "09:30" is the next time it is half past nine, "tomorrow 09:30" and "2026-12-01
// 09:30" are on that day, and a day without a time is its 09:00; an RFC 3339 time
// is taken as it is. A wall time that a zone skips comes out as much later as its
// clocks go forward.
func (c *Clock) AdvanceToMoment(ctx context.Context, text string, zone *time.Location) error {
	t, err := moment.Parse(text, c.Now(), orUTC(zone))
	if err != nil {
		return fmt.Errorf("advance clock: %w", err)
	}
	return c.AdvanceTo(ctx, t)
}

// Tomorrow moves the clock to a time of day ("09:30") on the next date in the
// zone.
func (c *Clock) Tomorrow(ctx context.Context, at string, zone *time.Location) error {
	wall, err := moment.ParseWall(at)
	if err != nil {
		return fmt.Errorf("advance clock to tomorrow: %w", err)
	}
	return c.AdvanceTo(ctx, moment.Tomorrow(c.Now(), wall, orUTC(zone)))
}

// maxBusinessDays is more than anybody means.
const maxBusinessDays = 2600

// AdvanceBusinessDays moves the clock to the same time of day, n business days
// later in the zone: Monday to Friday, as the clock knows no holidays. From a
// weekend the first is Monday.
func (c *Clock) AdvanceBusinessDays(ctx context.Context, n int, zone *time.Location) error {
	if n < 1 || n > maxBusinessDays {
		return fmt.Errorf("advance clock: the number of business days must be 1 to %d, not %d", maxBusinessDays, n)
	}
	return c.advance(ctx, func(now time.Time) time.Time { return moment.BusinessDays(now, n, orUTC(zone)) })
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
