// Inputs that are typed into: text, e-mail, address, number.

import { h } from '../ui/dom.js';
import { act, elementAttributes, valueOf } from './act.js';
import { textString } from './text.js';

const TYPES = { plain_text_input: 'text', email_text_input: 'email', url_text_input: 'url', number_input: 'text' };

/** A text input. Its value is null while nothing is typed, as Slack sends it. */
export function textInput(element, ctx) {
  const multiline = element.type === 'plain_text_input' && element.multiline;
  const input = h(multiline ? 'textarea.text-input' : 'input.text-input', {
    ...elementAttributes(element, ctx),
    type: multiline ? undefined : TYPES[element.type],
    inputmode: element.type === 'number_input' ? 'decimal' : undefined,
    rows: multiline ? '5' : undefined,
    maxlength: element.max_length,
    placeholder: element.placeholder ? textString(element.placeholder, ctx.env) : undefined,
    value: valueOf(element, ctx).value ?? '',
    autofocus: element.focus_on_load,
    autocomplete: 'off',
  });
  const left = element.max_length || element.min_length ? h('span.characters-left', { 'aria-live': 'polite' }) : null;
  const count = () => {
    if (left) left.textContent = lengthWords(input.value.length, element);
  };
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const tell = () => act(element, ctx, { value: input.value || null }, input);
  input.addEventListener('input', () => {
    ctx.surface.values.set(ctx.blockId, element, { value: input.value === '' ? null : input.value });
    count();
    if (ctx.dispatches && triggers.includes('on_character_entered')) tell();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || multiline || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (!ctx.dispatches || !triggers.includes('on_enter_pressed')) return;
    event.preventDefault();
    tell();
  });
  count();
  return left ? h('div.counted', {}, input, left) : input;
}

// Slack counts down near the end, and up to where the least is reached.
function lengthWords(length, { min_length: least = 0, max_length: most }) {
  if (length > 0 && length < least) return `${least - length} more needed`;
  if (!most) return '';
  const rest = most - length;
  return rest <= Math.max(10, most / 5) ? `${rest} left` : '';
}
