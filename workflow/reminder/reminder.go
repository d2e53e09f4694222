package reminder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudimage/workflow"
)

// Book is where clocks are kept, with what is due to whom. Implementations are
// safe for concurrent use.
type Book interface {
	// Clocks are the clocks that have run out by now, the oldest first, limit at
	// most.
	Clocks(ctx context.Context, now time.Time, limit int) ([]workflow.Clock, error)
	// SetClock sets a clock, or stops it when it is never due.
	SetClock(ctx context.Context, c workflow.Clock) error
	// Asking are the todos of a person that they may be reminded of, for they are
	// quiet no later than now: due by horizon, never said, or without a date since
	// undated. Late ones come first, then those that are due, limit at most; all is
	// how many there are.
	Asking(ctx context.Context, person workflow.UserID, now, horizon, undated time.Time, limit int) (list []workflow.RunTodo, all int, err error)
	// Snoozed are the todos that a person asked not to be reminded of now.
	Snoozed(ctx context.Context, person workflow.UserID, now time.Time, limit int) ([]workflow.RunTodo, error)
	// Count is how many todos a person has.
	Count(ctx context.Context, person workflow.UserID) (int, error)
	// OpenIn visits the open runs whose cards are in a channel.
	OpenIn(ctx context.Context, channel workflow.ChannelID, visit func(*workflow.Run) error) error
	// Keep keeps what came of a clock, in one transaction. A request that was
	// seen before changes nothing.
	Keep(ctx context.Context, request workflow.RequestID, l workflow.Letter) error
}

// Options is what a [Service] is made of. Every field is needed but those with a
// default.
type Options struct {
	Book      Book
	Library   workflow.Library
	Directory workflow.Directory
	Calendars workflow.Calendars
	Processes map[workflow.ProcessName]*workflow.Definition
	// At is when mornings are, on the clock of each person. Defaults to "09:30".
	At string
	// Until is the hour of the evening from which nobody is written to.
	// Defaults to "18:00".
	Until string
	// Left is called when somebody who is to be reminded has left, and again
	// after an error. Defaults to nothing.
	Left func(ctx context.Context, person workflow.UserID) error
	// Tracker says why the issue tracker cannot be used, and since when; an empty
	// reason when it can, and when there is none. Defaults to that.
	Tracker func() (reason string, since time.Time)
	// Releases is the source of releases that has been away longest, why and since when;
	// no name for none. Defaults to none.
	Releases func() (name, reason string, since time.Time)
	// Now is the present time. Defaults to time.Now.
	Now func() time.Time
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Service says what is due.
type Service struct {
	options   Options
	at, until time.Duration // since midnight
}

// New makes a Service.
func New(o Options) (*Service, error) {
	if o.At == "" {
		o.At = "09:30"
	}
	if o.Until == "" {
		o.Until = "18:00"
	}
	if o.Left == nil {
		o.Left = func(context.Context, workflow.UserID) error { return nil }
	}
	if o.Tracker == nil {
		o.Tracker = func() (string, time.Time) { return "", time.Time{} }
	}
	if o.Releases == nil {
		o.Releases = func() (string, string, time.Time) { return "", "", time.Time{} }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s := &Service{options: o}
	var errs [2]error
	s.at, errs[0] = hour(o.At)
	s.until, errs[1] = hour(o.Until)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if s.until <= s.at {
		return nil, fmt.Errorf("the evening, %s, comes before the morning, %s", o.Until, o.At)
	}
	return s, nil
}

// hour reads an hour such as 09:30, as the time since midnight.
func hour(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("%q is no time of day; write it as 09:30", text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

const (
	atATime  = 64
	together = 16 // are composed at once, so that what is kept shares commits
)

// Fire says what is due by now and reports how many clocks it has dealt with.
// What cannot be said now is tried again with the next call, and holds up nobody
// else's.
func (s *Service) Fire(ctx context.Context) (n int, err error) {
	var errs []error
	tried := map[workflow.Clock]bool{}
	for {
		due, err := s.options.Book.Clocks(ctx, s.options.Now(), atATime+len(tried))
		if err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		fresh := due[:0]
		for _, c := range due {
			if key := (workflow.Clock{Kind: c.Kind, Subject: c.Subject}); !tried[key] {
				tried[key] = true
				fresh = append(fresh, c)
			}
		}
		failed := s.fireAll(ctx, fresh)
		n += len(fresh) - len(failed)
		if errs = append(errs, failed...); len(fresh) == 0 || ctx.Err() != nil {
			return n, errors.Join(errs...)
		}
	}
}

func (s *Service) fireAll(ctx context.Context, due []workflow.Clock) (errs []error) {
	var mu sync.Mutex
	var firing sync.WaitGroup
	slots := make(chan struct{}, together)
	for _, c := range due {
		slots <- struct{}{}
		firing.Go(func() {
			defer func() { <-slots }()
			if err := s.fire(ctx, c); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("%s message of %s: %w", c.Kind, c.Subject, err))
			}
		})
	}
	firing.Wait()
	return errs
}

func (s *Service) fire(ctx context.Context, c workflow.Clock) error {
	if c.Kind == workflow.DailyClock {
		return s.daily(ctx, c)
	}
	return s.morning(ctx, c)
}

// rhythm is when a person or a channel is written to.
type rhythm struct {
	service *Service
	team    workflow.TeamID // whose working days are kept
	zone    *time.Location
	at      time.Duration // since midnight
}

// day is the date it is there.
func (r rhythm) day(t time.Time) workflow.Date { return workflow.DateOf(t.In(r.zone)) }

// morning is when the morning of a day is.
func (r rhythm) morning(d workflow.Date) time.Time { return r.clock(d, r.at) }

func (r rhythm) clock(d workflow.Date, since time.Duration) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, int(since/time.Minute), 0, 0, r.zone)
}

