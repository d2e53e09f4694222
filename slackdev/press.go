package slackdev

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"cloudimage/slackdev/surface"
)

// spot is a surface: a message in a channel, or a view.
type spot struct {
	channel *channel
	message *message
	view    *view
}

func (s *spot) document() *surface.Document {
	if s.view != nil {
		return s.view.document()
	}
	return s.message.document()
}

// surfaceAt finds the surface the ids name, if the person sees it.
func (ws *Workspace) surfaceAt(u *user, where string, ts TS, id ViewID) (*spot, error) {
	if id != "" {
		v := ws.st.views[id]
		if v == nil || v.user != u.id {
			return nil, fmt.Errorf("%w: the view is not open", ErrNotPossible)
		}
		return &spot{view: v}, nil
	}
	ch := ws.place(u, where)
	if ch == nil {
		return nil, fmt.Errorf("%w: there is no channel %s that %s can see", ErrNotPossible, where, u.name)
	}
	m := ws.visibleMessage(u, ch, ts)
	if m == nil {
		return nil, fmt.Errorf("%w: the message is gone", ErrNotPossible)
	}
	if ch.archived {
		return nil, fmt.Errorf("%w: #%s is archived", ErrNotPossible, ch.name)
	}
	return &spot{channel: ch, message: m}, nil
}

// press acts on a control: it keeps what was chosen and tells the app, unless
// the control is an input that does not dispatch. choice holds the value under
// the key of the control's kind. The workspace is locked on entry and
// unlocked on return.
func (ws *Workspace) press(ctx context.Context, u *user, s *spot, c *surface.Control, choice map[string]any) (Outcome, error) {
	action, err := ws.action(u, c, choice)
	if err != nil {
		ws.mu.Unlock()
		return refused(err)
	}
	if c.Stateful() {
		s.choose(u, c, action[c.Key()])
		if s.view != nil {
			delete(s.view.errors, c.Block) // nil when nothing was refused
		}
		ws.changedSurface(u, s)
	}
	if c.Input && !c.Dispatch {
		ws.mu.Unlock()
		return Outcome{OK: true}, nil
	}
	if !ws.manifest.interactive() {
		ws.mu.Unlock()
		return notPossible(notInteractive)
	}
	p := ws.newInteractive("block_actions", u)
	p.Actions = []any{action}
	url := ws.locate(p, u, s, c)
	t := trigger{user: u.id, view: p.viewID()}
	if p.Channel != nil {
		t.channel = p.Channel.ID
	}
	p.TriggerID = ws.newTrigger(t)
	if url != nil {
		p.ResponseURL = ws.newResponseURL(*url)
	}
	sent := ws.send(interactiveEnvelope(p, c.Action))
	ws.mu.Unlock()
	return ws.await(ctx, sent)
}

func (p *interactivePayload) viewID() ViewID {
	if p.View == nil {
		return ""
	}
	return p.View.ID
}

// locate says in the payload where the control is that was acted on.
func (ws *Workspace) locate(p *interactivePayload, u *user, s *spot, c *surface.Control) *responseURL {
	if s.view != nil {
		o := ws.viewObject(s.view)
		p.View, p.Container = &o, &container{Type: "view", ViewID: s.view.id}
		return nil
	}
	m := s.message
	eph := m.ephemeral != ""
	p.Container = &container{Type: "message", MessageTS: m.ts, ChannelID: s.channel.id, Ephemeral: &eph}
	if c.Attachment > 0 {
		p.Container.Type, p.Container.AttachmentID, p.Container.AppUnfurl = "message_attachment", c.Attachment, new(bool)
	}
	if m.isReply() {
		p.Container.ThreadTS = m.thread
	}
	p.Channel = channelRefOf(s.channel)
	p.State = &viewState{s.document().Values(s.inputs(u))}
	if !eph { // of an ephemeral message the app gets no copy
		p.Message = ws.messageJSON(m)
	}
	return &responseURL{user: u.id, channel: s.channel.id, ts: m.ts}
}

