// Buttons and overflow menus: elements that act and keep nothing.

import { h, safeHref } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { menuButton } from '../ui/menu.js';
import { act, elementAttributes } from './act.js';
import { plainText, textString } from './text.js';

/** Slack's phones show about this many characters of a button; more is cut here too, so that it is noticed early. */
const BUTTON_CHARACTERS = 30;

/** A button. One with a url opens it and still tells the bot, as in Slack. */
export function button(element, ctx) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(ctx.env.me)) return null; // others see it
  const whole = textString(element.text, ctx.env);
  const href = element.url ? safeHref(element.url) : undefined;
  const style = { primary: 'primary', danger: 'danger' }[element.style] ?? '';
  const node = h(
    href ? 'a.button' : 'button.button',
    {
      ...elementAttributes(element, ctx),
      class: style,
      type: href ? undefined : 'button',
      href,
      target: href ? '_blank' : undefined,
      rel: href ? 'noopener noreferrer' : undefined,
      title: whole,
      'aria-label': element.accessibility_label ?? (isCut(whole) ? whole : undefined),
      'data-value': element.value,
      onclick: () => {
        if (node.getAttribute('aria-busy') !== 'true')
          act(element, ctx, { value: element.value, text: element.text }, node);
      },
    },
    h('span.button-text', {}, isCut(whole) ? cut(whole) : plainText(element.text)),
    href ? icon('window', 14) : null,
  );
  return node;
}

function isCut(text) {
  return [...text].length > BUTTON_CHARACTERS;
}

function cut(text) {
  return `${[...text]
    .slice(0, BUTTON_CHARACTERS - 1)
    .join('')
    .trimEnd()}…`;
}

/** An overflow menu: up to five options behind three dots. */
export function overflow(element, ctx) {
  const node = h(
    'button.button.icon-only',
    {
      ...elementAttributes(element, ctx),
      type: 'button',
      'aria-label': 'More actions',
      title: 'More actions',
    },
    icon('more'),
  );
  return menuButton(node, () =>
    (element.options ?? []).map((option) => ({
      label: plainText(option.text),
      description: option.description ? plainText(option.description) : undefined,
      icon: option.url ? icon('window', 16) : undefined,
      testid: 'overflow-option',
      data: { value: option.value ?? '' },
      onselect: () => {
        const href = safeHref(option.url);
        if (href) window.open(href, '_blank', 'noopener,noreferrer');
        act(element, ctx, { selected_option: option }, node);
      },
    })),
  );
}
