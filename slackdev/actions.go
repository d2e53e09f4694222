package slackdev

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// This file lets whoever started the workspace offer something to do on its page.

// Action is something that whoever started the workspace offers to whoever looks
// at its page: to make something happen in the world around, which in earnest
// happens by itself. It is nothing of Slack's, and no act of a person.
type Action struct {
	Label string // on its button; it should say what will happen
	Note  string // what comes of it, in a sentence; may be empty
	// Do makes it happen. It is called once at a time, and may use the workspace but
	// not close it. What is wrong is shown on the page as a sentence. When the page
	// asked for it, ctx ends with the workspace, and not with the page.
	Do func(ctx context.Context) error
}

// offer is an action with the id that a page names it by.
type offer struct {
	Action
	id string
}

var notInID = regexp.MustCompile(`[^\pL\pN]+`)

// offers are the actions there are now. Their ids are made of their labels, so
// that a page that is out of date does nothing else than what it shows.
func (ws *Workspace) offers() []offer {
	if ws.opts.Actions == nil {
		return nil
	}
	var out []offer
	seen := map[string]int{}
	for _, a := range ws.opts.Actions() {
		id := strings.Trim(notInID.ReplaceAllString(strings.ToLower(a.Label), "-"), "-")
		if seen[id]++; seen[id] > 1 {
			id += fmt.Sprintf("-%d", seen[id])
		}
		out = append(out, offer{a, id})
	}
	return out
}

// Act does what [Options].Actions offers under that label, or under the id that
// the control API has for it, and returns when it is done. The error is that of
// [Action].Do; it wraps ErrNotPossible when nothing of the kind is offered now, or
// it is being done already.
func (ws *Workspace) Act(ctx context.Context, label string) error {
	for _, o := range ws.offers() {
		if o.Label == label || o.id == label {
			return ws.carryOut(ctx, o)
		}
	}
	return fmt.Errorf("%w: %q is not offered any more", ErrNotPossible, label)
}

func (ws *Workspace) carryOut(ctx context.Context, o offer) error {
	ws.mu.Lock()
	if ws.acting[o.id] {
		ws.mu.Unlock()
		return fmt.Errorf("%w: %q is being done already", ErrNotPossible, o.Label)
	}
	ws.acting[o.id] = true
	ws.mu.Unlock()
	ws.hub.tell(change{kind: "actions"})
	defer func() {
		ws.mu.Lock()
		delete(ws.acting, o.id)
		ws.mu.Unlock()
		ws.hub.tell(change{kind: "actions"})
	}()
	return o.Do(ctx)
}

// serveActions lists what is offered. What makes the list may use the workspace,
// so it is not locked meanwhile.
func (ws *Workspace) serveActions(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	type shown struct {
		ID      string `json:"id"`
		Label   string `json:"label"`
		Note    string `json:"note,omitempty"`
		Running bool   `json:"running"`
	}
	list := []shown{}
	for _, o := range ws.offers() {
		ws.mu.Lock()
		list = append(list, shown{o.id, o.Label, o.Note, ws.acting[o.id]})
		ws.mu.Unlock()
	}
	writeControl(w, http.StatusOK, map[string]any{"actions": list})
}

// serveAct does what is offered. It goes on when the page is closed.
func (ws *Workspace) serveAct(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	o, err := decodeOrder(w, r)
	if err != nil {
		out, _ := refused(err)
		writeControl(w, http.StatusBadRequest, out)
		return
	}
	done := make(chan error, 1)
	ws.spawn(func() { done <- ws.Act(ws.ctx, o.ID) })
	select {
	case err = <-done:
	case <-r.Context().Done():
		return
	case <-ws.ctx.Done():
		return
	}
	out := Outcome{OK: true}
	if err != nil {
		out, _ = refused(err)
	}
	writeControl(w, http.StatusOK, out)
}
