package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// This file posts messages so that each is there once, whatever happens
// between the call and its answer.

// metadataType marks messages of ours. With the id it tells which message a post
// is of, and with the news which of its posts.
const metadataType = "cloudimage_message"

func metadata(m store.Message) slack.SlackMetadata {
	return slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{
		"id": string(m.ID), "news": strconv.FormatInt(m.News, 10),
	}}
}

func (p *publisher) post(ctx context.Context, m store.Message, d drawing) error {
	if m.Person == "" {
		refusal, err := p.bot.rooms.refusal(ctx, m.Channel)
		if err != nil {
			return p.failed(ctx, m, d, err)
		}
		if !refusal.IsZero() {
			return p.refused(ctx, m, d, refusal)
		}
	}
	if !m.Attempted.IsZero() {
		if found := p.find(ctx, m, d); found != nil {
			p.bot.log.Info("a post whose answer was lost was found", "message", m.ID)
			// What it shows is older, so it is brought up to date next; and there may
			// have been other news since.
			m.News = found.news
			err := p.posted(ctx, m, found.channel, found.ts, store.Drawn{Version: m.Shown})
			return p.withLog(ctx, d, found.channel, found.ts, err)
		}
	}
	mine, err := p.bot.options.Shown.Attempt(ctx, m)
	if err != nil || !mine {
		return err
	}
	to := cmp.Or(string(m.Person), string(m.Channel))
	send := func(what view.Message) (channel, ts string, err error) {
		if d.thread.under != "" {
			return p.bot.web.reply(ctx, to, d.thread, what, metadata(m))
		}
		return p.bot.web.post(ctx, to, what, metadata(m))
	}
	channel, ts, err := send(d.Message)
	if isRejected(err) {
		p.bot.log.Error("Slack rejected a drawing; showing it as text", "message", m.ID, "err", err)
		channel, ts, err = send(d.Plain())
	}
	p.called(m.ID)
	if err != nil {
		return p.failed(ctx, m, d, err)
	}
	if channel == "" {
		channel = to
	}
	return p.withLog(ctx, d, channel, ts, p.posted(ctx, m, channel, ts, d.drawn()))
}

// posted notes a post. What it takes the place of is deleted first, since the
// note is all that is known of where that is.
func (p *publisher) posted(ctx context.Context, m store.Message, channel, ts string, d store.Drawn) error {
	if m.TS != "" && m.TS != ts {
		if err := p.remove(ctx, m); err != nil {
			p.bot.log.Warn("an older message could not be deleted", "message", m.ID, "err", err)
		}
	}
	return p.bot.options.Shown.Posted(ctx, m.ID, workflow.ChannelID(channel), ts, d, m.News)
}

// removals is how often a deletion is tried. After that the older message stays:
// to leave the newer one unnoted would have it posted again, where its metadata
// cannot be looked up, as often as the deletion fails.
const removals = 3

// recall deletes a message and leaves nothing in its place.
func (p *publisher) recall(ctx context.Context, m store.Message) error {
	if m.TS == "" && !m.Attempted.IsZero() { // it may be there after all
		if found := p.find(ctx, m, drawing{}); found != nil {
			m.Channel, m.TS = workflow.ChannelID(found.channel), found.ts
		}
	}
	if m.TS != "" {
		if err := p.remove(ctx, m); err != nil {
			p.called(m.ID)
			return p.failed(ctx, m, drawing{}, err)
		}
	}
	p.called(m.ID)
	return p.bot.options.Shown.Recalled(ctx, m.ID)
}

// remove deletes a message. Where that is not possible it says that there is a
// newer one, and has no buttons.
func (p *publisher) remove(ctx context.Context, m store.Message) error {
	var err error
	for n := range removals {
		err = p.bot.web.delete(ctx, string(m.Channel), m.TS)
		if _, limited := retryAfter(err); limited {
			continue // the next try waits for as long as was asked for
		}
		if !uncertain(err) {
			break
		}
		pause(ctx, tryAgain<<n/2)
	}
	if err == nil || slackError(err) == "message_not_found" {
		return nil
	}
	moved := view.Notice(workflow.Say("There is a newer message about this further down."))
	if p.bot.web.update(ctx, string(m.Channel), m.TS, moved) == nil {
		return nil
	}
	return err
}