// works reports whether a day is a working day.
func (r rhythm) works(d workflow.Date) bool {
	cal := r.service.options.Calendars
	return workflow.DateOf(cal.Opening(r.team, cal.At(r.team, d), 0)) == d
}

// next is the first morning after a moment.
func (r rhythm) next(after time.Time) time.Time {
	for d := r.day(after); ; d = nextDay(d) {
		if t := r.morning(d); t.After(after) && r.works(d) {
			return t.UTC()
		}
	}
}

// nextWorking is the first working day after d.
func (r rhythm) nextWorking(d workflow.Date) workflow.Date {
	for d = nextDay(d); !r.works(d); d = nextDay(d) {
	}
	return d
}

func nextDay(d workflow.Date) workflow.Date {
	return workflow.DateOf(d.Time().AddDate(0, 0, 1))
}

// isMorning reports whether a clock was set for a morning, and not for the
// moment at which there was first something to say.
func (r rhythm) isMorning(t time.Time) bool { return r.morning(r.day(t)).Equal(t) }

// set is when a clock runs out. One that was set the moment there was first
// something to say runs out on the first morning after it.
func (r rhythm) set(c workflow.Clock) time.Time {
	if r.isMorning(c.Due) {
		return c.Due
	}
	return r.next(c.Due)
}

// mayWrite reports whether now is within the hours of a working day.
func (r rhythm) mayWrite(now time.Time) bool {
	d := r.day(now)
	return r.works(d) && !now.Before(r.morning(d)) && now.Before(r.clock(d, max(r.service.until, r.at+time.Hour)))
}

// lateBy is how long after its time a message counts as missed.
const lateBy = 2 * time.Hour

// missed is the day of a morning that has passed without a message, if it has.
func (r rhythm) missed(due, now time.Time) workflow.Date {
	if now.Sub(due) < lateBy {
		return ""
	}
	return r.day(due)
}

// teamOf is the team whose working days are a person's: the first they are in.
func (s *Service) teamOf(person workflow.UserID) workflow.TeamID {
	for _, name := range s.processNames() {
		def := s.options.Processes[name]
		roster := s.options.Directory.Roster(def)
		for _, t := range def.Teams {
			if roster.IsMember(t.ID, person) {
				return t.ID
			}
		}
	}
	return ""
}
