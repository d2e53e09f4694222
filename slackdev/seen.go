package slackdev

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Message is a message as a person sees it at one moment.
type Message struct {
	Channel    ChannelID
	TS         TS
	User       UserID
	Bot        bool   // posted by the app
	Username   string // the name the app gave itself for it; empty for its own
	Icon       string // the emoji (":tada:") or the address of a picture beside that name
	Subtype    string // of one that nobody wrote: channel_join and the like; or me_message
	Raw        string // the text argument, as sent; blocks are shown instead of it
	Blocks     json.RawMessage
	Metadata   json.RawMessage
	Thread     TS   // of the parent; empty for plain messages
	Broadcast  bool // a reply that the channel shows, too
	Deleted    bool // a tombstone, which stands where a parent was
	ReplyCount int
	Edited     bool
	Ephemeral  bool // only this person sees it, until he reloads
	Pinned     bool
	Files      []FileID
	Reactions  []string // as they are read: "tada 2"

	text     string
	controls []string
}

// Text is what the person reads: names for ids, no formatting marks, controls
// in brackets.
func (m Message) Text() string { return m.text }

// Controls lists the captions of the buttons, menus and inputs.
func (m Message) Controls() []string { return m.controls }

// File is an uploaded file.
type File struct {
	Name  string
	Title string
	Alt   string // what a picture shows, for who cannot see it
	Data  []byte // not to be changed
}

// View is a modal or a Home tab as its person sees it at one moment.
type View struct {
	ID              ViewID
	Hash            string
	Type            string // modal or home
	Title           string
	Submit          string // the caption of the submit button, empty without one
	CallbackID      string
	ExternalID      string
	PrivateMetadata string
	Blocks          json.RawMessage
	State           json.RawMessage   // {"values":{...}}
	Errors          map[string]string // under inputs, by block id

	text     string
	controls []string
}

// Text is what the person reads, title first.
func (v View) Text() string { return v.text }

// Controls lists the captions of the buttons, menus and inputs.
func (v View) Controls() []string { return v.controls }

// seen makes the snapshot of a message for a person. The workspace is locked.
func (ws *Workspace) seen(m *message, u *user) Message {
	out := Message{
		Channel: m.channel.id, TS: m.ts, User: m.user, Bot: m.bot, Subtype: m.subtype, Raw: m.text, Blocks: m.blocks, Metadata: m.metadata, Thread: m.thread,
		Broadcast: m.broadcast, Deleted: m.tombstone, ReplyCount: len(m.replies), Edited: m.edited != "", Ephemeral: m.ephemeral != "", Pinned: m.pinned,
	}
	if g := m.guise; g != nil {
		out.Username, out.Icon = g.username, g.emoji+g.picture
	}
	r := ws.readerFor(u, m.inputs[u.id])
	var parts []string
	d := m.document()
	out.controls = d.Captions()
	if len(d.Blocks) > 0 {
		parts = append(parts, r.Blocks(d.Blocks))
	} else if m.text != "" {
		parts = append(parts, r.Mrkdwn(m.text))
	}
	if s := r.Attachments(m.attachments); s != "" {
		parts = append(parts, s)
	}
	for _, f := range m.files {
		out.Files = append(out.Files, f.id)
		if f.deleted {
			parts = append(parts, "(file deleted)")
			continue
		}
		parts = append(parts, "(file: "+f.title+")")
	}
	for _, r := range m.reactions {
		out.Reactions = append(out.Reactions, fmt.Sprintf("%s %d", r.Name, r.Count))
	}
	out.text = strings.Join(parts, "\n")
	return out
}

func (ws *Workspace) seenView(v *view, u *user) View {
	d := v.document()
	out := View{
		ID: v.id, Hash: v.hash, Type: v.Type, Title: captionOf(v.Title), Submit: captionOf(v.Submit), CallbackID: v.CallbackID,
		ExternalID: v.ExternalID, PrivateMetadata: v.PrivateMetadata, Blocks: v.Blocks, Errors: maps.Clone(v.errors),
		State: mustJSON(viewState{d.Values(v.inputs)}), controls: d.Captions(),
	}
	r := ws.readerFor(u, v.inputs)
	r.Errors = v.errors
	parts := []string{}
	if out.Title != "" {
		parts = append(parts, out.Title)
	}
	parts = append(parts, r.Blocks(d.Blocks))
	if v.Type == "modal" {
		closing := captionOf(v.Close)
		if closing == "" {
			closing = "Cancel"
		}
		foot := "[" + closing + "]"
		if out.Submit != "" {
			foot += " [" + out.Submit + "]"
		}
		parts = append(parts, foot)
	}
	out.text = strings.Join(parts, "\n")
	return out
}

func captionOf(raw json.RawMessage) string {
	var t struct {
		Text string `json:"text"`
	}
	json.Unmarshal(raw, &t)
	return t.Text
}
