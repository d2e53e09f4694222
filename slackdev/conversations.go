package slackdev

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// channelObject is a conversation as Slack writes it.
func (ws *Workspace) channelObject(ch *channel, numMembers bool) map[string]any {
	st := ws.st
	member := ch.memberSet[st.bot.id]
	o := map[string]any{
		"id": ch.id, "created": ch.created, "is_archived": ch.archived,
		"is_channel": ch.kind == kindPublic, "is_group": ch.kind == kindPrivate, "is_im": ch.kind == kindIM, "is_mpim": false,
		"is_private": ch.kind != kindPublic, "is_org_shared": false, "is_ext_shared": ch.extShared, "is_shared": ch.extShared,
		"is_pending_ext_shared": false, "context_team_id": st.team.id, "updated": ch.updated,
	}
	if ch.kind == kindIM {
		o["user"], o["is_open"], o["is_user_deleted"] = ch.with, true, st.userIDs[ch.with].kind == KindDeleted
		return o
	}
	o["name"], o["name_normalized"] = ch.name, ch.name
	o["is_general"], o["is_member"] = ch.name == "general", member
	o["creator"], o["topic"], o["purpose"] = ch.creator, ch.topic, ch.purpose
	o["previous_names"] = append([]string{}, ch.oldNames...)
	if numMembers {
		o["num_members"] = len(ch.members)
	}
	return o
}

// readScope is the scope that lets an app read conversations of the kind.
func readScope(k channelKind, verb string) string {
	switch k {
	case kindPrivate:
		return "groups:" + verb
	case kindIM:
		return "im:" + verb
	}
	return "channels:" + verb
}

// conversation finds the channel argument among those the bot can see, and
// checks the scope for its kind.
func (c *call) conversation(verb string) (*channel, error) {
	ch := c.channel("channel")
	if ch == nil {
		// Without any scope the answer is about the scope, as Slack gives nothing away.
		if !c.anyScope("channels:"+verb, "groups:"+verb, "im:"+verb) {
			return nil, c.need("channels:" + verb)
		}
		return nil, fail("channel_not_found")
	}
	if err := c.need(readScope(ch.kind, verb)); err != nil {
		return nil, err
	}
	return ch, nil
}

// channel finds the one that an argument names by its id; nil when the bot cannot
// see such a one.
func (c *call) channel(key string) *channel { return c.ws.seenByBot(ChannelID(c.args.str(key))) }

func (ws *Workspace) seenByBot(id ChannelID) *channel {
	ch := ws.st.channelIDs[id]
	if ch == nil || ch.kind == kindPrivate && !ch.memberSet[ws.st.bot.id] {
		return nil
	}
	return ch
}

func (c *call) anyScope(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return c.scopes[s] })
}

func conversationInfo(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.conversation("read")
	if err != nil {
		return nil, err
	}
	return reply{"channel": c.ws.channelObject(ch, c.args.bool("include_num_members"))}, nil
}

func listConversations(c *call) (any, error) {
	return conversationPage(c, true, func(ch *channel) bool { return ch.kind == kindPublic || ch.memberSet[c.ws.st.bot.id] })
}

// conversationPage lists conversations of the types asked for, as far as the bot
// has the scope to read them.
func conversationPage(c *call, numMembers bool, listed func(*channel) bool) (any, error) {
	types := c.args.list("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	want := map[channelKind]bool{}
	for _, t := range types {
		k, ok := map[string]channelKind{"public_channel": kindPublic, "private_channel": kindPrivate, "im": kindIM, "mpim": ""}[t]
		if !ok {
			return nil, fail("invalid_types")
		}
		if k == "" {
			continue
		}
		if err := c.need(readScope(k, "read")); err != nil {
			return nil, err
		}
		want[k] = true
	}
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	var all []any
	for _, ch := range c.ws.st.channels {
		if !want[ch.kind] || !listed(ch) || (ch.archived && c.args.bool("exclude_archived")) {
			continue
		}
		all = append(all, c.ws.channelObject(ch, numMembers))
	}
	page, meta, err := paginate(c, all, 100)
	if err != nil {
		return nil, err
	}
	return reply{"channels": page, "response_metadata": meta}, nil
}

func conversationMembers(c *call) (any, error) {
	c.ws.mu.Lock()
	defer c.ws.mu.Unlock()
	ch, err := c.conversation("read")
	if err != nil {
		return nil, err
	}
	page, meta, err := paginate(c, slices.Clone(ch.members), 100)
	if err != nil {
		return nil, err
	}
	return reply{"members": page, "response_metadata": meta}, nil
}

func openConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if id := c.args.str("channel"); id != "" {
		ch := ws.st.channelIDs[ChannelID(id)]
		if ch == nil || ch.kind != kindIM {
			return nil, fail("channel_not_found")
		}
		return reply{"channel": ws.channelObject(ch, false), "no_op": true, "already_open": true}, nil
	}
	users := c.args.list("users")
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 1:
		ws.log.Error("the app opened a group direct message, which this workspace does not have", "users", users)
		return nil, fail("method_not_supported_for_channel_type")
	}
	u := ws.st.userIDs[UserID(users[0])]
	switch {
	case u == nil || u == ws.st.bot:
		return nil, fail("user_not_found")
	case u.kind == KindDeleted:
		return nil, fail("user_disabled")
	case u.kind == KindBot:
		return nil, fail("cannot_dm_bot")
	}
	open := u.im != nil
	ch := ws.st.openIM(u, ws.clock.Now())
	out := reply{"channel": map[string]any{"id": ch.id}}
	if c.args.bool("return_im") {
		out["channel"] = ws.channelObject(ch, false)
	}
	if open {
		out["no_op"], out["already_open"] = true, true
	}
	return out, nil
}

