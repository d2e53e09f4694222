// Inputs that are typed into: text, e-mail, address, number, and a plain
// stand-in for rich text.

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
  const left = element.max_length ? h('span.characters-left', { 'aria-live': 'polite' }) : null;
  const count = () => {
    if (!left) return;
    const rest = element.max_length - input.value.length;
    left.textContent = rest <= Math.max(10, element.max_length / 5) ? `${rest} left` : '';
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

/** Rich text, typed as plain lines: formatting is not offered here, the value's shape is Slack's. */
export function richTextInput(element, ctx) {
  const input = h('textarea.text-input', {
    ...elementAttributes(element, ctx),
    rows: '5',
    placeholder: element.placeholder ? textString(element.placeholder, ctx.env) : undefined,
    value: lines(valueOf(element, ctx).rich_text_value),
    oninput: () => {
      const section = { type: 'rich_text_section', elements: [{ type: 'text', text: input.value }] };
      ctx.surface.values.set(ctx.blockId, element, {
        rich_text_value: input.value === '' ? null : { type: 'rich_text', elements: [section] },
      });
    },
  });
  return input;
}

function lines(value) {
  return (value?.elements ?? [])
    .map((part) => (part.elements ?? []).map((each) => each.text ?? '').join(''))
    .join('\n');
}

/** A file input: files are chosen and named, their bytes stay on this machine. */
export function fileInput(element, ctx) {
  const names = h('span.file-names', {}, 'The file stays on this machine: the stand-in takes no uploads from people.');
  const input = h('input', {
    ...elementAttributes(element, ctx),
    type: 'file',
    multiple: (element.max_files ?? 10) > 1,
    accept: element.filetypes?.map((type) => `.${type}`).join(','),
    onchange: () => {
      names.textContent = [...input.files].map((file) => file.name).join(', ');
    },
  });
  return h('div.file-input', {}, input, names);
}
