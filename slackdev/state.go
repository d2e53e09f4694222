package slackdev

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cloudimage/slackdev/surface"
)

// state is everything the workspace remembers. Workspace.mu guards all of it.
type state struct {
	team team
	app  app
	bot  *user

	users     []*user // in the order of the seed
	userIDs   map[UserID]*user
	userNames map[string]*user

	groups []*group

	channels     []*channel
	channelIDs   map[ChannelID]*channel
	channelNames map[string]*channel

	views     map[ViewID]*view // open modals and Home tabs
	externals map[string]ViewID
	files     map[FileID]*file
	scheduled []*scheduled // in the order they were handed in
	lastTS    int64        // microseconds
	eventRate eventRate

	noUserGroups bool // the plan has none
	rates        RatesMode
	ratesSaid    map[string]time.Time // when the log last had a warning of a method

	keepMessages int             // of a conversation; 0 keeps all
	fileOrder    []FileID        // oldest first
	fileBytes    int64           // of them together
	loose        map[FileID]bool // their message is forgotten; perhaps another shows them
}

type team struct {
	id     TeamID
	name   string
	domain string
}

type app struct {
	id       string
	name     string
	botID    string
	botToken string
	appToken string
	ends     time.Time       // of the bot token; zero for never
	token    TokenState      // of the bot token
	scopes   map[string]bool // replaced as a whole when it changes, as calls hold on to it
	granted  string          // the same, as the header shows them
	events   map[string]bool
}

type user struct {
	id       UserID
	team     TeamID
	name     string
	realName string
	title    string
	email    string
	kind     UserKind
	tz       string
	zone     *time.Location
	updated  int64

	im         *channel // the direct message with the app's bot, once opened
	home       *view
	stack      []*view // modals, bottom first
	ephemerals map[ChannelID][]*message
	read       map[ChannelID]TS
}

type group struct {
	id      GroupID
	handle  string
	name    string
	users   []UserID
	created int64
	updated int64
}

type channelKind string

const (
	kindPublic  channelKind = "channel"
	kindPrivate channelKind = "private"
	kindIM      channelKind = "im"
)

type channel struct {
	id        ChannelID
	name      string
	kind      channelKind
	oldNames  []string // newest first
	creator   UserID
	topic     note
	purpose   note
	created   int64
	updated   int64 // milliseconds
	archived  bool
	extShared bool
	with      UserID // the human of a direct message

	members   []UserID // in the order they joined
	memberSet map[UserID]bool

	log       []*message // oldest first
	byTS      map[TS]*message
	pins      []TS
	bookmarks []bookmark
}

type bookmark struct {
	ID        string    `json:"id"`
	ChannelID ChannelID `json:"channel_id"`
	Title     string    `json:"title"`
	Link      string    `json:"link"`
	Emoji     string    `json:"emoji"`
	Type      string    `json:"type"`
	Created   int64     `json:"date_created"`
	Updated   int64     `json:"date_updated"`
}

type file struct {
	id       FileID
	name     string
	title    string
	altText  string
	size     int64
	data     []byte
	uploaded bool
	complete bool
	deleted  bool   // its message shows that there was one
	secret   string // the last part of the upload URL
	user     UserID
	created  int64
	channels []ChannelID
}

func newState() *state {
	return &state{
		userIDs: map[UserID]*user{}, userNames: map[string]*user{}, channelIDs: map[ChannelID]*channel{}, channelNames: map[string]*channel{},
		ratesSaid: map[string]time.Time{}, views: map[ViewID]*view{}, externals: map[string]ViewID{}, files: map[FileID]*file{}, loose: map[FileID]bool{},
	}
}

func (st *state) addUser(u *user) {
	u.ephemerals = map[ChannelID][]*message{}
	u.read = map[ChannelID]TS{}
	st.users = append(st.users, u)
	st.userIDs[u.id] = u
	st.userNames[u.name] = u
}

// userByName finds a person by name, with or without the at sign, or by id.
func (st *state) userByName(n string) *user {
	n = strings.TrimPrefix(n, "@")
	if u := st.userNames[n]; u != nil {
		return u
	}
	return st.userIDs[UserID(n)]
}

// founder is who did what is nobody's doing here: the first human of the seed, or
// the bot where there is none.
func (st *state) founder() *user {
	for _, u := range st.users {
		if u.kind != KindBot {
			return u
		}
	}
	return st.bot
}

// personByName finds somebody who can look and act: not a bot, and nobody who left.
func (st *state) personByName(n string) *user {
	if u := st.userByName(n); u != nil && u.kind != KindBot && u.kind != KindDeleted {
		return u
	}
	return nil
}

