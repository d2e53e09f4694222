package view

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/workflow"
)

// Message is a message as it is posted or updated.
type Message struct {
	// Text is what notifications and screen readers say. It is mrkdwn, escaped,
	// and never empty: an update without it would take the blocks away.
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks"`
}

// Notice is one sentence as a message.
func Notice(t workflow.Text) Message {
	text := orElse(Sentence(t), "Done.")
	return Message{Text: cutMarkup(text, maxText), Blocks: []slack.Block{section(text, nil)}}
}

// Plain is the message without blocks: everything it says as text, for where
// blocks are refused. It has no buttons.
func (m Message) Plain() Message {
	var parts []string
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			parts = append(parts, "*"+typedLine(b.Text.Text, 0)+"*")
		case *slack.SectionBlock:
			if b.Text != nil {
				parts = append(parts, b.Text.Text)
			}
			for _, f := range b.Fields {
				parts = append(parts, f.Text)
			}
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					parts = append(parts, t.Text)
				}
			}
		}
	}
	text := strings.Join(parts, "\n")
	if text == "" {
		text = m.Text
	}
	return Message{Text: cutMarkup(text, maxPlain)}
}

// maxPlain is how much text an update takes.
const maxPlain = 4000

// Digest is the same for two messages that look the same, and short enough to
// keep beside the message.
func (m Message) Digest() string {
	sum := sha256.Sum256(m.encode())
	return hex.EncodeToString(sum[:16])
}

func (m Message) encode() []byte {
	raw, err := json.Marshal(m)
	if err != nil {
		panic("view: blocks of strings cannot fail to encode: " + err.Error())
	}
	return raw
}
