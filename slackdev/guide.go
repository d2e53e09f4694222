package slackdev

import "net/http"

// This file lets whoever started the workspace show a newcomer around on its page.

// Hint is one card of the guide that the page shows until it is dismissed. It says
// what to do next, and goes on to the following one by itself when that is done. It is
// nothing of Slack's.
type Hint struct {
	Title string // what it is about, in a few words
	Text  string // what to do, in a sentence or three

	As    string // the name of who to be; empty for whoever looks
	Place string // where to go: "#channel", "dm" or "home"; empty for where they are
	Point string // the words on the control to point at; empty for none
	Near  string // words of the message it is in, or, without Point, of the message itself

	// Done reports whether it has been done. It is called after changes, may use the
	// workspace and must not wait. Act says the same of an interaction by As, after the
	// card was shown: slash_command, block_actions, view_submission and so on, as the
	// inspector names them; Opens of a panel of the page: inspector. Without any of the
	// three it is done when the page shows As in Place.
	Done  func() bool
	Act   string
	Opens string
}

// shownHint is a hint as the page gets it.
type shownHint struct {
	Title   string    `json:"title"`
	Text    string    `json:"text"`
	As      UserID    `json:"as,omitempty"`
	Channel ChannelID `json:"channel,omitempty"`
	Tab     string    `json:"tab,omitempty"` // of the app: messages or home
	Point   string    `json:"point,omitempty"`
	Near    string    `json:"near,omitempty"`
	Act     string    `json:"act,omitempty"`
	Opens   string    `json:"opens,omitempty"`
	Done    bool      `json:"done"`
	Watched bool      `json:"watched"` // whether Done tells
}

func (ws *Workspace) hints() []Hint {
	if ws.opts.Guide == nil {
		return nil
	}
	return ws.opts.Guide()
}

// serveGuide lists the hints and which of them are done. What tells may use the
// workspace, so it is not locked meanwhile.
func (ws *Workspace) serveGuide(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	list := []shownHint{}
	for _, h := range ws.hints() {
		s := shownHint{Title: h.Title, Text: h.Text, Point: h.Point, Near: h.Near, Act: h.Act, Opens: h.Opens, Watched: h.Done != nil}
		s.Done = h.Done != nil && h.Done()
		ws.mu.Lock()
		if u := ws.st.userByName(h.As); h.As != "" && u != nil {
			s.As = u.id
		}
		switch h.Place {
		case "":
		case "dm":
			s.Tab = "messages"
		case "home":
			s.Tab = "home"
		default:
			if ch := ws.st.channelByName(h.Place); ch != nil {
				s.Channel = ch.id
			}
		}
		ws.mu.Unlock()
		list = append(list, s)
	}
	writeControl(w, http.StatusOK, map[string]any{"hints": list})
}
