package commands

import (
	"context"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// Request is what a person asks.
type Request struct {
	ID      workflow.RequestID // a request is carried out once
	User    workflow.UserID
	Channel workflow.ChannelID // where it was asked; empty in modals and on Home
	Verb    string
	Text    string // what was typed behind the verb; mentions as <@U1> or <@U1|ana>
	Target  Target // what a button or form is about
	Values  Values // the answers of a submitted form; nil when there was none
}

// who is the person who asks, and why when the form asked for a reason.
func (r Request) who() workflow.Who {
	return workflow.Who{User: r.User, Request: r.ID, Reason: r.Values.One(workflow.FieldReason)}
}

// Typed reports whether the request was typed and not clicked.
func (r Request) Typed() bool { return r.Target == (Target{}) && r.Values == nil }

// Target is what a button or form acts on. It is written into the chat and read
// back from it, so it is only ever looked up, never trusted.
type Target struct {
	Run     workflow.RunID
	Step    workflow.StepKey
	Version int64            // of the step it was drawn from; of a stage, which date was seen: see StageTarget
	Field   workflow.FieldID // a single answer, an action's id, a stage or a listing, as the verb has it
	Process workflow.ProcessName
	Channel workflow.ChannelID // where a new run's card is to be; of any other form, where it was opened
	Build   images.BuildID     // Field is then what of it is meant, as the verb has it
}

// Values are the answers of a form: text and dates as one element, choices and
// people as as many as were chosen.
type Values map[workflow.FieldID][]string

// One is the first value of a field; empty when it was left out.
func (v Values) One(id workflow.FieldID) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}

// User is the value of a field that takes one person.
func (v Values) User(id workflow.FieldID) workflow.UserID { return workflow.UserID(v.One(id)) }

// Reply is the answer to a request: at most one of Form, Page, Run and Files, with
// or without a sentence. Whoever speaks it decides where: in a modal, in the
// conversation, only to the person who asked.
type Reply struct {
	// Text is a sentence for the person who asked. After a click that is seen
	// on the redrawn card it need not be said.
	Text workflow.Text
	// Tell says that Text has to be said even after a click or a form, because
	// nothing else shows what came of it.
	Tell bool
	// Buttons go with Text, and act on what was done: Undo. Where several people
	// talk, Text is said with them after a click or a form too, to the person who
	// asked; in a direct message the redrawn message has them.
	Buttons []Button
	Form    *Form
	Page    *Page
	// Home says that Page is the overview, and is drawn on Home when it was asked
	// for there.
	Home bool
	// Run asks for the run's card, drawn for reading.
	Run *workflow.Run
	// Files go with Text, and without anything else: no Form, Page, Run or Buttons.
	// Everybody in the conversation where they were asked for sees them; what may
	// not be seen there goes to the person alone.
	Files []File
	// Later works out what takes the place of Form or Page, which say meanwhile that it is
	// being looked up. What it returns is a reply of its own; an error is told as any
	// other. Nil for nothing.
	Later func(ctx context.Context) (Reply, error)
}

// File is a picture or a table that somebody asked for.
type File struct {
	Name  string // with its ending, which says what it is: "board.png"
	Title string // what is written over it; defaults to Name
	Alt   string // what a picture shows, in words, for who cannot see it
	Data  []byte // not empty
}
