// Package inspector is the record of what happened between an app and Slack: an
// envelope with all that came of it, the ack, the calls it led to and what people
// saw of them; and what happened by itself.
//
// # Vocabulary
//
//   - A [Record] is told what is seen, as it happens, and remembers the latest of
//     it. It is bounded in entries and in bytes.
//   - An [Interaction] is one entry of it: an envelope, a group of calls that the
//     app made on its own, a move of the clock, or a fault.
//   - An [Envelope] is a frame on its way to the app, with what it hands over that
//     calls may name again: a trigger, response URLs, a view, messages.
//   - A [Delivery] is an envelope that was sent and may yet be acked.
//   - A [Call] is one call of the Web API. What tells to which interaction it
//     belongs is its cause; the least that tells is the time, and that is a guess.
//   - A [Change] is something that people see differently than before.
//
// The package knows no workspace and has a lock of its own. There are two times:
// that of the workspace's clock is handed in, and says when; real time says how
// long something took and what followed on what.
package inspector
