package slackdev

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"cloudimage/slackdev/inspector"
)

// This file is the door of the Web API: it reads the call, checks the token
// and the scope, lets faults happen, runs the method and writes the log.

// call is one Web API call in progress.
type call struct {
	ws     *Workspace
	ctx    context.Context
	args   args
	header http.Header // of the response
	fault  Fault       // what goes wrong with it
	shown  []inspector.Change

	problems []string // of blocks, where the answer has no room for them

	// What the bot may do, as it was when the call came.
	scopes  map[string]bool
	granted string
}

// reply is the fields of a successful answer; "ok" is added.
type reply map[string]any

// failure is an answer with ok:false.
type failure struct {
	code   string // empty where Slack gives none
	detail reply
}

func (f *failure) Error() string { return f.code }

func fail(code string) error { return &failure{code: code} }

// tokenKind is what a method wants in the Authorization header.
type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	noToken
)

type method struct {
	token tokenKind
	scope string // needed always; methods check further ones themselves
	run   func(*call) (any, error)
}

// methodTable lists every method the workspace knows.
func methodTable() map[string]method {
	return map[string]method{
		"api.test":                     {token: noToken, run: apiTest},
		"auth.test":                    {run: authTest},
		"apps.connections.open":        {token: appToken, run: openConnection},
		"blocks.validate":              {token: noToken, run: validateBlocks},
		"bookmarks.add":                {scope: "bookmarks:write", run: addBookmark},
		"bookmarks.edit":               {scope: "bookmarks:write", run: editBookmark},
		"bookmarks.list":               {scope: "bookmarks:read", run: listBookmarks},
		"bookmarks.remove":             {scope: "bookmarks:write", run: removeBookmark},
		"bots.info":                    {scope: "users:read", run: botInfo},
		"chat.delete":                  {scope: "chat:write", run: deleteMessage},
		"chat.deleteScheduledMessage":  {scope: "chat:write", run: deleteScheduledMessage},
		"chat.getPermalink":            {run: permalink},
		"chat.meMessage":               {scope: "chat:write", run: meMessage},
		"chat.postEphemeral":           {scope: "chat:write", run: postEphemeral},
		"chat.postMessage":             {scope: "chat:write", run: postMessage},
		"chat.scheduleMessage":         {scope: "chat:write", run: scheduleMessage},
		"chat.scheduledMessages.list":  {scope: "chat:write", run: listScheduledMessages},
		"chat.update":                  {scope: "chat:write", run: updateMessage},
		"conversations.archive":        {run: archiveConversation},
		"conversations.create":         {run: createConversation},
		"conversations.history":        {run: history},
		"conversations.info":           {run: conversationInfo},
		"conversations.invite":         {run: inviteToConversation},
		"conversations.join":           {scope: "channels:join", run: joinConversation},
		"conversations.kick":           {run: kickFromConversation},
		"conversations.leave":          {run: leaveConversation},
		"conversations.list":           {run: listConversations},
		"conversations.members":        {run: conversationMembers},
		"conversations.open":           {scope: "im:write", run: openConversation},
		"conversations.rename":         {run: renameConversation},
		"conversations.replies":        {run: replies},
		"conversations.setPurpose":     {run: setPurpose},
		"conversations.setTopic":       {run: setTopic},
		"conversations.unarchive":      {run: unarchiveConversation},
		"emoji.list":                   {scope: "emoji:read", run: listEmoji},
		"files.completeUploadExternal": {scope: "files:write", run: completeUpload},
		"files.delete":                 {scope: "files:write", run: deleteFile},
		"files.getUploadURLExternal":   {scope: "files:write", run: uploadURL},
		"files.info":                   {scope: "files:read", run: fileInfo},
		"files.list":                   {scope: "files:read", run: listFiles},
		"pins.add":                     {scope: "pins:write", run: addPin},
		"pins.list":                    {scope: "pins:read", run: listPins},
		"pins.remove":                  {scope: "pins:write", run: removePin},
		"reactions.add":                {scope: "reactions:write", run: addReaction},
		"reactions.get":                {scope: "reactions:read", run: getReactions},
		"reactions.list":               {scope: "reactions:read", run: listReactions},
		"reactions.remove":             {scope: "reactions:write", run: removeReaction},
		"team.info":                    {scope: "team:read", run: teamInfo},
		"usergroups.list":              {scope: "usergroups:read", run: listUserGroups},
		"usergroups.users.list":        {scope: "usergroups:read", run: listUserGroupUsers},
		"users.conversations":          {run: userConversations},
		"users.getPresence":            {scope: "users:read", run: userPresence},
		"users.info":                   {scope: "users:read", run: userInfo},
		"users.list":                   {scope: "users:read", run: listUsers},
		"users.lookupByEmail":          {scope: "users:read.email", run: lookupByEmail},
		"users.profile.get":            {scope: "users.profile:read", run: userProfile},
		"views.open":                   {run: openView},
		"views.publish":                {run: publishView},
		"views.push":                   {run: pushView},
		"views.update":                 {run: updateView},
	}
}

