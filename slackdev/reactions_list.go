package slackdev

import (
	"cmp"
	"slices"
)

// listReactions lists the messages that somebody reacted to, the newest first, and
// each of them once for every emoji. Those are told that the bot can read.
func listReactions(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u, err := c.whom()
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, ch := range ws.st.channels {
		if !ch.memberSet[ws.st.bot.id] {
			continue
		}
		for _, m := range ch.log {
			for _, r := range m.reactions {
				if slices.Contains(r.Users, u.id) {
					found = append(found, m)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *message) int { return cmp.Compare(b.ts, a.ts) })
	items := make([]any, len(found))
	for i, m := range found {
		items[i] = map[string]any{"type": "message", "channel": m.channel.id, "message": ws.messageJSON(m)}
	}
	if !c.args.has("cursor") && !c.args.has("limit") {
		page, paging := numbered(c, items)
		return reply{"items": page, "paging": paging, "response_metadata": map[string]any{"next_cursor": ""}}, nil
	}
	page, meta, err := paginate(c, items, 100)
	if err != nil {
		return nil, err
	}
	return reply{"items": page, "response_metadata": meta}, nil
}
