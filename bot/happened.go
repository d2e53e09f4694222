package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// happened takes an event of the workspace.
func (b *Bot) happened(ctx context.Context, in Incoming) answer {
	out := answer{outcome: "ok"}
	switch in.Event.Type {
	case "app_home_opened":
		if in.Event.Tab == "" || in.Event.Tab == "home" {
			b.homes.opened(in.User)
		}
	case "user_change":
		var user slack.User
		if err := json.Unmarshal(in.Event.User, &user); err != nil || user.ID == "" {
			break
		}
		if left := b.people.changed(&user); left && b.options.OnLeft != nil {
			b.options.OnLeft(workflow.UserID(user.ID))
		}
	case "subteam_members_changed", "subteam_updated", "subteam_created":
		out.then(func(ctx context.Context) { b.teams.load(ctx) })
	case "member_joined_channel":
		if string(in.User) == b.identity().UserID {
			out.then(func(ctx context.Context) { b.invited(ctx, workflow.ChannelID(in.Event.Channel)) })
		}
	case "message":
		switch {
		case in.Event.Written && in.Event.Thread == "":
			return b.written(ctx, in)
		case in.Event.Written, in.Event.Reply:
			return b.replied(ctx, in)
		}
		out.outcome = "ignored"
	case "app_uninstalled", "tokens_revoked":
		b.log.Error("the app was uninstalled or its tokens were revoked; install it again and restart with the new tokens")
	default:
		out.outcome = "ignored"
	}
	return out
}

// written answers what a person wrote to the bot: the words are a command
// without its slash. What needs a form is named, since only a command or a click
// can open one.
func (b *Bot) written(ctx context.Context, in Incoming) answer {
	verb, text, _ := strings.Cut(strings.TrimSpace(in.Text), " ")
	reply, err := b.desk.Do(ctx, commands.Request{
		ID: workflow.RequestID(in.Key), User: in.User, Verb: strings.ToLower(verb), Text: unescape(strings.TrimSpace(text)),
	})
	out := answer{outcome: "ok"}
	var m view.Message
	switch {
	case err != nil:
		out.outcome, m = outcomeOf(err), view.Notice(explain(b.log, err))
	case reply.Form != nil:
		m = view.Notice(b.typeIt(in))
	case reply.Page != nil && reply.Later != nil:
		out.then(func(ctx context.Context) { b.afterwards(ctx, in, opened{}, reply.Later) })
		return out
	case reply.Page != nil:
		m = view.PageMessage(reply.Page)
	case reply.Run != nil:
		m = b.options.Names.Card(reply.Run)
	case len(reply.Files) > 0:
		b.files(&out, asking{channel: workflow.ChannelID(in.Event.Channel), in: in}, reply)
		return out
	default:
		m = view.Notice(reply.Text)
	}
	out.then(func(ctx context.Context) {
		if err := b.web.direct(ctx, in.User, m); err != nil {
			b.log.Warn("a person could not be answered", "user", in.User, "err", err)
		}
	})
	return out
}

// typeIt says what to type to get a form.
func (b *Bot) typeIt(in Incoming) workflow.Text {
	return workflow.Say("I need a form for that. Type %s.", workflow.Command(b.options.Command+" "+strings.TrimSpace(in.Text)))
}

// finished are the words by which people say, below a card or a message of ours,
// that something is done.
var finished = regexp.MustCompile(`(?i)^\W*(?:(?:it'?s |it is |all |i'?m )?(?:done|finished|ready|complete|completed|fixed)|looks good|lgtm|:white_check_mark:|:heavy_check_mark:|:\+1:|✅)\W*$`)

// replied answers somebody who wrote "done" below a card, or below a message of
// ours: with their steps of that run and the button for each, for a word ticks
// nothing. Everything else that is said there is between people.
func (b *Bot) replied(ctx context.Context, in Incoming) answer {
	out := answer{outcome: "ignored"}
	if !finished.MatchString(strings.TrimSpace(in.Text)) {
		if in.Event.Written { // in a thread of a direct message there is nobody else to talk to
			return b.written(ctx, in)
		}
		return out
	}
	channel := workflow.ChannelID(in.Event.Channel)
	about, err := b.options.Letters.MessageAt(ctx, channel, in.Event.Thread)
	switch {
	case workflow.KindOf(err) == workflow.NotFound && in.Event.Written:
		return b.written(ctx, in)
	case workflow.KindOf(err) == workflow.NotFound:
		return out
	case err != nil:
		return b.sorry(in, err)
	}
	reply, err := b.desk.Do(ctx, commands.Request{ID: workflow.RequestID(in.Key), User: in.User, Verb: "mine", Target: commands.Target{Run: about.Run}})
	if err != nil || reply.Page == nil {
		return out // nothing of that run is theirs, so they meant something else
	}
	out.outcome = "ok"
	m := view.PageMessage(reply.Page)
	out.then(func(ctx context.Context) {
		if err := b.web.ephemeralIn(ctx, channel, in.Event.Thread, in.User, m); err != nil {
			b.log.Warn("a person could not be answered", "user", in.User, "err", err)
		}
	})
	return out
}

// invited sends what waited for the bot to be let into a channel.
func (b *Bot) invited(ctx context.Context, channel workflow.ChannelID) {
	b.rooms.forget(channel)
	if err := b.options.Shown.Release(ctx, channel); err != nil {
		b.log.Error("messages that waited for a channel could not be released", "channel", channel, "err", err)
		return
	}
	b.publisher.wake()
}
