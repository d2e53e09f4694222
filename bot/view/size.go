package view

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// This file counts how many bytes of JSON a drawing takes, without encoding it:
// a card that is too large is drawn again with less detail, several times if
// need be, and encoding would be most of the work. The counts are exact for the
// blocks that cards and direct messages consist of; a test holds them against
// the encoder.

// size is how many bytes of JSON the message takes, in the longest of the forms
// it is sent in: with <, > and & written as \u003c and the like.
func (m Message) size() int {
	n := len(`{"text":,"blocks":[]}`) + stringSize(m.Text) + max(len(m.Blocks)-1, 0)
	for _, b := range m.Blocks {
		n += blockSize(b)
	}
	return n
}

// fitted is the first of n drawings, each with less detail than the one before,
// that takes limit bytes at most; the last one if none does. The first is the
// likely one; the others are searched by halves.
func fitted(n, limit int, draw func(int) Message) Message {
	m := draw(0)
	if m.size() <= limit {
		return m
	}
	best := n // the drawing that m is, once one has fitted
	for low, high := 1, n-1; low <= high; {
		i := (low + high) / 2
		switch next := draw(i); {
		case next.size() <= limit:
			m, best, high = next, i, i-1
		default:
			low = i + 1
		}
	}
	if best == n {
		return draw(n - 1)
	}
	return m
}

func blockSize(b slack.Block) int {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		return len(`{"type":"header","text":}`) + textSize(b.Text)
	case *slack.SectionBlock:
		return sectionSize(b)
	case *slack.DividerBlock:
		return len(`{"type":"divider"}`)
	case *slack.ContextBlock:
		n := len(`{"type":"context","elements":[]}`) + max(len(b.ContextElements.Elements)-1, 0)
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				n += textSize(t)
			} else {
				n += encodedSize(e)
			}
		}
		return n
	case *slack.ActionBlock:
		n := len(`{"type":"actions","elements":[]}`) + max(len(b.Elements.ElementSet)-1, 0) + nameSize(b.BlockID)
		for _, e := range b.Elements.ElementSet {
			n += elementSize(e)
		}
		return n
	}
	return encodedSize(b)
}

func sectionSize(b *slack.SectionBlock) int {
	n := len(`{"type":"section"}`) + nameSize(b.BlockID)
	if b.Text != nil {
		n += len(`,"text":`) + textSize(b.Text)
	}
	if len(b.Fields) > 0 {
		n += len(`,"fields":[]`) + len(b.Fields) - 1
		for _, f := range b.Fields {
			n += textSize(f)
		}
	}
	if b.Accessory != nil {
		n += len(`,"accessory":`)
		if b.Accessory.ButtonElement != nil {
			n += elementSize(b.Accessory.ButtonElement)
		} else {
			n += encodedSize(b.Accessory)
		}
	}
	if b.Expand {
		n += len(`,"expand":true`)
	}
	return n
}

func nameSize(id string) int {
	if id == "" {
		return 0
	}
	return len(`,"block_id":`) + stringSize(id)
}

func elementSize(e slack.BlockElement) int {
	switch e := e.(type) {
	case *slack.ButtonBlockElement:
		if e.URL != "" || e.Confirm != nil {
			return encodedSize(e)
		}
		n := len(`{"type":"button","text":,"action_id":}`) + textSize(e.Text) + stringSize(e.ActionID)
		if e.Value != "" {
			n += len(`,"value":`) + stringSize(e.Value)
		}
		if e.Style != "" {
			n += len(`,"style":`) + stringSize(string(e.Style))
		}
		return n
	case *slack.OverflowBlockElement:
		n := len(`{"type":"overflow","action_id":,"options":[]}`) + stringSize(e.ActionID) + max(len(e.Options)-1, 0)
		for _, o := range e.Options {
			n += len(`{"text":,"value":}`) + textSize(o.Text) + stringSize(o.Value)
		}
		return n
	}
	return encodedSize(e)
}

func textSize(t *slack.TextBlockObject) int {
	n := len(`{"type":,"text":}`) + stringSize(t.Type) + stringSize(t.Text)
	if t.Emoji != nil {
		n += len(`,"emoji":`) + encodedSize(*t.Emoji)
	}
	return n
}

// stringSize is the size of a string in JSON, with its quotes.
func stringSize(s string) int {
	n := len(`""`)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			switch {
			case c == '"', c == '\\', c == '\n', c == '\r', c == '\t', c == '\b', c == '\f':
				n += 2
			case c < ' ', c == '<', c == '>', c == '&':
				n += len(`\u003c`)
			default:
				n++
			}
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size == 1 || c == '\u2028' || c == '\u2029' {
			n += len(`\u2028`)
		} else {
			n += size
		}
		i += size
	}
	return n
}

func encodedSize(v any) int {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("view: what consists of strings cannot fail to encode: " + err.Error())
	}
	return len(raw)
}
