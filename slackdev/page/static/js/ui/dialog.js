// Dialogs that ask or show one thing: a bot's confirm, the JSON of a message.
// The platform's <dialog> keeps focus inside and gives it back.

import { h, copyText } from './dom.js';
import { icon } from './icons.js';

/** Shows a dialog and answers a promise of the value it was closed with ('' for Escape). */
export function showDialog(node) {
  document.body.append(node);
  return new Promise((resolve) => {
    node.addEventListener('close', () => {
      node.remove();
      resolve(node.returnValue);
    });
    node.addEventListener('click', (event) => {
      if (event.target === node) node.close('');
    });
    node.showModal();
  });
}

/** Asks before an act. `title`, `text`, `yes` and `no` may be nodes; answers true for yes. */
export async function confirmDialog({ title, text, yes, no, danger }) {
  const node = h('dialog.dialog.confirm', { 'data-testid': 'confirm', 'aria-label': title.textContent ?? title });
  node.append(
    h('h2.dialog-title', {}, title),
    h('div.dialog-body', {}, text),
    h(
      'div.dialog-buttons',
      {},
      h('button.button', { type: 'button', 'data-testid': 'confirm-cancel', onclick: () => node.close('') }, no),
      h(
        'button.button',
        {
          type: 'button',
          autofocus: true,
          class: danger ? 'danger-solid' : 'primary',
          'data-testid': 'confirm-ok',
          onclick: () => node.close('yes'),
        },
        yes,
      ),
    ),
  );
  return (await showDialog(node)) === 'yes';
}

/** Shows a value as JSON, with a note above it and a way to copy it. */
export function showJSON(title, value, note) {
  const text = JSON.stringify(value, null, 2);
  const copied = h('span.copied', { role: 'status' });
  const node = h('dialog.dialog.json-dialog', { 'aria-label': title, 'data-testid': 'json' });
  node.append(
    h(
      'div.dialog-head',
      {},
      h('h2.dialog-title', {}, title),
      h('button.icon-button', { type: 'button', 'aria-label': 'Close', onclick: () => node.close('') }, icon('close')),
    ),
    note ? h('p.dialog-note', {}, note) : '',
    h('pre.json', { tabindex: '0' }, text),
    h(
      'div.dialog-buttons',
      {},
      copied,
      h(
        'button.button',
        {
          type: 'button',
          onclick: async () => {
            copied.textContent = (await copyText(text)) ? 'Copied' : 'The browser did not allow copying.';
          },
        },
        icon('copy', 16),
        'Copy',
      ),
    ),
  );
  return showDialog(node);
}
