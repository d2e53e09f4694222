// Rich text input: typed with marks, as in Slack's own "format messages with
// markup". A row of buttons writes the marks, and what has come of them stands
// under the box.

import { fill, h, uniqueId } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { act, elementAttributes, valueOf } from './act.js';
import { fromMarks, toMarks } from './richmarks.js';
import { richText } from './richtext.js';
import { textString } from './text.js';

// What a button writes: around what is selected, or before each line of it.
const TOOLS = [
  { label: 'Bold', sign: 'B', className: 'tool-bold', key: 'b', around: ['*', '*'] },
  { label: 'Italic', sign: 'I', className: 'tool-italic', key: 'i', around: ['_', '_'] },
  { label: 'Strikethrough', sign: 'S', className: 'tool-strike', around: ['~', '~'] },
  { label: 'Code', sign: '‹›', around: ['`', '`'] },
  { label: 'Link', picture: 'link', around: ['[', '](https://)'] },
  { label: 'Numbered list', sign: '1.', before: '1. ' },
  { label: 'Bulleted list', sign: '•', before: '- ' },
  { label: 'Quote', sign: '❝', before: '> ' },
  { label: 'Code block', sign: '{ }', around: ['```\n', '\n```'] },
];

/** A rich text input; its value is a rich_text block, or null while it is empty. */
export function richTextInput(element, ctx) {
  const shown = h('div.rich-shown', { id: uniqueId('shown'), 'aria-live': 'polite' });
  const input = h('textarea.text-input', {
    ...elementAttributes(element, ctx),
    rows: String(Math.min(20, element.min_lines ?? 5)),
    placeholder: element.placeholder ? textString(element.placeholder, ctx.env) : undefined,
    value: toMarks(valueOf(element, ctx).rich_text_value),
    autofocus: element.focus_on_load,
  });
  const show = (value) => {
    fill(shown, value && !isPlain(value) ? richText(value, ctx.env) : null);
  };
  const keep = () => {
    const value = input.value.trim() === '' ? null : fromMarks(input.value);
    ctx.surface.values.set(ctx.blockId, element, { rich_text_value: value });
    show(value);
    if (ctx.dispatches && element.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered'))
      act(element, ctx, { rich_text_value: value }, input);
  };
  input.addEventListener('input', keep);
  input.addEventListener('keydown', (event) => {
    const tool = (event.ctrlKey || event.metaKey) && TOOLS.find(({ key }) => key === event.key);
    if (!tool) return;
    event.preventDefault();
    write(tool, input);
  });
  show(valueOf(element, ctx).rich_text_value);
  const tools = TOOLS.map((tool) =>
    h(
      'button.rich-tool',
      {
        type: 'button',
        'aria-label': tool.label,
        title: tool.label,
        class: tool.className,
        onclick: () => write(tool, input),
      },
      tool.sign ?? icon(tool.picture, 14),
    ),
  );
  return h(
    'div.rich-input',
    {},
    h('div.rich-tools', { role: 'toolbar', 'aria-label': 'Formatting' }, tools),
    input,
    shown,
  );
}

// Words without any formatting look the same in the box.
function isPlain({ elements }) {
  const isText = (each) => each.type === 'text' && !each.style;
  return (elements ?? []).every((part) => part.type === 'rich_text_section' && (part.elements ?? []).every(isText));
}

function write({ around, before }, input) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  const from = before ? value.lastIndexOf('\n', start - 1) + 1 : start;
  const chosen = value.slice(from, end);
  const text = before ? chosen.replace(/^/gm, before) : `${around[0]}${chosen}${around[1]}`;
  input.setRangeText(text, from, end, 'end');
  if (around && chosen === '') input.setSelectionRange(from + around[0].length, from + around[0].length);
  input.focus();
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
