package commands

import (
	"fmt"
	"strconv"
	"strings"

	"cloudimage/workflow"
)

// Page is something to read, with buttons to act: a list of steps, a history,
// help. It is drawn in a modal, in a message only one person sees, or on Home.
type Page struct {
	Title string // 24 characters at most
	Rows  []Row
	// Brief pages are answers to read, and are shown in the conversation they
	// were asked for in; the others are something to work through, in a modal.
	Brief bool
	Foot  []workflow.Text // small print
}

// Row is a paragraph of a page.
type Row struct {
	Heading bool
	Text    workflow.Text
	// Buttons act on what the row says; the first is the obvious one. More than
	// one are drawn as a row of buttons below it.
	Buttons []Button
}

// Button leads to a request.
type Button struct {
	Label   string // 30 characters at most, or phones cut it
	Verb    string
	Target  Target
	Primary bool
	Danger  bool
	Confirm *Confirm
	URL     string // opens a page instead of making a request
}

// Confirm asks again before a button acts.
type Confirm struct {
	Title string
	Text  workflow.Text
	Yes   string
	No    string
}

// heading makes a heading row.
func heading(format string, args ...any) Row {
	return Row{Heading: true, Text: workflow.Say(format, args...)}
}

// row makes a row of text and buttons.
func row(text workflow.Text, buttons ...Button) Row { return Row{Text: text, Buttons: buttons} }

// paged is which of n rows a page has. A page behind the last is the last: what a
// button counted on may be gone.
func paged(n, page, size int) (is, first, last int) {
	is = max(0, min(page, (n-1)/size))
	first = min(is*size, n)
	return is, first, min(first+size, n)
}

// cut shortens text to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// short is a step's title in few words.
func short(s *workflow.Step) string {
	if s.Short != "" {
		return s.Short
	}
	return s.Title
}

// pageField is a page of something, as a button carries it: "list:2" is the second.
func pageField(name string, page int) workflow.FieldID {
	return workflow.FieldID(fmt.Sprintf("%s:%d", name, page+1))
}

// pageMark reads what pageField wrote.
func pageMark(field workflow.FieldID) (name string, page int) {
	i := strings.LastIndexByte(string(field), ':') // words may hold one as well
	if i < 0 {
		return string(field), 0
	}
	n, err := strconv.Atoi(string(field[i+1:]))
	if err != nil || n < 1 || n > 10_000 {
		n = 1
	}
	return string(field[:i]), n - 1
}
