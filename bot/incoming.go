package bot

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// Envelope is a frame of a socket: something that happened, or Slack's word on
// the connection itself.
type Envelope struct {
	Type    string // "hello" and "disconnect" are about the connection
	ID      string // what is acknowledged; empty when nothing is to be
	Accepts bool   // an answer may ride on the acknowledgement
	Reason  string // of a disconnect
	Incoming
}

// Incoming is what an envelope brought, reduced to what the bot acts on. It is
// not decoded into a client library's types, because a payload holds the whole
// message it was clicked in: one unknown element in there would make all of it
// undecodable, and decoding it is the largest cost of a click.
type Incoming struct {
	Kind      Kind
	Key       string // the same for every delivery of one action: by Slack's id of an event, else by the trigger
	Delivery  string // the same for every copy of one envelope
	AppID     string
	TeamID    string // the workspace it happened in
	User      workflow.UserID
	UserTeam  string // the person's own workspace, where the payload says
	Channel   workflow.ChannelID
	Thread    string // that what was clicked is in: the message it is under; empty for none
	Trigger   string // opens one modal, within 3 seconds
	Response  string // address for answers, 5 in 30 minutes; a secret
	Command   string
	Text      string
	Actions   []Action
	View      View
	Ephemeral bool // clicked in a message only this person sees
	Callback  string
	Event     Event
}

// Kind is what kind of thing happened.
type Kind string

// The kinds that are acted on; every other is acknowledged and ignored.
const (
	Slash      Kind = "slash_commands"
	Click      Kind = "block_actions"
	Submission Kind = "view_submission"
	Closed     Kind = "view_closed"
	Shortcut   Kind = "shortcut"
	Suggestion Kind = "block_suggestion"
	Happened   Kind = "event_callback"
)

// Action is one click.
type Action struct {
	ID    string
	Value string // of a button, or of the chosen option of a menu
}

// View is the modal or Home that was clicked or submitted.
type View struct {
	ID       string
	Type     string
	Callback string
	Metadata string
	State    *slack.ViewState
}

// Event is what happened in the workspace.
type Event struct {
	Type    string
	User    json.RawMessage // an id, or in user_change the whole profile
	Channel string
	Tab     string
	TS      string // of a message
	Thread  string // of a reply: the message it is under
	Written bool   // by a person, to the bot alone: the text is in Incoming.Text
	Reply   bool   // by a person, in a thread of a channel: the text is in Incoming.Text
}

// isChatter reports whether the event is a message that nobody means for the
// bot. With the history scopes most that arrives is: whatever is said in the
// bot's channels, and the bot's own messages.
func (e *Event) isChatter() bool { return e.Type == "message" && !e.Written && !e.Reply }

type frame struct {
	Type       string  `json:"type"`
	EnvelopeID string  `json:"envelope_id"`
	Accepts    *bool   `json:"accepts_response_payload"`
	Reason     string  `json:"reason"`
	Payload    payload `json:"payload"`
}

type payload struct {
	Type        string     `json:"type"`
	TeamID      string     `json:"team_id"`
	Team        *idObject  `json:"team"`
	APIAppID    string     `json:"api_app_id"`
	UserID      string     `json:"user_id"`
	User        userObject `json:"user"`
	ChannelID   string     `json:"channel_id"`
	Channel     idObject   `json:"channel"`
	TriggerID   string     `json:"trigger_id"`
	ResponseURL string     `json:"response_url"`
	Command     string     `json:"command"`
	Text        string     `json:"text"`
	CallbackID  string     `json:"callback_id"`
	EventID     string     `json:"event_id"`
	Container   struct {
		ChannelID   string `json:"channel_id"`
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []struct {
		ActionID       string `json:"action_id"`
		ActionTS       string `json:"action_ts"`
		Value          string `json:"value"`
		SelectedOption struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	} `json:"actions"`
	View *struct {
		ID              string           `json:"id"`
		Type            string           `json:"type"`
		CallbackID      string           `json:"callback_id"`
		PrivateMetadata string           `json:"private_metadata"`
		Hash            string           `json:"hash"`
		State           *slack.ViewState `json:"state"`
	} `json:"view"`
	Event struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		User        json.RawMessage `json:"user"`
		BotID       string          `json:"bot_id"`
		Channel     json.RawMessage `json:"channel"`
		ChannelType string          `json:"channel_type"`
		TS          string          `json:"ts"`
		ThreadTS    string          `json:"thread_ts"`
		Text        string          `json:"text"`
		Tab         string          `json:"tab"`
	} `json:"event"`
}

