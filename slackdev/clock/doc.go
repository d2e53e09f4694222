// Package clock is time that can be moved forward: the time of a workspace.
//
// # Vocabulary
//
//   - A [Clock] stands still, or runs as the real one does. A move takes it forward,
//     never back, to a moment or by a while.
//   - Due work is what the workspace has to do at a moment. A move stops there and
//     does it; a clock that runs gets there by itself, too.
//   - A stop is a moment at which somebody else who lives on the clock has something
//     to do; a hook is how he is told that the clock is there.
//   - A watcher is told of a move as a whole, before and after.
//
// The package knows no workspace. Moves are one at a time; a second lock guards
// what the clock holds and is never held while others are called, so that they may
// ask for the time and add to what is due. What a move calls must not move the
// clock itself. How people name moments is known to package moment.
package clock
