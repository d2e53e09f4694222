// Package slackdev is a Slack workspace in one process: the Web API, Socket
// Mode, a control API for people and a virtual clock, over real HTTP and
// WebSocket on loopback. An app connects to it by changing nothing but the
// address of the API, so what works here works in Slack, and what Slack
// refuses is refused here with Slack's own words.
//
// # Vocabulary
//
//   - A workspace is one team with its people, channels and user groups, made
//     from a [Seed], and the one app that is installed in it, described by a
//     Slack app manifest: its scopes, commands, shortcuts and events.
//   - A [Person] is a human of the workspace. Everything a human can do is one
//     method; it returns when the app has answered, with the [Outcome].
//   - A surface is where blocks are shown: a message, a modal (a view on the
//     person's stack of at most three) or the Home tab (a view, too).
//   - A control is what can be pressed or filled on a surface: a button, a
//     select, an input. A [Target] names one as a human would: where it is,
//     what is written on it, what it stands next to.
//   - An envelope is one frame sent to one of the app's sockets; the app
//     answers with an ack within three seconds or the person is told that it
//     did not respond.
//   - A trigger lets the app open one modal within three seconds; a response
//     URL lets it answer five times within thirty minutes.
//   - An [Action] is something that whoever started the workspace offers to do on
//     its page, beside the clock; it is none of Slack's.
//   - A [Fault] is something that goes wrong with a call; it is armed for the next
//     calls or stands until it is taken back. A switch is what an admin changes:
//     the plan, a scope, the token. [Workspace.Calm] undoes all of it.
//   - An [inspector.Interaction] is an envelope with all that came of it: the ack,
//     the calls it led to and what people saw of them. What happened without an
//     envelope, such as a move of the clock, is told in the same line.
//   - A [Hint] is one card of the guide that shows newcomers around the page.
//   - The [clock.Clock] is the workspace's time: message timestamps, triggers,
//     response URLs and redeliveries follow it. Ack timers are real time.
//
// # The rules of this package
//
//   - It is written from Slack's documents, never from an app.
//   - Strict over kind: an unknown method, a missing scope or a block that
//     Slack would refuse is an error here too, and the log says so loudly.
//   - Blocks stay raw JSON from the app to the reader, so a block this package
//     has never heard of survives.
//   - Ids that Slack leaves to chance are random per run unless
//     [Options].IDSeed fixes them; those of seeded things never are.
//   - One mutex guards the state; it is never held while the app is awaited.
//
// # Where things are
//
// People's side: person*.go and target.go are the Go API, control*.go the same
// over HTTP, acts*.go, press.go, submit.go and typed.go what both come to. The
// app's side: webapi.go is the door, and each family of methods has a file
// (chat.go, views.go, files.go, ...); socket.go, tickets.go, envelope.go, flight.go,
// events.go and retries.go are Socket Mode. Between them is state.go, with
// channels.go for what becomes of channels and hub.go for who is told of changes.
// Beside them: faults*.go and switches.go are what goes wrong, inspected.go,
// shown.go and interaction.go what the inspector is told and tells, seen.go and
// reader.go what a person sees, forget*.go what is let go. Rules that need no
// workspace have packages of their own: blockkit, surface (what is in blocks and
// what a person reads there), inspector (what happened, and which call belongs to
// which envelope), socketmode (which socket gets an envelope, and its ack), clock
// (time that is moved, and what falls due), moment (times as people say them),
// manifest, rates (Slack's tiers).
//
// # What it leaves out
//
// Group direct messages, the older buttons of attachments (those that are no
// blocks), canvases, lists, Enterprise Grid.
package slackdev
