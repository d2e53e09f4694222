package manifest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidateScopes(t *testing.T) {
	t.Parallel()
	without := func(scope Scope) func(*Manifest) {
		return func(m *Manifest) {
			is := func(s Scope) bool { return s == scope }
			m.OAuthConfig.Scopes.Bot = slices.DeleteFunc(m.OAuthConfig.Scopes.Bot, is)
			m.OAuthConfig.Scopes.BotOptional = slices.DeleteFunc(m.OAuthConfig.Scopes.BotOptional, is)
		}
	}
	with := func(scopes ...Scope) func(*Manifest) {
		return func(m *Manifest) { m.OAuthConfig.Scopes.Bot = append(m.OAuthConfig.Scopes.Bot, scopes...) }
	}
	const events = "/settings/event_subscriptions/bot_events"
	subscribe := func(change func(*Manifest), names ...Event) func(*Manifest) {
		return func(m *Manifest) {
			change(m)
			m.Settings.EventSubscriptions.BotEvents = names
		}
	}
	nothing := func(*Manifest) {}
	cases := []struct {
		name   string
		change func(m *Manifest)
		want   []Problem
	}{
		{"one more", with("pins:read"), nil},
		{"unknown", with("chat:shout"),
			[]Problem{{"/oauth_config/scopes/bot/5", `Correct "chat:shout": a bot has no such scope.`}}},
		{"of a person", with("search:read"),
			[]Problem{{"/oauth_config/scopes/bot/5", `Correct "search:read": a bot has no such scope.`}}},
		{"of the app-level token", with("connections:write"),
			[]Problem{{"/oauth_config/scopes/bot/5", `Remove "connections:write": it belongs to the app-level token, which is made by hand.`}}},
		{"twice", with("chat:write"),
			[]Problem{{"/oauth_config/scopes/bot/5", `Remove the scope "chat:write": it is listed twice.`}}},
		{"required and optional", with("pins:write"),
			[]Problem{{"/oauth_config/scopes/bot_optional/7", `Remove "pins:write" from one of the two lists: a scope is required or optional, not both.`}}},
		{"of people's own tokens", func(m *Manifest) { m.OAuthConfig.Scopes.User = []Scope{"search:read"} }, nil},
		{"of people, required and optional", func(m *Manifest) {
			m.OAuthConfig.Scopes.User = []Scope{"search:read"}
			m.OAuthConfig.Scopes.UserOptional = []Scope{"search:read"}
		}, []Problem{{"/oauth_config/scopes/user_optional/0", `Remove "search:read" from one of the two lists: a scope is required or optional, not both.`}}},
		{"alone that come in pairs", without("chat:write"),
			[]Problem{{"/oauth_config/scopes", `Add the scope "chat:write": Slack grants "chat:write.public" only together with it.`}}},
		{"none for commands and shortcuts", without("commands"), []Problem{
			{"/features/shortcuts", `Add the scope "commands" under oauth_config.scopes: a shortcut needs it.`},
			{"/features/slash_commands", `Add the scope "commands" under oauth_config.scopes: a slash command needs it.`},
		}},
		{"none for webhooks", func(m *Manifest) { m.Settings.IncomingWebhooks = &IncomingWebhooks{Enabled: true} },
			[]Problem{{"/settings/incoming_webhooks", `Add the scope "incoming-webhook" under oauth_config.scopes: an incoming webhook needs it.`}}},
		{"none for unfurling", func(m *Manifest) { m.Features.UnfurlDomains = []string{"a.example"} },
			[]Problem{{"/features/unfurl_domains", `Add the scope "links:read" under oauth_config.scopes: unfurling links needs it.`}}},
		{"none for an assistant", func(m *Manifest) { m.Features.AssistantView = map[string]any{"assistant_description": "x"} },
			[]Problem{{"/features/assistant_view", `Add the scope "assistant:write" under oauth_config.scopes: the assistant view needs it.`}}},

		{"events that need none", subscribe(nothing, "app_home_opened", "app_uninstalled", "tokens_revoked"), nil},
		{"unknown event", subscribe(nothing, "user_changed"),
			[]Problem{{events + "/0", `Correct "user_changed": a bot cannot subscribe to such an event.`}}},
		{"event twice", subscribe(nothing, "user_change", "user_change"),
			[]Problem{{events + "/1", `Remove the event "user_change": it is listed twice.`}}},
		{"user_change", subscribe(without("users:read"), "user_change"), []Problem{
			{"/oauth_config/scopes", `Add the scope "users:read": Slack grants "users:read.email" only together with it.`},
			{events + "/0", `Add the scope "users:read" under oauth_config.scopes: the event "user_change" needs it.`},
		}},
		{"subteam_updated", subscribe(without("usergroups:read"), "subteam_updated"),
			[]Problem{{events + "/0", `Add the scope "usergroups:read" under oauth_config.scopes: the event "subteam_updated" needs it.`}}},
		{"app_mention", subscribe(nothing, "app_mention"),
			[]Problem{{events + "/0", `Add the scope "app_mentions:read" under oauth_config.scopes: the event "app_mention" needs it.`}}},
		{"app_mention with its scope", subscribe(with("app_mentions:read"), "app_mention"), nil},
		{"message.im", subscribe(without("im:history"), "message.im"),
			[]Problem{{events + "/0", `Add the scope "im:history" under oauth_config.scopes: the event "message.im" needs it.`}}},
		{"message.im with an optional scope", subscribe(nothing, "message.im"), nil},
		{"channel events", subscribe(without("channels:read"), "channel_archive", "channel_rename", "channel_id_changed", "channel_deleted"), []Problem{
			{events + "/0", `Add the scope "channels:read" under oauth_config.scopes: the event "channel_archive" needs it.`},
			{events + "/1", `Add the scope "channels:read" under oauth_config.scopes: the event "channel_rename" needs it.`},
			{events + "/2", `Add the scope "channels:read" under oauth_config.scopes: the event "channel_id_changed" needs it.`},
			{events + "/3", `Add the scope "channels:read" under oauth_config.scopes: the event "channel_deleted" needs it.`},
		}},
		{"member_joined_channel with one of its scopes", subscribe(without("channels:read"), "member_joined_channel"), nil},
		{"member_joined_channel with none", subscribe(func(m *Manifest) { without("channels:read")(m); without("groups:read")(m) }, "member_joined_channel"),
			[]Problem{{events + "/0", `Add the scope "channels:read" or "groups:read" under oauth_config.scopes: the event "member_joined_channel" needs it.`}}},
		{"no events at all", func(m *Manifest) { m.Settings.EventSubscriptions = nil }, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := sample(t)
			c.change(&m)
			if diff := cmp.Diff(c.want, Validate(m)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestScopeTablesAgree holds that events and companions name scopes there are.
func TestScopeTablesAgree(t *testing.T) {
	t.Parallel()
	known := botScopes()
	for event, scopes := range eventScopes() {
		for _, scope := range scopes {
			if !slices.Contains(known, scope) {
				t.Errorf("%s needs %s, which is no scope", event, scope)
			}
		}
	}
	for scope, with := range companions() {
		if !slices.Contains(known, scope) || !slices.Contains(known, with) {
			t.Errorf("%s and %s are not both scopes", scope, with)
		}
	}
}
