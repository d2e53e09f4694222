package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

func said(code string) error {
	return fmt.Errorf("chat.update: %w", slack.SlackErrorResponse{Err: code})
}

func TestOutcomesOfCalls(t *testing.T) {
	t.Parallel()
	limited := fmt.Errorf("chat.update: %w", &slack.RateLimitedError{RetryAfter: 7 * time.Second})
	for _, c := range []struct {
		name      string
		err       error
		result    string        // for the metrics
		uncertain bool          // it may have been done
		backoff   time.Duration // after two failures
	}{
		{"none", nil, "ok", false, 8 * time.Second},
		{"a definite answer", said("channel_not_found"), "channel_not_found", false, 8 * time.Second},
		{"Slack's own trouble", said("internal_error"), "internal_error", true, 8 * time.Second},
		{"Slack gave up", said("fatal_error"), "fatal_error", true, 8 * time.Second},
		{"too much", limited, "ratelimited", false, 7 * time.Second},
		{"a server error", fmt.Errorf("chat.update: %w", slack.StatusCodeError{Code: http.StatusBadGateway}), "unreachable", true, 8 * time.Second},
		{"no answer", fmt.Errorf("chat.update: %w", context.DeadlineExceeded), "unreachable", true, 8 * time.Second},
		{"no network", errors.New("connection refused"), "unreachable", true, 8 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := result(c.err); got != c.result {
				t.Errorf("it counts as %q, not %q", got, c.result)
			}
			if got := uncertain(c.err); got != c.uncertain {
				t.Errorf("uncertain is %v", got)
			}
			if got := backoff(2, c.err); got != c.backoff {
				t.Errorf("it is tried again after %v, not %v", got, c.backoff)
			}
		})
	}
}

func TestBackoffEndsAtAMinute(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for failures := range 100 {
		wait := backoff(failures, errors.New("no network"))
		if wait < last || wait > time.Minute {
			t.Fatalf("after %d failures it waits %v, before that %v", failures, wait, last)
		}
		last = wait
	}
	if last != time.Minute {
		t.Errorf("it never waits longer than %v", last)
	}
}

func TestCallsKeepToTheTiers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(true)
		began := time.Now()
		for range tiers["chat.update"].burst + tiers["chat.update"].perMinute {
			if err := p.wait(t.Context(), "chat.update"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began).Round(time.Second); took != time.Minute {
			t.Errorf("a burst and a minute's calls took %v", took)
		}
		if err := p.wait(t.Context(), "views.open"); err != nil || time.Since(began).Round(time.Second) != time.Minute {
			t.Errorf("what somebody waits for was held up: %v", err)
		}
	})
}

func TestMethodIsHeldForAsLongAsSlackAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(false)
		p.hold("chat.update", 30*time.Second)
		began := time.Now()
		if err := p.wait(t.Context(), "chat.postMessage"); err != nil || time.Since(began) > 0 {
			t.Errorf("another method waited %v, %v", time.Since(began), err)
		}
		if err := p.wait(t.Context(), "chat.update"); err != nil || time.Since(began) != 30*time.Second {
			t.Errorf("the method waited %v, %v", time.Since(began), err)
		}
		p.hold("chat.update", time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.wait(ctx, "chat.update"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that is given up ends with %v", err)
		}
	})
}

func TestRepliesAreInTheThread(t *testing.T) {
	t.Parallel()
	s := newSite(t, slackdev.Options{})
	ctx, ana := t.Context(), s.slack.User("ana")
	words := func(text string) view.Message { return view.Notice(workflow.Say("%s", text)) }
	meta := slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"id": "R1.story.3"}}
	channel, parent, err := s.web.post(ctx, "C0GENERAL", words("The card."), meta)
	if err != nil || channel != "C0GENERAL" {
		t.Fatalf("%s, %v", channel, err)
	}
	_, quiet, err := s.web.reply(ctx, channel, thread{under: parent}, words("A story."), meta)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.web.reply(ctx, channel, thread{under: parent, broadcast: true}, words("For all."), meta); err != nil {
		t.Fatal(err)
	}
	if got := ana.Sees("#general"); !mentions(got, "The card.", "For all.") || mentions(got, "A story.") {
		t.Errorf("in the channel she reads %q", got)
	}
	if got := ana.SeesThread("#general", slackdev.TS(parent)); !mentions(got, "The card.", "A story.", "For all.") {
		t.Errorf("in the thread she reads %q", got)
	}
	if m, ok := ana.Message("#general", slackdev.TS(quiet)); !ok || !mentions(string(m.Metadata), "R1.story.3") {
		t.Errorf("the reply cannot be found again: %+v", m)
	}
}
