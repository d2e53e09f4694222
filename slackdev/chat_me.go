package slackdev

import "unicode/utf8"

// meMessage says what the app does, as people do with /me. The bot has to be in
// the channel.
func meMessage(c *call) (any, error) {
	text := c.args.str("text")
	switch {
	case text == "":
		return nil, fail("no_text")
	case utf8.RuneCountInString(text) > maxText:
		return nil, fail("msg_too_long")
	}
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := ws.target(c.args.str("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, fail("is_archived")
	case !ch.memberSet[ws.st.bot.id]:
		return nil, fail("not_in_channel")
	}
	m := ws.newBotMessage(ch, content{text: text})
	m.subtype = "me_message"
	ws.publish(m)
	c.shows(ws.messageShown("posted", m, nil))
	return reply{"channel": ch.id, "ts": m.ts}, nil
}
