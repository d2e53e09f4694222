// A picker is a list of options with a box to narrow it: behind every select
// element of Block Kit and behind the people menus. One listbox, worked with
// the keyboard from the box above it, options read from any source.

import { h, fill, uniqueId } from './dom.js';
import { icon } from './icons.js';
import { openPopup } from './popup.js';

/**
 * Opens a picker beside `anchor`.
 * load(query) answers (a promise of) groups: [{label?, options: [{key, label, description?, node?}]}],
 * or throws an Error whose message is shown. isChosen(key) marks options.
 * onpick(option) is called for each choice; it closes the picker unless `multiple`,
 * and may answer a sentence that says why the choice was not taken.
 * minQuery is how many letters must be typed before load is asked.
 */
export function openPicker(anchor, { label, load, isChosen, onpick, onclose, multiple = false, minQuery = 0 }) {
  const listId = uniqueId('options');
  const list = h('div.picker-list', {
    role: 'listbox',
    id: listId,
    'aria-label': label,
    'aria-multiselectable': multiple ? 'true' : undefined,
  });
  const box = h('input.picker-box', {
    type: 'text',
    role: 'combobox',
    'aria-controls': listId,
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    'aria-label': `Search: ${label}`,
    placeholder: minQuery > 0 ? `Type ${minQuery} letter${minQuery === 1 ? '' : 's'} or more` : 'Search',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-testid': 'picker-search',
  });
  const limit = h('div.picker-limit', { role: 'status' });
  const popup = openPopup(anchor, [h('div.picker-search', {}, box), list, limit], {
    className: 'picker',
    matchWidth: true,
    label,
    onclose,
  });
  const rows = [];
  let active = -1;
  let asked = 0;

  const setActive = (index) => {
    rows[active]?.node.classList.remove('active');
    active = rows.length === 0 ? -1 : (index + rows.length) % rows.length;
    const row = rows[active];
    if (!row) return box.removeAttribute('aria-activedescendant');
    row.node.classList.add('active');
    row.node.scrollIntoView({ block: 'nearest' });
    return box.setAttribute('aria-activedescendant', row.node.id);
  };
  const pick = (row) => {
    const refusal = onpick(row.option);
    if (!multiple) return popup.close();
    fill(limit, refusal);
    rows.forEach((each) => mark(each, isChosen));
    return box.focus();
  };
  const draw = (groups) => {
    rows.length = 0;
    list.replaceChildren();
    for (const group of groups) {
      if (group.options.length === 0) continue;
      const holder = group.label
        ? h(
            'div',
            { role: 'group', 'aria-label': group.label },
            h('div.picker-group', { 'aria-hidden': 'true' }, group.label),
          )
        : list;
      for (const option of group.options) {
        const row = { option, node: optionRow(option) };
        row.node.addEventListener('click', () => pick(row));
        mark(row, isChosen);
        rows.push(row);
        holder.append(row.node);
      }
      if (holder !== list) list.append(holder);
    }
    if (rows.length === 0) list.append(message('Nothing matches.'));
    active = -1;
    setActive(
      Math.max(
        0,
        rows.findIndex((row) => isChosen(row.option.key)),
      ),
    );
    popup.place();
  };
  const refresh = async () => {
    asked += 1;
    const mine = asked;
    const query = box.value.trim();
    if (query.length < minQuery)
      return fill(list, message(`Type ${minQuery} letter${minQuery === 1 ? '' : 's'} or more to search.`));
    try {
      const answer = load(query);
      if (answer instanceof Promise) fill(list, message('Searching…'));
      const groups = await answer;
      if (mine === asked && popup.node.isConnected) draw(groups);
    } catch (error) {
      if (mine === asked) fill(list, message(error.message, 'error'));
    }
    return undefined;
  };
  box.addEventListener('input', refresh);
  box.addEventListener('keydown', (event) => {
    const moves = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: Math.min(active + 8, rows.length - 1),
      PageUp: Math.max(active - 8, 0),
    };
    if (event.key in moves) setActive(moves[event.key]);
    else if (event.key === 'Enter' && rows[active]) pick(rows[active]);
    else return;
    event.preventDefault();
  });
  refresh();
  box.focus();
  return popup;
}

function optionRow(option) {
  return h(
    'div.picker-option',
    { role: 'option', id: uniqueId('option'), 'data-value': option.key, 'data-testid': 'option' },
    option.node,
    h(
      'span.picker-words',
      {},
      h('span', {}, option.label),
      option.description ? h('span.picker-description', {}, option.description) : null,
    ),
    h('span.picker-check', {}, icon('check', 16)),
  );
}

function mark(row, isChosen) {
  row.node.setAttribute('aria-selected', String(Boolean(isChosen(row.option.key))));
}

function message(text, kind = '') {
  return h('div.picker-message', { class: kind, role: 'status' }, text);
}

/** Keeps the options whose label or description contains every word of the query. */
export function narrow(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const fits = (option) => {
    const text = `${option.search ?? option.label} ${option.description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
}
