package manifest

import "slices"

// botScopes are the scopes a bot token can have.
func botScopes() []Scope {
	return []Scope{
		"app_mentions:read", "assistant:write", "bookmarks:read", "bookmarks:write",
		"calls:read", "calls:write", "canvases:read", "canvases:write",
		"channels:history", "channels:join", "channels:manage", "channels:read", "channels:write.invites", "channels:write.topic",
		"chat:write", "chat:write.customize", "chat:write.public", "commands",
		"conversations.connect:manage", "conversations.connect:read", "conversations.connect:write",
		"datastore:read", "datastore:write", "dnd:read", "emoji:read", "files:read", "files:write",
		"groups:history", "groups:read", "groups:write", "groups:write.invites", "groups:write.topic",
		"im:history", "im:read", "im:write", "im:write.topic", "incoming-webhook",
		"links.embed:write", "links:read", "links:write", "lists:read", "lists:write", "metadata.message:read",
		"mpim:history", "mpim:read", "mpim:write", "mpim:write.topic",
		"pins:read", "pins:write", "reactions:read", "reactions:write", "reminders:read", "reminders:write",
		"remote_files:read", "remote_files:share", "remote_files:write",
		"search:read.files", "search:read.im", "search:read.mpim", "search:read.private", "search:read.public", "search:read.users",
		"team.billing:read", "team.preferences:read", "team:read", "tokens.basic", "triggers:read", "triggers:write",
		"usergroups:read", "usergroups:write", "users.profile:read", "users:read", "users:read.email", "users:write",
		"workflow.steps:execute", "workflows.templates:read", "workflows.templates:write",
	}
}

// appLevelScopes belong to tokens made by hand in the app's settings.
func appLevelScopes() []Scope {
	return []Scope{"app_configurations:write", "authorizations:read", "connections:write"}
}

// companions are scopes Slack grants only together with another.
func companions() map[Scope]Scope {
	return map[Scope]Scope{
		"chat:write.customize": "chat:write",
		"chat:write.public":    "chat:write",
		"users:read.email":     "users:read",
	}
}

// scopes holds the bot's scopes to the list of scopes and to each other.
func (c *check) scopes(s Scopes) {
	known, appLevel := botScopes(), appLevelScopes()
	for _, list := range []struct {
		key    string
		scopes []Scope
	}{
		{"bot", s.Bot}, {"bot_optional", s.BotOptional}, {"user", s.User}, {"user_optional", s.UserOptional},
	} {
		at := "/oauth_config/scopes/" + list.key
		limit(c, at, list.scopes, 255)
		c.unique(at, "", "scope", stringsOf(list.scopes))
		if list.key == "user" || list.key == "user_optional" {
			continue // people's own tokens: the bot has none, so none are judged
		}
		for i, scope := range list.scopes {
			switch at := item(at, i); {
			case slices.Contains(known, scope):
			case slices.Contains(appLevel, scope):
				c.add(at, "Remove %q: it belongs to the app-level token, which is made by hand.", scope)
			default:
				c.add(at, "Correct %q: a bot has no such scope.", scope)
			}
		}
	}
	c.optional("/oauth_config/scopes/bot_optional", s.Bot, s.BotOptional)
	c.optional("/oauth_config/scopes/user_optional", s.User, s.UserOptional)
	for _, scope := range append(slices.Clone(s.Bot), s.BotOptional...) {
		if with, ok := companions()[scope]; ok && !s.has(with) {
			c.add("/oauth_config/scopes", "Add the scope %q: Slack grants %q only together with it.", with, scope)
		}
	}
}

// optional holds that a scope is required or optional, not both.
func (c *check) optional(at string, required, optional []Scope) {
	for i, scope := range optional {
		if slices.Contains(required, scope) {
			c.add(item(at, i), "Remove %q from one of the two lists: a scope is required or optional, not both.", scope)
		}
	}
}

// has reports whether the bot asks for a scope, required or optional.
func (s Scopes) has(scope Scope) bool {
	return slices.Contains(s.Bot, scope) || slices.Contains(s.BotOptional, scope)
}
