// Checkboxes and radio buttons: all options in sight.

import { h, uniqueId } from '../ui/dom.js';
import { choose, elementAttributes, valueOf } from './act.js';
import { textObject } from './text.js';

/** A group of checkboxes; its value is the list of ticked options. */
export function checkboxes(element, ctx) {
  return choices(element, ctx, {
    type: 'checkbox',
    isChosen: (option) => (valueOf(element, ctx).selected_options ?? []).some((each) => each.value === option.value),
    change: (box) => ({
      selected_options: element.options.filter((_, index) => box.querySelectorAll('input')[index].checked),
    }),
  });
}

/** A group of radio buttons; its value is one option or null. */
export function radioButtons(element, ctx) {
  return choices(element, ctx, {
    type: 'radio',
    isChosen: (option) => valueOf(element, ctx).selected_option?.value === option.value,
    change: (box) => ({
      selected_option: element.options.find((_, index) => box.querySelectorAll('input')[index].checked) ?? null,
    }),
  });
}

function choices(element, ctx, { type, isChosen, change }) {
  const name = uniqueId('choice');
  const box = h('div.choices', {
    ...elementAttributes(element, ctx),
    role: type === 'radio' ? 'radiogroup' : 'group',
    'aria-label': ctx.labelId ? undefined : 'Options',
    ...(type === 'radio' ? {} : { 'aria-required': undefined }),
  });
  const redraw = () => {
    box.querySelectorAll('input').forEach((input, index) => {
      input.checked = isChosen(element.options[index]);
    });
  };
  (element.options ?? []).forEach((option, at) => {
    const input = h('input', {
      type,
      name,
      checked: isChosen(option),
      'data-value': option.value,
      autofocus: at === 0 && element.focus_on_load,
      onchange: () => choose(element, ctx, change(box), box, redraw),
    });
    box.append(
      h(
        'label.choice',
        {},
        input,
        h(
          'span.choice-words',
          {},
          h('span', {}, textObject(option.text, ctx.env)),
          option.description ? h('span.choice-description', {}, textObject(option.description, ctx.env)) : null,
        ),
      ),
    );
  });
  return box;
}
