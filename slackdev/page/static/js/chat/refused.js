// A call whose blocks Slack refused, as the inspector shows it: the blocks as
// they would have looked, with each problem beside what caused it.

import { h } from '../ui/dom.js';
import { renderPreview } from '../blockkit/preview.js';

/** The refused blocks of a call with their problems; null for any other call. */
export function refusedBlocks(call, env) {
  const problems = (call.result?.response_metadata?.messages ?? []).filter((each) => each.includes('[json-pointer:'));
  const listed = (call.result?.errors ?? []).filter((each) => typeof each?.pointer === 'string');
  const blocks = blocksOf(call.args);
  if (call.ok || !blocks || problems.length + listed.length === 0) return null;
  const box = h('div.refused', { 'data-testid': 'refused', role: 'group', 'aria-label': 'The refused blocks' });
  renderPreview(box, blocks, [...problems, ...listed], env);
  return box;
}

function blocksOf(args) {
  try {
    if (args?.blocks) return JSON.parse(args.blocks);
    const { blocks } = JSON.parse(args?.view ?? args?.message ?? '{}');
    return blocks;
  } catch {
    return undefined; // what is no JSON cannot be drawn; the raw arguments show it
  }
}
