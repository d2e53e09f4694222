package bot

import (
	"context"
	"encoding/json"
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
		if err := json.Unmarshal(in.Event.User, &user); err == nil && user.ID != "" {
			b.people.keep(&user)
		}
	case "subteam_members_changed", "subteam_updated", "subteam_created":
		out.then(func(ctx context.Context) { b.teams.load(ctx) })
	case "member_joined_channel":
		if string(in.User) == b.identity().UserID {
			out.then(func(ctx context.Context) { b.invited(ctx, workflow.ChannelID(in.Event.Channel)) })
		}
	case "message":
		if in.Event.Written {
			return b.written(ctx, in)
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
		m = view.Notice(workflow.Say("I need a form for that. Type %s.", workflow.Command(b.options.Command+" "+strings.TrimSpace(in.Text))))
	case reply.Page != nil:
		m = view.PageMessage(reply.Page)
	case reply.Run != nil:
		m = view.Card(reply.Run)
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

// invited sends what waited for the bot to be let into a channel.
func (b *Bot) invited(ctx context.Context, channel workflow.ChannelID) {
	b.rooms.forget(channel)
	if err := b.options.Shown.Release(ctx, channel); err != nil {
		b.log.Error("messages that waited for a channel could not be released", "channel", channel, "err", err)
		return
	}
	b.publisher.wake()
}
