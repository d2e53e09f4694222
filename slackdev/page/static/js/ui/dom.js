// This file is the only place that makes DOM nodes from data. The rules are:
// text becomes text nodes, attributes are set one by one, and markup is never
// parsed from a string. A bot's words therefore cannot become an element.

/** Properties that must be set on the node, because their attribute only gives the first value. */
const LIVE_PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'indeterminate', 'selected', 'open']);

/**
 * Makes one element. `tag` is a name with optional classes ("button.primary").
 * In `props`, functions under "onclick"-like keys become listeners; undefined,
 * null and false are left out; everything else is an attribute or live property.
 * Children may be nodes, strings, numbers, nested arrays, or nothing.
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name || 'div');
  if (classes.length > 0) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) setProp(node, key, value);
  append(node, children);
  return node;
}

function setProp(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (typeof value === 'function' && key.startsWith('on')) {
    node.addEventListener(key.slice(2), value);
  } else if (key === 'class') {
    for (const name of String(value).split(' ').filter(Boolean)) node.classList.add(name);
  } else if (LIVE_PROPERTIES.has(key)) {
    node[key] = value;
  } else {
    node.setAttribute(key, value === true ? '' : String(value));
  }
}

/** Adds children to a node; strings and numbers become text. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === '') continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Empties a node and fills it anew. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes one element of a drawing. Attributes are set one by one; children are nodes or text. */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes ?? {}))
    if (value !== undefined) node.setAttribute(key, String(value));
  return append(node, children);
}

let counter = 0;
/** An id that is unique in this page, for label/for and aria-* pairs. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;
/** The address if a person may be sent there, else undefined. Keeps javascript: and data: out of links. */
export function safeHref(url) {
  const text = String(url ?? '').trim();
  return SAFE_LINK.test(text) ? text : undefined;
}

/** A link to elsewhere: it opens in a new tab that cannot reach back to this page. */
export function externalLink(url, ...children) {
  const href = safeHref(url);
  if (!href) return h('span', { title: String(url) }, children);
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, children);
}

/** Copies text; answers whether the browser let us. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
