package slackdev

import "cloudimage/slackdev/surface"

// readerFor reads surfaces as the person does who chose these values there. The
// workspace is locked while it reads.
func (ws *Workspace) readerFor(u *user, chosen surface.State) *surface.Reader {
	return &surface.Reader{Names: names{ws.st, u}, User: string(u.id), Zone: u.zone, Now: ws.clock.Now(), Inputs: chosen}
}

// names are what people, channels and groups are called for one person.
type names struct {
	st *state
	as *user
}

func (n names) User(id string) string {
	if u := n.st.userIDs[UserID(id)]; u != nil {
		return "@" + u.name
	}
	return "@" + id
}

// Channel does not give away the names of private channels.
func (n names) Channel(id string) string {
	c := n.st.channelIDs[ChannelID(id)]
	switch {
	case c == nil:
		return "#" + id
	case c.kind == kindIM:
		return n.User(string(c.with))
	case c.kind == kindPrivate && !c.memberSet[n.as.id]:
		return "#private-channel"
	}
	return "#" + c.name
}

func (n names) Group(id string) string {
	if g := n.st.groupByHandle(id); g != nil {
		return "@" + g.handle
	}
	return "@" + id
}
