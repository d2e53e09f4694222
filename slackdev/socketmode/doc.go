// Package socketmode is Slack's side of Socket Mode: which of the app's sockets gets
// an envelope, in what order, what becomes of it when its socket closes, and the
// wait for its ack.
//
// # Vocabulary
//
//   - A [Socket] is one WebSocket connection of the app. [Sockets] are those that are
//     open: a round in which each has its turn.
//   - An envelope is a frame with an id that is to be acked. What is in it is of no
//     interest here.
//   - An [Ack] is the app's answer. It counts once, in time, and when it is not too
//     long; [Pending] is an envelope for as long as it can still come.
//   - A fault is what is to go wrong with envelopes on their way; see [Faults].
//   - A socket is retired when it is told to go, and warned when it may stay a little.
//
// The package knows no workspace: frames are handed in, and so is who is told.
// Tickets, and whether an app may connect, are checked before [Sockets.Serve].
//
// Sockets has one lock and each Socket another, taken in this order, and after any
// lock of whoever calls. Neither is held while something is written to the network
// or while Options.Wrong and Options.Changed are called; what is called with a lock
// held says so. Times are real, but for the one of Options.Now.
package socketmode
