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
  const lines = String(block.text ?? '')
    .replaceAll('\r\n', '\n')
    .split('\n');
  return h('div.markdown', {}, markdown(lines));
}

const RULES = [fenced, heading, rule, quote, table, list];

// Reads blocks of lines, one rule after the other; each answers {node, next} or nothing.
function markdown(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === '') {
      at += 1;
      continue;
    }
    const { node, next } = RULES.reduce((found, read) => found ?? read(lines, at), null) ?? paragraph(lines, at);
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
  const code = lines.slice(at + 1, end).join('\n');
  return { node: h('pre.code-block', { title: open[2].trim() || undefined }, code), next: end + 1 };
}

function heading(lines, at) {
  const found = HEADING.exec(lines[at]);
  if (!found) return null;
  const level = found[1].length;
  const tag = `h${Math.min(6, level + 2)}.block-heading`;
  return { node: h(tag, { class: `level-${Math.min(4, level)}` }, inlineMarkdown(found[2])), next: at + 1 };
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? { node: h('hr'), next: at + 1 } : null;
}

function quote(lines, at) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at;
  while (end < lines.length && lines[end].trim() !== '' && (QUOTE.test(lines[end]) || end > at)) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return { node: h('blockquote', {}, markdown(inside)), next: end };
}

function table(lines, at) {
  if (!lines[at].includes('|') || !DIVIDING_ROW.test(lines[at + 1] ?? '')) return null;
  const head = cells(lines[at]);
  const sides = cells(lines[at + 1]).map(side);
  if (sides.length !== head.length) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|') && lines[end].trim() !== '') end += 1;
  const row = (line, tag) => {
    const words = cells(line);
    const scope = tag === 'th' ? 'col' : undefined;
    const cell = (_, nth) => h(tag, { class: `align-${sides[nth]}`, scope }, inlineMarkdown(words[nth] ?? ''));
    return h('tr', {}, head.map(cell));
  };
  const body = lines.slice(at + 2, end).map((line) => row(line, 'td'));
  const node = h(
    'div.table-scroll',
    { tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h('table', {}, h('thead', {}, row(lines[at], 'th')), h('tbody', {}, body)),
  );
  return { node, next: end };
}

// Where a column stands, by the colons of the row that divides it from its head.
function side(cell) {
  if (!cell.endsWith(':')) return 'left';
  return cell.startsWith(':') ? 'center' : 'right';
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
    if (!item || RULE.test(lines[next]) || /\d/.test(item[2]) !== ordered) break;
    if (item[1].length < indent.length || item[1].length > indent.length + 1) break;
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
  if (line.trim() === '') return /^\s+\S/.test(lines[at + 1] ?? '');
  const deep = line.length - line.trimStart().length;
  if (deep >= indent + 2) return true;
  return !begins(line) && lines[at - 1].trim() !== '';
}

// Whether something else than words begins with this line.
function begins(line) {
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((mark) => mark.test(line));
}

function listItem(first, rest) {
  const task = TASK.exec(first);
  const words = task ? first.slice(task[0].length) : first;
  const done = task ? task[1] !== ' ' : false;
  const box = task
    ? h('input', { type: 'checkbox', checked: done, disabled: true, 'aria-label': done ? 'Done' : 'To do' })
    : null;
  const blanks = (line) => line.length - line.trimStart().length;
  const depth = Math.min(...rest.filter((line) => line.trim() !== '').map(blanks));
  const under = rest.map((line) => line.slice(Math.min(depth, blanks(line))));
  // Lines that only continue the item's words belong to them, not under them.
  let plain = 0;
  while (plain < under.length && under[plain].trim() !== '' && !begins(under[plain])) plain += 1;
  const own = inlineMarkdown([words, ...under.slice(0, plain)].join('\n'));
  return h(task ? 'li.task-item' : 'li', {}, box, own, markdown(under.slice(plain)));
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !begins(lines[end])) end += 1;
  const words = lines.slice(at, end).map((line) => line.trimStart());
  return { node: h('p', {}, inlineMarkdown(words.join('\n'))), next: end };
}
