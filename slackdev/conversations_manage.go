package slackdev

import "unicode/utf8"

// This file has the methods by which the app makes and changes channels.

// managed finds the channel that a method changes and checks the scope for its
// kind: channels:manage or groups:write, or a narrower one that ends in narrow.
// A direct message cannot be changed.
func (c *call) managed(narrow string) (*channel, error) {
	scopes := map[channelKind][]string{kindPublic: {"channels:manage"}, kindPrivate: {"groups:write"}}
	if narrow != "" {
		scopes[kindPublic] = append(scopes[kindPublic], "channels:write."+narrow)
		scopes[kindPrivate] = append(scopes[kindPrivate], "groups:write."+narrow)
	}
	ch := c.channel("channel")
	switch {
	case ch == nil && !c.anyScope(scopes[kindPublic]...) && !c.anyScope(scopes[kindPrivate]...):
		return nil, c.need("channels:manage") // nothing is given away, as with those that read
	case ch == nil:
		return nil, fail("channel_not_found")
	case ch.kind == kindIM:
		return nil, fail("method_not_supported_for_channel_type")
	case !c.anyScope(scopes[ch.kind]...):
		return nil, c.need(scopes[ch.kind][0])
	}
	return ch, nil
}

// managedInside is managed for a channel that is open and the bot is in.
func (c *call) managedInside(narrow string) (*channel, error) {
	ch, err := c.managed(narrow)
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, fail("is_archived")
	case !ch.memberSet[c.ws.st.bot.id]:
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

func createConversation(c *call) (any, error) {
	private := c.args.bool("is_private")
	scope := "channels:manage"
	if private {
		scope = "groups:write"
	}
	if err := c.need(scope); err != nil {
		return nil, err
	}
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	name := c.args.str("name")
	if code := ws.nameProblem(name); code != "" {
		return nil, fail(code)
	}
	ch, _ := ws.created(name, private, ws.st.bot)
	c.shows(channelShown("channel_created", ch, name))
	return reply{"channel": ws.channelObject(ch, false)}, nil
}

func archiveConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managed("")
	if err != nil {
		return nil, err
	}
	if code := ch.cannotArchive(true); code != "" {
		return nil, fail(code)
	}
	if !ch.memberSet[ws.st.bot.id] {
		return nil, fail("not_in_channel")
	}
	ws.archived(ch, ws.st.bot, true)
	c.shows(channelShown("channel_archived", ch, ch.name))
	return reply{}, nil
}

// unarchiveConversation never succeeds: Slack documents that bot tokens cannot
// unarchive for now, and answers them as if the bot were not in the channel.
func unarchiveConversation(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.managed("")
	if err != nil {
		return nil, err
	}
	if code := ch.cannotArchive(false); code != "" {
		return nil, fail(code)
	}
	c.ws.log.Warn("the app unarchived a channel, which Slack lets no bot token do: a person has to", "channel", ch.name)
	return nil, fail("not_in_channel")
}

func renameConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managedInside("")
	if err != nil {
		return nil, err
	}
	if ch.creator != ws.st.bot.id {
		return nil, fail("not_authorized")
	}
	name := c.args.str("name")
	if code := ws.nameProblem(name); code != "" {
		return nil, fail(code)
	}
	old := ch.name
	ws.renamed(ch, ws.st.bot, name)
	c.shows(channelShown("channel_renamed", ch, "#"+old+" is #"+name+" now"))
	return reply{"channel": ws.channelObject(ch, true)}, nil
}

func setTopic(c *call) (any, error) { return describeConversation(c, "topic", c.ws.topicSet) }

func setPurpose(c *call) (any, error) { return describeConversation(c, "purpose", c.ws.purposeSet) }

// describeConversation sets the topic or the description of a channel.
func describeConversation(c *call, key string, set func(*channel, *user, string) bool) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.managedInside("topic")
	text := c.args.str(key)
	switch {
	case err != nil:
		return nil, err
	case !c.args.has(key):
		return nil, invalidArguments("missing required field: "+key, "/"+key)
	case utf8.RuneCountInString(text) > maxNote:
		return nil, fail("too_long")
	}
	if set(ch, ws.st.bot, text) {
		c.shows(channelShown(key+"_set", ch, text))
	}
	return reply{"channel": ws.channelObject(ch, false)}, nil
}
