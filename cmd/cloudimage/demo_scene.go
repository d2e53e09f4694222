package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/slackdev"
)

// This file is the scene that the demo opens on: weeks that people have worked, so
// that whoever opens the page finds partnerships in every stage.

// cue is what somebody does at a moment.
type cue struct {
	at   time.Time
	who  string
	what string // for whoever is told that it did not work
	do   func(context.Context, *players) error
}

// scene is what people have done up to now, planned from the calendar: its days are
// business days, counted from today.
type scene struct {
	now   time.Time
	zones map[string]*time.Location // of the people
	first string                    // edition of the product
	last  string
	cues  []cue
}

// newScene is a scene that ends now, without anybody in it.
func newScene(now time.Time, seed *slackdev.Seed) (*scene, error) {
	s := &scene{now: now.UTC(), zones: map[string]*time.Location{}}
	for _, u := range seed.Users {
		zone, err := time.LoadLocation(u.TZ) // UTC when it is empty
		if err != nil {
			return nil, fmt.Errorf("the time zone of %s: %w", u.Name, err)
		}
		s.zones[u.Name] = zone
	}
	return s, nil
}

// back is the nth business day before today, so that all of it is over.
func (s *scene) back(n int) time.Time { return s.walk(n, -1) }

// ahead is the nth business day after today.
func (s *scene) ahead(n int) time.Time { return s.walk(n, 1) }

func (s *scene) walk(n, step int) time.Time {
	day := time.Date(s.now.Year(), s.now.Month(), s.now.Day(), 0, 0, 0, 0, time.UTC)
	for n > 0 {
		day = day.AddDate(0, 0, step)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	return day
}

// on plans an act: so many business days ago, at a time of day where they are.
func (s *scene) on(back int, clock, who, what string, do func(context.Context, *players) error) {
	day := s.back(back)
	var hour, minute int
	fmt.Sscanf(clock, "%d:%d", &hour, &minute) // written here, and tested
	zone := s.zones[who]
	if zone == nil {
		zone = time.UTC
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, zone).UTC()
	s.cues = append(s.cues, cue{at, who, what, do})
}

// begins is when the first of them acts, less some hours in which the bot starts.
func (s *scene) begins() time.Time {
	first := s.now
	for _, a := range s.cues {
		if a.at.Before(first) {
			first = a.at
		}
	}
	return first.Add(-2 * time.Hour)
}

// play lets everybody act, one after the other, up to the end of the scene.
func (s *scene) play(ctx context.Context, p *players) error {
	slices.SortStableFunc(s.cues, func(a, b cue) int { return a.at.Compare(b.at) })
	for _, a := range s.cues {
		if err := p.until(ctx, a.at); err != nil {
			return fmt.Errorf("let the time pass until %s: %w", a.at.Format("Mon 2 Jan 15:04"), err)
		}
		if err := a.do(ctx, p); err != nil {
			return fmt.Errorf("%s, %s: %w", a.at.Format("Mon 2 Jan 15:04"), strings.TrimPrefix(a.who+", "+a.what, ", "), err)
		}
	}
	for who := range s.zones {
		p.slack.User(who).Reload() // what only they saw of their acts is gone by now, as in Slack
	}
	return p.until(ctx, s.now)
}

// new plans the start of a partnership by its form.
func (s *scene) new(back int, clock, who, partner string, launch time.Time, listings ...string) {
	s.on(back, clock, who, "new "+partner, func(ctx context.Context, p *players) error {
		return p.asks(ctx, who, "new "+partner, answers{
			"Provider": {"Other"}, "Listings to launch": listings, "Target launch date": {launch.Format(time.DateOnly)},
		})
	})
}

// does plans a step that is marked done.
func (s *scene) does(back int, clock, who, run, step string, a answers) {
	s.on(back, clock, who, run+" "+step, func(ctx context.Context, p *players) error { return p.does(ctx, who, run, step, a) })
}

// asks plans a command with its form.
func (s *scene) asks(back int, clock, who, command string, a answers) {
	s.on(back, clock, who, command, func(ctx context.Context, p *players) error { return p.asks(ctx, who, command, a) })
}

// says plans a message.
func (s *scene) says(back int, clock, who, channel, words string) {
	s.on(back, clock, who, "a message", func(ctx context.Context, p *players) error { return p.says(ctx, who, channel, words) })
}

// replies plans a message in the thread of whatever says the words.
func (s *scene) replies(back int, clock, who, under, words string) {
	s.on(back, clock, who, "a reply", func(ctx context.Context, p *players) error { return p.replies(ctx, who, p.channel, under, words) })
}
