package slackdev

import (
	"net/url"
	"slices"
	"strings"
)

const (
	maxPins      = 100
	maxBookmarks = 100
)

// heldChannel finds a channel the bot is a member of.
func (c *call) heldChannel(key string) (*channel, error) {
	st := c.ws.st
	ch := c.channel(key)
	switch {
	case ch == nil:
		return nil, fail("channel_not_found")
	case !ch.memberSet[st.bot.id]:
		return nil, fail("not_in_channel")
	case ch.archived:
		return nil, fail("is_archived")
	}
	return ch, nil
}

func addPin(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.heldChannel("channel")
	if err != nil {
		return nil, err
	}
	m := ch.byTS[TS(c.args.str("timestamp"))]
	switch {
	case c.args.str("timestamp") == "":
		return nil, fail("no_item_specified")
	case !aMoment.MatchString(c.args.str("timestamp")):
		return nil, fail("bad_timestamp")
	case m == nil:
		return nil, fail("message_not_found")
	case m.pinned:
		return nil, fail("already_pinned")
	case len(ch.pins) >= maxPins:
		return nil, fail("too_many_pins")
	}
	ch.pin(m)
	c.shows(markShown("pinned", m, beginning(m.text, m.document())))
	c.ws.changedMessages(ch)
	return reply{}, nil
}

func removePin(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.heldChannel("channel")
	if err != nil {
		return nil, err
	}
	m := ch.byTS[TS(c.args.str("timestamp"))]
	switch {
	case c.args.str("timestamp") == "":
		return nil, fail("no_item_specified")
	case !aMoment.MatchString(c.args.str("timestamp")):
		return nil, fail("bad_timestamp")
	case m == nil:
		return nil, fail("message_not_found")
	case !m.pinned:
		return nil, fail("no_pin")
	}
	ch.unpin(m)
	c.shows(markShown("unpinned", m, beginning(m.text, m.document())))
	c.ws.changedMessages(ch)
	return reply{}, nil
}

func (c *channel) pin(m *message) {
	m.pinned, m.json = true, nil
	c.pins = append(c.pins, m.ts)
}

func (c *channel) unpin(m *message) {
	m.pinned, m.json = false, nil
	c.pins = slices.DeleteFunc(c.pins, func(ts TS) bool { return ts == m.ts })
}

func listPins(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.heldChannel("channel")
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, ts := range ch.pins {
		if m := ch.byTS[ts]; m != nil {
			items = append(items, map[string]any{"type": "message", "channel": ch.id, "created": m.ts.Time().Unix(), "created_by": c.ws.st.bot.id, "message": c.ws.messageJSON(m)})
		}
	}
	return reply{"items": items}, nil
}

func addBookmark(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.heldChannel("channel_id")
	if err != nil {
		return nil, err
	}
	now := c.ws.clock.Now().Unix()
	b := bookmark{
		ID: c.ws.ids.short("Bk"), ChannelID: ch.id, Title: c.args.str("title"), Link: c.args.str("link"), Emoji: c.args.str("emoji"),
		Type: "link", Created: now, Updated: now,
	}
	switch {
	case b.Title == "":
		return nil, invalidArguments("missing required field: title", "/title")
	case c.args.str("type") != "link":
		return nil, fail("invalid_bookmark_type")
	case b.problem() != "":
		return nil, fail(b.problem())
	case len(ch.bookmarks) >= maxBookmarks:
		return nil, fail("too_many_bookmarks")
	}
	ch.bookmarks = append(ch.bookmarks, b)
	c.shows(channelShown("bookmark_added", ch, b.Title))
	c.ws.changedMessages(ch)
	return reply{"bookmark": b}, nil
}

// problem is the code for what is wrong with the link or the emoji of a bookmark.
func (b *bookmark) problem() string {
	link, err := url.Parse(b.Link)
	switch emoji := strings.Trim(b.Emoji, ":"); {
	case err != nil || (link.Scheme != "http" && link.Scheme != "https") || link.Host == "":
		return "invalid_link"
	case emoji != "" && !emojiName.MatchString(emoji):
		return "invalid_emoji"
	}
	return ""
}

// bookmark finds the bookmark the arguments name, by its place in the channel.
func (c *call) bookmark() (ch *channel, i int, err error) {
	if ch, err = c.heldChannel("channel_id"); err != nil {
		return nil, 0, err
	}
	i = slices.IndexFunc(ch.bookmarks, func(b bookmark) bool { return b.ID == c.args.str("bookmark_id") })
	if i < 0 {
		return nil, 0, fail("not_found")
	}
	return ch, i, nil
}

// editBookmark changes what is given of a bookmark, and leaves the rest.
func editBookmark(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, i, err := c.bookmark()
	if err != nil {
		return nil, err
	}
	b := ch.bookmarks[i]
	for key, field := range map[string]*string{"title": &b.Title, "link": &b.Link, "emoji": &b.Emoji} {
		if c.args.has(key) {
			*field = c.args.str(key)
		}
	}
	if code := b.problem(); code != "" {
		return nil, fail(code)
	}
	b.Updated = c.ws.clock.Now().Unix()
	ch.bookmarks[i] = b
	c.shows(channelShown("bookmark_edited", ch, b.Title))
	c.ws.changedMessages(ch)
	return reply{"bookmark": b}, nil
}

func listBookmarks(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.heldChannel("channel_id")
	if err != nil {
		return nil, err
	}
	return reply{"bookmarks": append([]bookmark{}, ch.bookmarks...)}, nil
}

func removeBookmark(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, i, err := c.bookmark()
	if err != nil {
		return nil, err
	}
	c.shows(channelShown("bookmark_removed", ch, ch.bookmarks[i].Title))
	ch.bookmarks = slices.Delete(ch.bookmarks, i, i+1)
	c.ws.changedMessages(ch)
	return reply{}, nil
}
