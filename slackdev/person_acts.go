package slackdev

import (
	"context"
	"slices"
	"strings"
)

// This file has what people do besides talking to the app. Each returns when
// the app has acked the event that it subscribed to; one that it did not ack
// is sent again and is no failure, which a warning tells.

// Find returns the newest message in a channel that says the words, replies in
// threads included.
func (p *Person) Find(channel, words string) (Message, bool) {
	all := p.list(channel, func(*message) bool { return true })
	for _, m := range slices.Backward(all) {
		if strings.Contains(m.Text(), words) {
			return m, true
		}
	}
	return Message{}, false
}

// do runs an act of somebody who can act.
func (p *Person) do(act func() (Outcome, error)) (Outcome, error) {
	if p.absent != nil {
		return p.refuse()
	}
	return act()
}

// Edit rewrites a message of the person's own (message_changed).
func (p *Person) Edit(ctx context.Context, channel string, ts TS, text string) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.edit(ctx, p.u, channel, ts, text) })
}

// Delete deletes a message of the person's own (message_deleted). One with
// replies leaves a tombstone.
func (p *Person) Delete(ctx context.Context, channel string, ts TS) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.deleteOwn(ctx, p.u, channel, ts) })
}

// React puts an emoji under a message, by its name: "tada" or ":tada:"
// (reaction_added).
func (p *Person) React(ctx context.Context, channel string, ts TS, emoji string) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.reactAs(ctx, p.u, channel, ts, emoji, true) })
}

// Unreact takes an emoji of the person's own away (reaction_removed).
func (p *Person) Unreact(ctx context.Context, channel string, ts TS, emoji string) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.reactAs(ctx, p.u, channel, ts, emoji, false) })
}

// Upload posts a message with a file (file_shared).
func (p *Person) Upload(ctx context.Context, channel string, f Upload) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.upload(ctx, p.u, channel, f) })
}

// Pin pins a message to its channel (pin_added).
func (p *Person) Pin(ctx context.Context, channel string, ts TS) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.pin(ctx, p.u, channel, ts, true) })
}

// Unpin takes a pin off (pin_removed).
func (p *Person) Unpin(ctx context.Context, channel string, ts TS) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.pin(ctx, p.u, channel, ts, false) })
}

// CreateChannel makes a channel with the person in it (channel_created, when it
// is public). Guests cannot.
func (p *Person) CreateChannel(ctx context.Context, name string, private bool) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.createChannel(ctx, p.u, name, private) })
}

// Archive archives a channel (channel_archive, of a private one group_archive).
// Guests cannot, and #general stays.
func (p *Person) Archive(ctx context.Context, channel string) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.archive(ctx, p.u, channel, true) })
}

// Unarchive opens an archived channel again (channel_unarchive).
func (p *Person) Unarchive(ctx context.Context, channel string) (Outcome, error) {
	return p.do(func() (Outcome, error) { return p.ws.archive(ctx, p.u, channel, false) })
}
