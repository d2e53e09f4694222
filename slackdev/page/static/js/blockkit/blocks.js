// Layout blocks: the table BLOCKS is the list of what the page knows.
// renderBlocks is the entrance: it draws the blocks of a message, modal or
// Home and, on the next call, redraws only those that changed.

import { h } from '../ui/dom.js';
import { dayNumber } from '../ui/time.js';
import { reconcile } from '../ui/reconcile.js';
import { cardBlock, carouselBlock } from './card.js';
import { dataVisualization } from './chart.js';
import { containerBlock, layoutBlock } from './container.js';
import { dataTable } from './datatable.js';
import { element } from './elements.js';
import { imageBlock } from './image.js';
import { inputBlock } from './input.js';
import { markdownBlock } from './markdown.js';
import { alertBlock, callBlock, fileBlock, videoBlock } from './notice.js';
import { placeholder } from './placeholder.js';
import { planBlock, taskCard } from './plan.js';
import { drawn } from './drawn.js';
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
  alert: alertBlock,
  call: callBlock,
  card: cardBlock,
  carousel: carouselBlock,
  container: containerBlock,
  data_table: dataTable,
  data_visualization: dataVisualization,
  markdown: markdownBlock,
  context_actions: actions,
  file: fileBlock,
  layout: layoutBlock,
  plan: planBlock,
  task_card: taskCard,
  video: videoBlock,
};

/**
 * Draws blocks into a container. `surface` is what is drawn on (its kind, its
 * kept values and errors, and how to act); `env` is who reads it and when.
 * `beside` are blocks of the same surface that are drawn elsewhere.
 */
export function renderBlocks(container, blocks, surface, env, beside = []) {
  surface.values.fit([...(blocks ?? []), ...beside], surface.serverState, env.place);
  reconcile(
    container,
    (blocks ?? []).map((block, at) => ({
      key: block.block_id ?? `#${at}`,
      signature: `${JSON.stringify(block)}${errorsIn(block, surface)}${surroundings(env)}`,
      build: () => drawBlock(block, { env, surface }),
    })),
  );
}

/**
 * What a drawing depends on besides what is drawn: dates are written in words that
 * change at midnight, names when the directory does.
 */
export function surroundings(env) {
  return `${dayNumber(env.now, env.zone)}/${env.zone}/${env.me}/${env.directory.version}`;
}

// The sentences under inputs of this block and of those inside it.
function errorsIn(block, surface) {
  if (surface.errors.size === 0) return '';
  const json = JSON.stringify(block);
  return JSON.stringify([...surface.errors].filter(([id]) => json.includes(JSON.stringify(id))));
}

/** Draws blocks as a list of nodes, once: what a preview and a block inside another are made of. */
export function drawBlocks(blocks, surface, env) {
  return blocks.map((block) => drawBlock(block, { env, surface }));
}

// ctx is {env, surface}; what is inside the block is given its id and how to draw further blocks.
function drawBlock(block, ctx) {
  const draw = BLOCKS[block?.type];
  const inside = {
    ...ctx,
    blockId: block?.block_id ?? '',
    dispatches: true,
    drawBlock: (each) => drawBlock(each, ctx),
  };
  return drawn(
    block,
    h(
      'div.block',
      {
        class: draw ? `block-${block.type}` : 'block-unknown',
        'data-testid': 'block',
        'data-block-id': block?.block_id ?? '',
        'data-block-type': block?.type ?? '',
      },
      draw ? attempt(draw, block, inside) : placeholder('block', block),
    ),
  );
}

// A block that breaks the rules may lack anything; it must not take the page with it.
function attempt(draw, block, ctx) {
  try {
    return draw(block, ctx);
  } catch {
    return placeholder('block', block, `This ${block.type} block cannot be drawn`);
  }
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
