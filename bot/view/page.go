package view

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// PageCallback is the callback id of the modals and Home tabs that show a page.
const PageCallback = "page"

// maxMessageBlocks is how many blocks a message takes.
const maxMessageBlocks = 50

// PageModal is a page as a modal.
func PageModal(p *commands.Page) slack.ModalViewRequest {
	v := modal(p.Title)
	v.CallbackID = PageCallback
	v.Close = words("Close", maxTitle)
	v.Blocks.BlockSet = pageBlocks(p, viewSpace())
	return v
}

// PageHome is a page as a person's Home tab.
func PageHome(p *commands.Page) slack.HomeTabViewRequest {
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: PageCallback}
	v.Blocks.BlockSet = pageBlocks(p, viewSpace())
	return v
}

// HomeNotice is a Home tab that says one sentence; without one, that it has
// nothing to show yet.
func HomeNotice(t workflow.Text) slack.HomeTabViewRequest {
	text := orElse(Sentence(t), "There is nothing to show yet. `/cloudimage help` lists what I can do.")
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: PageCallback}
	v.Blocks.BlockSet = []slack.Block{section(text, nil)}
	return v
}

// PageMessage is a page as a message.
func PageMessage(p *commands.Page) Message {
	title := orElse(p.Title, "cloudimage")
	m := Message{Text: typedLine(title, 150)}
	for _, r := range p.Rows {
		if text := Sentence(r.Text); text != "" && !r.Heading {
			m.Text += ": " + cutMarkup(text, 300)
			break
		}
	}
	room := messageSpace()
	m.Blocks = room.take(header(title))
	m.Blocks = append(m.Blocks, pageBlocks(p, room)...)
	return m
}

// space is how much a surface takes: blocks, and what they cost together.
type space struct {
	blocks, cost int
	costs        func(slack.Block) int
}

// viewSpace is the space of a modal or a Home tab, which may have 250,000 bytes.
func viewSpace() space { return space{maxBlocks, 200_000, blockSize} }

// messageSpace is the space of a message. Slack does not say how many
// characters all its blocks may have together; 13,200 is where it refuses.
func messageSpace() space { return space{maxMessageBlocks, 12_000, characters} }

// pageBlocks draws a page within the space there is. Rows that do not fit are
// counted.
func pageBlocks(p *commands.Page, room space) []slack.Block {
	var foot []slack.Block
	for _, t := range p.Foot {
		if text := Sentence(t); text != "" && len(foot) < 5 {
			foot = append(foot, room.take(smallPrint(cutMarkup(text, 600)))...)
		}
	}
	room.take(smallPrint("100 more are not shown.")) // kept free for it
	var out []slack.Block
	for i, r := range p.Rows {
		blocks := rowBlocks(r)
		if last := i == len(p.Rows)-1; last {
			room.blocks++ // nothing is left to be counted
		}
		if !room.has(blocks) {
			out = append(out, smallPrint(fmt.Sprintf("%d more are not shown.", len(p.Rows)-i)))
			break
		}
		out = append(out, room.take(blocks...)...)
	}
	if len(out) == 0 {
		out = append(out, section("There is nothing here yet.", nil))
	}
	return append(out, foot...)
}

// has reports whether there is space for the blocks.
func (s *space) has(blocks []slack.Block) bool {
	cost := 0
	for _, b := range blocks {
		cost += s.costs(b)
	}
	return len(blocks) <= s.blocks && cost <= s.cost
}

// take uses up the space of the blocks.
func (s *space) take(blocks ...slack.Block) []slack.Block {
	s.blocks -= len(blocks)
	for _, b := range blocks {
		s.cost -= s.costs(b)
	}
	return blocks
}

// characters is what a block adds to the length of a message: each character of
// its texts, &, < and > as the entities they are stored as, and more for a
// header.
func characters(b slack.Block) int {
	n := 0
	add := func(texts ...*slack.TextBlockObject) {
		for _, t := range texts {
			if t != nil {
				n += utf8.RuneCountInString(t.Text) + 4*strings.Count(t.Text, "&") + 3*strings.Count(t.Text, "<") + 3*strings.Count(t.Text, ">")
			}
		}
	}
	addButton := func(e *slack.ButtonBlockElement) {
		if e == nil {
			return
		}
		add(e.Text)
		if c := e.Confirm; c != nil {
			add(c.Title, c.Text, c.Confirm, c.Deny)
		}
	}
	switch b := b.(type) {
	case *slack.HeaderBlock:
		n += 100
		add(b.Text)
	case *slack.SectionBlock:
		add(b.Text)
		add(b.Fields...)
		if b.Accessory != nil {
			addButton(b.Accessory.ButtonElement)
		}
	case *slack.ContextBlock:
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				add(t)
			}
		}
	case *slack.ActionBlock:
		for _, e := range b.Elements.ElementSet {
			if e, ok := e.(*slack.ButtonBlockElement); ok {
				addButton(e)
			}
		}
	}
	return n
}

// rowBlocks is a row: a heading, or a paragraph with one button beside it or
// several below it.
func rowBlocks(r commands.Row) []slack.Block {
	var out []slack.Block
	text := Sentence(r.Text)
	switch {
	case text == "":
	case r.Heading:
		out = append(out, header(plain(r.Text)))
	case len(r.Buttons) == 1:
		return []slack.Block{section(text, pageButton(r.Buttons[0]))}
	default:
		out = append(out, section(text, nil))
	}
	if len(r.Buttons) == 0 {
		return out
	}
	row := make([]slack.BlockElement, 0, len(r.Buttons))
	for _, b := range r.Buttons {
		row = append(row, pageButton(b))
	}
	return append(out, buttons(row...))
}

// pageButton is a button of a page. An address that no browser opens makes it
// lead nowhere rather than be refused.
func pageButton(from commands.Button) *slack.ButtonBlockElement {
	verb := from.Verb
	if from.URL != "" {
		verb = LinkAction
	}
	b := button(cut(oneLine(orElse(from.Label, "Open")), 75), verb, from.Target)
	if address, ok := rawAddress(from.URL); ok {
		b.URL = address
	}
	switch {
	case from.Primary:
		b.Style = slack.StylePrimary
	case from.Danger:
		b.Style = slack.StyleDanger
	}
	if c := from.Confirm; c != nil {
		b.Confirm = slack.NewConfirmationBlockObject(
			words(orElse(c.Title, "Are you sure?"), 100),
			&slack.TextBlockObject{Type: slack.MarkdownType, Text: cutMarkup(orElse(Sentence(c.Text), "This cannot be undone."), 300)},
			words(orElse(c.Yes, "Yes"), 30), words(orElse(c.No, "No"), 30))
	}
	return b
}
