// What the page cannot draw it names, with its JSON: a gap in the renderer or a
// slip in the bot is seen at once instead of being silently absent.

import { h } from '../ui/dom.js';

/** A visible stand-in for an unknown block, element or text part; `words` may say better why it stands there. */
export function placeholder(kind, value, words) {
  return h(
    'details.placeholder',
    { 'data-testid': 'placeholder', 'data-type': value?.type ?? '' },
    h('summary', {}, words ?? `Unknown ${kind}: ${value?.type ?? 'no type'}`),
    h('pre.json', { tabindex: '0' }, JSON.stringify(value, null, 2) ?? ''),
  );
}
