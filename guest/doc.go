// Package guest is what cloudimage does inside a machine while it makes an image of
// it, and what the machine says of that, read back. It makes shell scripts and reads
// their answers; whoever has a machine carries them there and runs them as root.
//
// # Vocabulary
//
//   - A [Product] is what is installed: a Debian package that was made with Omnibus.
//     Nothing here knows which, except [Omnibus].
//   - A [Script] is a text for bash, whole in itself: its parameters are assignments
//     at its top. [Install], [Clean] and [Check] make those of the three stages of an
//     image, on the machine that is captured and on one that was booted from it.
//   - A [Result] is what a script says of itself in the last line that it prints.
//     What it prints before that is a log, for people.
//   - A [Rule] is something that must not be in an image, and a [Violation] is a
//     place where it is. The script forbidden.sh looks for all of them, in two modes:
//     capture for a system that becomes an image, boot for a system that was booted
//     from one.
//   - A fingerprint is a hash of something that each machine must have of its own.
//     [Compare] compares those of two machines of one image.
//
// # The rules of this package
//
//   - A script may be run twice: its answer can be lost on the way. The second run
//     does no harm, and ends like the first.
//   - A script exits with 0 only when all is well, and says in its result what is not.
//   - It prints less than 20,000 characters, since whoever carries the answer cuts it:
//     AWS after 24,000. Azure keeps the last 4,096 bytes, so a result is shorter. What
//     is longer stays in the machine, and its end is printed when it matters.
//   - It holds no secret and prints none, neither on a command line nor in its log.
//     What is found where it must not be is named by its place, never shown.
//   - Nothing is unpacked before its checksum was checked.
//
// The stand-in for machines that run these scripts is in guestsim.
package guest
