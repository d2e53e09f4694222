// Package blockkit tells whether Slack would accept a piece of Block Kit JSON,
// without asking Slack. It knows the limits Slack documents and enforces, and
// answers in Slack's own words, so a test that passes here posts there and a
// refusal here reads like the refusal there.
//
// # Vocabulary
//
//   - A surface is where blocks are shown: a message, a modal or the Home tab
//     of an app ([Surface]). Blocks and elements differ in which surfaces they
//     may stand on.
//   - A block is one row of a surface: section, actions, header and so on.
//     Some blocks hold blocks themselves: container, layout, carousel, plan.
//   - An element is what a person clicks or fills in, inside a block: button,
//     static_select, plain_text_input. Blocks differ in which elements they
//     take.
//   - An object is a shared part of both: a text, an option, a confirm dialog.
//   - A pointer (RFC 6901) says where in the JSON an [Error] is.
//
// # Which function to call
//
// [ValidateMessage] judges the arguments of chat.postMessage and its
// relatives, [ValidateView] what views.open, views.push, views.update and
// views.publish take as their view, and [Validate] a bare array of blocks.
//
// # What it does not know
//
// Slack checks some things only a workspace can know: whether an image can be
// downloaded, whether a user, a channel or a file exists. Those pass here.
// Where Slack's answers are known to vary or are not documented the stricter
// reading is taken, because what passes the stricter reading posts everywhere.
// Where no limit is documented a generous one bounds the work.
// Slack adds "failed to match all allowed schemas" for each object around a
// mistake that is one of several alternatives; only the mistake is reported
// here.
package blockkit
