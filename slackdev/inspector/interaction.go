package inspector

import (
	"encoding/json"
	"time"
)

// The kinds of interactions that no envelope began. All others are named for
// their envelope: slash_command, event, raw, or the type of the interaction
// (block_actions, view_submission, ...).
const (
	// KindOnItsOwn groups calls that the app made by itself: at its start,
	// by a timer, because the clock was moved. A scheduled message that is due is
	// one, too.
	KindOnItsOwn = "app"
	// KindClock is a move of the clock, or several without anything between.
	KindClock = "clock"
	// KindFault is a fault that happened.
	KindFault = "fault"
)

// Interaction is one line of the inspector: an envelope, what the app made of
// it, and what people saw of that; or something that happened by itself. People,
// conversations, messages and views go by Slack's ids.
type Interaction struct {
	// ID counts interactions; 1 is the first of the workspace.
	ID int64 `json:"id"`
	// Rev grows with every change of any interaction: what has a greater one than
	// another reading had is new or different.
	Rev int64 `json:"rev"`
	// At is when it began, by the workspace's clock.
	At time.Time `json:"at"`
	// User is who caused it. It is the app's bot when the app is told of what it
	// did itself, and empty when nobody did.
	User string `json:"user"`
	// Kind is what it is, and Name which: the command line, the action id, the
	// callback id, the event, or a few words.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// EnvelopeID names the envelope; empty when there was none.
	EnvelopeID string `json:"envelope_id"`
	// AckMS is how long the app took to ack, in milliseconds of real time.
	AckMS float64 `json:"ack_ms"`
	// Outcome is "waiting" before the ack and "ok" after it, or the sentence that
	// the person was told when the app failed him.
	Outcome string `json:"outcome"`
	// Warnings is what Slack would ignore or tell nobody, about the ack.
	Warnings []string `json:"warnings,omitempty"`
	// Problems are the validator's sentences about blocks in the ack.
	Problems []string `json:"problems,omitempty"`
	// Fault is what went wrong with the envelope on purpose: "dropped", say.
	Fault string `json:"fault,omitempty"`
	// Payload is the envelope as it was sent, Response the payload of the ack.
	Payload  json.RawMessage `json:"payload"`
	Response json.RawMessage `json:"response,omitempty"`
	// Calls are the Web API calls that it led to, in the order in which they ended.
	Calls []Call `json:"calls"`
	// LeftOut is how many further calls there were; the first hundred are kept.
	LeftOut int `json:"calls_left_out,omitempty"`
	// Changes are what became different on people's screens, in order.
	Changes []Change `json:"changes,omitempty"`
	// EventID and Attempt tell deliveries of one event apart (0 is the first), and
	// FirstID is the interaction that delivered it first, unless this is it.
	EventID string `json:"event_id,omitempty"`
	Attempt int    `json:"attempt,omitempty"`
	FirstID int64  `json:"first_id,omitempty"`
	// Because is the interaction that led to this one: the move of the clock after
	// which the app acted on its own, or what a fault happened to.
	Because int64 `json:"because,omitempty"`
	// Until is where a move of the clock ended, zero while it is under way; or when
	// the last call of a group was made.
	Until time.Time `json:"until,omitzero"`
}

// Call is one Web API call, or one use of a response URL, which goes
// by the method response_url.
type Call struct {
	Seq    int64     `json:"seq"` // 1 is the first call of the workspace
	At     time.Time `json:"at"`  // when it ended, by the workspace's clock
	Method string    `json:"method"`
	OK     bool      `json:"ok"`
	Error  string    `json:"error,omitempty"`
	Status int       `json:"status"` // of HTTP
	// StartMS is when it began after the envelope was sent, or after the first
	// call of its group, and MS how long it took: milliseconds of real time.
	StartMS float64 `json:"start_ms"`
	MS      float64 `json:"ms"`
	// Args are the arguments without tokens, Result is the whole answer.
	Args   map[string]string `json:"args"`
	Result json.RawMessage   `json:"result"`
	// By is what ties it to its interaction: trigger_id, response_url, view_id,
	// message, or time; empty in a group of the app's own.
	By string `json:"by,omitempty"`
	// Likely is set when that is a guess: the interaction was the latest of the
	// last seconds, and others could have led to the call.
	Likely bool `json:"likely,omitempty"`
	// Fault is what went wrong with it on purpose.
	Fault string `json:"fault,omitempty"`
	// Problems are the validator's sentences about blocks that were posted to a
	// response URL, whose answer does not have them.
	Problems []string `json:"problems,omitempty"`
}

// Change is something that people see differently than before.
type Change struct {
	// Kind is message_posted, message_updated, message_deleted, ephemeral_posted,
	// ephemeral_updated, ephemeral_deleted, modal_opened, modal_pushed,
	// modal_updated, modal_closed, modal_errors, home_published, file_shared,
	// pinned, unpinned, bookmark_added, bookmark_edited, bookmark_removed,
	// reaction_added, reaction_removed, joined, left, channel_created,
	// channel_archived, channel_renamed, topic_set or purpose_set.
	Kind string `json:"kind"`
	// Channel, TS and ThreadTS name a message, ViewID a view.
	Channel  string `json:"channel,omitempty"`
	TS       string `json:"ts,omitempty"`
	ThreadTS string `json:"thread_ts,omitempty"`
	ViewID   string `json:"view_id,omitempty"`
	// User is the one person who sees it; empty means all who see the channel.
	User string `json:"user,omitempty"`
	// Text is the beginning of what is read there.
	Text string `json:"text"`
	// AtMS is when, in milliseconds of real time after the interaction began.
	AtMS float64 `json:"at_ms"`
	// Call is the Seq of the call that did it; 0 when the ack did.
	Call int64 `json:"call,omitempty"`
	// Before and After are the message or the view as JSON, without what was not
	// there.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}
