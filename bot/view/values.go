package view

import (
	"errors"

	"github.com/slack-go/slack"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// Values are the answers of a submitted form. Every field that was asked for is
// in it, also when it was left empty: taking an answer away is an answer. It is
// never nil.
func Values(state *slack.ViewState) commands.Values {
	out := commands.Values{}
	if state == nil {
		return out
	}
	for block, actions := range state.Values {
		id := workflow.FieldID(block)
		out[id] = nil
		for _, a := range actions {
			for _, v := range answers(a) {
				if v != "" {
					out[id] = append(out[id], v)
				}
			}
		}
	}
	return out
}

// answers are what a person left in one element. An element that does not say
// what it is holds one kind of answer at most, so whichever is there is it.
func answers(a slack.BlockAction) []string {
	switch string(a.Type) {
	case slack.OptTypeStatic, "radio_buttons":
		return []string{a.SelectedOption.Value}
	case "checkboxes", slack.MultiOptTypeStatic:
		return chosen(a.SelectedOptions)
	case slack.OptTypeUser:
		return []string{a.SelectedUser}
	case "datepicker":
		return []string{a.SelectedDate}
	case "":
		return append(chosen(a.SelectedOptions), a.SelectedOption.Value, a.SelectedUser, a.SelectedDate, a.Value)
	}
	return []string{a.Value}
}

func chosen(options []slack.OptionBlockObject) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.Value
	}
	return out
}

// FieldErrors are the errors of a refused form, by block, as plain text. Values
// are those of the form: Slack shows no error for a field that the form does
// not have. It is empty when nothing that is wrong concerns a field of the
// form; then the error's message has to be said elsewhere.
func FieldErrors(err error, values commands.Values) map[string]string {
	out := map[string]string{}
	var e *workflow.Error
	if !errors.As(err, &e) {
		return out
	}
	for id, text := range e.Fields {
		if _, asked := values[id]; asked && !text.IsZero() {
			out[string(id)] = cut(Plain(text), maxField)
		}
	}
	return out
}