func (ws *Workspace) changedSurface(u *user, s *spot) {
	switch {
	case s.view == nil:
		ws.hub.tell(change{kind: "messages", channel: s.channel.id, user: u.id})
	case s.view.Type == "home":
		ws.hub.tell(change{kind: "home", user: u.id})
	default:
		ws.hub.tell(change{kind: "modals", user: u.id})
	}
}

// action builds one entry of actions[] and refuses what could not be chosen.
func (ws *Workspace) action(u *user, c *surface.Control, choice map[string]any) (map[string]any, error) {
	a := map[string]any{"type": c.Kind, "action_id": c.Action, "block_id": c.Block, "action_ts": ws.actionTS()}
	for _, k := range [...]string{
		"placeholder", "confirm", "timezone", "initial_option", "initial_user", "initial_channel", "initial_conversation", "initial_date", "initial_time",
	} {
		if v, ok := c.Element[k]; ok {
			a[k] = v
		}
	}
	switch c.Kind {
	case "button", "workflow_button", "icon_button":
		for _, k := range [...]string{"text", "value", "style", "url"} {
			if v, ok := c.Element[k]; ok {
				a[k] = v
			}
		}
		return a, nil
	case "feedback_buttons":
		if a["value"] = c.Answer(choice["value"]); a["value"] == nil {
			return nil, fmt.Errorf("%w: %s needs one of its two answers", ErrNotPossible, c.Name())
		}
		return a, nil
	}
	v, err := ws.chosen(u, c, choice[c.Key()])
	if err != nil {
		return nil, err
	}
	a[c.Key()] = v
	return a, nil
}

// Suggestions is what an app offers for typed text.
type Suggestions struct {
	Options []SuggestedOption `json:"options"`
	Groups  []struct {
		Label   json.RawMessage   `json:"label"`
		Options []SuggestedOption `json:"options"`
	} `json:"option_groups"`
}

// SuggestedOption is one offer.
type SuggestedOption struct {
	Text struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Emoji *bool  `json:"emoji,omitempty"`
	} `json:"text"`
	Value       string          `json:"value"`
	Description json.RawMessage `json:"description,omitempty"`
}

// All lists the options, those of groups too.
func (s Suggestions) All() []SuggestedOption {
	out := slices.Clone(s.Options)
	for _, g := range s.Groups {
		out = append(out, g.Options...)
	}
	return out
}

const maxSuggestions = 100

// notInteractive is what a person is told whose app has interactivity switched off.
const notInteractive = "This app is not configured to handle interactive responses."

// suggest asks the app what it offers for what was typed so far. The workspace
// is locked on entry and unlocked on return.
func (ws *Workspace) suggest(ctx context.Context, u *user, s *spot, c *surface.Control, typed string) (Suggestions, Outcome, error) {
	var got Suggestions
	least := 3
	if n, ok := c.Element["min_query_length"].(float64); ok {
		least = int(n)
	}
	if !c.External() || utf8.RuneCountInString(typed) < least {
		ws.mu.Unlock()
		out, err := notPossible("%s asks the app only after %d characters.", c.Name(), least)
		return got, out, err
	}
	if !ws.manifest.interactive() {
		ws.mu.Unlock()
		out, err := notPossible(notInteractive)
		return got, out, err
	}
	p := ws.newInteractive("block_suggestion", u)
	ws.locate(p, u, s, c)
	p.State = nil
	p.ActionID, p.BlockID, p.Value = c.Action, c.Block, &typed
	sent := ws.send(interactiveEnvelope(p, c.Action))
	ws.mu.Unlock()
	out, err := ws.await(ctx, sent)
	if err != nil {
		return got, out, err
	}
	if out.Response == nil {
		out, err = ws.badResponse(out, "block_suggestion must be answered in the ack, with options or option_groups")
		return got, out, err
	}
	if err := json.Unmarshal(out.Response, &got); err != nil {
		out, err = ws.badResponse(out, "the options cannot be read: "+jsonWrong(err))
		return got, out, err
	}
	for _, o := range got.All() {
		if !surface.IsOption(o.Text.Text, o.Value) || len(got.All()) > maxSuggestions {
			out, err = ws.badResponse(out, "options need text (at most 75 characters) and value (at most 150), and there may be at most 100")
			return Suggestions{}, out, err
		}
	}
	return got, out, nil
}
