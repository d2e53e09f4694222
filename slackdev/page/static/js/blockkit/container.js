// Blocks that hold blocks: a container is a box with a title, a layout puts
// blocks side by side.

import { h, uniqueId } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { imageElement } from './image.js';
import { richText } from './richtext.js';
import { textObject } from './text.js';

const WIDTHS = { __proto__: null, narrow: 'narrow', standard: 'standard', wide: 'wide', full: 'full' };

/** A container: its title, and its blocks, which may be folded away. */
export function containerBlock(block, ctx) {
  const titleId = uniqueId('title');
  const folds = Boolean(block.is_collapsible);
  const head = h(
    folds ? 'summary.container-head' : 'div.container-head',
    { class: block.has_header_divider ? 'divided' : '' },
    block.icon ? imageElement(block.icon, ctx) : null,
    h(
      'div.container-titles',
      {},
      h(
        'div.container-title',
        { id: titleId },
        block.rich_text_title ? richText(block.rich_text_title, ctx.env) : textObject(block.title, ctx.env),
      ),
      block.subtitle ? h('div.container-subtitle', {}, textObject(block.subtitle, ctx.env)) : null,
    ),
    folds ? icon('down', 18) : null,
  );
  return h(
    folds ? 'details.container-box' : 'div.container-box',
    {
      class: `width-${WIDTHS[block.width] ?? 'standard'}`,
      role: folds ? undefined : 'group',
      'aria-labelledby': titleId,
      open: folds && !block.default_collapsed,
    },
    head,
    h('div.container-blocks', {}, (block.child_blocks ?? []).map(ctx.drawBlock)),
  );
}

const SHARES = { __proto__: null, narrow: '1fr', standard: '2fr', wide: '3fr' };
const ALIGNMENTS = { __proto__: null, start: 'start', center: 'center', end: 'end' };
const LINES = { __proto__: null, none: 'none', rows: 'rows', outer: 'outer' };

/** A layout: rows of up to three blocks, which stand under each other where there is no room. */
export function layoutBlock(block, ctx) {
  const labelId = uniqueId('label');
  const rows = (block.rows ?? []).map(({ items = [] }) => {
    const row = h('div.layout-row', {}, items.map((item) => layoutItem(item, ctx)));
    row.style.setProperty('--columns', items.map(({ width }) => SHARES[width] ?? SHARES.standard).join(' '));
    return row;
  });
  return h(
    'div.layout',
    { role: 'group', 'aria-labelledby': labelId, class: `lines-${LINES[block.grid_lines] ?? 'none'}` },
    h('div.layout-label', { id: labelId, class: block.is_label_visible ? '' : 'unseen' }, block.label),
    h('div.layout-rows', {}, rows),
  );
}

function layoutItem(item, ctx) {
  return h(
    'div.layout-item',
    { class: `towards-${ALIGNMENTS[item.horizontal_alignment] ?? 'start'}` },
    ctx.drawBlock(item.block),
  );
}
