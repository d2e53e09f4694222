package view

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file writes verbs and targets into buttons and forms, and reads them
// back. A value is "run|step@lane|version|field|process|channel|build" with empty
// parts at the end left out: R7|go-live@ce-image|2s. The version is in base 36. A
// value in a message lives for as long as the message, so a new part comes last.
// Anybody can send any value, so what is read says nothing about what its
// sender may do.

// Action ids that are not verbs.
const (
	// MoreAction begins the action id of a menu, which holds the target; the
	// options hold a verb each. [ParseAction] takes both apart.
	MoreAction = "more"
	// LinkAction is the verb of a button that only opens a page. Slack sends its
	// clicks too; there is nothing to do about them.
	LinkAction = "url"
)

// What Slack allows.
const (
	maxActionID    = 255
	maxValue       = 2000
	maxOptionValue = 150
	maxMetadata    = 3000
)

// Action is the action id and the value of a button. The id is the verb; where
// one block has the same verb twice, whoever draws the block appends ":2".
func Action(verb string, t commands.Target) (actionID, value string) {
	if verb == "" {
		return ":", encodeTarget(t) // an action id cannot be empty
	}
	return verb, encodeTarget(t)
}

// ParseAction reads the verb and the target of a click: of a button, or, with
// the value of the chosen option, of a menu. It returns an error for anything
// that [Action] could not have written.
func ParseAction(actionID, value string) (verb string, t commands.Target, err error) {
	if len(actionID) > maxActionID || len(value) > maxValue {
		return "", t, errors.New("read action: it is too long")
	}
	verb, rest, _ := strings.Cut(actionID, ":")
	if verb == MoreAction {
		verb, value = value, rest
	}
	if !isVerb(verb) {
		return "", t, fmt.Errorf("read action: %q is no verb", verb)
	}
	if t, err = decodeTarget(value); err != nil {
		return "", t, fmt.Errorf("read action %q: %w", verb, err)
	}
	return verb, t, nil
}

// menuID is the action id of a menu about a target.
func menuID(t commands.Target) string { return MoreAction + ":" + encodeTarget(t) }

// Metadata is what a form carries unseen: its verb and target.
func Metadata(verb string, t commands.Target) string { return verb + "|" + encodeTarget(t) }

// ParseMetadata reads what [Metadata] wrote.
func ParseMetadata(s string) (verb string, t commands.Target, err error) {
	if len(s) > maxMetadata {
		return "", t, errors.New("read form: its metadata is too long")
	}
	verb, rest, found := strings.Cut(s, "|")
	if !found || !isVerb(verb) {
		return "", t, errors.New("read form: its metadata names no verb")
	}
	if t, err = decodeTarget(rest); err != nil {
		return "", t, fmt.Errorf("read form %q: %w", verb, err)
	}
	return verb, t, nil
}

// isVerb reports whether the text can be a verb: small letters and dashes, or
// nothing, which is the bare command.
func isVerb(s string) bool {
	if len(s) > 40 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c == '-') {
			return false
		}
	}
	return true
}

const targetParts = 7

func encodeTarget(t commands.Target) string {
	version := ""
	if t.Version != 0 {
		version = strconv.FormatInt(t.Version, 36)
	}
	parts := [targetParts]string{string(t.Run), t.Step.String(), version, string(t.Field), string(t.Process), string(t.Channel), string(t.Build)}
	last := 0
	for i, p := range parts {
		if p != "" {
			last = i + 1
		}
		parts[i] = escapePart(p)
	}
	return strings.Join(parts[:last], "|")
}

func decodeTarget(s string) (commands.Target, error) {
	var t commands.Target
	if !utf8.ValidString(s) {
		return t, errors.New("its value is not text")
	}
	var parts [targetParts]string
	for i, p := range strings.Split(s, "|") {
		if i == targetParts {
			return t, errors.New("its value has too many parts")
		}
		text, err := unescapePart(p)
		if err != nil {
			return t, err
		}
		parts[i] = text
	}
	if parts[2] != "" {
		version, err := strconv.ParseInt(parts[2], 36, 64)
		if err != nil || version <= 0 {
			return t, fmt.Errorf("its value has no version but %q", parts[2])
		}
		t.Version = version
	}
	t.Run = workflow.RunID(parts[0])
	t.Step = workflow.ParseStepKey(parts[1])
	t.Field = workflow.FieldID(parts[3])
	t.Process = workflow.ProcessName(parts[4])
	t.Channel = workflow.ChannelID(parts[5])
	t.Build = images.BuildID(parts[6])
	return t, nil
}

// Ids that hold the separator are rare, but an id is opaque.
var (
	partEscaper = strings.NewReplacer("%", "%25", "|", "%7C")
)

func escapePart(s string) string {
	if !strings.ContainsAny(s, "%|") {
		return s
	}
	return partEscaper.Replace(s)
}

func unescapePart(s string) (string, error) {
	if !strings.Contains(s, "%") {
		return s, nil
	}
	var b strings.Builder
	for s != "" {
		switch {
		case s[0] != '%':
			b.WriteByte(s[0])
			s = s[1:]
		case strings.HasPrefix(s, "%25"):
			b.WriteByte('%')
			s = s[3:]
		case strings.HasPrefix(s, "%7C"):
			b.WriteByte('|')
			s = s[3:]
		default:
			return "", errors.New("its value is garbled")
		}
	}
	return b.String(), nil
}
