// Popups float beside the control that opened them: menus, lists of options,
// completions. They use the platform's popover, which gives Escape, a click
// elsewhere, the top layer and the return of focus for nothing.

import { h, append, uniqueId } from './dom.js';

const GAP = 4;
const EDGE = 8;

/**
 * Opens a popup beside `anchor` and answers {node, close, place}.
 * Options: role ('dialog' by default) and label for assistive technology, className, matchWidth (at least as
 * wide as the anchor), above (prefer the space over the anchor), keepFocus (the
 * anchor goes on typing, as with completions), onclose.
 * It lives inside the anchor's dialog, because everything outside one is inert.
 */
export function openPopup(anchor, content, options = {}) {
  const node = h('div.popup', {
    id: uniqueId('popup'),
    popover: options.keepFocus ? 'manual' : 'auto',
    class: options.className,
    role: options.role ?? 'dialog',
    'aria-label': options.role === 'none' ? undefined : options.label,
  });
  append(node, content);
  (anchor.closest('dialog') ?? document.body).append(node);
  node.showPopover();

  const place = () => position(node, anchor, options);
  const watcher = new AbortController();
  window.addEventListener('resize', place, { signal: watcher.signal });
  window.addEventListener(
    'scroll',
    (event) => {
      if (!node.contains(event.target)) place();
    },
    { signal: watcher.signal, capture: true },
  );
  place();

  let closed = false;
  const finish = () => {
    if (closed) return;
    closed = true;
    watcher.abort();
    if (!options.keepFocus) {
      anchor.setAttribute('aria-expanded', 'false');
      anchor.removeAttribute('aria-controls');
    }
    node.remove();
    options.onclose?.();
  };
  node.addEventListener('toggle', (event) => {
    if (event.newState === 'closed') finish();
  });
  if (!options.keepFocus) {
    anchor.setAttribute('aria-expanded', 'true');
    anchor.setAttribute('aria-controls', node.id);
  }
  return {
    node,
    place,
    close() {
      if (closed) return;
      if (node.isConnected && node.matches(':popover-open')) node.hidePopover();
      finish();
    },
  };
}

function position(node, anchor, { matchWidth, above }) {
  const box = anchor.getBoundingClientRect();
  if (matchWidth) node.style.minWidth = `${Math.min(box.width, window.innerWidth - 2 * EDGE)}px`;
  node.style.maxHeight = '';
  const height = node.offsetHeight;
  const width = node.offsetWidth;
  const roomBelow = window.innerHeight - box.bottom - GAP - EDGE;
  const roomAbove = box.top - GAP - EDGE;
  const goUp = above ? roomAbove >= Math.min(height, 160) : height > roomBelow && roomAbove > roomBelow;
  node.style.maxHeight = `${Math.max(120, goUp ? roomAbove : roomBelow)}px`;
  const shown = Math.min(height, goUp ? roomAbove : roomBelow);
  const top = goUp ? box.top - GAP - shown : box.bottom + GAP;
  const left = Math.min(Math.max(EDGE, box.left), window.innerWidth - width - EDGE);
  node.style.top = `${Math.max(EDGE, top)}px`;
  node.style.left = `${Math.max(EDGE, left)}px`;
}

/**
 * Makes a control open and close a popup. `open(control)` must answer what
 * openPopup answered. A press on the control while the popup is open closes it,
 * instead of closing and opening it again at once.
 */
export function popupToggle(control, open) {
  let popup = null;
  let wasOpen = false;
  control.setAttribute('aria-expanded', 'false');
  control.addEventListener('pointerdown', () => {
    wasOpen = control.getAttribute('aria-expanded') === 'true';
  });
  control.addEventListener('click', async (event) => {
    event.preventDefault();
    if (wasOpen || control.getAttribute('aria-expanded') === 'true') {
      wasOpen = false;
      popup?.close();
      return;
    }
    popup = open(control);
  });
}
