// A preview draws blocks that were never posted: those that Slack refused, each
// problem under the block its JSON pointer names. Nothing in it can be acted on.

import { fill, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { drawBlocks } from './blocks.js';
import { drawnAs } from './drawn.js';
import { Values } from './values.js';

/**
 * Draws blocks read-only into `container`, and every problem right under its
 * block. A problem is {pointer, message} or Slack's own sentence, as it stands in
 * response_metadata.messages: "[ERROR] … [json-pointer:/blocks/0/text/text]".
 * Problems of no drawn block stand above all. `env` is who reads it and when.
 */
export function renderPreview(container, blocks, problems, env) {
  const surface = readOnlySurface();
  const list = Array.isArray(blocks) ? blocks : [];
  surface.values.fit(list, undefined, env.place);
  fill(container, drawBlocks(list, surface, env));
  container.classList.add('blocks', 'preview');
  forbidActing(container);
  const above = [];
  for (const problem of (problems ?? []).map(asProblem)) {
    const { block, part } = culprit(list, problem.pointer);
    const sentence = problemNode(problem);
    part?.classList.add('at-fault');
    if (block) lastOf(block).after(sentence);
    else above.push(sentence);
  }
  container.prepend(...above);
}

// A surface that keeps values for drawing and tells nobody anything.
function readOnlySurface() {
  return {
    kind: 'message',
    readOnly: true,
    values: new Values(),
    errors: new Map(),
    act: async () => ({ ok: true }),
    suggest: async () => ({ ok: true, options: [] }),
  };
}

// Switches off the controls under `root`; what only shows more goes on working.
function forbidActing(root) {
  for (const control of root.querySelectorAll('[data-testid="element"]')) {
    for (const node of [control, ...control.querySelectorAll('button, input, textarea, a')]) {
      if (node.localName === 'a') node.removeAttribute('href');
      else if ('disabled' in node) node.disabled = true;
      node.setAttribute('aria-disabled', 'true');
    }
  }
}

function asProblem(problem) {
  if (typeof problem !== 'string') return { pointer: problem?.pointer ?? '', message: problem?.message ?? '' };
  const [, message, pointer] = /^(?:\[ERROR\] )?([\s\S]*?)(?:\s*\[json-pointer:([^\]]*)\])?$/.exec(problem);
  return { message, pointer: pointer ?? '' };
}

// Follows a pointer down from the blocks: the innermost drawn block it passes,
// and the innermost drawn part of that.
function culprit(blocks, pointer) {
  const tokens = pointer.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value = blocks;
  let block;
  let part;
  for (const token of tokens.slice(tokens.indexOf('blocks') + 1)) {
    if (value === null || typeof value !== 'object') break;
    value = value[token];
    const node = drawnAs(value);
    if (!node) continue;
    if (node.dataset.testid === 'block') block = part = node;
    else part = node;
  }
  return tokens.includes('blocks') ? { block, part } : {};
}

// Problems of one block stand in the order in which Slack lists them.
function lastOf(node) {
  let last = node;
  while (last.nextElementSibling?.dataset.testid === 'problem') last = last.nextElementSibling;
  return last;
}

function problemNode({ pointer, message }) {
  return h(
    'p.problem',
    { 'data-testid': 'problem', 'data-pointer': pointer },
    icon('warning', 15),
    h('span', {}, `${message} `, pointer ? h('code', {}, pointer) : null),
  );
}
