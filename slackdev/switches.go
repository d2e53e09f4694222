package slackdev

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// This file has what an admin, or Slack, switches on and off while the app runs:
// the plan, the scopes of its token, the token itself.

// TokenState is whether the bot token is good.
type TokenState string

// The states of the bot token.
const (
	TokenValid       TokenState = "valid"
	TokenRevoked     TokenState = "revoked"     // calls answer token_revoked
	TokenUninstalled TokenState = "uninstalled" // calls answer account_inactive
)

// refusal is what calls with a token in this state are answered.
func (s TokenState) refusal() string {
	return map[TokenState]string{TokenRevoked: "token_revoked", TokenUninstalled: "account_inactive"}[s]
}

// SetNoUserGroups moves the workspace to a plan without user groups, where
// usergroups.* answer plan_upgrade_required, or back.
func (ws *Workspace) SetNoUserGroups(none bool) {
	ws.mu.Lock()
	ws.st.noUserGroups = none
	ws.mu.Unlock()
	ws.tellFaults()
}

// NoUserGroups tells whether the plan has no user groups.
func (ws *Workspace) NoUserGroups() bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.st.noUserGroups
}

// Scopes lists what the bot token may do, in the order in which it was granted.
func (ws *Workspace) Scopes() []string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return scopeList(ws.st.app.granted)
}

func scopeList(granted string) []string {
	if granted == "" {
		return []string{}
	}
	return strings.Split(granted, ",")
}

// GrantScope adds a scope to the bot token, as a new installation with a wider
// manifest would. One that it has already is no error.
func (ws *Workspace) GrantScope(scope string) error {
	if scope == "" || strings.ContainsAny(scope, ", ") {
		return fmt.Errorf("%q is not the name of a scope", scope)
	}
	ws.mu.Lock()
	list := scopeList(ws.st.app.granted)
	if !slices.Contains(list, scope) {
		ws.setScopes(append(list, scope))
	}
	ws.mu.Unlock()
	ws.tellFaults()
	return nil
}

// RevokeScope withdraws a scope from the bot token: calls that need it answer
// missing_scope and events that need it are not sent.
func (ws *Workspace) RevokeScope(scope string) error {
	ws.mu.Lock()
	list := scopeList(ws.st.app.granted)
	i := slices.Index(list, scope)
	if i < 0 {
		ws.mu.Unlock()
		return fmt.Errorf("%w: the app was not granted %q", ErrNotPossible, scope)
	}
	ws.setScopes(slices.Delete(list, i, i+1))
	ws.mu.Unlock()
	ws.tellFaults()
	return nil
}

// setScopes replaces the scopes. The workspace is locked.
func (ws *Workspace) setScopes(list []string) {
	a := &ws.st.app
	a.granted, a.scopes = strings.Join(list, ","), map[string]bool{}
	for _, s := range list {
		a.scopes[s] = true
	}
}

// RevokeToken makes the bot token worthless: calls answer token_revoked. The
// event tokens_revoked is sent to an app that subscribed to it; sockets stay
// open, as they belong to the app-level token.
func (ws *Workspace) RevokeToken() { ws.setToken(TokenRevoked) }

// Uninstall removes the app from the workspace: calls answer account_inactive,
// and the events tokens_revoked and app_uninstalled are the last that are sent.
func (ws *Workspace) Uninstall() { ws.setToken(TokenUninstalled) }

// Reinstall makes the bot token good again. Slack gives the same one to an app
// that is installed again in the same workspace.
func (ws *Workspace) Reinstall() { ws.setToken(TokenValid) }

// Token is the state of the bot token.
func (ws *Workspace) Token() TokenState {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.st.app.token
}

func (ws *Workspace) setToken(s TokenState) {
	ws.mu.Lock()
	a := &ws.st.app
	before := a.token
	if before == TokenValid && s != TokenValid {
		ws.emit("tokens_revoked", "", map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []any{}, "bot": []any{ws.st.bot.id}}})
	}
	if before != TokenUninstalled && s == TokenUninstalled {
		ws.emit("app_uninstalled", "", map[string]any{"type": "app_uninstalled"})
	}
	a.token = s
	ws.mu.Unlock()
	ws.tellFaults()
}

// Calm makes everything as it was when the workspace was started: no faults, no
// call that hangs, sockets may be opened, and the plan, the scopes, the token and
// the mode of rates are what they were.
func (ws *Workspace) Calm() {
	ws.ClearFaults()
	ws.mu.Lock()
	ws.st.noUserGroups = ws.opts.NoUserGroups
	ws.st.rates = ws.opts.Rates
	ws.setScopes(ws.firstScopes())
	ws.st.app.token = TokenValid
	ws.mu.Unlock()
	ws.tellFaults()
}

// Calmed tells whether everything is as Calm would make it.
func (ws *Workspace) Calmed() bool {
	idle := len(ws.Faults()) == 0 && len(ws.envelopeFaults()) == 0 && ws.Hung() == 0 && ws.socketMode()
	ws.mu.Lock()
	defer ws.mu.Unlock()
	first := map[string]bool{}
	for _, s := range ws.firstScopes() {
		first[s] = true
	}
	return idle && ws.st.noUserGroups == ws.opts.NoUserGroups && ws.st.rates == ws.opts.Rates && ws.st.app.token == TokenValid &&
		maps.Equal(ws.st.app.scopes, first)
}

// socketMode tells whether sockets may be opened.
func (ws *Workspace) socketMode() bool { return !ws.tickets.refuses() }
