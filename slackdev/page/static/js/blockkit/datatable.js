// Data tables: a caption, a header that sorts, and a page of rows at a time.

import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { cellContent } from './table.js';

const PAGE_SIZE = 5; // where the block does not say

/** A data table. Sorting and paging are the reader's own: the app hears nothing of them. */
export function dataTable(block, ctx) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? PAGE_SIZE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const numeric = head.map((_, at) => rows.length > 0 && rows.every((row) => row[at]?.type === 'raw_number'));
  const sorted = { column: -1, down: false };
  let page = 0;

  const body = h('tbody');
  const where = h('span.pager-where', { role: 'status' });
  const turn = (towards) => {
    page = Math.min(pages - 1, Math.max(0, page + towards));
    draw();
  };
  const before = pagerButton('back', 'Rows before', () => turn(-1));
  const after = pagerButton('right', 'Rows after', () => turn(1));
  const heads = head.map((cell, at) =>
    h(
      'th',
      { scope: 'col', class: numeric[at] ? 'align-right' : '' },
      h(
        'button.sort',
        {
          type: 'button',
          onclick: () => {
            sorted.down = sorted.column === at && !sorted.down;
            sorted.column = at;
            page = 0;
            draw();
          },
        },
        h('span', {}, cellContent(cell, ctx)),
        icon('sort', 14),
      ),
    ),
  );
  const draw = () => {
    const shown = order(rows, sorted).slice(page * size, (page + 1) * size);
    fill(body, shown.map((row) => bodyRow(row, block, ctx)));
    heads.forEach((node, at) => {
      const mine = at === sorted.column;
      node.setAttribute('aria-sort', mine ? (sorted.down ? 'descending' : 'ascending') : 'none');
      node.querySelector('.icon').replaceWith(icon(mine ? (sorted.down ? 'down' : 'up') : 'sort', 14));
    });
    before.disabled = page === 0;
    after.disabled = page === pages - 1;
    where.textContent = `${page * size + 1} to ${Math.min(rows.length, (page + 1) * size)} of ${rows.length}`;
  };
  draw();
  return h(
    'div.data-table',
    {},
    h(
      'div.table-scroll',
      { tabindex: '0', role: 'region', 'aria-label': String(block.caption ?? 'Table') },
      h('table', {}, h('caption', {}, block.caption), h('thead', {}, h('tr', {}, heads)), body),
    ),
    pages > 1 ? h('div.pager', {}, before, where, after) : null,
  );
}

function pagerButton(name, label, onclick) {
  return h('button.icon-button', { type: 'button', 'aria-label': label, title: label, onclick }, icon(name, 17));
}

function bodyRow(row, block, ctx) {
  return h(
    'tr',
    {},
    row.map((cell, at) => {
      const heads = at === block.row_header_column_index;
      return h(
        heads ? 'th' : 'td',
        { scope: heads ? 'row' : undefined, class: cell?.type === 'raw_number' ? 'align-right' : '' },
        cellContent(cell, ctx),
      );
    }),
  );
}

function order(rows, { column, down }) {
  if (column < 0) return rows;
  const by = (one, other) => compare(sortKey(one[column]), sortKey(other[column]));
  return rows.toSorted(down ? (one, other) => by(other, one) : by);
}

function compare(one, other) {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), 'en', { numeric: true });
}

function sortKey(cell) {
  if (cell?.type === 'raw_number') return Number(cell.value ?? cell.text);
  if (cell?.type === 'rich_text') return wordsOf(cell.elements);
  return cell?.text ?? cell?.fallback?.text ?? wordsOf([cell?.element?.text]);
}

function wordsOf(parts) {
  return (parts ?? []).map((part) => part?.text ?? wordsOf(part?.elements)).join('');
}