func newChannel(id ChannelID, name string, kind channelKind, now time.Time) *channel {
	return &channel{
		id: id, name: name, kind: kind, created: now.Unix(), updated: now.Unix() * 1000,
		memberSet: map[UserID]bool{}, byTS: map[TS]*message{},
	}
}

func (st *state) addChannel(c *channel) {
	st.channels = append(st.channels, c)
	st.channelIDs[c.id] = c
	if c.name != "" {
		st.channelNames[c.name] = c
	}
}

// channelByName finds a channel by id, or by name with or without the number sign.
func (st *state) channelByName(n string) *channel {
	if c := st.channelIDs[ChannelID(n)]; c != nil {
		return c
	}
	return st.channelNames[strings.TrimPrefix(n, "#")]
}

func (st *state) groupByHandle(h string) *group {
	for _, g := range st.groups {
		if g.handle == h || string(g.id) == h {
			return g
		}
	}
	return nil
}

// openIM returns the direct message between the person and the app's bot,
// making it if need be.
func (st *state) openIM(u *user, now time.Time) *channel {
	if u.im == nil {
		c := newChannel(ChannelID("D"+strings.TrimPrefix(string(u.id), "U")), "", kindIM, now)
		c.with = u.id
		c.join(u.id)
		c.join(st.bot.id)
		st.addChannel(c)
		u.im = c
	}
	return u.im
}

func (c *channel) join(u UserID) bool {
	if c.memberSet[u] {
		return false
	}
	c.memberSet[u] = true
	c.members = append(c.members, u)
	return true
}

func (c *channel) leave(u UserID) bool {
	if !c.memberSet[u] {
		return false
	}
	delete(c.memberSet, u)
	for i, m := range c.members {
		if m == u {
			c.members = append(c.members[:i:i], c.members[i+1:]...)
		}
	}
	return true
}

// visibleTo tells whether the person finds the channel: guests and strangers
// see only what they are members of.
func (c *channel) visibleTo(u *user) bool {
	if c.memberSet[u.id] {
		return true
	}
	return c.kind == kindPublic && (u.kind == KindMember || u.kind == KindAdmin || u.kind == KindBot)
}

// message is one message, stored or ephemeral.
type message struct {
	ts          TS
	channel     *channel
	user        UserID
	bot         bool    // posted by the app
	guise       *guise  // under whose name, if not the app's
	subtype     string  // of one that is no plain message: channel_join, me_message
	notice      *notice // of one that tells what became of the channel
	text        string
	blocks      json.RawMessage
	attachments json.RawMessage
	metadata    json.RawMessage
	thread      TS // of the parent; equal to ts on a parent with replies
	replies     []TS
	broadcast   bool // a reply that the channel shows, too
	tombstone   bool // what is left of a deleted parent
	edited      TS
	editedBy    UserID
	ephemeral   UserID // the one person who sees it, or empty
	files       []*file
	pinned      bool
	reactions   []reaction

	doc    *surface.Document        // parsed blocks; nil until someone acts on them
	json   json.RawMessage          // as payloads and history show it; nil when stale
	inputs map[UserID]surface.State // what each person has chosen in it and not sent
}

func (st *state) nextTS(now time.Time) TS {
	t := now.UnixMicro()
	if t <= st.lastTS {
		t = st.lastTS + 1
	}
	st.lastTS = t
	return formatTS(t)
}

// post stores a message in its channel.
func (st *state) post(m *message) {
	c := m.channel
	c.log = append(c.log, m)
	c.byTS[m.ts] = m
	if m.thread != "" {
		if parent := c.byTS[m.thread]; parent != nil {
			parent.thread = parent.ts
			parent.replies = append(parent.replies, m.ts)
			parent.json = nil
		}
	}
	st.trim(c)
}

// remove takes a message out of its channel. Where a thread hangs on it, a
// tombstone stays.
func (c *channel) remove(m *message) {
	c.pins = slices.DeleteFunc(c.pins, func(ts TS) bool { return ts == m.ts })
	if len(m.replies) > 0 {
		m.bury()
		return
	}
	delete(c.byTS, m.ts)
	for i := len(c.log) - 1; i >= 0; i-- {
		if c.log[i] == m {
			c.log = append(c.log[:i:i], c.log[i+1:]...)
			break
		}
	}
	if parent := c.byTS[m.thread]; parent != nil && parent != m {
		for i, ts := range parent.replies {
			if ts == m.ts {
				parent.replies = append(parent.replies[:i:i], parent.replies[i+1:]...)
				break
			}
		}
		parent.json = nil
	}
}
