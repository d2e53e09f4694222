package manifest

import (
	"fmt"
	"strings"
)

// eventScopes are the events a bot can subscribe to, and the scopes of which
// each needs one. An event without scopes needs none.
func eventScopes() map[Event][]Scope {
	events := map[Event][]Scope{}
	for scopes, names := range map[string]string{
		"": "app_home_opened app_installed app_uninstalled app_uninstalled_team app_rate_limited function_executed " +
			"grid_migration_finished grid_migration_started message.app_home tokens_revoked user_resource_denied " +
			"user_resource_granted user_resource_removed entity_details_requested",
		"app_mentions:read": "app_mention",
		"assistant:write":   "assistant_thread_started assistant_thread_context_changed",
		"calls:read":        "call_rejected",
		"channels:history":  "message.channels channel_history_changed",
		"channels:read": "channel_archive channel_created channel_deleted channel_id_changed channel_left channel_rename " +
			"channel_unarchive",
		"channels:read groups:read": "member_joined_channel member_left_channel channel_shared channel_unshared",
		"conversations.connect:manage": "shared_channel_invite_accepted shared_channel_invite_approved " +
			"shared_channel_invite_declined shared_channel_invite_requested",
		"conversations.connect:write": "shared_channel_invite_received",
		"dnd:read":                    "dnd_updated_user",
		"emoji:read":                  "emoji_changed",
		"files:read":                  "file_change file_created file_deleted file_public file_shared file_unshared",
		"groups:history":              "message.groups group_history_changed",
		"groups:read":                 "group_archive group_close group_deleted group_left group_open group_rename group_unarchive",
		"im:history":                  "message.im im_history_changed",
		"im:read":                     "im_close im_created im_open",
		"links:read":                  "link_shared",
		"metadata.message:read":       "message_metadata_deleted message_metadata_posted message_metadata_updated",
		"mpim:history":                "message.mpim",
		"pins:read":                   "pin_added pin_removed",
		"reactions:read":              "reaction_added reaction_removed",
		"team:read":                   "email_domain_changed team_domain_change team_rename",
		"usergroups:read": "subteam_created subteam_members_changed subteam_self_added subteam_self_removed " +
			"subteam_updated",
		"users.profile:read": "user_profile_changed",
		"users:read":         "team_join user_change user_huddle_changed user_status_changed",
	} {
		for _, name := range strings.Fields(names) {
			for _, scope := range strings.Fields(scopes) {
				events[Event(name)] = append(events[Event(name)], Scope(scope))
			}
			if scopes == "" {
				events[Event(name)] = nil
			}
		}
	}
	return events
}

// events holds the subscriptions to the events there are and to the scopes
// they need.
func (c *check) events(subscriptions *EventSubscriptions, scopes Scopes) {
	if subscriptions == nil {
		return
	}
	const at = "/settings/event_subscriptions"
	c.url(at+"/request_url", subscriptions.RequestURL, 3500)
	limit(c, at+"/bot_events", subscriptions.BotEvents, 100)
	limit(c, at+"/user_events", subscriptions.UserEvents, 100)
	c.unique(at+"/bot_events", "", "event", stringsOf(subscriptions.BotEvents))
	c.unique(at+"/user_events", "", "event", stringsOf(subscriptions.UserEvents))
	known := eventScopes()
	for i, event := range subscriptions.BotEvents {
		needs, ok := known[event]
		if !ok {
			c.add(item(at+"/bot_events", i), "Correct %q: a bot cannot subscribe to such an event.", event)
			continue
		}
		c.needs(item(at+"/bot_events", i), fmt.Sprintf("the event %q", event), scopes, needs...)
	}
}

// needs holds that the bot asks for at least one of the scopes. Without scopes
// there is no need.
func (c *check) needs(at, what string, asked Scopes, oneOf ...Scope) {
	var names []string
	for _, scope := range oneOf {
		if asked.has(scope) {
			return
		}
		names = append(names, fmt.Sprintf("%q", scope))
	}
	if len(names) > 0 {
		c.add(at, "Add the scope %s under oauth_config.scopes: %s needs it.", strings.Join(names, " or "), what)
	}
}
