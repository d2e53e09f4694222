// Table blocks: rows of raw text, numbers or rich text; the first row is the head.

import { h } from '../ui/dom.js';
import { element } from './elements.js';
import { placeholder } from './placeholder.js';
import { richText } from './richtext.js';

const ALIGNMENTS = { __proto__: null, left: 'left', center: 'center', right: 'right' };

/** A table; on a narrow screen it scrolls within its own box. */
export function tableBlock(block, ctx) {
  const settings = block.column_settings ?? [];
  const [head = [], ...body] = block.rows ?? [];
  const row = (cells, tag) =>
    h(
      'tr',
      {},
      cells.map((cell, at) =>
        h(
          tag,
          {
            class: `align-${ALIGNMENTS[settings[at]?.align] ?? 'left'} ${settings[at]?.is_wrapped ? 'wraps' : ''}`,
            scope: tag === 'th' ? 'col' : undefined,
          },
          cellContent(cell, ctx),
        ),
      ),
    );
  return h(
    'div.table-scroll',
    { tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      {},
      h('thead', {}, row(head, 'th')),
      h(
        'tbody',
        {},
        body.map((cells) => row(cells, 'td')),
      ),
    ),
  );
}

/** What stands in a cell of a table or a data table. */
export function cellContent(cell, ctx) {
  switch (cell?.type) {
    case 'raw_text':
      return String(cell.text ?? '');
    case 'raw_number':
      return String(cell.text ?? cell.value ?? '');
    case 'rich_text':
      return richText(cell, ctx.env);
    case 'action_cell':
      return element(cell.element, ctx);
    default:
      return placeholder('table cell', cell);
  }
}
