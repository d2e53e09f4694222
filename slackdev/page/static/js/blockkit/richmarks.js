// Rich text as a person types it, and back: *bold*, _italic_, ~strike~, `code`,
// [words](address), - and 1. for lists, > for quotes, ``` around code blocks.

const LIST = /^((?: {2,4}|\t)*)([-*•]|\d+\.)\s+(.*)$/;

const PREFORMATTED = 'rich_text_preformatted';

/** Text with marks as a rich_text block. */
export function fromMarks(text) {
  const elements = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (line.startsWith('```')) {
      const end = lines.findIndex((each, i) => i > at && each.trimEnd() === '```');
      const code = lines.slice(at + 1, end < 0 ? undefined : end).join('\n');
      elements.push({ type: PREFORMATTED, elements: code === '' ? [] : [{ type: 'text', text: code }] });
      at = end < 0 ? lines.length : end;
    } else if (LIST.test(line)) addItem(elements, line);
    else if (line.startsWith('> ')) addLine(elements, 'rich_text_quote', line.slice(2));
    else addLine(elements, 'rich_text_section', line);
  }
  return { type: 'rich_text', elements: elements.filter((each) => each.elements.length > 0) };
}

// Lines of one kind that follow each other are one part, with breaks in it.
function addLine(elements, type, line) {
  const last = elements.at(-1);
  if (last?.type === type) last.elements.push({ type: 'text', text: '\n' }, ...words(line));
  else elements.push({ type, elements: words(line) });
}

function addItem(elements, line) {
  const [, indent, mark, rest] = LIST.exec(line);
  const depth = Math.min(8, indent.replaceAll('\t', '  ').length >> 1);
  const style = /\d/.test(mark) ? 'ordered' : 'bullet';
  const item = { type: 'rich_text_section', elements: words(rest) };
  const last = elements.at(-1);
  if (last?.type === 'rich_text_list' && last.indent === depth && last.style === style) last.elements.push(item);
  else elements.push({ type: 'rich_text_list', style, indent: depth, elements: [item] });
}

const INLINE = [
  [/^`([^`\n]+)`/, ([, code]) => [{ type: 'text', text: code, style: { code: true } }]],
  [/^\[([^\]\n]+)\]\(((?:https?:\/\/|mailto:)[^\s)]+)\)/, ([, text, url]) => [{ type: 'link', url, text }]],
  [/^https?:\/\/[^\s<>]*[^\s<>.,:;!?)\]'"]/, ([url]) => [{ type: 'link', url }]],
  [/^<@([A-Z0-9]+)>/, ([, id]) => [{ type: 'user', user_id: id }]],
  [/^<#([A-Z0-9]+)>/, ([, id]) => [{ type: 'channel', channel_id: id }]],
  [/^:([a-z0-9_+'-]*[a-z_+][a-z0-9_+'-]*):/, ([, name]) => [{ type: 'emoji', name }]],
  [/^\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}])/u, ([, inside]) => styled(words(inside), 'bold')],
  [/^_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}])/u, ([, inside]) => styled(words(inside), 'italic')],
  [/^~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}])/u, ([, inside]) => styled(words(inside), 'strike')],
];

function words(text) {
  const out = [];
  let pending = '';
  for (let at = 0; at < text.length; ) {
    const inWord = /[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
    const rest = text.slice(at);
    const rule = inWord ? undefined : INLINE.find(([pattern]) => pattern.test(rest));
    if (!rule) {
      pending += text[at];
      at += 1;
      continue;
    }
    const match = rule[0].exec(rest);
    if (pending !== '') out.push({ type: 'text', text: pending });
    pending = '';
    out.push(...rule[1](match));
    at += match[0].length;
  }
  if (pending !== '') out.push({ type: 'text', text: pending });
  return out;
}

function styled(elements, name) {
  return elements.map((each) => ({ ...each, style: { ...each.style, [name]: true } }));
}

/** A rich_text block as text with marks: what the box shows of a value that was there before. */
export function toMarks(value) {
  return (value?.elements ?? []).map(partMarks).join('\n');
}

function partMarks(part) {
  const inside = (element) => (element.elements ?? []).map(inlineMarks).join('');
  switch (part.type) {
    case 'rich_text_list':
      return (part.elements ?? [])
        .map((item, at) => `${'  '.repeat(part.indent ?? 0)}${itemMark(part, at)} ${inside(item)}`)
        .join('\n');
    case 'rich_text_quote':
      return inside(part).replace(/^/gm, '> ');
    case PREFORMATTED:
      return `\`\`\`\n${(part.elements ?? []).map((each) => each.text ?? each.url ?? '').join('')}\n\`\`\``;
    default:
      return inside(part).replace(/\n$/, '');
  }
}

function itemMark({ style, offset = 0 }, at) {
  return style === 'ordered' ? `${offset + at + 1}.` : '-';
}

const SIGNS = [
  ['code', '`'],
  ['strike', '~'],
  ['italic', '_'],
  ['bold', '*'],
];

function inlineMarks(element) {
  let out = plainMarks(element);
  for (const [name, sign] of SIGNS) if (element.style?.[name]) out = `${sign}${out}${sign}`;
  return out;
}

function plainMarks(element) {
  switch (element.type) {
    case 'link':
      return element.text ? `[${element.text}](${element.url})` : element.url;
    case 'user':
      return `<@${element.user_id}>`;
    case 'channel':
      return `<#${element.channel_id}>`;
    case 'emoji':
      return `:${element.name}:`;
    case 'broadcast':
      return `@${element.range}`;
    default:
      return element.text ?? element.fallback ?? '';
  }
}
