// The keys that work everywhere on the page. They are Slack's, and one of them
// shows them all.

import { h } from '../ui/dom.js';
import { showDialog } from '../ui/dialog.js';
import { icon } from '../ui/icons.js';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** What Ctrl and a key are called on this machine. */
export const keyName = (key) => (isMac ? `⌘${key}` : `Ctrl+${key}`);

const SHOWN = [
  [keyName('K'), 'Jump to a conversation or a person'],
  ['Alt ↑ ↓', 'The conversation above or below'],
  ['Alt Shift ↑ ↓', 'The next one with something unread'],
  ['F6', 'From one part of the page to the next'],
  ['↑ ↓', 'From message to message, in the list'],
  ['T, M', 'The thread, the menu of the message that has the focus'],
  ['Esc', 'Closes what is open'],
  ['/', 'At the beginning of a line: the commands'],
  [`${keyName('B')}, ${keyName('I')}`, 'Bold, italic'],
  [keyName('/'), 'This list'],
];

const PARTS = ['sidebar', 'heading', 'conversation', 'home', 'thread', 'inspector', 'topbar'];

/** Listens for the keys. */
export function listenForKeys(app) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const handle = keyHandler(event);
    if (handle && handle(app, event) !== false) event.preventDefault();
  });
}

function keyHandler(event) {
  const command = (isMac ? event.metaKey : event.ctrlKey) && !event.altKey;
  if (command && event.key.toLowerCase() === 'k') return openJump;
  if (command && event.key === '/') return showKeys;
  if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) return walk;
  if (event.key === 'F6') return nextPart;
  if (event.key === 'Escape' && !document.querySelector(':popover-open')) return closeSomething;
  return undefined;
}

function openJump(app) {
  if (getComputedStyle(document.getElementById('sidebar')).visibility === 'hidden') app.store.set({ drawer: true });
  requestAnimationFrame(() => document.querySelector('[data-testid="jump"]')?.click());
}

function walk(_app, event) {
  const entries = [...document.querySelectorAll('#sidebar .sidebar-entry')];
  const step = event.key === 'ArrowDown' ? 1 : -1;
  const from = entries.findIndex((entry) => entry.classList.contains('current'));
  for (let tried = 1; tried <= entries.length; tried += 1) {
    const entry = entries[(from + step * tried + entries.length * 2) % entries.length];
    if (event.shiftKey && !entry.classList.contains('unread')) continue;
    entry.click();
    return;
  }
}

function nextPart(_app, event) {
  const parts = PARTS.map((id) => document.getElementById(id)).filter((part) => part && part.offsetParent !== null);
  const from = parts.findIndex((part) => part.contains(document.activeElement));
  const step = event.shiftKey ? -1 : 1;
  for (let tried = 1; tried <= parts.length; tried += 1) {
    const part = parts[(from + step * tried + parts.length * 2) % parts.length];
    const first = ['.current', '[aria-selected="true"]', 'textarea', 'button:not(:disabled)', '[tabindex="0"]']
      .flatMap((one) => [...part.querySelectorAll(one)])
      .find((each) => each.offsetParent !== null);
    if (!first) continue;
    first.focus();
    return;
  }
}

function closeSomething(app) {
  const { store } = app;
  if (store.get('drawer')) store.set({ drawer: false });
  else if (store.get('thread')) {
    const { ts } = store.get('thread');
    app.openThread('');
    const back = document.querySelector(`#conversation [data-focus-key="${CSS.escape(`replies ${ts}`)}"]`);
    (back ?? document.querySelector('[data-testid="composer"]'))?.focus();
  } else if (document.activeElement?.matches?.('.message')) document.querySelector('[data-testid="composer"]')?.focus();
  else return false;
  return true;
}

function showKeys() {
  const node = h('dialog.dialog', { 'aria-label': 'Keys', 'data-testid': 'keys' });
  node.append(
    h(
      'div.dialog-head',
      {},
      h('h2.dialog-title', {}, 'Keys'),
      h('button.icon-button', { type: 'button', 'aria-label': 'Close', onclick: () => node.close('') }, icon('close')),
    ),
    h(
      'dl.keys',
      {},
      SHOWN.map(([keys, words]) => [h('dt', {}, h('kbd', {}, keys)), h('dd', {}, words)]),
    ),
  );
  showDialog(node);
}
