package slackdev

// This file has the methods by which the app brings people into channels, takes
// them out, and leaves.

// inviteToConversation brings people in. When one of them cannot be, nobody is,
// unless force has the others in all the same; either way the answer tells of each.
func inviteToConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managedInside("invites")
	if err != nil {
		return nil, err
	}
	names := c.args.list("users")
	if len(names) == 0 {
		return nil, fail("no_user")
	}
	var guests []*user
	var errs []map[string]any
	seen := map[string]bool{}
	for _, id := range names {
		if seen[id] {
			continue
		}
		seen[id] = true
		u := ws.st.userIDs[UserID(id)]
		code := ws.cannotInvite(ch, u)
		if u == ws.st.bot {
			code = "cant_invite_self"
		}
		if code != "" {
			errs = append(errs, map[string]any{"user": id, "ok": false, "error": code})
			continue
		}
		guests = append(guests, u)
	}
	if len(errs) > 0 && (len(guests) == 0 || !c.args.bool("force")) {
		return nil, &failure{code: errs[0]["error"].(string), detail: reply{"errors": errs}}
	}
	for _, u := range guests {
		ws.joined(ch, u, ws.st.bot.id)
		c.shows(channelShown("joined", ch, u.name))
	}
	out := reply{"channel": ws.channelObject(ch, false)}
	if len(errs) > 0 {
		out["errors"] = errs
	}
	return out, nil
}

func kickFromConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managed("")
	if err != nil {
		return nil, err
	}
	u := ws.st.userIDs[UserID(c.args.str("user"))]
	switch {
	case c.args.str("user") == "":
		return nil, fail("no_user")
	case u == nil:
		return nil, fail("user_not_found")
	case u == ws.st.bot:
		return nil, fail("cant_kick_self")
	case ch.name == "general":
		return nil, fail("cant_kick_from_general")
	case !ch.memberSet[u.id] || !ch.memberSet[ws.st.bot.id]:
		return nil, fail("not_in_channel")
	case ch.archived:
		return nil, fail("not_supported")
	}
	ws.left(ch, u, ws.st.bot.id)
	c.shows(channelShown("left", ch, u.name))
	return reply{"errors": map[string]any{}}, nil
}

func leaveConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managed("")
	if err != nil {
		return nil, err
	}
	if !ch.memberSet[ws.st.bot.id] {
		return nil, &failure{detail: reply{"not_in_channel": true}} // which is no error, says Slack
	}
	if code := ch.cannotLeave(); code != "" {
		return nil, fail(code)
	}
	ws.left(ch, ws.st.bot, ws.st.bot.id)
	c.shows(channelShown("left", ch, ws.st.bot.name))
	return reply{}, nil
}
