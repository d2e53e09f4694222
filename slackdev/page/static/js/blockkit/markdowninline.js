// The words of Markdown: emphasis, code, links, emoji. Everything becomes text
// nodes and a handful of elements; an image is a link, as nothing is fetched.

import { append, externalLink, h } from '../ui/dom.js';
import { emojiNode } from './mrkdwn.js';

const PUNCTUATION = /[!-/:-@[-`{-~]/;
const CODE = /(`+)([\s\S]*?[^`])\1(?!`)/y;
const IMAGE = /!\[([^\]\n]*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"\n]*")?\s*\)/y;
const LINK = /\[((?:[^[\]\n\\]|\\.|\[[^\]\n]*\])+)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"\n]*")?\s*\)/y;
const AUTOLINK = /<((?:https?:|mailto:)[^<>\s]+)>/y;
const BARE = /https?:\/\/[^\s<>]*[^\s<>.,:;!?)\]'"*_~]/y;
const EMOJI = /:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/y;

// Longest marks first; each is closed by itself.
const MARKS = [
  ['***', (inside) => h('strong', {}, h('em', {}, inside))],
  ['___', (inside) => h('strong', {}, h('em', {}, inside))],
  ['**', (inside) => h('strong', {}, inside)],
  ['__', (inside) => h('strong', {}, inside)],
  ['~~', (inside) => h('s', {}, inside)],
  ['*', (inside) => h('em', {}, inside)],
  ['_', (inside) => h('em', {}, inside)],
];

/** Inline Markdown as nodes; a line break in the text is one in the result. */
export function inlineMarkdown(text) {
  const out = document.createDocumentFragment();
  let pending = '';
  let at = 0;
  while (at < text.length) {
    if (text[at] === '\\' && PUNCTUATION.test(text[at + 1] ?? '')) {
      pending += text[at + 1];
      at += 2;
      continue;
    }
    const step = special(text, at);
    if (!step) {
      pending += text[at];
      at += 1;
      continue;
    }
    append(out, [pending, step.node]);
    pending = '';
    at += step.length;
  }
  return append(out, pending);
}

// What begins at this character, as {node, length}; undefined when it is only text.
function special(text, at) {
  switch (text[at]) {
    case '`':
      return found(CODE, text, at, ([, , code]) => h('code', {}, code.replace(/^ (.+) $/, '$1')));
    case '!':
      return found(IMAGE, text, at, ([, alt, url]) => externalLink(url, alt || url));
    case '[':
      return found(LINK, text, at, ([, words, url]) => externalLink(url, inlineMarkdown(words)));
    case '<':
      return found(AUTOLINK, text, at, ([, url]) => externalLink(url, url.replace(/^mailto:/, '')));
    case ':':
      return found(EMOJI, text, at, ([, name, tone]) => emojiNode(name, tone));
    case 'h':
      return /\w/.test(text[at - 1] ?? '') ? undefined : found(BARE, text, at, ([url]) => externalLink(url, url));
    default:
      return '*_~'.includes(text[at]) ? marked(text, at) : undefined;
  }
}

function found(pattern, text, at, make) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const node = match && make(match);
  return node ? { node, length: match[0].length } : undefined;
}

function marked(text, at) {
  for (const [mark, make] of MARKS) {
    if (!text.startsWith(mark, at) || /\s/.test(text[at + mark.length] ?? ' ')) continue;
    if (mark[0] === '_' && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) continue; // snake_case
    const end = closing(text, at + mark.length, mark);
    if (end < 0) continue;
    return { node: make(inlineMarkdown(text.slice(at + mark.length, end))), length: end + mark.length - at };
  }
  return undefined;
}

// Where the mark closes: after a letter, not inside code, and not as part of a longer mark.
function closing(text, from, mark) {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') at = Math.max(at, text.indexOf('`', at + 1));
    else if (text.startsWith(mark, at)) {
      let run = 0;
      while (text[at + run] === mark[0]) run += 1;
      const fits = run === mark.length || (run > mark.length && mark.length > 1);
      const inWord = mark[0] === '_' && /[\p{L}\p{N}]/u.test(text[at + run] ?? '');
      if (at > from && fits && !inWord && !/\s/.test(text[at - 1])) return at + run - mark.length;
      at += run - 1;
    }
  }
  return -1;
}
