// Package azuresim is the part of Azure that builds and shares machine images, in one
// process over real HTTP: Microsoft Entra's tokens, and Azure Resource Manager with
// the providers of resource groups, networks, machines, galleries and roles.
//
// # Vocabulary
//
//   - A [Server] is one tenant with its subscriptions, and an http.Handler. Whoever asks
//     shows a token, which the server has given to a client that it knows.
//   - Time is what [Options.Now] says. Everything that takes time is a list of phases
//     with the moments at which they begin, so an answer depends only on what the
//     clock shows. [Times] says how long things take.
//   - An operation is what a request has begun and what goes on after its answer. Its
//     address is in the answer's headers, as Azure does it, for clients in any language.
//   - A [Guest] is what runs inside of machines: it is given each [Command] that a
//     machine is to carry out, once, and says its [Outcome].
//   - A [Call] is the record of one request. A [Fault] is an answer in place of the
//     true one, before the effect or after it.
//
// # The rules of this package
//
//   - It is written from what Microsoft documents and from the protocols, never from a
//     client of ours. It imports the standard library and Microsoft's own SDK, whose
//     fake servers decode the requests and check the types of both sides. Nothing of
//     theirs but JSON is on the wire. What could not be verified is said where it is
//     done.
//   - Signatures of assertions are not verified, but who they name must be known.
//   - Nothing sleeps and nothing runs in the background.
//   - Whatever is sent, the answer is one that the service could give.
//
// # What people and other processes see
//
// A page at /_azuresim/ shows what there is, and every control of a [Server] can be
// used over HTTP below it: see [Server.Controls].
//
// # How to connect
//
// Clients want https for tokens, and so do the links of discovery; what turns it into
// http for the server's address belongs to them.
//
// # What it leaves out
//
// Other clouds, managed identities, locks and policies, deployments of templates, scale
// sets, data disks, encryption keys, extensions, soft deletion, the legal terms of
// Marketplace offers, and roles other than [Server.Deny] for what a client may do.
package azuresim