type idObject struct {
	ID string `json:"id"`
}

type userObject struct {
	ID     string `json:"id"`
	TeamID string `json:"team_id"`
}

// Decode reads a frame. Of an envelope whose payload is of no known shape it
// returns what there is to acknowledge it by, and an error. A single field of
// another shape than Slack's counts as left out, as long as it is known who did
// what.
func Decode(raw []byte) (Envelope, error) {
	if e, ok := glance(raw); ok {
		return e, nil
	}
	var f frame
	err := json.Unmarshal(raw, &f) // in one pass, envelope and payload
	e := Envelope{Type: f.Type, ID: f.EnvelopeID, Reason: f.Reason}
	if f.EnvelopeID == "" {
		return e, err
	}
	if _, oneField := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !oneField {
		return e, fmt.Errorf("decode %s frame: %w", f.Type, err)
	}
	e.Incoming = f.Payload.incoming(f.Type, f.EnvelopeID)
	if f.Accepts != nil {
		e.Accepts = *f.Accepts
	} else {
		e.Accepts = e.Kind == Slash || e.Kind == Submission || e.Kind == Suggestion
	}
	switch {
	case e.Kind == "":
		return e, fmt.Errorf("decode %s frame: its payload has no type", f.Type)
	case e.User == "" && e.Kind != Happened:
		return e, fmt.Errorf("decode %s frame: its payload names no person", f.Type)
	}
	return e, nil
}

// incoming reduces the payload of an envelope of that type.
func (p *payload) incoming(envelope, id string) Incoming {
	in := Incoming{
		Kind:  Kind(p.Type),
		AppID: p.APIAppID, TeamID: p.TeamID, User: workflow.UserID(p.User.ID), UserTeam: p.User.TeamID,
		Channel: workflow.ChannelID(p.Channel.ID), Trigger: p.TriggerID, Response: p.ResponseURL,
		Command: p.Command, Text: p.Text, Callback: p.CallbackID, Ephemeral: p.Container.IsEphemeral, Thread: p.Container.ThreadTS,
	}
	if envelope == string(Slash) {
		in.Kind = Slash
		in.User, in.Channel = workflow.UserID(p.UserID), workflow.ChannelID(p.ChannelID)
	}
	if in.Channel == "" {
		in.Channel = workflow.ChannelID(p.Container.ChannelID)
	}
	if p.Team != nil && p.Team.ID != "" {
		in.TeamID = p.Team.ID
	}
	for _, a := range p.Actions {
		value := a.Value
		if a.SelectedOption.Value != "" {
			value = a.SelectedOption.Value
		}
		in.Actions = append(in.Actions, Action{a.ActionID, value})
	}
	if p.View != nil {
		in.View = View{p.View.ID, p.View.Type, p.View.CallbackID, p.View.PrivateMetadata, p.View.State}
	}
	if in.Kind == Happened {
		in.User = workflow.UserID(stringOrID(p.Event.User))
		in.Event = Event{Type: p.Event.Type, User: p.Event.User, Tab: p.Event.Tab, Channel: stringOrID(p.Event.Channel), TS: p.Event.TS}
		if p.Event.ThreadTS != p.Event.TS { // a parent is in its own thread
			in.Event.Thread = p.Event.ThreadTS
		}
		if p.isSaid() && in.User != "" {
			in.Event.Written = p.Event.ChannelType == "im"
			in.Event.Reply = !in.Event.Written && in.Event.Thread != ""
		}
		in.Text = p.Event.Text
	}
	print := p.print()
	in.Delivery = "envelope:" + id + ":" + print
	switch {
	case p.EventID != "":
		in.Key = "event:" + p.EventID
	case p.TriggerID != "":
		in.Key = "trigger:" + p.TriggerID + ":" + print
	default:
		in.Key = in.Delivery
	}
	return in
}

// isSaid reports whether an event is something a person said just now. What
// became of older messages has a subtype, and so has nearly all that Slack says
// itself; a reply that is sent to the channel, too, has one as well.
func (p *payload) isSaid() bool {
	e := &p.Event
	return e.Type == "message" && e.BotID == "" && (e.Subtype == "" || e.Subtype == "thread_broadcast")
}

// stringOrID reads an id that some events send bare and some within an object.
func stringOrID(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object idObject
	if json.Unmarshal(raw, &object) == nil {
		return object.ID
	}
	return ""
}