func joinConversation(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := c.channel("channel")
	switch {
	case ch == nil:
		return nil, fail("channel_not_found")
	case ch.kind != kindPublic:
		return nil, fail("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, fail("is_archived")
	}
	out := reply{}
	if ws.joined(ch, ws.st.bot, "") {
		c.shows(channelShown("joined", ch, ws.st.bot.name))
	} else {
		out["warning"] = "already_in_channel"
		out["response_metadata"] = map[string]any{"warnings": []string{"already_in_channel"}}
	}
	out["channel"] = ws.channelObject(ch, false)
	return out, nil
}

func history(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.conversation("history")
	if err != nil {
		return nil, err
	}
	if !ch.memberSet[ws.st.bot.id] {
		return nil, fail("not_in_channel")
	}
	if err := c.momentsAreGood(); err != nil {
		return nil, err
	}
	var all []*message
	for _, m := range slices.Backward(ch.log) { // newest first
		if m.inChannel() && c.within(m.ts) {
			all = append(all, m)
		}
	}
	page, meta, err := paginate(c, all, 100)
	if err != nil {
		return nil, err
	}
	return reply{
		"messages": ws.listJSON(page, c.args.bool("include_all_metadata")), "has_more": meta["next_cursor"] != "",
		"pin_count": len(ch.pins), "response_metadata": meta,
	}, nil
}

// aMoment is how oldest and latest are written.
var aMoment = regexp.MustCompile(`^\d+(\.\d*)?$`)

// momentsAreGood tells whether oldest and latest can be read.
func (c *call) momentsAreGood() error {
	if o := c.args.str("oldest"); o != "" && !aMoment.MatchString(o) {
		return fail("invalid_ts_oldest")
	}
	if l := c.args.str("latest"); l != "" && l != "now" && !aMoment.MatchString(l) {
		return fail("invalid_ts_latest")
	}
	return nil
}

// within applies oldest, latest and inclusive.
func (c *call) within(ts TS) bool {
	at := ts.Time()
	if o := c.args.str("oldest"); o != "" && o != "0" {
		if d := at.Compare(TS(o).Time()); d < 0 || d == 0 && !c.args.bool("inclusive") {
			return false
		}
	}
	if l := c.args.str("latest"); l != "" && l != "now" {
		if d := at.Compare(TS(l).Time()); d > 0 || d == 0 && !c.args.bool("inclusive") {
			return false
		}
	}
	return true
}

func replies(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch, err := c.conversation("history")
	if err != nil {
		return nil, err
	}
	if !ch.memberSet[ws.st.bot.id] {
		return nil, fail("not_in_channel")
	}
	if err := c.momentsAreGood(); err != nil {
		return nil, err
	}
	parent := ch.byTS[TS(c.args.str("ts"))]
	if parent == nil {
		return nil, fail("thread_not_found")
	}
	all := []*message{parent}
	for _, ts := range parent.replies {
		if m := ch.byTS[ts]; m != nil && c.within(ts) {
			all = append(all, m)
		}
	}
	page, meta, err := paginate(c, all, 1000)
	if err != nil {
		return nil, err
	}
	return reply{
		"messages": ws.listJSON(page, c.args.bool("include_all_metadata")), "has_more": meta["next_cursor"] != "", "response_metadata": meta,
	}, nil
}

func (ws *Workspace) listJSON(list []*message, metadata bool) []json.RawMessage {
	out := make([]json.RawMessage, len(list))
	for i, m := range list {
		out[i] = ws.historyJSON(m, metadata)
	}
	return out
}

// paginate cuts the page the cursor and limit arguments ask for.
func paginate[T any](c *call, all []T, def int) ([]T, map[string]any, error) {
	limit := c.args.int("limit", -1)
	if c.args.str("limit") == "" {
		limit = def
	}
	if limit <= 0 || limit > 1000 {
		if c.args.has("limit") && limit != 0 {
			return nil, nil, fail("invalid_limit")
		}
		limit = def
	}
	from := 0
	if cur := c.args.str("cursor"); cur != "" {
		raw, err := base64.StdEncoding.DecodeString(cur)
		rest, ok := strings.CutPrefix(string(raw), "offset:")
		n, nerr := strconv.Atoi(rest)
		if err != nil || !ok || nerr != nil || n < 0 || n > len(all) {
			return nil, nil, fail("invalid_cursor")
		}
		from = n
	}
	to := min(from+limit, len(all))
	next := ""
	if to < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("offset:" + strconv.Itoa(to)))
	}
	page := all[from:to]
	if page == nil {
		page = []T{}
	}
	return page, map[string]any{"next_cursor": next}, nil
}
