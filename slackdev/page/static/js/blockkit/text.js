// Text objects: the {type, text} pair that most of Block Kit is made of.

import { h } from '../ui/dom.js';
import { emojiNode, mrkdwn } from './mrkdwn.js';

/** A text object as nodes: mrkdwn is formatted, plain_text is literal but for emoji names. */
export function textObject(object, env) {
  if (!object) return '';
  if (object.type === 'mrkdwn') return mrkdwn(object.text, env, { verbatim: object.verbatim });
  return plainText(object);
}

/** plain_text: characters as they are; :names: become emoji unless emoji is false. */
export function plainText(object) {
  const text = String(object?.text ?? '');
  if (object?.emoji === false) return text;
  const out = document.createDocumentFragment();
  let last = 0;
  for (const match of text.matchAll(/:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/g)) {
    const node = emojiNode(match[1], match[2]);
    if (!node) continue;
    out.append(text.slice(last, match.index), node);
    last = match.index + match[0].length;
  }
  out.append(text.slice(last));
  return out;
}

/** A text object as a plain string, for labels and titles. */
export function textString(object, env) {
  return h('span', {}, textObject(object, env)).textContent;
}
