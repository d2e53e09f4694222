package view

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// Message is a message as it is posted or updated.
type Message struct {
	// Text is what notifications and screen readers say. It is mrkdwn, escaped,
	// and never empty: an update without it would take the blocks away.
	Text   string        `json:"text"`
	Blocks []slack.Block `json:"blocks"`
}

// Notice is one sentence as a message, with what can be done about it.
func Notice(t workflow.Text, buttons ...commands.Button) Message {
	text := orElse(Sentence(t), "Done.")
	return Message{Text: cutMarkup(text, maxText), Blocks: noticeBlocks(t, buttons)}
}

// noticeBlocks are a sentence and what can be done about it.
func noticeBlocks(t workflow.Text, buttons []commands.Button) []slack.Block {
	if out := rowBlocks(commands.Row{Text: t, Buttons: buttons}); len(out) > 0 {
		return out
	}
	return []slack.Block{section("Done.", nil)}
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
		case *slack.RichTextBlock:
			parts = append(parts, typed(quotedText(b)))
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

// quotedText is what [quoted] quotes, and what [preformatted] shows.
func quotedText(b *slack.RichTextBlock) string {
	for _, e := range b.Elements {
		var inside []slack.RichTextSectionElement
		switch e := e.(type) {
		case *slack.RichTextQuote:
			inside = e.Elements
		case *slack.RichTextPreformatted:
			inside = e.Elements
		}
		for _, e := range inside {
			if t, ok := e.(*slack.RichTextSectionTextElement); ok {
				return t.Text
			}
		}
	}
	return ""
}

// Trouble is something the operator has to know; over says that it has passed.
func Trouble(text string, over bool) Message {
	text = orElse(text, "Something is wrong.")
	said := ":warning: " + typedCut(text, 2000)
	if over {
		said = ":white_check_mark: *Over:* " + typedCut(text, 2000)
	}
	return Message{Text: said, Blocks: []slack.Block{section(said, nil)}}
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
