package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudimage/slackdev"
)

// This file is the people of the demo who have acted before anybody looks: they type
// commands, press buttons and send forms, as whoever opens the page can. Nothing is
// written past the bot.

// players are the people of a workspace, and the bot they talk to.
type players struct {
	slack   *slackdev.Workspace
	app     *App
	channel string // where they work: #cloud-images
}

// until moves the clock to a moment. What falls due on the way is done, and has been
// sent, at its own moment.
func (p *players) until(ctx context.Context, at time.Time) error {
	if !at.After(p.slack.Clock().Now()) {
		return nil // somebody else was as quick
	}
	var late error
	forget := p.slack.Clock().OnAdvance(func(ctx context.Context, _ time.Time) { late = errors.Join(late, p.app.Settle(ctx)) })
	defer forget()
	if err := p.slack.Clock().AdvanceTo(ctx, at); err != nil {
		return err
	}
	return late
}

// types types a command into the channel, and returns the form that comes up; ok is
// false when there is none.
func (p *players) types(ctx context.Context, who, command string) (form slackdev.View, ok bool, err error) {
	person := p.slack.User(who)
	if _, err := person.Slash(ctx, p.channel, "/cloudimage "+command); err != nil {
		return slackdev.View{}, false, err
	}
	if err := p.app.Settle(ctx); err != nil {
		return slackdev.View{}, false, err
	}
	form, ok = person.Modal()
	return form, ok, nil
}

// sends fills in the form that is open and sends it.
func (p *players) sends(ctx context.Context, who string, answers answers) error {
	person := p.slack.User(who)
	form, ok := person.Modal()
	if !ok || form.Submit == "" {
		return fmt.Errorf("there is no form to fill in: %s", p.told(who))
	}
	inputs, err := inputsOf(form)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		values := answers.to(in, who, p.slack.Clock().Now())
		if values == nil {
			continue
		}
		if _, err := person.Fill(ctx, in.Block, values...); err != nil {
			return fmt.Errorf("%s: %w", in.Label, err)
		}
	}
	out, err := person.Submit(ctx)
	if err == nil && !out.OK {
		err = fmt.Errorf("the form was not taken: %s %v", out.Error, out.FieldErrors)
	}
	return errors.Join(err, p.app.Settle(ctx))
}

// asks types a command and sends the form that it brings up.
func (p *players) asks(ctx context.Context, who, command string, answers answers) error {
	_, ok, err := p.types(ctx, who, command)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("no form came up: %s", p.told(who))
	}
	return p.sends(ctx, who, answers)
}

// does marks a step done, with its evidence. What is done by itself already, as an
// issue that GitLab has, is no failure.
func (p *players) does(ctx context.Context, who, run, step string, answers answers) error {
	form, ok, err := p.types(ctx, who, "done "+run+" "+step)
	if err != nil {
		return err
	}
	switch {
	case ok && form.Submit != "":
		return p.sends(ctx, who, answers)
	case strings.Contains(p.told(who), "already done"), !ok && strings.Contains(p.told(who), "Marked done"):
		return p.closes(ctx, who)
	}
	said := p.told(who)
	return errors.Join(fmt.Errorf("it cannot be done: %s", said), p.closes(ctx, who))
}

// closes closes whatever they have open.
func (p *players) closes(ctx context.Context, who string) error {
	person := p.slack.User(who)
	if _, open := person.Modal(); !open {
		return nil
	}
	_, err := person.CloseAll(ctx)
	return err
}

// presses presses a button of the newest message that has it, in a channel or in "dm",
// which stands near the words.
func (p *players) presses(ctx context.Context, who, channel, button, near string) error {
	if _, err := p.slack.User(who).Click(ctx, slackdev.In(channel, button).Near(near)); err != nil {
		return err
	}
	return p.app.Settle(ctx)
}

// says posts a message.
func (p *players) says(ctx context.Context, who, channel, words string) error {
	_, err := p.slack.User(who).Say(ctx, channel, words)
	return err
}

// replies posts into the thread of the newest message that begins with the words, as
// the card of a run does with its name.
func (p *players) replies(ctx context.Context, who, channel, under, words string) error {
	person := p.slack.User(who)
	for _, m := range newestFirst(person.Messages(channel)) {
		if !m.Ephemeral && strings.HasPrefix(m.Text(), under) {
			_, err := person.SayIn(ctx, channel, m.TS, words)
			return err
		}
	}
	return fmt.Errorf("nothing in %s begins with %q", channel, under)
}

// reads marks everything read that they can see: the channels, and what the bot wrote to them.
func (p *players) reads(who string, channels ...string) {
	for _, c := range append(channels, "dm") {
		p.slack.User(who).MarkRead(c)
	}
}

// told is what they were answered with: the form that is open, or the newest message
// that only they see.
func (p *players) told(who string) string {
	person := p.slack.User(who)
	if v, ok := person.Modal(); ok {
		return v.Text()
	}
	for _, m := range newestFirst(person.Messages(p.channel)) {
		if m.Ephemeral {
			return m.Text()
		}
	}
	return ""
}

func newestFirst(messages []slackdev.Message) []slackdev.Message {
	out := make([]slackdev.Message, len(messages))
	for i, m := range messages {
		out[len(messages)-1-i] = m
	}
	return out
}
