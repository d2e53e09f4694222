package workflow

import (
	"fmt"
	"strings"
	"time"
)

// Identifiers. Each has its own type so that one can never be passed for
// another; all are opaque outside the package that makes them, except that
// step, stage, field, fact and team ids are the ones written in a process file.
type (
	// ProcessName names a process, such as "first-time-image".
	ProcessName string
	// StageID names a stage within its process.
	StageID string
	// StepID names a step or substep; it is unique within its process.
	StepID string
	// FieldID names one field of a step's evidence.
	FieldID string
	// FactName names something a run knows, such as "launch-agreed".
	FactName string
	// TeamID names a team of a process.
	TeamID string
	// ListingID names a listing within its run, such as "ce-image".
	ListingID string
	// UserID is a person's id in the chat workspace.
	UserID string
	// ChannelID is a conversation's id in the chat workspace.
	ChannelID string
	// RunID is a run's opaque id; people see its [Run.Number] instead.
	RunID string
	// RequestID identifies one user action. An action whose id was seen before
	// changes nothing.
	RequestID string
)

// Bot is the actor of what cloudimage did by itself.
const Bot UserID = ""

// StepKey names one step of a run: a step of the definition and, where the
// step is made once per listing, the lane it belongs to.
type StepKey struct {
	Step    StepID
	Listing ListingID // empty for a step that is made once
}

// String is the key's stored form: "scope-effort", or "go-live@ce-image".
func (k StepKey) String() string {
	if k.Listing == "" {
		return string(k.Step)
	}
	return string(k.Step) + "@" + string(k.Listing)
}

// ParseStepKey reads what [StepKey.String] wrote.
func ParseStepKey(s string) StepKey {
	step, listing, _ := strings.Cut(s, "@")
	return StepKey{Step: StepID(step), Listing: ListingID(listing)}
}

// MarshalText implements [encoding.TextMarshaler], so keys can be JSON map keys.
func (k StepKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *StepKey) UnmarshalText(b []byte) error {
	*k = ParseStepKey(string(b))
	return nil
}

// Date is a civil date without a zone, "2006-01-02". The zero value means that
// no date is known.
type Date string

// ParseDate checks that s is a date of the calendar, in the form "2006-01-02".
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date: write it as 2026-01-15", s)
	}
	return Date(s), nil
}

// DateOf is t's date in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time is midnight UTC of the date, for printing and comparing; the zero time
// for no date.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}
