package slackdev

// This file has what makes a message a reply: the thread it joins, whether the
// channel shows it, too, and what is left of a parent that is deleted.

// threadOf is the thread a reply to that message joins: its own, or the one the
// message is in itself. A message that is not there has none; a reply to it
// becomes a plain message, as in Slack.
func threadOf(ch *channel, ts TS) TS {
	m := ch.byTS[ts]
	switch {
	case m == nil:
		return ""
	case m.thread != "":
		return m.thread
	}
	return m.ts
}

// isReply tells a reply from a plain message and from the parent of a thread.
func (m *message) isReply() bool { return m.thread != "" && m.thread != m.ts }

// inChannel tells whether the channel shows the message. A reply stays in its
// thread unless it was broadcast.
func (m *message) inChannel() bool { return !m.isReply() || m.broadcast }

// slackbot is who a tombstone is by.
const slackbot UserID = "USLACKBOT"

// bury makes a tombstone of a message, which keeps the place of the thread.
func (m *message) bury() {
	*m = message{
		ts: m.ts, channel: m.channel, thread: m.thread, replies: m.replies,
		user: slackbot, text: "This message was deleted.", tombstone: true,
	}
}