func (ws *Workspace) serveAPI(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	name := r.PathValue("method")
	c := &call{ws: ws, ctx: r.Context(), header: w.Header()}
	var argErr error
	c.args, argErr = decodeArgs(r)
	at := attempt{c, w, name, began}
	if wait := ws.measure(c, name); wait > 0 {
		ws.tooMany(at, wait)
		return
	}
	f := ws.takeFault(name)
	c.fault = f
	if ws.spoil(at, f) {
		return
	}
	body, err := ws.run(c, r, name, f, argErr)
	raw := encodeReply(body, err, charsetWarning(r))
	// Logged before it is answered, so that a caller finds his call in the log.
	if ws.spoilAnswer(at, f, raw, err) {
		return
	}
	ws.logCall(c, name, began, http.StatusOK, raw, err)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write(raw)
}

// run checks who calls and what for, and does it.
func (ws *Workspace) run(c *call, r *http.Request, name string, f Fault, argErr error) (any, error) {
	m, ok := ws.methods[name]
	if !ok {
		ws.log.Error("the app called a method that this workspace does not know", "method", name)
		return nil, &failure{code: "unknown_method", detail: reply{"req_method": name}}
	}
	if argErr != nil {
		return nil, argErr
	}
	if err := ws.authorize(c, r, m); err != nil {
		return nil, err
	}
	if c.args.json != nil && readsNoJSON(name) {
		ws.log.Warn("the app sent JSON to a method that reads a query or a form alone, so its arguments are ignored, as Slack does", "method", name)
		c.args.json = nil
	}
	if f.Code != "" {
		return nil, c.spoiledCode(f, m.scope)
	}
	if err := c.need(m.scope); err != nil {
		return nil, err
	}
	return m.run(c)
}

// authorize checks the token. The app-level token is read from the header
// alone, the bot token from the header or from a form. A token in the query is
// refused even beside a good header, as it is for every app since 2021.
func (ws *Workspace) authorize(c *call, r *http.Request, m method) error {
	if m.token == noToken {
		return nil
	}
	if r.URL.Query().Has("token") {
		return fail("invalid_auth")
	}
	token, ok := bearer(r)
	if !ok {
		return fail("invalid_auth")
	}
	if token == "" && m.token == botToken {
		token = c.args.form.Get("token")
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	a := &ws.st.app
	switch {
	case token == "":
		return fail("not_authed")
	case token != a.botToken && token != a.appToken:
		return fail("invalid_auth")
	case (m.token == appToken) != (token == a.appToken):
		return fail("not_allowed_token_type")
	case token == a.botToken && a.token != TokenValid:
		return fail(a.token.refusal())
	case token == a.botToken && !a.ends.IsZero() && !ws.clock.Now().Before(a.ends):
		return fail("token_expired")
	}
	c.scopes, c.granted = a.scopes, a.granted
	if m.token == botToken {
		c.header.Set("X-OAuth-Scopes", a.granted)
		if m.scope != "" {
			c.header.Set("X-Accepted-OAuth-Scopes", m.scope)
		}
	}
	return nil
}

// bearer is the token of the Authorization header, empty without one. A header
// of another scheme, or a token without any, is no token.
func bearer(r *http.Request) (token string, ok bool) {
	h := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(h, " ")
	return strings.TrimSpace(token), h == "" || strings.EqualFold(scheme, "Bearer")
}

// need fails with missing_scope unless the bot has the scope.
func (c *call) need(scope string) error {
	if scope == "" || c.scopes[scope] {
		return nil
	}
	c.ws.log.Warn("the app lacks a scope", "needed", scope, "provided", c.granted)
	return &failure{code: "missing_scope", detail: reply{"needed": scope, "provided": c.granted}}
}

func encodeReply(body any, err error, warning string) []byte {
	out := reply{}
	if err != nil {
		var f *failure
		if !errors.As(err, &f) {
			f = &failure{code: "internal_error"}
		}
		for k, v := range f.detail {
			out[k] = v
		}
		out["ok"] = false
		if f.code != "" {
			out["error"] = f.code
		}
	} else {
		if m, ok := body.(reply); ok {
			out = m
		}
		out["ok"] = true
	}
	if warning != "" {
		out.warn(warning)
	}
	raw, merr := json.Marshal(out)
	if merr != nil {
		return []byte(`{"ok":false,"error":"internal_error"}`)
	}
	return raw
}

func apiTest(c *call) (any, error) {
	if e := c.args.str("error"); e != "" {
		return nil, &failure{code: e, detail: reply{"args": c.args.redacted()}}
	}
	return reply{"args": c.args.redacted()}, nil
}

func authTest(c *call) (any, error) {
	st := c.ws.st
	out := reply{
		"url": "https://" + st.team.domain + ".slack.com/", "team": st.team.name, "user": st.bot.name,
		"team_id": st.team.id, "user_id": st.bot.id, "bot_id": st.app.botID, "is_enterprise_install": false,
	}
	if ends := st.app.ends; !ends.IsZero() {
		out["expires_in"] = int(ends.Sub(c.ws.clock.Now()) / time.Second)
	}
	return out, nil
}
