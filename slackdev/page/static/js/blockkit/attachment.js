// Attachments, the older way to add to a message: a coloured bar, words, fields,
// or blocks, whose controls are the message's own. Buttons and menus of the older
// kind are shown and cannot be pressed.

import { append, externalLink, h } from '../ui/dom.js';
import { reconcile } from '../ui/reconcile.js';
import { tsDate, fullTime } from '../ui/time.js';
import { drawBlocks, surroundings } from './blocks.js';
import { picture } from './image.js';
import { mrkdwn } from './mrkdwn.js';
import { placeholder } from './placeholder.js';

const COLOURS = { __proto__: null, good: 'good', warning: 'warn', danger: 'danger' };

/** The blocks of attachments, which are blocks of the message. */
export function attachedBlocks(attachments) {
  return attachments.flatMap((value) => (Array.isArray(value?.blocks) ? value.blocks : []));
}

/** Draws attachments into a container; on the next call, anew only those that changed. */
export function renderAttachments(container, attachments, surface, env) {
  reconcile(
    container,
    attachments.map((value, at) => ({
      key: `#${at}`,
      signature: `${JSON.stringify(value)}${surroundings(env)}`,
      build: () => h('div', {}, attachment(value, surface, env)),
    })),
  );
}

// One that is not as it should be is shown as its JSON.
function attachment(value, surface, env) {
  try {
    return drawAttachment(value, surface, env);
  } catch {
    return placeholder('attachment', value, 'This attachment cannot be drawn');
  }
}

function drawAttachment(value, surface, env) {
  const body = h('div.attachment-body');
  append(
    body,
    value.blocks?.length ? h('div.blocks', {}, drawBlocks(value.blocks, surface, env)) : legacy(value, env),
  );
  const node = h(
    'div.attachment',
    { 'data-testid': 'attachment', class: COLOURS[value.color] ?? '' },
    h('span.attachment-bar', { 'aria-hidden': 'true' }),
    body,
  );
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value.color ?? '');
  if (hex) node.style.setProperty('--attachment', `#${hex[1]}`);
  return value.pretext ? [h('div.mrkdwn', {}, marked(value, 'pretext', env)), node] : node;
}

function legacy(value, env) {
  const alt = value.fallback || value.title;
  const fields = (value.fields ?? []).map((field) => fieldOf(field, value, env));
  const parts = [
    value.author_name ? h('div.attachment-author', {}, maybeLink(value.author_link, value.author_name)) : null,
    value.title ? h('div.attachment-title', {}, maybeLink(value.title_link, value.title)) : null,
    value.text ? h('div.mrkdwn', {}, marked(value, 'text', env)) : null,
    fields.length > 0 ? h('div.attachment-fields', {}, fields) : null,
    value.actions?.length ? h('div.actions-row', {}, value.actions.map(legacyAction)) : null,
    value.image_url ? picture({ image_url: value.image_url, alt_text: alt }, 'image-picture', env) : null,
    value.footer || value.ts ? footer(value, env) : null,
  ].filter(Boolean);
  if (parts.length === 0) parts.push(h('div.mrkdwn', {}, mrkdwn(value.fallback, env)));
  const words = h('div.attachment-words', {}, parts);
  if (!value.thumb_url) return words;
  return h(
    'div.attachment-row',
    {},
    words,
    picture({ image_url: value.thumb_url, alt_text: alt }, 'image-element', env),
  );
}

// Text is mrkdwn unless the attachment lists other keys only.
function marked(value, key, env, text = value[key]) {
  return !value.mrkdwn_in || value.mrkdwn_in.includes(key) ? mrkdwn(text, env) : String(text ?? '');
}

function maybeLink(url, words) {
  return url ? externalLink(url, words) : words;
}

function fieldOf(field, value, env) {
  return h(
    'div.attachment-field',
    { class: field.short ? 'short' : '' },
    field.title ? h('strong', {}, field.title) : null,
    h('div.mrkdwn', {}, marked(value, 'fields', env, field.value)),
  );
}

function legacyAction({ type, text, style }) {
  const words = String(text ?? type ?? '');
  return h(
    'button.button',
    {
      type: 'button',
      disabled: true,
      title: `${words}: this older kind of button cannot be used here`,
      class: { primary: 'primary', danger: 'danger' }[style] ?? '',
    },
    h('span.button-text', {}, words),
  );
}

function footer({ footer: words, ts }, env) {
  const date = ts ? tsDate(ts) : null;
  const when = date && !Number.isNaN(date.getTime()) ? fullTime(date, env.zone) : '';
  return h('div.attachment-footer', {}, [words, when].filter(Boolean).join(' · '));
}
