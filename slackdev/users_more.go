package slackdev

// This file has more of what the app may ask about people: their profile, whether
// they are there, and which conversations they are in.

// whom finds the person of the user argument, which is the bot when there is none.
func (c *call) whom() (*user, error) {
	id := c.args.str("user")
	if id == "" {
		return c.ws.st.bot, nil
	}
	u := c.ws.st.userIDs[UserID(id)]
	if u == nil || !c.ws.sees(u) {
		return nil, fail("user_not_found")
	}
	return u, nil
}

func userProfile(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u, err := c.whom()
	if err != nil {
		return nil, err
	}
	profile := ws.profileObject(u)
	profile["fields"] = map[string]any{} // the workspace has defined none
	return reply{"profile": profile}, nil
}

// userPresence tells whether somebody is there: a person who has the page open,
// and the app's bot while the app has a socket open. Of itself the app hears more.
func userPresence(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u, err := c.whom()
	if err != nil {
		return nil, err
	}
	if u != ws.st.bot {
		return reply{"presence": presence(ws.hub.watches(u.id))}, nil
	}
	n := ws.sockets.Count()
	out := reply{
		"presence": presence(n > 0), "online": n > 0, "auto_away": n == 0, "manual_away": false, "connection_count": n,
	}
	if n > 0 {
		out["last_activity"] = ws.clock.Now().Unix()
	}
	return out, nil
}

func presence(there bool) string {
	if there {
		return "active"
	}
	return "away"
}

// userConversations lists the conversations somebody is in: of another person
// the public channels, and those of the others that the bot is in, too.
func userConversations(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	u, err := c.whom()
	ws.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return conversationPage(c, false, func(ch *channel) bool {
		return ch.memberSet[u.id] && (ch.kind == kindPublic || ch.memberSet[ws.st.bot.id])
	})
}
