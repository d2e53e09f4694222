package slackdev

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// This file is the part of the control API that shows what is wrong on purpose,
// takes it back, and changes what an admin could.

// serveFaults lists all that makes this workspace different from what it was at
// its start.
func (ws *Workspace) serveFaults(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	type shown struct {
		ID       string `json:"id"`
		Method   string `json:"method"`
		Left     int    `json:"left"`
		Standing bool   `json:"standing"`
		Happened int    `json:"happened"`
		What     string `json:"what"`
	}
	armed := []shown{}
	for _, a := range ws.Faults() {
		armed = append(armed, shown{a.ID, a.Method, a.Left, a.Left == 0, a.Happened, a.Fault.Words()})
	}
	for _, a := range ws.envelopeFaults() {
		armed = append(armed, shown{a.ID, a.Method, a.Left, a.Left == 0, 0, a.what})
	}
	granted, first := ws.Scopes(), ws.firstScopes()
	writeControl(w, http.StatusOK, map[string]any{
		"armed": armed, "hung": ws.Hung(), "calm": ws.Calmed(), "rates": ws.Rates(), "token": ws.Token(),
		"plan":        map[string]any{"user_groups": !ws.NoUserGroups()},
		"scopes":      map[string]any{"granted": granted, "withdrawn": missingIn(granted, first), "added": missingIn(first, granted)},
		"socket_mode": ws.socketMode(), "methods": sortedKeys(ws.methods),
	})
}

// missingIn lists what of b is not in a.
func missingIn(a, b []string) []string {
	out := []string{}
	for _, s := range b {
		if !slices.Contains(a, s) {
			out = append(out, s)
		}
	}
	return out
}

// serveLimits lists how often each method was called.
func (ws *Workspace) serveLimits(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	type shown struct {
		Method    string `json:"method"`
		Tier      string `json:"tier"`
		PerMinute int    `json:"per_minute"`
		Words     string `json:"words"`
		Minute    int    `json:"minute"`
		Highest   int    `json:"highest"`
		Total     int    `json:"total"`
		Failed    int    `json:"failed"`
		Over      int    `json:"over"`
		Limited   int    `json:"limited"`
	}
	list := []shown{}
	for _, l := range ws.Limits() {
		list = append(list, shown{l.Method, l.Limit.Tier.String(), l.Limit.PerMinute, l.Limit.Words(), l.Minute, l.Highest, l.Total, l.Failed, l.Over, l.Limited})
	}
	writeControl(w, http.StatusOK, map[string]any{"mode": ws.Rates(), "methods": list})
}

// orderClear is POST /dev/api/faults/clear: {"id": "F1"} takes one fault back,
// {"all": true} every one, releases what hangs and switches Socket Mode on. The plan, the
// scopes, the token and the mode of rates stay as they are.
func (ws *Workspace) orderClear(o struct {
	ID  string `json:"id"`
	All bool   `json:"all"`
}) (any, error) {
	switch {
	case o.All == (o.ID != ""):
		return nil, errors.New("say which fault to take back: its id, or all")
	case o.All:
		ws.ClearFaults()
	case !ws.TakeBack(o.ID) && !ws.takeBackEnvelope(o.ID):
		return nil, fmt.Errorf("%w: there is no fault %s; it has happened or was taken back", ErrNotPossible, o.ID)
	}
	return nil, nil
}

// orderDisconnect is POST /dev/api/disconnect: {"reason": "warning"} closes every
// socket, with "one": true the oldest alone. The reasons are Slack's.
func (ws *Workspace) orderDisconnect(o struct {
	Reason DisconnectReason `json:"reason"`
	One    bool             `json:"one"`
}) (any, error) {
	reasons := []DisconnectReason{DisconnectWarning, DisconnectRefreshRequested, DisconnectLinkDisabled, DisconnectTooManyWebsockets}
	switch {
	case !slices.Contains(reasons, o.Reason):
		return nil, fmt.Errorf("reason must be one of %s, not %q", listed(reasons), o.Reason)
	case ws.Sockets() == 0 && o.Reason != DisconnectLinkDisabled:
		return nil, fmt.Errorf("%w: the app has no socket open", ErrNotPossible)
	case o.One:
		ws.DisconnectOne(o.Reason)
	default:
		ws.Disconnect(o.Reason)
	}
	return nil, nil
}

func listed(reasons []DisconnectReason) string {
	out := ""
	for i, r := range reasons {
		switch {
		case i == len(reasons)-1:
			out += " and "
		case i > 0:
			out += ", "
		}
		out += string(r)
	}
	return out
}

// orderSocketMode is POST /dev/api/socket_mode: {"enabled": false} switches Socket
// Mode off as an admin does in the app's settings, and true on again.
func (ws *Workspace) orderSocketMode(o struct {
	Enabled *bool `json:"enabled"`
}) (any, error) {
	switch {
	case o.Enabled == nil:
		return nil, errors.New("enabled must be true or false")
	case *o.Enabled:
		ws.EnableSocketMode()
	default:
		ws.Disconnect(DisconnectLinkDisabled)
	}
	return nil, nil
}

// orderRates is POST /dev/api/rates: {"mode": "off"}, "warn" or "enforce".
func (ws *Workspace) orderRates(o struct {
	Mode RatesMode `json:"mode"`
}) (any, error) {
	return nil, ws.SetRates(o.Mode)
}

// orderPlan is POST /dev/api/plan: {"user_groups": false} is a plan without any.
func (ws *Workspace) orderPlan(o struct {
	UserGroups *bool `json:"user_groups"`
}) (any, error) {
	if o.UserGroups == nil {
		return nil, errors.New("user_groups must be true or false")
	}
	ws.SetNoUserGroups(!*o.UserGroups)
	return nil, nil
}

// orderScopes is POST /dev/api/scopes: {"grant": "pins:write"} or {"revoke": ...}.
func (ws *Workspace) orderScopes(o struct {
	Grant  string `json:"grant"`
	Revoke string `json:"revoke"`
}) (any, error) {
	switch {
	case (o.Grant == "") == (o.Revoke == ""):
		return nil, errors.New("say one scope, to grant or to revoke")
	case o.Grant != "":
		return nil, ws.GrantScope(o.Grant)
	}
	return nil, ws.RevokeScope(o.Revoke)
}

// orderToken is POST /dev/api/token: {"state": "revoked"}, "uninstalled" or, to
// undo either, "valid".
func (ws *Workspace) orderToken(o struct {
	State TokenState `json:"state"`
}) (any, error) {
	if !slices.Contains([]TokenState{TokenValid, TokenRevoked, TokenUninstalled}, o.State) {
		return nil, fmt.Errorf("state must be valid, revoked or uninstalled, not %q", o.State)
	}
	ws.setToken(o.State)
	return nil, nil
}
