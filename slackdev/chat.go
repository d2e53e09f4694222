package slackdev

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"cloudimage/slackdev/surface"
)

const (
	maxText       = 40000 // what is longer is cut when posted
	maxUpdateText = 4000  // what is longer is refused when updated
	maxBlocksSize = 256 << 10
	maxMetadata   = 8 << 10
	maxMarkdown   = 12000
)

// content is what a message shows, as the app sent it.
type content struct {
	text        string
	blocks      json.RawMessage
	attachments json.RawMessage
	metadata    json.RawMessage
	doc         *surface.Document // of blocks and attachments, when they were complete as they came
	guise       *guise            // whom a new message is posted as; nil for the app itself
}

// readContent reads and checks the content arguments of a chat method.
func (c *call) readContent() (content, error) {
	text, blocks := c.args.str("text"), c.args.raw("blocks")
	if md := c.args.str("markdown_text"); md != "" {
		switch {
		case text != "" || blocks != nil:
			return content{}, fail("markdown_text_conflict")
		case utf8.RuneCountInString(md) > maxMarkdown:
			return content{}, fail("msg_too_long")
		}
		text, blocks = md, mustJSON([]any{map[string]any{"type": "markdown", "text": md}})
	}
	if c.args.bool("link_names") {
		text = c.ws.linkGroups(text)
	}
	k, err := c.contentOf(text, blocks, c.args.raw("attachments"))
	if err != nil {
		return k, err
	}
	if k.metadata = c.args.raw("metadata"); k.metadata != nil {
		var m struct {
			Type    string                     `json:"event_type"`
			Payload map[string]json.RawMessage `json:"event_payload"`
		}
		if json.Unmarshal(k.metadata, &m) != nil || m.Type == "" {
			return k, fail("invalid_metadata_format")
		}
		if len(k.metadata) > maxMetadata {
			return k, fail("metadata_too_large")
		}
	}
	return k, nil
}

// contentOf checks what a message is to show and completes its ids.
func (c *call) contentOf(text string, blocks, attachments json.RawMessage) (content, error) {
	k := content{text: text, blocks: blocks, attachments: attachments}
	if string(k.blocks) == "null" {
		k.blocks = nil
	}
	if string(k.attachments) == "null" {
		k.attachments = nil
	}
	if len(k.blocks) > maxBlocksSize {
		return k, fail("msg_blocks_too_long")
	}
	d, err := surface.Read(k.blocks)
	if err != nil {
		return k, fail("invalid_blocks_format")
	}
	if len(d.Blocks) == 0 {
		k.blocks = nil
	}
	if k.attachments, err = checkAttachments(k.blocks, k.attachments); err != nil {
		return k, err
	}
	if k.blocks == nil && k.attachments == nil {
		return k, nil
	}
	if k.blocks != nil {
		if err := checkBlocks(k.blocks); err != nil {
			return k, err
		}
	}
	if err := c.ws.mayShow("/blocks", k.blocks, "invalid_blocks"); err != nil {
		return k, err
	}
	if err := c.ws.mayShow("/attachments", k.attachments, "invalid_attachments"); err != nil {
		return k, err
	}
	if k.attachments, err = surface.AttachmentsWithIDs(k.attachments, c.ws.ids.part); err != nil {
		return k, fail("invalid_attachments")
	}
	d.Attach(k.attachments)
	if d.Complete() {
		k.doc = d // as good as read again later
		return k, nil
	}
	if k.blocks, err = surface.WithIDs(k.blocks, c.ws.ids.part); err != nil {
		return k, fail("invalid_blocks_format")
	}
	return k, nil
}

func (k content) empty() bool { return k.text == "" && k.blocks == nil && k.attachments == nil }