// find looks for a post whose answer was lost. It needs a history scope, and
// im:write to know where a first direct message is; without them the message
// may be posted twice, which is better than not at all.
func (p *publisher) find(ctx context.Context, m store.Message, d drawing) *lostPost {
	channel := string(m.Channel)
	var there []slack.Message
	var err error
	if channel == "" {
		channel, err = p.bot.web.openDirect(ctx, m.Person)
	}
	if err == nil {
		there, err = p.bot.web.newest(ctx, channel, d.thread.under)
	}
	if err != nil {
		p.bot.log.Warn("a post whose answer was lost could not be looked for; it may be there twice", "message", m.ID, "err", err)
		return nil
	}
	for _, found := range there { // newest first
		payload := found.Metadata.EventPayload
		if found.Metadata.EventType != metadataType || payload["id"] != string(m.ID) || found.Timestamp <= m.TS {
			continue
		}
		news, err := strconv.ParseInt(fmt.Sprint(payload["news"]), 10, 64)
		if err == nil {
			return &lostPost{channel, found.Timestamp, news}
		}
	}
	return nil
}

// lostPost is a post whose answer was lost.
type lostPost struct {
	channel, ts string
	news        int64 // what it was posted for
}

// Waits before a message is tried again: a passing failure soon, and what a
// person has to put right, rarely.
const (
	tryAgain   = 2 * time.Second
	waitPeople = 10 * time.Minute
)

// failed notes that a message could not be shown.
func (p *publisher) failed(ctx context.Context, m store.Message, d drawing, err error) error {
	switch code := slackError(err); code {
	case "not_in_channel", "channel_not_found", "is_archived", "restricted_action", "posting_to_channel_denied":
		return p.refused(ctx, m, d, roomProblem(code, m.Channel))
	case "user_not_found", "cannot_dm_bot", "messages_tab_disabled", "account_inactive", "user_disabled":
		return errors.Join(err, p.bot.options.Shown.Failed(ctx, m.ID, p.bot.options.Now().Add(waitPeople), code))
	}
	p.hold(m.ID, backoff(m.Failures, err))
	note := p.bot.options.Shown.Failed
	if uncertain(err) && (m.TS == "" || m.HasNews()) {
		note = p.bot.options.Shown.Lost
	}
	return errors.Join(err, note(ctx, m.ID, time.Time{}, result(err)))
}

// backoff is how long a message waits after its nth failure in a row: as long as
// Slack asked for, else twice as long each time, a minute at most.
func backoff(failures int, err error) time.Duration {
	if wait, ok := retryAfter(err); ok {
		return wait
	}
	return min(tryAgain<<min(failures, 5), time.Minute)
}

func roomProblem(code string, channel workflow.ChannelID) workflow.Text {
	switch code {
	case "is_archived":
		return workflow.Say("%s is archived, so I cannot post there. Unarchive it.", channel)
	case "restricted_action", "posting_to_channel_denied":
		return workflow.Say("I may not post in %s. Ask one of its managers.", channel)
	}
	return workflow.Say("I am not in %s. Invite me there, and I will post by myself: %s", channel, workflow.Command("/invite @cloudimage"))
}

// refused tells the owner of a run, once, why its card is not where it should
// be, and what to do.
func (p *publisher) refused(ctx context.Context, m store.Message, d drawing, why workflow.Text) error {
	if r := d.run; m.Failures == 0 && m.Kind == store.Card && r != nil {
		t := workflow.Say("The card of %s (%s) is not posted yet. %s Everything else works, and nothing is lost.", r.Partner, r.Name(), why)
		if err := p.bot.web.direct(ctx, r.Owner, view.Notice(t)); err != nil {
			p.bot.log.Warn("the owner of a run could not be told", "run", r.Name(), "err", err)
		}
	}
	if err := p.bot.options.Shown.Failed(ctx, m.ID, p.bot.options.Now().Add(waitPeople), why.String()); err != nil {
		return err
	}
	return fmt.Errorf("%s: %s", d.name, why)
}
