// The marks of mrkdwn, for those who do not know them by heart: a row of buttons
// and their keys, which put the marks around what is selected.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

const MARKS = [
  { name: 'Bold', mark: '*', icon: 'bold', key: 'b' },
  { name: 'Italic', mark: '_', icon: 'italic', key: 'i' },
  { name: 'Strikethrough', mark: '~', icon: 'strike', key: 'x', shift: true },
  { name: 'Code', mark: '`', icon: 'code', key: 'c', shift: true },
  { name: 'Quote', line: '> ', icon: 'quote', key: '9', shift: true },
  { name: 'List', line: '• ', icon: 'list', key: '8', shift: true },
];

/** The row of buttons for a text box; its keys work in the box. */
export function formatBar(box) {
  const buttons = MARKS.map((one, at) =>
    h(
      'button.format',
      {
        type: 'button',
        tabindex: at === 0 ? '0' : '-1',
        'aria-label': one.name,
        title: one.line ? `${one.name}: ${one.line.trim()}` : `${one.name}: ${one.mark}words${one.mark}`,
        'data-testid': `format-${one.name.toLowerCase()}`,
        onmousedown: (event) => event.preventDefault(), // the box keeps the focus
        onclick: () => apply(box, one),
      },
      icon(one.icon, 16),
    ),
  );
  box.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const one = MARKS.find(
      ({ key, shift }) =>
        (event.key.toLowerCase() === key || event.code === `Digit${key}`) && Boolean(shift) === event.shiftKey,
    );
    if (!one) return;
    event.preventDefault();
    apply(box, one);
  });
  return h(
    'div.formats',
    {
      role: 'toolbar',
      'aria-label': 'Formatting',
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const at = buttons.indexOf(document.activeElement);
        buttons[(at + step + buttons.length) % buttons.length].focus();
      },
    },
    buttons,
  );
}

function apply(box, { mark, line }) {
  const { selectionStart: from, selectionEnd: to, value } = box;
  if (line) {
    const start = value.lastIndexOf('\n', from - 1) + 1;
    const lines = value.slice(start, to).split('\n');
    box.setRangeText(lines.map((each) => line + each).join('\n'), start, to, 'end');
  } else {
    box.setRangeText(mark + value.slice(from, to) + mark, from, to, 'end');
    if (from === to) box.setSelectionRange(from + 1, from + 1);
  }
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}