// target finds the channel an app posts to: an id, a name, or a person's id,
// which opens the direct message. The workspace is locked.
func (ws *Workspace) target(name string) (*channel, error) {
	st := ws.st
	if u := st.userIDs[UserID(name)]; u != nil && u != st.bot {
		switch {
		case u.kind == KindDeleted:
			return nil, fail("user_disabled")
		case u.kind == KindBot:
			return nil, fail("cannot_dm_bot")
		case !ws.manifest.messagesTab():
			return nil, fail("messages_tab_disabled")
		}
		return st.openIM(u, ws.clock.Now()), nil
	}
	ch := st.channelByName(name)
	if ch == nil || (ch.kind == kindPrivate && !ch.memberSet[st.bot.id]) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}

// outgoing reads a message that the app wants to post, and finds where. Without an
// error the workspace stays locked.
func (c *call) outgoing() (content, *channel, error) {
	k, err := c.readContent()
	if err == nil && k.empty() {
		err = fail("no_text")
	}
	if err != nil {
		return k, nil, err
	}
	k.guise = c.guise()
	c.ws.mu.Lock()
	ch, err := c.ws.target(c.args.str("channel"))
	if err != nil {
		c.ws.mu.Unlock()
	}
	return k, ch, err
}

func postMessage(c *call) (any, error) {
	k, ch, err := c.outgoing()
	if err != nil {
		return nil, err
	}
	ws := c.ws
	defer ws.mu.Unlock()
	if err := ws.mayPost(ch); err != nil {
		return nil, err
	}
	m := ws.newBotMessage(ch, k)
	m.thread = threadOf(ch, TS(c.args.str("thread_ts")))
	m.broadcast = m.thread != "" && c.args.bool("reply_broadcast")
	ws.publish(m)
	c.shows(ws.messageShown("posted", m, nil))
	return reply{"channel": ch.id, "ts": m.ts, "message": ws.messageJSON(m)}, nil
}

// mayPost tells whether the bot can post there.
func (ws *Workspace) mayPost(ch *channel) error {
	if ch.archived {
		return fail("is_archived")
	}
	if !ch.memberSet[ws.st.bot.id] && !ws.st.app.scopes["chat:write.public"] {
		return fail("not_in_channel")
	}
	return nil
}

func (ws *Workspace) newBotMessage(ch *channel, k content) *message {
	return &message{
		ts: ws.st.nextTS(ws.clock.Now()), channel: ch, user: ws.st.bot.id, bot: true,
		text: cut(k.text, maxText), blocks: k.blocks, attachments: k.attachments, metadata: k.metadata,
		doc: k.doc, guise: k.guise,
	}
}

// cut shortens s to n runes.
func cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

func updateMessage(c *call) (any, error) {
	k, err := c.readContent()
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(k.text) > maxUpdateText {
		return nil, fail("msg_too_long")
	}
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	m, err := ws.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if m.channel.archived {
		return nil, fail("is_inactive")
	}
	if k.empty() && k.metadata == nil {
		return nil, fail("no_text")
	}
	before := ws.messageJSON(m)
	if !k.empty() {
		textAlone := k.text != "" && k.blocks == nil
		if err := k.keep(m, c.args.has("blocks"), c.args.has("attachments")); err != nil {
			return nil, err
		}
		m.text, m.blocks, m.attachments = k.text, k.blocks, k.attachments
		if textAlone {
			m.edited, m.editedBy = ws.st.nextTS(ws.clock.Now()), ws.st.bot.id
		}
	}
	if k.metadata != nil {
		m.metadata = k.metadata
	}
	ws.reviseMessage(m, k.doc)
	ws.revised(before, m)
	c.shows(ws.messageShown("updated", m, before))
	return reply{"channel": m.channel.id, "ts": m.ts, "text": m.text, "message": ws.messageJSON(m)}, nil
}

// keep takes over from a message what an update of it does not give: blocks and
// attachments stay, but a new text takes their place.
func (k *content) keep(m *message, blocks, attachments bool) error {
	if k.text != "" {
		return nil
	}
	if !blocks {
		k.text, k.blocks, k.doc = m.text, m.blocks, nil
	}
	if !attachments {
		k.attachments, k.doc = m.attachments, nil
	}
	_, err := checkAttachments(k.blocks, k.attachments)
	return err
}

