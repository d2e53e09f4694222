// The ten select menus of Block Kit are one: a box that shows what is chosen
// and opens a picker. They differ in where options come from and in the key
// their value has, which the table KINDS says.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { narrow, openPicker } from '../ui/picker.js';
import { popupToggle } from '../ui/popup.js';
import { choose, elementAttributes, valueOf } from './act.js';
import { channelOptions, conversationOptions, userOptions } from './people.js';
import { plainText, textString } from './text.js';

const KINDS = {
  __proto__: null,
  static_select: { key: 'selected_option', load: staticOptions },
  multi_static_select: { key: 'selected_options', many: true, load: staticOptions },
  external_select: { key: 'selected_option', load: suggestedOptions },
  multi_external_select: { key: 'selected_options', many: true, load: suggestedOptions },
  users_select: { key: 'selected_user', ids: true, load: userOptions },
  multi_users_select: { key: 'selected_users', ids: true, many: true, load: userOptions },
  channels_select: { key: 'selected_channel', ids: true, load: channelOptions },
  multi_channels_select: { key: 'selected_channels', ids: true, many: true, load: channelOptions },
  conversations_select: { key: 'selected_conversation', ids: true, load: conversationOptions },
  multi_conversations_select: { key: 'selected_conversations', ids: true, many: true, load: conversationOptions },
};

/** Whether the element is one of the select menus. */
export function isSelect(element) {
  return element.type in KINDS;
}

/** A select menu. A multi-select tells the bot once, when its list closes. */
export function select(element, ctx) {
  const kind = KINDS[element.type];
  const emptyWords = element.placeholder ? textString(element.placeholder, ctx.env) : 'Choose an option';
  const words = h('span.select-words');
  const control = h(
    'button.select',
    {
      ...elementAttributes(element, ctx),
      type: 'button',
      role: 'combobox',
      class: kind.many ? 'many' : '',
      'aria-haspopup': 'listbox',
      'aria-label': ctx.labelId ? undefined : emptyWords,
      autofocus: element.focus_on_load,
    },
    words,
    icon('down', 16),
  );
  const box = h('div.select-box', { class: kind.many ? 'many' : '' }, control);

  const chosen = () => [valueOf(element, ctx)[kind.key] ?? []].flat();
  const keyOf = (item) => (kind.ids ? item : item.value);
  const change = (items) => ({ [kind.key]: kind.many ? items : (items[0] ?? null) });
  const redraw = () => {
    const items = chosen();
    box.querySelectorAll('.select-clear').forEach((clear) => clear.remove());
    if (items.length === 0) {
      fill(
        words,
        h('span.select-placeholder', {}, element.placeholder ? plainText(element.placeholder) : 'Choose an option'),
      );
    } else if (!kind.many) {
      fill(words, itemLabel(items[0], kind, ctx));
      if (ctx.optional) box.append(clearButton(() => choose(element, ctx, change([]), control, redraw)));
    } else {
      fill(
        words,
        items.map((item) => h('span.token', { 'data-value': keyOf(item) }, itemLabel(item, kind, ctx))),
      );
      if (!ctx.required) box.append(clearButton(() => choose(element, ctx, change([]), control, redraw)));
    }
    control.dataset.value = items.map(keyOf).join(' ');
  };

  const pickOne = (option) => choose(element, ctx, change([option.item]), control, redraw);
  const pickMany = (draft) => (option) => {
    const at = draft.findIndex((item) => keyOf(item) === option.key);
    if (at >= 0) draft.splice(at, 1);
    else if (draft.length < (element.max_selected_items ?? Infinity)) draft.push(option.item);
    else return `Choose up to ${element.max_selected_items}.`;
    return undefined;
  };
  popupToggle(control, () => {
    const draft = [...chosen()];
    const before = JSON.stringify(draft.map(keyOf));
    return openPicker(control, {
      label: emptyWords,
      load: (query) => kind.load(element, ctx, query),
      minQuery: element.type.includes('external') ? (element.min_query_length ?? 3) : 0,
      multiple: kind.many,
      isChosen: (key) => (kind.many ? draft : chosen()).some((item) => keyOf(item) === key),
      onpick: kind.many ? pickMany(draft) : pickOne,
      onclose: () => {
        if (kind.many && JSON.stringify(draft.map(keyOf)) !== before)
          choose(element, ctx, change(draft), control, redraw);
      },
    });
  });
  redraw();
  return box;
}

function clearButton(onclick) {
  return h(
    'button.select-clear',
    { type: 'button', 'aria-label': 'Clear the choice', title: 'Clear', onclick },
    icon('close', 14),
  );
}

function itemLabel(item, kind, ctx) {
  if (!kind.ids) return plainText(item.text);
  return ctx.env.directory.label(item);
}

function toRow(option) {
  return {
    key: option.value,
    label: textString(option.text),
    description: option.description ? textString(option.description) : '',
    item: option,
  };
}

function toGroups(source) {
  if (source.option_groups) {
    return source.option_groups.map((group) => ({
      label: textString(group.label),
      options: (group.options ?? []).map(toRow),
    }));
  }
  return [{ options: (source.options ?? []).map(toRow) }];
}

function staticOptions(element, _ctx, query) {
  return narrow(toGroups(element), query);
}

async function suggestedOptions(element, ctx, query) {
  const answer = await ctx.surface.suggest(ctx.blockId, element.action_id, query);
  if (!answer.ok) throw new Error(answer.error || 'The app sent no options.');
  return toGroups(answer);
}
