package workflow

import "time"

// This file is what is kept of the messages that are due at a time of day: what
// has to be said to whom is decided elsewhere, and kept in one transaction with
// the mark it leaves on the runs it is about.

// ClockKind is what a clock is for.
type ClockKind string

// The kinds of clocks. A run's own clock, by which [Run.Tick] is called, is the
// store's affair.
const (
	MorningClock ClockKind = "morning" // a person's morning message
	DailyClock   ClockKind = "daily"   // a channel's daily message
)

// Clock is a time of day that a person or a channel has asked for.
type Clock struct {
	Kind    ClockKind
	Subject string    // a user id, or a channel id
	Due     time.Time // when it runs out
	// Sent is when it last led to a message; zero for never.
	Sent time.Time
}

// Item is one thing that a message asks of a person or tells a channel.
type Item struct {
	Run  RunID  `json:"run"`
	Move Move   `json:"move,omitzero"`
	Why  Reason `json:"why,omitzero"`
}

// Reason is why something is in a message.
type Reason string

// The reasons.
const (
	WhyLate    Reason = "late"
	WhyToday   Reason = "today" // due before the end of the next working day
	WhyNew     Reason = "new"   // newly theirs
	WhyNoDate  Reason = "no-date"
	WhyChase   Reason = "chase"   // the day to ask the partner again
	WhyTold    Reason = "told"    // the ladder tells them of somebody else's step
	WhyPromise Reason = "promise" // a listing is not live in time
)

// Letter is what a clock that has run out leads to.
type Letter struct {
	Clock Clock
	// Next is when the clock runs out again; zero to let it rest until there is
	// something for its subject again.
	Next time.Time
	// About is the message, as its drawer reads it; empty when there is nothing
	// to say. Items are the steps that a person is reminded of by it: each is
	// marked in its run.
	About string
	Items []Item
}

// RunTodo is a todo of a run.
type RunTodo struct {
	Run RunID
	Todo
}
