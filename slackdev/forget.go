package slackdev

import "slices"

// This file forgets: a workspace that runs for days holds so much of each
// conversation and no more. The oldest messages go first, with all that hangs on
// them. The parent of a thread stays while any reply of it does, so no reply is
// ever without its parent; a thread loses its oldest replies like a channel.

// defaultKeepMessages is how many messages a conversation remembers.
const defaultKeepMessages = 10_000

// messagesKept reads Options.KeepMessages; 0 keeps all.
func messagesKept(option int) int {
	if option == 0 {
		return defaultKeepMessages
	}
	return max(0, option)
}

// trim forgets what is too much in a conversation. The newest message stays
// whatever the limit.
func (st *state) trim(c *channel) {
	for st.keepMessages > 0 && len(c.log) > st.keepMessages {
		i := slices.IndexFunc(c.log[:len(c.log)-1], func(m *message) bool { return len(m.replies) == 0 })
		if i < 0 {
			return
		}
		st.forget(c, i)
	}
}

// forget forgets the message at a place of the log, on which no replies hang.
func (st *state) forget(c *channel, i int) {
	m := c.log[i]
	if i == 0 {
		c.log[0] = nil
		c.log = c.log[1:]
	} else {
		c.log = slices.Delete(c.log, i, i+1)
	}
	delete(c.byTS, m.ts)
	if m.pinned {
		c.pins = slices.DeleteFunc(c.pins, func(ts TS) bool { return ts == m.ts })
	}
	if parent := c.byTS[m.thread]; parent != nil {
		parent.replies = slices.DeleteFunc(parent.replies, func(ts TS) bool { return ts == m.ts })
		parent.json = nil
		if len(parent.replies) == 0 {
			parent.thread = ""
		}
	}
	for _, u := range st.users {
		st.forgetEphemerals(u, c, m.ts)
	}
	st.loosen(m)
}

// forgetEphemerals forgets those that are older than a message that was forgotten.
func (st *state) forgetEphemerals(u *user, c *channel, before TS) {
	list := u.ephemerals[c.id]
	if len(list) == 0 || !list[0].ts.Time().Before(before.Time()) {
		return
	}
	u.ephemerals[c.id] = slices.DeleteFunc(list, func(m *message) bool { return m.ts.Time().Before(before.Time()) })
}
