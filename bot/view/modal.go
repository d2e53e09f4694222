package view

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// FormCallback is the callback id of the modals that [Modal] draws.
const FormCallback = "form"

// maxBlocks is how many blocks a modal and Home take.
const maxBlocks = 100

// Modal is a form as a modal. Each field is an input block whose block id and
// action id are the field's id; verb and target go along as private metadata.
func Modal(f *commands.Form) slack.ModalViewRequest {
	v := modal(f.Title)
	v.CallbackID = FormCallback
	v.PrivateMetadata = Metadata(f.Verb, f.Target)
	v.Close = words("Cancel", maxTitle)
	v.Submit = words(orElse(f.Submit, "Send"), maxTitle)
	for _, t := range f.Intro {
		if text := Sentence(t); text != "" {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, section(text, nil))
		}
	}
	seen := map[workflow.FieldID]bool{}
	for _, field := range f.Fields {
		if !seen[field.ID] && len(v.Blocks.BlockSet) < maxBlocks {
			seen[field.ID] = true
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, input(field))
		}
	}
	if len(v.Blocks.BlockSet) == 0 {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, section(typedLine(orElse(f.Title, "Nothing more is needed."), 0), nil))
	}
	return v
}

func modal(title string) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, Title: words(orElse(title, "cloudimage"), maxTitle)}
}

func orElse(s, otherwise string) string {
	if oneLine(s) == "" {
		return otherwise
	}
	return s
}

// input is a field. What its answer may be is checked again when it is sent.
func input(f commands.Field) *slack.InputBlock {
	id := string(f.ID)
	b := slack.NewInputBlock(id, words(orElse(f.Label, id), 2000), nil, element(f)).WithOptional(f.Optional)
	if hint := oneLine(f.Hint); hint != "" {
		b.Hint = words(hint, 2000)
	}
	return b
}

func element(f commands.Field) slack.BlockElement {
	id, initial := string(f.ID), ""
	if len(f.Initial) > 0 {
		initial = f.Initial[0]
	}
	switch f.Kind {
	case commands.Link:
		e := &slack.URLTextInputBlockElement{Type: slack.METURLTextInput, ActionID: id}
		if address, ok := rawAddress(initial); ok {
			e.InitialValue = address
		}
		return e
	case commands.Number:
		e := &slack.NumberInputBlockElement{Type: slack.METNumber, ActionID: id, IsDecimalAllowed: true}
		if _, err := strconv.ParseFloat(initial, 64); err == nil {
			e.InitialValue = initial
		}
		return e
	case commands.Date:
		e := slack.NewDatePickerBlockElement(id)
		if d, err := workflow.ParseDate(initial); err == nil {
			e.InitialDate = string(d)
		}
		return e
	case commands.Person:
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, id)
		if isID(initial) {
			e.InitialUser = initial
		}
		return e
	}
	if choices := options(f.Options); len(choices) > 0 {
		return choose(f, choices)
	}
	return textInput(f, initial)
}

// choose is a field with options. Slack takes ten in sight and a hundred in a
// menu; a field with more becomes a menu.
func choose(f commands.Field, choices []*slack.OptionBlockObject) slack.BlockElement {
	id := string(f.ID)
	var chosen []*slack.OptionBlockObject
	for _, o := range choices {
		if slices.Contains(f.Initial, o.Value) {
			chosen = append(chosen, o)
		}
	}
	var first *slack.OptionBlockObject
	if len(chosen) > 0 {
		first = chosen[0]
	}
	few := len(choices) <= 10
	switch {
	case f.Kind == commands.Checks && few:
		e := slack.NewCheckboxGroupsBlockElement(id, choices...)
		e.InitialOptions = chosen
		return e
	case f.Kind == commands.Checks:
		e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, id, choices...)
		e.InitialOptions = chosen
		return e
	case f.Kind == commands.Radio && few:
		e := slack.NewRadioButtonsBlockElement(id, choices...)
		e.InitialOption = first
		return e
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, id, choices...)
	e.InitialOption = first
	return e
}

// options are the choices Slack takes: a hundred at most, each with a value.
func options(from []commands.Option) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, o := range from {
		if o.Value == "" || utf8.RuneCountInString(o.Value) > maxOptionValue || len(out) == 100 {
			continue
		}
		var note *slack.TextBlockObject
		if oneLine(o.Note) != "" {
			note = words(o.Note, 75)
		}
		out = append(out, slack.NewOptionBlockObject(o.Value, words(orElse(o.Label, o.Value), 75), note))
	}
	return out
}

func textInput(f commands.Field, initial string) *slack.PlainTextInputBlockElement {
	limit := f.MaxLength
	if limit <= 0 || limit > maxText {
		limit = maxText
	}
	return &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: string(f.ID),
		Multiline: f.Kind == commands.LongText, MaxLength: limit, InitialValue: cut(initial, limit),
	}
}

// NoticeModal says one sentence.
func NoticeModal(t workflow.Text, buttons ...commands.Button) slack.ModalViewRequest {
	v := modal("cloudimage")
	v.CallbackID = PageCallback
	v.Close = words("OK", maxTitle)
	v.Blocks.BlockSet = noticeBlocks(t, buttons)
	return v
}
