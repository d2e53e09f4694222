// Package page holds the browser page of the Slack stand-in: the files that
// make it, embedded, and nothing else. The page talks to the server under
// /dev/ only, so it works wherever that API is served.
//
// # Vocabulary
//
//   - A person acts: the one named in the address (/?as=U0ANA). Two windows may
//     be two people.
//   - A surface is something to act on: a message, a modal or the Home tab. What
//     a person typed or chose on it is kept by block_id and action_id, as in
//     Slack: it survives a redraw with the same ids and starts anew when a
//     block_id changes.
//   - A block is drawn by one function of the table in static/js/blockkit/blocks.js,
//     an element by one of elements.js. What is in neither table is drawn as a
//     named placeholder with its JSON.
//   - A hook is a data attribute that programs which drive a browser may rely on.
//
// # Rooms
//
//	static/js/main.js    the start: who acts, first reading, the parts of the page
//	static/js/chat/      the chat: store, server API, sidebar, messages, modals, inspector
//	static/js/blockkit/  Block Kit from JSON to nodes; knows nothing of the chat
//	static/js/ui/        nodes, popups, menus, pickers, dialogs, time; knows nothing of Slack
//	static/css/          one sheet per room; colours.css has every colour, light and dark
//
// # The rules of the page
//
//   - Text becomes text nodes. No markup is ever parsed from a string, so a bot's
//     words cannot become elements; a test forbids the words that would do it.
//   - Nothing is fetched from elsewhere, nothing is inline: the page runs under
//     the content policy [Policy].
//   - What is unchanged keeps its node: nobody loses the caret because a bot
//     redrew the message around it.
//   - What is new waits until a press has ended: nothing is drawn between down
//     and up.
//
// # Hooks
//
// The root element has data-ready="true" once everything was read, and data-as.
// These values of data-testid stay:
//
//   - sidebar: sidebar-entry and sidebar-app (data-channel), connection, drawer, jump
//   - top bar: user-switch, user-option (data-user), shortcuts, shortcut
//     (data-callback-id), clock, clock-minute, clock-hour, clock-day, clock-tomorrow,
//     clock-morning, clock-days, clock-business-days, clock-date, clock-go, actions, act (data-action), acts-status, inspector-toggle, theme
//   - faults: faults, faults-mark, faults-status, faults-calm, fault-list, fault
//     (data-id), fault-back, fault-press and fault-switch (data-fault), fault-scope,
//     fault-scope-withdraw, fault-rates, fault-method, fault-kind, fault-value,
//     fault-times, fault-standing, fault-arm
//   - conversation: home-tab, messages-tab, home-view, message-list, members,
//     join, invite, pins, pin (data-ts), bookmarks, bookmark, newer, composer, send,
//     completion (data-value), app-error, and format-bold and the others of its kind
//   - message: message (data-ts, data-user), ephemeral, file, replies, reply,
//     broadcast, message-more, message-shortcut (data-callback-id), copy-link,
//     view-json, json, copy-json, view-notification, notification
//   - everywhere: keys (the list of keys), copy-id (on a card of who somebody is), toasts
//   - thread: thread, thread-list, thread-composer, thread-send, thread-broadcast,
//     thread-close
//   - modal (data-view-id, data-callback-id): modal-submit, modal-close (the top
//     one), modal-dismiss (all), modal-failure, field-error
//   - blocks and elements: block (data-block-id, data-block-type), element
//     (data-action-id, data-element-type), placeholder (data-type), attachment,
//     overflow-option (data-value), picker-search and option (data-value) of an
//     open list, confirm, confirm-ok, confirm-cancel
//   - inspector: inspector-timeline and inspector-limits (their tabs end in -tab;
//     an empty one has none), inspector-filter, inspector-kind, inspector-failed,
//     inspector-pause, inspector-clear, inspector-newer, interactions, interaction
//     (data-id, data-kind, data-state); opened: ack and call (data-method), both
//     with data-state, change (data-kind), difference, copy (data-as), entry-link;
//     refused, the blocks of a refused call, with a problem (data-pointer) under
//     its block; limits, limit (data-method)
package page

import (
	"embed"
	"io/fs"
)

// Policy is the Content-Security-Policy the page is made for. The server sends
// it with every response of the page.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed index.html static
var files embed.FS

// FS is the page: index.html at the root, to be served at /, and static/, to be
// served at /dev/static/.
func FS() fs.FS { return files }
