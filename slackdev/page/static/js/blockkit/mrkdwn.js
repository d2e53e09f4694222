// Slack's mrkdwn, from text to nodes. The rules are: only what stands between
// < and > is a reference; &lt; &gt; &amp; become characters in text nodes and
// nothing else; whatever does not parse is shown as it was written.

import { h, append, externalLink } from '../ui/dom.js';
import { emoji } from './emoji.js';
import { fillDate } from './date.js';
import { broadcastMention, channelMention, groupMention, userMention } from './mention.js';

/**
 * Renders mrkdwn. `env` is the reader: {directory, me, zone, now, openConversation}.
 * With `verbatim`, bare addresses are not made into links.
 */
export function mrkdwn(text, env, { verbatim = false } = {}) {
  const root = document.createDocumentFragment();
  const parts = String(text ?? '').split(/```([\s\S]*?)```/);
  parts.forEach((part, index) => {
    if (index % 2 === 1) root.append(h('pre.code-block', {}, literal(part.replace(/^\n|\n$/g, ''), env)));
    else quotesAndLines(trimAroundBlock(part, index > 0, index < parts.length - 1), env, verbatim, root);
  });
  return root;
}

/** Text as Slack escapes it on the wire, decoded: for plain strings such as titles and announcements. */
function decodeEntities(text) {
  return String(text ?? '').replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);
}

/** mrkdwn as one line of plain words: what a notification or a screen reader says. */
export function plainWords(text, env) {
  return append(h('span'), mrkdwn(text, env)).textContent.replace(/\s+/g, ' ').trim();
}

// A newline next to a block-level node would draw an empty line.
function trimAroundBlock(part, after, before) {
  let text = part;
  if (after) text = text.replace(/^[ \t]*\n/, '');
  if (before) text = text.replace(/\n[ \t]*$/, '');
  return text;
}

const QUOTE = /^(?:>|&gt;)(?!>>|&gt;&gt;)\s?/;
const QUOTE_REST = /^(?:>>>|&gt;&gt;&gt;)\s?/;

function quotesAndLines(text, env, verbatim, root) {
  if (text === '') return;
  const lines = text.split('\n');
  let plain = [];
  let quoted = [];
  const flushPlain = () => {
    if (plain.length > 0) root.append(inline(plain.join('\n'), env, verbatim));
    plain = [];
  };
  const flushQuote = () => {
    if (quoted.length > 0) root.append(h('blockquote', {}, inline(quoted.join('\n'), env, verbatim)));
    quoted = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    if (QUOTE_REST.test(lines[at])) {
      flushPlain();
      quoted.push(lines[at].replace(QUOTE_REST, ''), ...lines.slice(at + 1));
      break;
    }
    if (QUOTE.test(lines[at])) {
      flushPlain();
      quoted.push(lines[at].replace(QUOTE, ''));
    } else {
      flushQuote();
      plain.push(lines[at]);
    }
  }
  flushQuote();
  flushPlain();
}

const STYLES = { '*': 'strong', _: 'em', '~': 's' };
const EMOJI_AT = /:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/y;
const LINK_AT = /https?:\/\/[^\s<>|]*[^\s<>|.,:;!?)\]'"*_~]/y;
const REFERENCE_AT = /<([^<>\n]+)>/y;
const CODE_AT = /`([^`\n]+)`/y;

function inline(text, env, verbatim) {
  const out = document.createDocumentFragment();
  let pending = '';
  const flush = () => {
    if (pending !== '') out.append(decodeEntities(pending));
    pending = '';
  };
  const emit = (node) => {
    flush();
    out.append(node);
  };
  let at = 0;
  while (at < text.length) {
    const step = special(text, at, env, verbatim);
    if (step) {
      emit(step.node);
      at += step.length;
    } else {
      pending += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

// What begins at this character, as {node, length}; undefined when it is only text.
function special(text, at, env, verbatim) {
  const char = text[at];
  if (char === '<') return found(REFERENCE_AT, text, at, (m) => reference(m[1], env));
  if (char === '`') return found(CODE_AT, text, at, (m) => h('code', {}, literal(m[1], env)));
  if (char === ':') return found(EMOJI_AT, text, at, (m) => emojiNode(m[1], m[2]));
  if (char === 'h' && !verbatim && !/\w/.test(text[at - 1] ?? '')) {
    return found(LINK_AT, text, at, (m) => externalLink(decodeEntities(m[0]), decodeEntities(m[0])));
  }
  if (!(char in STYLES)) return undefined;
  const end = closing(text, at, char);
  if (end < 0) return undefined;
  return { node: h(STYLES[char], {}, inline(text.slice(at + 1, end), env, verbatim)), length: end + 1 - at };
}

function found(pattern, text, at, make) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const node = match && make(match);
  return node ? { node, length: match[0].length } : undefined;
}

// A style mark opens after a space or punctuation and closes before one, on the
// same line, and hugs its text on the inside: 2*3*4 and a_b_c stay as they are.
function closing(text, at, mark) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') || /[\s]/.test(text[at + 1] ?? ' ') || text[at + 1] === mark) return -1;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] === '<') {
      const close = text.indexOf('>', end);
      if (close > 0) end = close;
    } else if (text[end] === '`') {
      const close = text.indexOf('`', end + 1);
      if (close > 0) end = close;
    } else if (text[end] === mark && !/\s/.test(text[end - 1]) && !/[\p{L}\p{N}]/u.test(text[end + 1] ?? '')) {
      return end;
    }
  }
  return -1;
}

/** An emoji by short name; the name itself when it is not known. */
export function emojiNode(name, skinTone) {
  const character = emoji(name, skinTone);
  if (!character) return undefined;
  return h('span.emoji', { role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` }, character);
}

// What stands between < and >: a person, a channel, a group, everyone, a date or a link.
function reference(body, env) {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? '' : decodeEntities(body.slice(bar + 1));
  if (target.startsWith('@')) return userMention(target.slice(1), label, env);
  if (target.startsWith('#')) return channelMention(target.slice(1), label, env);
  if (target.startsWith('!')) return command(target.slice(1), label, env);
  const url = decodeEntities(target);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) return undefined; // not a reference: shown as it was written
  return externalLink(url, label || url.replace(/^mailto:/, ''));
}

function command(body, label, env) {
  const [name, ...rest] = body.split('^');
  if (name === 'subteam') return groupMention(rest[0], label, env);
  if (['here', 'channel', 'everyone'].includes(name)) return broadcastMention(name);
  if (name === 'date') return dateNode(Number(rest[0]), decodeEntities(rest[1] ?? ''), rest[2], label, env);
  return h('span', {}, label || `<${body}>`);
}

/** A moment, in the reader's words; the fallback when the number is not one. */
export function dateNode(unix, pattern, url, fallback, env) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return h('span', {}, fallback);
  const words = fillDate(pattern, unix, env);
  return h(
    'time',
    { datetime: date.toISOString(), title: fallback },
    url ? externalLink(decodeEntities(url), words) : words,
  );
}

// Inside code nothing is styled, but references are still the reader's words.
function literal(text, env) {
  return text
    .split(/(<[^<>\n]+>)/)
    .map((part) => {
      const match = /^<([^<>\n]+)>$/.exec(part);
      return match ? (reference(match[1], env)?.textContent ?? part) : decodeEntities(part);
    })
    .join('');
}
