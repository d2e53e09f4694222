package slackdev

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudimage/slackdev/blockkit"
	"cloudimage/slackdev/surface"
)

// This file submits and closes modals, and does what the app answers.

// ackAction is what the ack of a view_submission may carry.
type ackAction struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   json.RawMessage   `json:"view"`
}

// submit sends the modal. The workspace is locked on entry and unlocked on return.
func (ws *Workspace) submit(ctx context.Context, u *user, v *view) (Outcome, error) {
	if len(u.stack) == 0 || u.stack[len(u.stack)-1] != v {
		ws.mu.Unlock()
		return notPossible("The modal is not on top.")
	}
	if v.Submit == nil && !slices.ContainsFunc(v.document().Controls, func(c surface.Control) bool { return c.Input }) {
		ws.mu.Unlock()
		return notPossible("The modal has no submit button.")
	}
	if bad := v.refusedInputs(); len(bad) > 0 {
		v.errors = bad
		out := v.fieldErrors()
		ws.mu.Unlock()
		ws.hub.tell(change{kind: "modals", user: u.id})
		return out, nil
	}
	v.errors = nil
	if !ws.manifest.interactive() {
		ws.mu.Unlock()
		return notPossible(notInteractive)
	}
	p := ws.newInteractive("view_submission", u)
	o := ws.viewObject(v)
	urls := ws.responseURLs(u, v)
	p.View, p.ResponseURLs = &o, &urls
	p.TriggerID = ws.newTrigger(trigger{user: u.id, view: v.id})
	sent := ws.send(interactiveEnvelope(p, p.View.CallbackID))
	ws.mu.Unlock()
	out, err := ws.await(ctx, sent)
	if err != nil {
		return out, err
	}
	return ws.submitted(u, v, out)
}

// responseURLs makes one for every conversation that was chosen in a select
// which asks for it, in an input block.
func (ws *Workspace) responseURLs(u *user, v *view) []any {
	out := []any{}
	d := v.document()
	for i := range d.Controls {
		c := &d.Controls[i]
		if on, _ := c.Element["response_url_enabled"].(bool); !on || !c.Input {
			continue
		}
		id, _ := v.inputs.Held(c).(string)
		ch := ws.st.channelIDs[ChannelID(id)]
		if ch == nil {
			continue
		}
		out = append(out, map[string]any{
			"block_id": c.Block, "action_id": c.Action, "channel_id": ch.id,
			"response_url": ws.newResponseURL(responseURL{user: u.id, channel: ch.id}),
		})
	}
	return out
}

// submitted does what the ack says.
func (ws *Workspace) submitted(u *user, v *view, out Outcome) (Outcome, error) {
	var a ackAction
	if out.Response != nil {
		if err := json.Unmarshal(out.Response, &a); err != nil {
			return ws.badResponse(out, "the ack of a view_submission cannot be read: "+jsonWrong(err))
		}
	}
	var b *viewBody
	if a.Action == "update" || a.Action == "push" {
		var err error
		if b, err = ws.readView(a.View, blockkit.Modal); err != nil {
			return ws.badResponse(out, describe(err))
		}
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	at := slices.Index(u.stack, v)
	if at < 0 {
		return out, nil // closed meanwhile
	}
	var err error
	switch a.Action {
	case "":
		ws.ackCloses(u, at, out)
	case "clear":
		ws.ackCloses(u, 0, out)
	case "update":
		before := ws.viewBodyJSON(v)
		if err = ws.replaceView(v, b); err == nil {
			ws.ackShows(out, ws.viewShown("modal_updated", v, before))
		}
	case "push":
		var top *view
		if top, err = ws.newModal(u, b, v.origin); err == nil {
			ws.ackShows(out, ws.viewShown("modal_pushed", top, nil))
		}
	case "errors":
		return ws.refusedByApp(v, a.Errors, out)
	default:
		return ws.badResponse(out, fmt.Sprintf("response_action %q is not one of errors, update, push, clear", a.Action))
	}
	if err != nil {
		return ws.badResponse(out, describe(err))
	}
	return out, nil
}

// ackCloses closes the modals from there on, as the ack says.
func (ws *Workspace) ackCloses(u *user, from int, out Outcome) {
	for _, v := range slices.Backward(u.stack[from:]) {
		ws.ackShows(out, ws.viewShown("modal_closed", v, nil))
	}
	ws.drop(u, from)
}

func (ws *Workspace) refusedByApp(v *view, errs map[string]string, out Outcome) (Outcome, error) {
	if len(errs) == 0 {
		return ws.badResponse(out, "response_action errors came without errors")
	}
	for _, block := range sortedKeys(errs) {
		if !v.document().InputBlock(block) {
			return ws.badResponse(out, fmt.Sprintf("response_action errors names %q, which is not an input block of the view", block))
		}
	}
	v.errors = errs
	ws.ackShows(out, ws.viewShown("modal_errors", v, nil))
	ws.hub.tell(change{kind: "modals", user: v.user})
	seen := v.fieldErrors()
	seen.EnvelopeID, seen.AckMS, seen.Response = out.EnvelopeID, out.AckMS, out.Response
	return seen, nil
}

// fieldErrors is the outcome of a submission that was refused under inputs.
func (v *view) fieldErrors() Outcome {
	out := Outcome{FieldErrors: map[string]string{}}
	var told []string
	for _, c := range v.document().Controls {
		if e, ok := v.errors[c.Block]; ok && c.Input && out.FieldErrors[c.Block] == "" {
			out.FieldErrors[c.Block] = e
			told = append(told, c.Caption+": "+e)
		}
	}
	out.Error = strings.Join(told, "; ")
	return out
}

// refusedInputs is what Slack itself refuses before it asks the app.
func (v *view) refusedInputs() map[string]string {
	bad := map[string]string{}
	d := v.document()
	for i := range d.Controls {
		c := &d.Controls[i]
		if !c.Input {
			continue
		}
		if why := c.Refuses(v.inputs.Held(c)); why != "" {
			bad[c.Block] = why
		}
	}
	return bad
}

// closeView closes the top modal, or all of them when it says clear_on_close
// or all is set, and tells the app where it asked to be told. The workspace is
// locked on entry and unlocked on return.
func (ws *Workspace) closeView(ctx context.Context, u *user, v *view, all bool) (Outcome, error) {
	n := len(u.stack)
	if n == 0 || u.stack[n-1] != v {
		ws.mu.Unlock()
		return notPossible("The modal is not on top.")
	}
	cleared := all || v.ClearOnClose
	from := n - 1
	if cleared {
		from = 0
	}
	var tell []*flight
	for _, gone := range slices.Backward(u.stack[from:]) {
		if gone.NotifyOnClose && ws.manifest.interactive() {
			p := ws.newInteractive("view_closed", u)
			o := ws.viewObject(gone)
			p.View, p.IsCleared = &o, &cleared
			tell = append(tell, ws.send(interactiveEnvelope(p, o.CallbackID)))
		}
	}
	ws.drop(u, from)
	ws.mu.Unlock()
	out := Outcome{OK: true}
	for _, sent := range tell {
		o, err := ws.await(ctx, sent)
		if err != nil { // the modal is closed all the same
			out.Warnings = append(out.Warnings, o.Error)
			continue
		}
		out.EnvelopeID, out.AckMS = o.EnvelopeID, o.AckMS
	}
	return out, nil
}
