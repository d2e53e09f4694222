package slackdev

import "encoding/json"

// This file has the payloads of interactions, in Slack's order of keys.

type userRef struct {
	ID       UserID `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	TeamID   TeamID `json:"team_id"` // his own workspace, which need not be this one
}

type teamRef struct {
	ID     TeamID `json:"id"`
	Domain string `json:"domain"`
}

type channelRef struct {
	ID   ChannelID `json:"id"`
	Name string    `json:"name"`
}

type container struct {
	Type         string    `json:"type"`
	ViewID       ViewID    `json:"view_id,omitempty"`
	MessageTS    TS        `json:"message_ts,omitempty"`
	ThreadTS     TS        `json:"thread_ts,omitempty"`
	AttachmentID int       `json:"attachment_id,omitempty"` // from 1
	ChannelID    ChannelID `json:"channel_id,omitempty"`
	Ephemeral    *bool     `json:"is_ephemeral,omitempty"`
	AppUnfurl    *bool     `json:"is_app_unfurl,omitempty"` // of a message_attachment: false, as nothing unfurls links here
}

// interactive is the payload of every interactive envelope; each type uses
// its own part.
type interactivePayload struct {
	Type         string          `json:"type"`
	Team         *teamRef        `json:"team"`
	User         userRef         `json:"user"`
	APIAppID     string          `json:"api_app_id"`
	Token        string          `json:"token"`
	Container    *container      `json:"container,omitempty"`
	TriggerID    string          `json:"trigger_id,omitempty"`
	ActionTS     TS              `json:"action_ts,omitempty"`
	CallbackID   string          `json:"callback_id,omitempty"`
	ActionID     string          `json:"action_id,omitempty"`
	BlockID      string          `json:"block_id,omitempty"`
	Value        *string         `json:"value,omitempty"`
	Enterprise   *struct{}       `json:"enterprise"`
	IsEnterprise bool            `json:"is_enterprise_install"`
	Channel      *channelRef     `json:"channel,omitempty"`
	MessageTS    TS              `json:"message_ts,omitempty"`
	Message      json.RawMessage `json:"message,omitempty"`
	View         *viewObject     `json:"view,omitempty"`
	State        *viewState      `json:"state,omitempty"`
	ResponseURL  string          `json:"response_url,omitempty"`
	ResponseURLs *[]any          `json:"response_urls,omitempty"` // of a submission, be there none
	IsCleared    *bool           `json:"is_cleared,omitempty"`
	Actions      []any           `json:"actions,omitempty"`
}

func (ws *Workspace) newInteractive(kind string, u *user) *interactivePayload {
	st := ws.st
	return &interactivePayload{
		Type: kind, Team: &teamRef{ID: st.team.id, Domain: st.team.domain},
		User:     userRef{ID: u.id, Username: u.name, Name: u.name, TeamID: u.team},
		APIAppID: st.app.id, Token: "slackdev",
	}
}

// channelRefOf names a conversation as interactions do: the names of private
// ones are not given away.
func channelRefOf(ch *channel) *channelRef {
	r := &channelRef{ID: ch.id, Name: ch.name}
	switch ch.kind {
	case kindPrivate:
		r.Name = "privategroup"
	case kindIM:
		r.Name = "directmessage"
	}
	return r
}

func interactiveEnvelope(p *interactivePayload, name string) *envelope {
	return &envelope{
		Type: "interactive", Payload: p, who: p.User.ID, kind: p.Type, summary: name,
		AcceptsReply: p.Type == "view_submission" || p.Type == "block_suggestion",
	}
}

// slashPayload is what a slash command brings.
type slashPayload struct {
	Token        string    `json:"token"`
	TeamID       TeamID    `json:"team_id"`
	TeamDomain   string    `json:"team_domain"`
	ChannelID    ChannelID `json:"channel_id"`
	ChannelName  string    `json:"channel_name"`
	UserID       UserID    `json:"user_id"`
	UserName     string    `json:"user_name"`
	Command      string    `json:"command"`
	Text         string    `json:"text"`
	APIAppID     string    `json:"api_app_id"`
	IsEnterprise string    `json:"is_enterprise_install"`
	ResponseURL  string    `json:"response_url"`
	TriggerID    string    `json:"trigger_id"`
}
