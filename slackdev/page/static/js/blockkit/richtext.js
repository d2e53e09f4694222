// rich_text: formatting as data instead of marks in a string. Text elements
// are always literal, which is why a bot should prefer it for people's words.

import { h, append, externalLink } from '../ui/dom.js';
import { placeholder } from './placeholder.js';
import { dateNode, emojiNode } from './mrkdwn.js';
import { broadcastMention, channelMention, groupMention, userMention } from './mention.js';

/** A rich_text block's content. Lists that follow each other by indent become one nested list. */
export function richText(block, env) {
  const root = h('div.rich-text');
  const elements = block.elements ?? [];
  for (let at = 0; at < elements.length; at += 1) {
    if (elements[at].type !== 'rich_text_list') {
      root.append(part(elements[at], env));
      continue;
    }
    let end = at;
    while (elements[end + 1]?.type === 'rich_text_list') end += 1;
    root.append(...lists(elements.slice(at, end + 1), env));
    at = end;
  }
  return root;
}

function part(element, env) {
  switch (element.type) {
    case 'rich_text_section':
      return h('div.rich-section', {}, inlines(element, env));
    case 'rich_text_quote':
      return h('blockquote', { class: element.border ? 'bordered' : '' }, inlines(element, env));
    case 'rich_text_preformatted':
      return h(
        'pre.code-block',
        { class: element.border ? 'bordered' : '', title: element.language },
        inlines(element, env),
      );
    default:
      return placeholder('rich text element', element);
  }
}

// Slack sends nesting as a flat run of lists with an indent each, and numbering
// goes on after a deeper list; `stack` holds the list that is open at each depth.
function lists(elements, env) {
  const roots = [];
  const stack = [];
  for (const element of elements) {
    const depth = Math.max(0, element.indent ?? 0);
    const tag = element.style === 'ordered' ? 'ol' : 'ul';
    stack.length = Math.min(stack.length, depth + 1);
    let list = stack[depth];
    if (!list || list.localName !== tag || element.border) {
      const attributes = { 'data-indent': String(depth), class: element.border ? 'bordered' : '' };
      if (element.offset) attributes.start = String(element.offset + 1);
      list = h(tag, attributes);
      const parent = stack.slice(0, depth).findLast(Boolean);
      if (parent?.lastElementChild) parent.lastElementChild.append(list);
      else roots.push(list);
      stack[depth] = list;
    }
    (element.elements ?? []).forEach((item, at) => {
      const number = at === 0 && element.offset ? element.offset + 1 : undefined; // else it is one more than the last
      list.append(h('li', { value: tag === 'ol' ? number : undefined }, inlines(item, env)));
    });
  }
  return roots;
}

function inlines(element, env) {
  return (element.elements ?? []).map((each) => styled(inlineNode(each, env), each.style));
}

function inlineNode(element, env) {
  switch (element.type) {
    case 'text':
      return document.createTextNode(element.text ?? '');
    case 'link':
      return externalLink(element.url, element.text || element.url);
    case 'emoji':
      return emojiOf(element);
    case 'user':
      return userMention(element.user_id, '', env);
    case 'channel':
      return channelMention(element.channel_id, '', env);
    case 'usergroup':
      return groupMention(element.usergroup_id, '', env);
    case 'broadcast':
      return broadcastMention(element.range);
    case 'date':
      return dateOf(element, env);
    case 'team':
      return h('span.mention', { title: element.team_id }, `@${element.team_id}`);
    case 'color':
      return colourOf(element.value ?? '');
    default:
      return placeholder('rich text element', element);
  }
}

// An emoji that the page has no picture for may bring its own as code points: "1f44d-1f3fb".
function emojiOf({ name, skin_tone: tone, unicode }) {
  const known = emojiNode(name, tone);
  if (known) return known;
  const points = /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode ?? '')
    ? unicode.split('-').map((point) => Number.parseInt(point, 16))
    : [];
  if (points.length === 0 || points.some((point) => point > 0x10ffff)) return document.createTextNode(`:${name}:`);
  return h('span.emoji', { role: 'img', 'aria-label': name, title: `:${name}:` }, String.fromCodePoint(...points));
}

// A moment is told in the reader's zone unless the element names another.
function dateOf({ timestamp, format = '{date}', url, fallback = '', timezone }, env) {
  return dateNode(timestamp, format, url, fallback, timezone ? { ...env, zone: timezone } : env);
}

function colourOf(value) {
  const words = h('code', {}, value);
  if (!/^#[0-9a-f]{3,8}$/i.test(value)) return words;
  const swatch = h('span.colour', { 'aria-hidden': 'true' });
  swatch.style.background = value;
  return h('span', {}, swatch, words);
}

const STYLES = [
  ['code', 'code'],
  ['strike', 's'],
  ['italic', 'em'],
  ['bold', 'strong'],
  ['underline', 'u'],
  ['highlight', 'mark'],
  ['client_highlight', 'mark'],
];

function styled(node, style) {
  let out = node;
  for (const [name, tag] of STYLES) if (style?.[name]) out = append(h(tag), out);
  return out;
}
