// Package view draws workflow and commands values as Slack Block Kit. Every
// function is pure: the same value is always drawn as the same bytes, so a
// drawing can be compared with what is shown by its digest.
//
// # Surfaces
//
//   - A card ([Names.Card]) is the one message that shows a run to everyone. It is for
//     reading, and small, because Slack sends the whole message back with each
//     click: [MaxCard] bytes of JSON at most, whatever the run holds.
//   - A direct message ([Names.Direct]) shows one person their next moves in a run,
//     with everything they may do about them. It also depends on the time: [Fades]
//     says when it is to be drawn anew though nothing happens.
//   - A letter is about many runs: a person's morning message ([Names.Morning]), and a
//     channel's daily message ([Daily]). Each row has what settles it, and says
//     quietly what became of it. [MaxLetter] bytes at most.
//   - A message of builds ([Names.BuildNews]) tells how the builds of a plan stand, and
//     is as small as a card. [BuildLog] tells that a step of one has failed.
//   - A story ([Names.Story]) is a reply in the thread of a card. It tells what happened,
//     and is never changed.
//   - A form ([Modal]) asks, and [Values] reads what was answered. A page
//     ([PageModal], [PageMessage], [PageHome]) is read.
//
// # Text
//
// Three kinds of text must not be confused:
//
//   - Typed text comes from people and files and may hold anything. It enters a
//     drawing through [typed] and [typedLine], which escape it and take the
//     power from marks, or as plain_text, where Slack reads nothing but emoji.
//   - Markup is mrkdwn that this package wrote. In markup, "<" only ever begins
//     a reference that we made.
//   - A [workflow.Text] is a sentence with typed arguments; [Sentence] makes it
//     markup and [Plain] makes it plain text.
//
// # Buttons
//
// A button carries a verb and a target, opaque to Slack: [Action] writes them
// and [ParseAction] reads them back. What is read is only ever looked up, so
// nothing is trusted that somebody could have written themselves.
package view
