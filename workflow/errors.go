package workflow

import (
	"errors"
	"maps"
	"slices"
)

// Kind says what went wrong in a way callers can act on.
type Kind int

// The kinds of [Error]. Foreign errors are Internal.
const (
	Internal    Kind = iota // a fault of ours; people see a reference, never the cause
	Invalid                 // what was asked makes no sense as it stands
	NotFound                // no such run, step, person
	Denied                  // this person may not do this
	NeedReason              // this person may, if they say why
	Conflict                // the state does not allow it: locked, needs unmet, already closed
	Stale                   // drawn from an older version of the step
	Unavailable             // an outside system is needed and out of reach; trying later may work
)

var kindNames = [...]string{"internal", "invalid", "not found", "denied", "need reason", "conflict", "stale", "unavailable"}

// String names the kind for logs and metrics.
func (k Kind) String() string { return kindNames[k] }

// Error is an error of the domain. Message is for the person who asked, a full
// sentence that says what to do; Err is for the log.
type Error struct {
	Kind    Kind
	Message Text
	// Fields holds what is wrong with single fields of a form.
	Fields map[FieldID]Text
	Err    error
}

// Error is the message for logs.
func (e *Error) Error() string {
	msg := e.Message.String()
	if msg == "" {
		msg = e.Kind.String()
	}
	for _, f := range slices.Sorted(maps.Keys(e.Fields)) {
		msg += "; " + string(f) + ": " + e.Fields[f].String()
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	return msg
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first [Error] in err's chain, Internal for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// fail is [Fail] with the concrete type, for building on it here.
func fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: Say(format, args...)}
}

// Fail makes an [Error] of one sentence, for the packages around this one.
func Fail(kind Kind, format string, args ...any) error { return fail(kind, format, args...) }
