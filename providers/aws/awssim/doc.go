// Package awssim is the part of AWS that builds, copies, shares and sells machine
// images, in one process over real HTTP: EC2, Systems Manager, the Security Token
// Service, Service Quotas and the Marketplace Catalog. A program connects by setting
// AWS_ENDPOINT_URL to its address, and nothing else.
//
// # Vocabulary
//
//   - A [Server] is one account in several regions, and an http.Handler. The service
//     and the region of a request are those of its signature's credential scope.
//   - Time is what [Options.Now] says. Everything that takes time is a list of phases
//     with the moments at which they begin, so an answer depends only on what the
//     clock shows. [Times] says how long things take.
//   - A [Guest] is what runs inside of machines: it is given each [Command] that
//     Systems Manager is asked to run, once, and says its [Outcome].
//   - A [Call] is the record of one request. A [Fault] is an answer in place of the
//     true one, before the effect or after it.
//   - A [Finding] is what the Marketplace's scan has against an image.
//
// # The rules of this package
//
//   - It is written from what AWS documents and from the protocols, never from a
//     client of ours. It imports the standard library only. What could not be
//     verified is said where it is done.
//   - Signatures are not verified, but the key they name must be known.
//   - Nothing sleeps and nothing runs in the background.
//   - Whatever is sent, the answer is one that the service could give.
//
// # What people and other processes see
//
// A page at /_awssim/ shows what there is, and every control of a [Server] can be
// used over HTTP below it: see [Server.Controls].
//
// # What it leaves out
//
// Networks (each region has one of everything), encryption keys, product codes, the
// recycle bin, more than one account, policies other than [Server.Deny], the restart of
// a machine that is captured while it runs, and disks other than the root's.
package awssim
