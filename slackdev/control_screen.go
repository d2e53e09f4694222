package slackdev

import (
	"errors"
	"fmt"
	"net/http"
)

// This file reads the screen as a person does: names for ids, controls in
// brackets, and nothing that he does not see.

// glance is what somebody sees of one surface.
type glance struct {
	Text     string            `json:"text"`            // all of it; empty when there is nothing
	Title    string            `json:"title,omitempty"` // of a modal
	Controls []string          `json:"controls,omitempty"`
	Errors   map[string]string `json:"errors,omitempty"`   // under inputs of a modal
	Messages []glancedMessage  `json:"messages,omitempty"` // of a channel
}

type glancedMessage struct {
	TS       TS       `json:"ts"`
	From     string   `json:"from"`
	Text     string   `json:"text"`
	Controls []string `json:"controls,omitempty"`
	Thread   TS       `json:"thread_ts,omitempty"`
	Private  bool     `json:"ephemeral,omitempty"`
}

// looks returns how a person looks at a channel, or at the surface when there is
// no channel: the modal on top or the Home tab. A channel is looked at with its
// threads, as a reply is something that can be waited for.
func (ws *Workspace) looks(p *Person, surface, channel string) (func() glance, string, error) {
	switch {
	case channel != "" && (surface == "" || surface == "message"):
		return func() glance { return p.glance(channel) }, channel, nil
	case channel != "":
		return nil, "", errors.New("look at a channel or at another surface, not at both")
	case surface == "" || surface == "modal":
		return func() glance { return glanceAt(p.Modal()) }, "the modal", nil
	case surface == "home":
		return func() glance { return glanceAt(p.Home()) }, "the Home tab", nil
	}
	return nil, "", fmt.Errorf("there is no surface %q: it is message, modal or home", surface)
}

func (p *Person) glance(channel string) glance {
	all := p.list(channel, func(*message) bool { return true })
	g := glance{Text: wholeText(all)}
	for _, m := range all {
		g.Messages = append(g.Messages, glancedMessage{
			TS: m.TS, From: p.ws.nameOf(m.User), Text: m.Text(), Controls: m.Controls(), Thread: m.Thread, Private: m.Ephemeral,
		})
	}
	return g
}

func glanceAt(v View, open bool) glance {
	if !open {
		return glance{}
	}
	return glance{Text: v.Text(), Title: v.Title, Controls: v.Controls(), Errors: v.Errors}
}

// finds tells whether there is such a channel for the person.
func (ws *Workspace) finds(u *user, channel string) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.place(u, channel) != nil
}

// nameOf is what a person or a bot is called, as in @ana.
func (ws *Workspace) nameOf(id UserID) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u := ws.st.userIDs[id]; u != nil {
		return u.name
	}
	return string(id)
}

// serveScreen answers GET /dev/api/screen: what a person sees of a channel, of
// the modal on top or of the Home tab.
func (ws *Workspace) serveScreen(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	q := r.URL.Query()
	u, err := ws.whoActs(q.Get("as"))
	if err == nil {
		var look func() glance
		if look, _, err = ws.looks(&Person{ws: ws, u: u}, q.Get("surface"), q.Get("channel")); err == nil {
			if ch := q.Get("channel"); ch != "" && !ws.finds(u, ch) {
				out, _ := notPossible("There is no channel %s that %s can see.", ch, u.name)
				writeControl(w, http.StatusBadRequest, out)
				return
			}
			writeControl(w, http.StatusOK, look())
			return
		}
	}
	out, _ := refused(err)
	writeControl(w, http.StatusBadRequest, out)
}
