package slackdev

import "strconv"

// This file has what the app may ask about the workspace itself and about its own
// bot.

func teamInfo(c *call) (any, error) {
	t := c.ws.st.team
	if id := c.args.str("team"); id != "" && TeamID(id) != t.id {
		return nil, fail("team_not_found")
	}
	if c.args.str("team") == "" && c.args.has("domain") {
		return nil, fail("team_not_on_enterprise")
	}
	return reply{"team": map[string]any{
		"id": t.id, "name": t.name, "domain": t.domain, "url": "https://" + t.domain + ".slack.com/", "email_domain": "",
		"icon": map[string]any{"image_default": true},
	}}, nil
}

// botInfo tells of the app's own bot. Those of other apps have accounts here and
// no bot ids.
func botInfo(c *call) (any, error) {
	st := c.ws.st
	if c.args.str("bot") != st.app.botID {
		return nil, fail("bot_not_found")
	}
	return reply{"bot": map[string]any{
		"id": st.app.botID, "deleted": false, "name": st.app.name, "updated": st.bot.updated, "app_id": st.app.id, "user_id": st.bot.id,
		"icons": map[string]any{"image_36": "", "image_48": "", "image_72": ""},
	}}, nil
}

// listEmoji lists the custom emoji, of which the workspace has none.
func listEmoji(c *call) (any, error) {
	return reply{"emoji": map[string]string{}, "cache_ts": strconv.FormatInt(c.ws.clock.Now().Unix(), 10)}, nil
}
