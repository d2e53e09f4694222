// Package surface is what is on a surface of Slack's, and what a person reads
// there. A surface is where blocks are shown: a message, a modal or the Home
// tab.
//
// # Vocabulary
//
//   - A [Document] is a parsed list of blocks. They stay as they came, so one
//     that is newer than this package survives.
//   - A [Control] is one interactive element in it: what can be pressed or filled.
//     Its key is where its value stands in state.values and in actions.
//   - An attachment is the older way to add to a message. The controls in its
//     blocks are controls of the message; it has a number, from 1.
//   - A [State] is what somebody has chosen: a value for each control that was
//     touched.
//   - A [Reader] reads blocks aloud for one person: the plain text that is seen,
//     names instead of ids, without formatting marks.
//   - [Names] are what people, channels and user groups are called. They are
//     handed in, as are the reader's time zone and the present moment.
//
// The package knows no workspace, holds no lock and is given the time.
package surface
