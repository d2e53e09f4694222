// Layout blocks: the table BLOCKS is the list of what the page knows.
// renderBlocks is the entrance: it draws the blocks of a message, modal or
// Home and, on the next call, redraws only those that changed.

import { h } from '../ui/dom.js';
import { dayNumber } from '../ui/time.js';
import { reconcile } from '../ui/reconcile.js';
import { element } from './elements.js';
import { imageBlock } from './image.js';
import { inputBlock } from './input.js';
import { placeholder } from './placeholder.js';
import { plainText, textObject } from './text.js';
import { richText } from './richtext.js';
import { tableBlock } from './table.js';

const BLOCKS = {
  __proto__: null, // a type named "constructor" is unknown, too
  header,
  section,
  context,
  actions,
  divider: () => h('hr'),
  image: imageBlock,
  input: inputBlock,
  rich_text: (block, ctx) => richText(block, ctx.env),
  table: tableBlock,
};

/**
 * Draws blocks into a container. `surface` is what is drawn on (its kind, its
 * kept values and errors, and how to act); `env` is who reads it and when.
 */
export function renderBlocks(container, blocks, surface, env) {
  surface.values.fit(blocks, surface.serverState, env.place);
  // Dates are written in words that change at midnight, names when the directory does.
  const surroundings = `${dayNumber(env.now, env.zone)}/${env.zone}/${env.me}/${env.directory.version}`;
  reconcile(
    container,
    (blocks ?? []).map((block, at) => ({
      key: block.block_id ?? `#${at}`,
      signature: `${JSON.stringify(block)}${surface.errors.get(block.block_id) ?? ''}${surroundings}`,
      build: () => drawBlock(block, { env, surface, blockId: block.block_id ?? '', dispatches: true }),
    })),
  );
}

function drawBlock(block, ctx) {
  const draw = BLOCKS[block?.type];
  return h(
    'div.block',
    {
      class: draw ? `block-${block.type}` : 'block-unknown',
      'data-testid': 'block',
      'data-block-id': block?.block_id ?? '',
      'data-block-type': block?.type ?? '',
    },
    draw ? draw(block, ctx) : placeholder('block', block),
  );
}

function header(block, ctx) {
  const level = Math.min(4, Math.max(1, block.level ?? 2));
  return h(`h${Math.max(3, level + 1)}.block-heading`, { class: `level-${level}` }, textObject(block.text, ctx.env));
}

function section(block, ctx) {
  const words = h(
    'div.section-words',
    {},
    block.text ? longText(block, ctx) : null,
    block.fields
      ? h(
          'div.section-fields',
          {},
          block.fields.map((field) => h('div.mrkdwn', {}, textObject(field, ctx.env))),
        )
      : null,
  );
  if (!block.accessory) return words;
  return h(
    'div.section-row',
    {},
    words,
    h('div.section-accessory', { class: `accessory-${block.accessory.type}` }, element(block.accessory, ctx)),
  );
}

const LONG_TEXT = 700;
const LONG_LINES = 9;

// In messages Slack hides the end of a long section behind "See more", unless it says expand.
function longText(block, ctx) {
  const words = h('div.mrkdwn', {}, textObject(block.text, ctx.env));
  const text = block.text.text ?? '';
  if (
    block.expand ||
    ctx.surface.kind !== 'message' ||
    (text.length < LONG_TEXT && text.split('\n').length <= LONG_LINES)
  )
    return words;
  words.classList.add('clamped');
  const more = h(
    'button.see-more',
    {
      type: 'button',
      'aria-expanded': 'false',
      onclick: () => {
        const hidden = words.classList.toggle('clamped');
        more.textContent = hidden ? 'See more' : 'See less';
        more.setAttribute('aria-expanded', String(!hidden));
      },
    },
    'See more',
  );
  return [words, more];
}

function context(block, ctx) {
  return h(
    'div.context-row',
    {},
    (block.elements ?? []).map((each) => {
      if (each.type === 'image') return element(each, ctx);
      if (each.type === 'mrkdwn') return h('span.mrkdwn', {}, textObject(each, ctx.env));
      if (each.type === 'plain_text') return h('span', {}, plainText(each));
      return placeholder('context element', each);
    }),
  );
}

function actions(block, ctx) {
  return h(
    'div.actions-row',
    {},
    (block.elements ?? []).map((each) => element(each, ctx)),
  );
}
