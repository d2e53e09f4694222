// Package process reads processes from YAML. Two ship inside the binary,
// first-time-image and image-maintenance; a company adds its own, or replaces
// one of these, with a file of the same form. docs/processes.md is the
// reference of that form.
//
// # Vocabulary
//
//   - A process file is one YAML mapping; its keys are the words of the
//     glossary in package workflow.
//   - A [Problem] is one thing wrong in a file: where it is, what is wrong and
//     what to do. A file is read to its end, so that all of its problems are
//     told at once.
//   - A lane is what "per: listing" makes of a step for each listing.
//   - A giver is the step whose evidence makes a fact known.
//
// # The rules of the loader
//
//   - Strict: an unknown key, a key given twice, a value of the wrong kind, or
//     a name that nothing defines is a problem, never a guess.
//   - What loads can be finished: a process in which some step could never
//     open or never be done is refused, with the chain that holds it.
//   - Anchors, aliases, merge keys and tags are refused. A process reads the
//     same from top to bottom, and no file of a page can grow to a million
//     steps.
//   - Sizes are bounded, so that no file makes a start hang: see [MaxBytes],
//     [MaxStages] and [MaxSteps].
//
// # Shape
//
// Reading takes three passes. syntax.go turns the text into a tree of [node]s
// that know their place; decode.go turns the tree into a
// [workflow.Definition], one entry for each item of a list, whatever is wrong
// with it; the check files walk both side by side, since a definition has
// forgotten its places and a tree knows no types.
package process
