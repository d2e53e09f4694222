// Markdown blocks: the usual subset of Markdown, from lines to nodes. What does
// not parse is shown as it was written, and markup in the text is only text.

import { h } from '../ui/dom.js';
import { inlineMarkdown } from './markdowninline.js';

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TASK = /^\[([ xX])\]\s+/;
const DIVIDING_ROW = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** A markdown block's content. */
export function markdownBlock(block) {
  return h('div.markdown', {}, markdown(String(block.text ?? '').replaceAll('\r\n', '\n').split('\n')));
}

// Reads blocks of lines, one rule after the other; each rule answers {node, next} or nothing.
function markdown(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === '') {
      at += 1;
      continue;
    }
    const { node, next } = [fenced, heading, rule, quote, table, list].reduce((found, read) => found ?? read(lines, at), null) ?? paragraph(lines, at);
    out.push(node);
    at = next;
  }
  return out;
}

function fenced(lines, at) {
  const open = FENCE.exec(lines[at]);
  if (!open) return null;
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(open[1])) end += 1;
  return { node: h('pre.code-block', { title: open[2].trim() || undefined }, lines.slice(at + 1, end).join('\n')), next: end + 1 };
}

function heading(lines, at) {
  const found = HEADING.exec(lines[at]);
  if (!found) return null;
  const level = found[1].length;
  return { node: h(`h${Math.min(6, level + 2)}.block-heading`, { class: `level-${Math.min(4, level)}` }, inlineMarkdown(found[2])), next: at + 1 };
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? { node: h('hr'), next: at + 1 } : null;
}

function quote(lines, at) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at;
  while (end < lines.length && lines[end].trim() !== '' && (QUOTE.test(lines[end]) || end > at)) end += 1;
  return { node: h('blockquote', {}, markdown(lines.slice(at, end).map((line) => line.replace(QUOTE, '')))), next: end };
}

function table(lines, at) {
  if (!lines[at].includes('|') || !DIVIDING_ROW.test(lines[at + 1] ?? '') || !lines[at + 1].includes('-')) return null;
  const head = cells(lines[at]);
  const sides = cells(lines[at + 1]).map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : 'left'));
  if (sides.length !== head.length) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|') && lines[end].trim() !== '') end += 1;
  const row = (line, tag) => {
    const words = cells(line);
    return h('tr', {}, head.map((_, i) => h(tag, { class: `align-${sides[i]}`, scope: tag === 'th' ? 'col' : undefined }, inlineMarkdown(words[i] ?? ''))));
  };
  const node = h(
    'div.table-scroll',
    { tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h('table', {}, h('thead', {}, row(lines[at], 'th')), h('tbody', {}, lines.slice(at + 2, end).map((line) => row(line, 'td')))),
  );
  return { node, next: end };
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

// A list goes on while lines are items of it, or are indented under one.
function list(lines, at) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const [, indent, mark] = first;
  const ordered = /\d/.test(mark);
  const node = h(ordered ? 'ol' : 'ul', { start: ordered && mark !== '1.' ? Number.parseInt(mark, 10) : undefined });
  let next = at;
  while (next < lines.length) {
    const item = ITEM.exec(lines[next]);
    if (!item || item[1].length > indent.length + 1 || item[1].length < indent.length || /\d/.test(item[2]) !== ordered || RULE.test(lines[next])) break;
    let end = next + 1;
    while (end < lines.length && belongs(lines, end, indent.length)) end += 1;
    node.append(listItem(item[3], lines.slice(next + 1, end)));
    next = end;
  }
  return { node, next };
}

// Whether a line stands under an item whose list is indented by so much.
function belongs(lines, at, indent) {
  const line = lines[at];
  if (line.trim() === '') return /^\s/.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').trim() !== '';
  const deep = line.length - line.trimStart().length;
  if (deep >= indent + 2) return true;
  return !ITEM.test(line) && ![FENCE, HEADING, RULE, QUOTE].some((mark) => mark.test(line)) && lines[at - 1].trim() !== '';
}

function listItem(first, rest) {
  const task = TASK.exec(first);
  const words = task ? first.slice(task[0].length) : first;
  const done = task ? task[1] !== ' ' : false;
  const box = task ? h('input', { type: 'checkbox', checked: done, disabled: true, 'aria-label': done ? 'Done' : 'To do' }) : null;
  const depth = Math.min(...rest.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  const under = rest.map((line) => line.slice(Number.isFinite(depth) ? Math.min(depth, line.length - line.trimStart().length) : 0));
  // Lines that only continue the item's words belong to them, not under them.
  let plain = 0;
  while (plain < under.length && under[plain].trim() !== '' && !ITEM.test(under[plain]) && !FENCE.test(under[plain]) && !QUOTE.test(under[plain])) plain += 1;
  return h(task ? 'li.task-item' : 'li', {}, box, inlineMarkdown([words, ...under.slice(0, plain)].join('\n')), markdown(under.slice(plain)));
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && ![FENCE, HEADING, RULE, QUOTE, ITEM].some((mark) => mark.test(lines[end]))) end += 1;
  return { node: h('p', {}, inlineMarkdown(lines.slice(at, end).map((line) => line.trimStart()).join('\n'))), next: end };
}
