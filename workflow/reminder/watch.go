package reminder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cloudimage/workflow"
)

// This file watches the program itself: what it should have said and has not.
// The operator is told once of each trouble, and once that it is over.

// Outbox is what is on its way to people.
type Outbox interface {
	// Behind is how many messages have not shown what they should since before
	// that moment, since when the oldest has not, and why, as far as that is known.
	Behind(ctx context.Context, before time.Time) (n int, since time.Time, reason string, err error)
	// Notify keeps a trouble as a message to the operator's channel. It does
	// nothing when it is kept like that already, or is over and was never told.
	Notify(ctx context.Context, key string, channel workflow.ChannelID, about string) error
}

// The keys of troubles.
const (
	troubleOutbox = "outbox" // messages are stuck
	troubleClocks = "clocks" // messages that were due were not sent
	troubleToken  = "token"  // a token is about to end
	// The issue tracker cannot be asked anything.
	troubleTracker = "tracker"
	// A source of releases cannot be asked.
	troubleReleases = "releases"
)

// How long something may wait until it is a trouble, and how long before its end
// a token is one.
const (
	stuckAfter  = 15 * time.Minute
	unsentAfter = 30 * time.Minute
	tokenWithin = 7 * 24 * time.Hour
	// awayAfter is how long the issue tracker may be away: it is by far not needed as
	// much as Slack.
	awayAfter = 30 * time.Minute
	// unseenAfter is how long a source of releases may be away: others tell as much.
	unseenAfter = 6 * time.Hour
)

// Watch tells the operator's channel what is wrong, and what no longer is. Without
// a channel it does nothing: the log and the metrics say the same. Ends is when
// the first token ends; zero for never.
func (s *Service) Watch(ctx context.Context, out Outbox, channel workflow.ChannelID, ends time.Time) error {
	if channel == "" {
		return nil
	}
	var errs []error
	for _, look := range []func(context.Context, Outbox, time.Time) (Trouble, error){s.outbox, s.clocks, s.token(ends), s.tracker, s.releases} {
		t, err := look(ctx, out, s.options.Now())
		if err == nil {
			err = out.Notify(ctx, t.Key, channel, t.about())
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s *Service) outbox(ctx context.Context, out Outbox, now time.Time) (Trouble, error) {
	n, since, reason, err := out.Behind(ctx, now.Add(-stuckAfter))
	t := Trouble{Key: troubleOutbox, Over: n == 0, Text: "All messages have reached Slack."}
	if err != nil || n == 0 {
		return t, err
	}
	t.Text = fmt.Sprintf("%s not reached Slack since %s.", counted(n, "message has", "messages have"), at(since))
	if reason != "" {
		t.Text += " The last answer was: " + reason + "."
	}
	t.Text += " They are tried again by themselves; the log says more."
	return t, nil
}

func (s *Service) clocks(ctx context.Context, _ Outbox, now time.Time) (Trouble, error) {
	due, err := s.options.Book.Clocks(ctx, now.Add(-unsentAfter), atATime)
	t := Trouble{Key: troubleClocks, Over: len(due) == 0, Text: "What was due has been sent."}
	if err != nil || len(due) == 0 {
		return t, err
	}
	first := due[0]
	t.Text = fmt.Sprintf("%s due and not sent, the first at %s: the %s message of %s. See the log for why.",
		counted(len(due), "message was", "messages were"), at(first.Due), first.Kind, first.Subject)
	return t, nil
}

func (s *Service) token(ends time.Time) func(context.Context, Outbox, time.Time) (Trouble, error) {
	return func(_ context.Context, _ Outbox, now time.Time) (Trouble, error) {
		t := Trouble{Key: troubleToken, Over: ends.IsZero() || ends.Sub(now) > tokenWithin, Text: "Slack's token lasts longer than a week."}
		if !t.Over {
			t.Text = fmt.Sprintf("Slack's token ends at %s. Give me a new one before, or I fall silent.", at(ends))
		}
		return t, nil
	}
}

func (s *Service) tracker(_ context.Context, _ Outbox, now time.Time) (Trouble, error) {
	reason, since := s.options.Tracker()
	t := Trouble{Key: troubleTracker, Over: reason == "" || now.Sub(since) < awayAfter, Text: "The issue tracker answers again, and what waited for it was written."}
	if !t.Over {
		t.Text = fmt.Sprintf("The issue tracker cannot be used since %s, and what is to be written there waits. The last answer was: %s. `cloudimage doctor` says more.", at(since), reason)
	}
	return t, nil
}

func (s *Service) releases(_ context.Context, _ Outbox, now time.Time) (Trouble, error) {
	name, reason, since := s.options.Releases()
	t := Trouble{Key: troubleReleases, Over: name == "" || now.Sub(since) < unseenAfter, Text: "All sources of releases answer again."}
	if !t.Over {
		t.Text = fmt.Sprintf("The source of releases “%s” does not answer since %s, so a release may be seen late. The last answer was: %s. `cloudimage doctor` says more.", name, at(since), reason)
	}
	return t, nil
}

// about is a trouble as it is kept.
func (t Trouble) about() string {
	raw, err := json.Marshal(t)
	if err != nil {
		panic("reminder: strings cannot fail to encode: " + err.Error())
	}
	return string(raw)
}

// ReadTrouble reads a trouble that was kept.
func ReadTrouble(about string) (t Trouble, err error) {
	if err = json.Unmarshal([]byte(about), &t); err != nil {
		err = fmt.Errorf("read a trouble: %w", err)
	}
	return t, err
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
