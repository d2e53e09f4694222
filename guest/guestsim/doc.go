// Package guestsim is machines that run the scripts of [cloudimage/guest], without a
// shell. It recognises a script by the line that names it, reads its parameters from
// the assignments at its top, and answers as a machine would: with a log, a result
// and an exit code. Other scripts end well and say nothing.
//
// # Vocabulary
//
//   - [Machines] are all of them. A machine is known by the name of its instance, and
//     the image that it was booted from by the name of the image; both are given by
//     who simulates the cloud. A machine begins when a script is first run in it.
//   - An image is what a machine was when it was captured, [Machines.Captured]. Copies
//     of an image are like it, [Machines.Copied]. An image that nobody captured is a
//     bare operating system.
//   - A [Fault] is something that goes wrong in the next run of a script.
//
// # The rules of this package
//
//   - Nothing takes time: how long a script would have taken is said.
//   - It is safe for concurrent use.
//   - What a machine has of its own follows from its name, so two runs of a test see
//     the same.
package guestsim
