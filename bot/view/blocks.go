package view

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"cloudimage/commands"
)

// This file holds the parts that drawings are put together from, each within
// Slack's limits.

const (
	maxText   = 3000
	maxField  = 2000
	maxHeader = 150
	maxLabel  = 30 // of a button; Slack takes 75 and phones show these
	maxTitle  = 24 // of a modal, its submit and its close
)

func markup(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: cutMarkup(s, maxText)}
}

// words are plain text that we or a process file wrote.
func words(s string, limit int) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: cut(oneLine(s), limit)}
}

// label is plain text of ours that is known to fit.
func label(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s}
}

// header is a title. Names of emoji in it stay as they were typed.
func header(s string) *slack.HeaderBlock {
	off := false
	text := words(s, maxHeader)
	if strings.Contains(text.Text, ":") {
		text.Emoji = &off
	}
	return slack.NewHeaderBlock(text)
}

// section is a paragraph, with the one thing to do about it if there is one. It
// is never folded behind "See more"; the few lines of a row would not be anyway.
func section(text string, button *slack.ButtonBlockElement) *slack.SectionBlock {
	b := slack.NewSectionBlock(markup(text), nil, nil)
	b.Expand = len(text) > 300 || strings.Count(text, "\n") > 2
	if button != nil {
		b.Accessory = slack.NewAccessory(button)
	}
	return b
}

// rowWithMenu is a paragraph with what may be done about it in a menu.
func rowWithMenu(text string, menu *slack.OverflowBlockElement) *slack.SectionBlock {
	b := section(text, nil)
	b.Accessory = slack.NewAccessory(menu)
	return b
}

// quoted is text to copy as it is. Slack reads no marks in it.
func quoted(text string, limit int) *slack.RichTextBlock {
	return slack.NewRichTextBlock("", &slack.RichTextQuote{
		Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(cut(clean(text), limit), nil)},
	})
}

func smallPrint(text string) *slack.ContextBlock { return slack.NewContextBlock("", markup(text)) }

// button is a button that makes a request. Its words are ours and known to fit.
func button(says, verb string, t commands.Target) *slack.ButtonBlockElement {
	id, value := Action(verb, t)
	return slack.NewButtonBlockElement(id, value, label(says))
}

func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StylePrimary)
}

// buttons is a row of buttons, 25 at most. Action ids that occur twice in it
// are told apart.
func buttons(elements ...slack.BlockElement) *slack.ActionBlock {
	elements = elements[:min(len(elements), 25)]
	seen := map[string]int{}
	for _, e := range elements {
		if b, ok := e.(*slack.ButtonBlockElement); ok {
			if seen[b.ActionID]++; seen[b.ActionID] > 1 {
				b.ActionID += ":" + strconv.Itoa(seen[b.ActionID])
			}
		}
	}
	return slack.NewActionBlock("", elements...)
}

// choice is an entry of a menu.
type choice struct{ says, verb string }

// more is a menu of what is done more rarely to one target: five choices at
// most.
func more(t commands.Target, choices ...choice) *slack.OverflowBlockElement {
	var options []*slack.OptionBlockObject
	for _, c := range choices[:min(len(choices), 5)] {
		options = append(options, slack.NewOptionBlockObject(c.verb, label(c.says), nil))
	}
	return slack.NewOverflowBlockElement(menuID(t), options...)
}

// link is a link in markup, or only its words when the address is none that a
// browser opens. Both may be typed.
func link(address, label string, limit int) string {
	label = typedLine(label, limit)
	address, ok := webAddress(address)
	if !ok {
		return label
	}
	if label == "" {
		return "<" + address + ">"
	}
	return "<" + address + "|" + strings.ReplaceAll(label, "|", "¦") + ">"
}

// webAddress is an http or https address that can stand in a reference.
func webAddress(s string) (string, bool) {
	s, ok := rawAddress(s)
	return referable.Replace(s), ok
}

var referable = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C")

// rawAddress is an http or https address for a button. Credentials in it are
// left out: nobody meant to show them.
func rawAddress(s string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	u.User = nil
	s = u.String()
	return s, len(s) <= 2000
}
