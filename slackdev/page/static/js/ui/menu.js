// Menus: a list of things to do, opened by a button, worked with arrow keys.

import { h } from './dom.js';
import { icon } from './icons.js';
import { openPopup, popupToggle } from './popup.js';

/**
 * Opens a menu beside `anchor`. Items are
 * {label, description?, icon? (node), danger?, disabled?, checked?, testid?, data?, onselect},
 * or {heading} for a title between groups. `items` is a list or a function that makes one.
 */
function openMenu(anchor, items, options = {}) {
  const list = h('div.menu', { role: 'menu', 'aria-label': options.label });
  let popup;
  for (const item of typeof items === 'function' ? items() : items) list.append(menuItem(item, () => popup.close()));
  list.addEventListener('keydown', (event) => moveInMenu(event, list));
  popup = openPopup(anchor, [options.header, list], {
    ...options,
    role: 'none',
    className: `menu-popup ${options.className ?? ''}`,
  });
  (list.querySelector('[aria-checked="true"]') ?? enabledItems(list)[0])?.focus();
  return popup;
}

/** A button that opens a menu; `items` is asked anew each time it opens. */
export function menuButton(button, items, options = {}) {
  button.setAttribute('aria-haspopup', 'menu');
  popupToggle(button, (anchor) => openMenu(anchor, items, { label: button.getAttribute('aria-label'), ...options }));
  return button;
}

function menuItem(item, close) {
  if (item.heading) return h('div.menu-heading', { role: 'presentation' }, item.heading);
  const checkable = item.checked !== undefined;
  const node = h(
    'button.menu-item',
    {
      type: 'button',
      role: checkable ? 'menuitemradio' : 'menuitem',
      tabindex: '-1',
      'aria-checked': checkable ? String(item.checked) : undefined,
      disabled: item.disabled,
      class: item.danger ? 'danger' : '',
      'data-testid': item.testid,
      title: item.title,
      onclick: () => {
        close();
        item.onselect?.();
      },
    },
    item.icon,
    h(
      'span.menu-words',
      {},
      h('span.menu-label', {}, item.label),
      item.description ? h('span.menu-description', {}, item.description) : null,
    ),
    item.checked ? icon('check', 16) : null,
  );
  for (const [key, value] of Object.entries(item.data ?? {})) node.dataset[key] = value;
  if (!item.aside) return node;
  return h(
    'div.menu-row',
    { role: 'none' },
    node,
    h(
      'button.menu-aside',
      {
        type: 'button',
        role: 'menuitem',
        tabindex: '-1',
        'aria-label': item.aside.label,
        title: item.aside.label,
        onclick: () => {
          close();
          item.aside.onselect();
        },
      },
      item.aside.icon,
    ),
  );
}

function enabledItems(list) {
  return [...list.querySelectorAll('button')].filter((item) => !item.disabled);
}

function moveInMenu(event, list) {
  const items = enabledItems(list);
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  let target;
  if (step) target = items[(at + step + items.length) % items.length];
  else if (event.key === 'Home') target = items[0];
  else if (event.key === 'End') target = items.at(-1);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) target = startingWith(items, at, event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function startingWith(items, at, letter) {
  const later = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return later.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()));
}
