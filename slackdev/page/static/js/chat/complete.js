// Completion while writing: / for commands and their first word, @ for people
// and groups, # for channels, : for emoji. Arrows choose, Enter or Tab takes,
// Escape closes; typing on is never in the way.

import { h, uniqueId } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { openPopup } from '../ui/popup.js';
import { emojiNames } from '../blockkit/emoji.js';
import { BUILTIN } from './builtin.js';

const SHOWN = 9;

/** Adds completion to a text box. `slash()` says whether commands work here. */
export function attachCompletion(box, app, { slash }) {
  const listId = uniqueId('completion');
  let popup = null;
  let found = null;
  let active = 0;
  box.setAttribute('aria-autocomplete', 'list');

  const close = () => {
    popup?.close();
    popup = null;
    found = null;
    box.removeAttribute('aria-activedescendant');
    box.removeAttribute('aria-controls');
  };
  const take = (item) => {
    box.setRangeText(item.insert, found.start, box.selectionStart, 'end');
    close();
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
  };
  const draw = () => {
    const list = h('div.completion', { role: 'listbox', id: listId, 'aria-label': found.title });
    list.append(h('div.picker-group', { 'aria-hidden': 'true' }, found.title));
    found.items.forEach((item, at) => {
      const row = h(
        'div.picker-option',
        {
          role: 'option',
          id: `${listId}-${at}`,
          'aria-selected': String(at === active),
          class: at === active ? 'active' : '',
          'data-testid': 'completion',
          'data-value': item.insert.trim(),
          onmousedown: (event) => {
            event.preventDefault(); // the box keeps the focus
            take(item);
          },
        },
        item.node,
        h(
          'span.picker-words',
          {},
          h('span', {}, item.label),
          item.description ? h('span.picker-description', {}, item.description) : null,
        ),
      );
      list.append(row);
    });
    popup ??= openPopup(box, [], {
      className: 'completion-popup',
      matchWidth: true,
      above: true,
      keepFocus: true,
      role: 'none',
    });
    popup.node.replaceChildren(list);
    popup.place();
    box.setAttribute('aria-controls', listId);
    box.setAttribute('aria-activedescendant', `${listId}-${active}`);
    list.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
  };
  const refresh = () => {
    const next = lookUp(box.value.slice(0, box.selectionStart), app, slash());
    if (!next || next.items.length === 0 || isTyped(next)) return close();
    if (next.title !== found?.title || next.word !== found?.word) active = 0;
    found = next;
    return draw();
  };

  box.addEventListener('input', refresh);
  box.addEventListener('blur', close);
  box.addEventListener('keydown', (event) => {
    if (!found) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      active = (active + step + found.items.length) % found.items.length;
      draw();
    } else if (event.key === 'Enter' || event.key === 'Tab') take(found.items[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  return { close };
}

// One suggestion that says just what is typed already would only swallow Enter.
function isTyped({ items, word }) {
  return items.length === 1 && items[0].insert.trim().toLowerCase() === word.toLowerCase();
}

function lookUp(before, app, slash) {
  const command = slash && before.startsWith('/') ? commands(before, app) : null;
  if (command) return command;
  const match = /(?:^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u.exec(before);
  if (!match || (match[1] === ':' && match[2].length < 2)) return null;
  const [, mark, typed] = match;
  const word = mark + typed;
  const start = before.length - word.length;
  const sources = { '@': people, '#': channels, ':': emojis };
  return { ...sources[mark](typed.toLowerCase(), app), word, start };
}

function commands(before, app) {
  const all = [...(app.store.get('workspace')?.app.commands ?? []), ...BUILTIN];
  const space = before.indexOf(' ');
  if (space < 0) {
    const items = all
      .filter((one) => one.command.startsWith(before))
      .map((one) => ({
        insert: `${one.command} `,
        label: h('span', {}, h('strong', {}, one.command), ' ', h('span.usage', {}, one.usage_hint ?? '')),
        description: one.description,
        node: icon('bolt', 18),
      }));
    return { title: 'Commands', items, word: before, start: 0 };
  }
  const known = all.find((one) => one.command === before.slice(0, space));
  const word = before.slice(space + 1);
  if (!known || /\s/.test(word)) return null;
  const words = (known.usage_hint ?? '')
    .split('|')
    .map((part) => part.trim())
    .filter((part) => /^[a-z][\w-]*/i.test(part));
  if (words.length < 2) return null;
  const items = words
    .filter((part) => part.startsWith(word))
    .slice(0, SHOWN)
    .map((part) => ({ insert: `${/^[\w-]+/.exec(part)[0]} `, label: part, node: icon('right', 16) }));
  return { title: known.command, items, word, start: space + 1 };
}

function people(typed, app) {
  const directory = app.store.get('directory');
  const fits = (...names) =>
    names.some((name) =>
      (name ?? '')
        .toLowerCase()
        .split(/[\s]+/)
        .some((part) => part.startsWith(typed)),
    );
  const users = directory
    .users()
    .filter((user) => user.kind !== 'deleted' && fits(user.name, user.real_name))
    .map((user) => ({
      insert: `@${user.name} `,
      label: user.real_name || user.name,
      description: [`@${user.name}`, user.title].filter(Boolean).join(' · '),
      node: avatar(user, 24),
    }));
  const groups = directory
    .groups()
    .filter((group) => fits(group.handle, group.name))
    .map((group) => ({
      insert: `@${group.handle} `,
      label: `@${group.handle}`,
      description: group.name,
      node: icon('users', 18),
    }));
  return { title: 'People and groups', items: [...users, ...groups].slice(0, SHOWN) };
}

function channels(typed, app) {
  const items = app.store
    .get('conversations')
    .filter((one) => one.kind !== 'im' && one.name.startsWith(typed))
    .map((one) => ({
      insert: `#${one.name} `,
      label: one.name,
      description: one.topic,
      node: icon(one.kind === 'private' ? 'lock' : 'hash', 16),
    }));
  return { title: 'Channels', items: items.slice(0, SHOWN) };
}

function emojis(typed) {
  return {
    title: 'Emoji',
    items: emojiNames(typed, SHOWN).map(({ name, character }) => ({
      insert: `:${name}: `,
      label: `:${name}:`,
      node: h('span.emoji', {}, character),
    })),
  };
}