// reviseMessage settles a message whose content changed: what people had
// chosen in it stays as far as block and action ids do.
func (ws *Workspace) reviseMessage(m *message, d *surface.Document) {
	m.doc, m.json = d, nil
	if len(m.inputs) > 0 {
		d := m.document()
		for u, s := range m.inputs {
			m.inputs[u] = d.Keep(s)
		}
	}
	ws.changedMessages(m.channel)
}

func (m *message) document() *surface.Document {
	if m.doc == nil {
		m.doc = surface.ParseMessage(m.blocks, m.attachments)
	}
	return m.doc
}

// ownMessage finds the message the arguments name, if it is the app's own.
func (ws *Workspace) ownMessage(c *call, refusal string) (*message, error) {
	ch := c.channel("channel")
	if ch == nil {
		return nil, fail("channel_not_found")
	}
	m := ch.byTS[TS(c.args.str("ts"))]
	if m == nil || m.tombstone {
		return nil, fail("message_not_found")
	}
	if !m.bot {
		return nil, fail(refusal)
	}
	return m, nil
}

func deleteMessage(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	m, err := ws.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	c.shows(ws.messageShown("deleted", m, ws.messageJSON(m)))
	ws.removeMessage(m)
	return reply{"channel": m.channel.id, "ts": m.ts}, nil
}

// removeMessage deletes a message and tells everybody of it.
func (ws *Workspace) removeMessage(m *message) *sent {
	before := ws.messageJSON(m)
	m.channel.remove(m)
	ws.changedMessages(m.channel)
	return ws.deleted(before, m)
}

func postEphemeral(c *call) (any, error) {
	k, ch, err := c.outgoing()
	if err != nil {
		return nil, err
	}
	ws := c.ws
	defer ws.mu.Unlock()
	if ch.archived {
		return nil, fail("is_archived")
	}
	if !ch.memberSet[ws.st.bot.id] {
		return nil, fail("not_in_channel")
	}
	u := ws.st.userIDs[UserID(c.args.str("user"))]
	if u == nil || !ch.memberSet[u.id] {
		return nil, fail("user_not_in_channel")
	}
	m := ws.showEphemeral(ch, u, k)
	m.thread = threadOf(ch, TS(c.args.str("thread_ts")))
	c.shows(ws.messageShown("posted", m, nil))
	return reply{"message_ts": m.ts}, nil
}

// showEphemeral puts a message before one person, until he reloads.
func (ws *Workspace) showEphemeral(ch *channel, u *user, k content) *message {
	m := ws.newBotMessage(ch, k)
	m.ephemeral = u.id
	u.ephemerals[ch.id] = append(u.ephemerals[ch.id], m)
	if list := u.ephemerals[ch.id]; len(list) > maxEphemerals {
		u.ephemerals[ch.id] = append(list[:0:0], list[len(list)-maxEphemerals:]...)
	}
	ws.hub.tell(change{kind: "messages", channel: ch.id, user: u.id})
	return m
}

// maxEphemerals bounds what a person who never reloads collects in a channel.
const maxEphemerals = 200

func (ws *Workspace) changedMessages(ch *channel) {
	if ch.kind == kindIM {
		ws.hub.tell(change{kind: "messages", channel: ch.id, user: ch.with}, change{kind: "conversations", user: ch.with})
		return
	}
	ws.hub.tell(change{kind: "messages", channel: ch.id}, change{kind: "conversations"})
}

func permalink(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := c.channel("channel")
	if ch == nil {
		return nil, fail("channel_not_found")
	}
	m := ch.byTS[TS(c.args.str("message_ts"))]
	if m == nil {
		return nil, fail("message_not_found")
	}
	link := ws.permalink(m)
	return reply{"channel": ch.id, "permalink": link}, nil
}

func (ws *Workspace) permalink(m *message) string {
	link := "https://" + ws.st.team.domain + ".slack.com/archives/" + string(m.channel.id) + "/p" + strings.Replace(string(m.ts), ".", "", 1)
	if m.thread != "" && m.thread != m.ts {
		link += "?thread_ts=" + string(m.thread) + "&cid=" + string(m.channel.id)
	}
	return link
}
