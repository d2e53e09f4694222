// A short word at the edge of the window that something was done, which goes
// away by itself. Screen readers hear it.

import { h } from './dom.js';

const SHOWN = 2600;

let region = null;

/** Shows a sentence for a moment. */
export function toast(text) {
  region ??= document.body.appendChild(h('div.toasts', { role: 'status', 'data-testid': 'toasts' }));
  const node = h('div.toast', {}, text);
  region.append(node);
  setTimeout(() => node.remove(), SHOWN);
}
