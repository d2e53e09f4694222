// Images. The page asks nobody else for anything, so a picture on another
// server is shown as a frame with its description and its address.

import { h, externalLink } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { plainText, textString } from './text.js';

/** An image block: title above, picture or frame below. */
export function imageBlock(block, ctx) {
  return h(
    'figure.image-block',
    {},
    block.title ? h('figcaption', {}, plainText(block.title)) : null,
    picture(block, 'image-picture', ctx.env),
  );
}

/** An image as an accessory or among context elements. */
export function imageElement(element, ctx) {
  return picture(element, 'image-element', ctx.env);
}

/** A picture with its description; a frame that names it when it cannot be shown. */
export function picture(image, className, env) {
  const source = image.image_url ?? (image.slack_file ? slackFile(image.slack_file, env) : '');
  const alt = image.alt_text || (image.title ? textString(image.title) : '');
  if (!isOurs(source)) return frame(source, alt, className);
  const node = h('img', { class: className, src: source, alt, title: alt, loading: 'lazy' });
  node.addEventListener('error', () => node.replaceWith(frame(source, alt, className)), { once: true });
  return node;
}

/** Where this workspace serves an uploaded file to the person who looks, if they may see it. */
export function fileAddress(id, env) {
  return `/dev/files/${encodeURIComponent(id)}?${new URLSearchParams({ as: env.me })}`;
}

// A slack_file is named by its id, or by an address that has the id in it.
function slackFile({ id, url }, env) {
  const found = id ?? /\/(F[A-Z0-9]+)(?:\/|$)/.exec(url ?? '')?.[1];
  return found ? fileAddress(found, env) : (url ?? '');
}

// Another origin's picture would be stopped by the page's content policy, and an
// address that is none would be looked for here.
function isOurs(source) {
  if (source.startsWith('data:image/') || source.startsWith('/dev/files/')) return true;
  try {
    return new URL(source).origin === window.location.origin;
  } catch {
    return false;
  }
}

function frame(source, alt, className) {
  const small = className === 'image-element';
  const title = `${alt}\n${source}`.trim();
  if (small)
    return h(
      'span.image-frame',
      { class: className, role: 'img', 'aria-label': alt || 'Image', title },
      icon('image', 14),
    );
  return h(
    'span.image-frame',
    { class: className, title },
    icon('image', 22),
    h('span.image-alt', {}, alt || 'An image without a description'),
    source ? h('span.image-source', {}, externalLink(source, host(source))) : null,
  );
}

function host(source) {
  try {
    return new URL(source).host;
  } catch {
    return source;
  }
}
