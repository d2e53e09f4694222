// What stands under an assistant's answer: thumbs up and down, and small
// buttons with a picture.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { act, elementAttributes } from './act.js';
import { textString } from './text.js';

/** Two buttons, of which one can be pressed in. */
export function feedbackButtons(value, ctx) {
  const group = h('span.feedback', { ...elementAttributes(value, ctx), role: 'group', 'aria-label': 'Feedback' });
  const make = (side, picture) => {
    const each = value[side] ?? {};
    const words = textString(each.text, ctx.env);
    const node = h(
      'button.quiet-button',
      {
        type: 'button',
        title: words,
        'aria-label': each.accessibility_label || words || side,
        'aria-pressed': 'false',
        'data-value': each.value,
        onclick: async () => {
          if (!(await act(value, ctx, { value: each.value, text: each.text }, group))) return;
          for (const other of group.querySelectorAll('button'))
            other.setAttribute('aria-pressed', String(other === node));
        },
      },
      icon(picture, 17),
    );
    return node;
  };
  group.append(make('positive_button', 'thumb-up'), make('negative_button', 'thumb-down'));
  return group;
}

/** A button that is a picture; Slack knows one, the bin. */
export function iconButton(value, ctx) {
  const words = textString(value.text, ctx.env);
  const node = h(
    'button.quiet-button',
    {
      ...elementAttributes(value, ctx),
      type: 'button',
      title: words,
      'aria-label': value.accessibility_label || words,
      'data-value': value.value,
      onclick: () => act(value, ctx, { value: value.value, text: value.text }, node),
    },
    icon(value.icon === 'trash' ? 'trash' : 'bolt', 17),
  );
  return node;
}
