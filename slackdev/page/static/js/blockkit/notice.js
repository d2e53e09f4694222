// Small blocks that tell one thing: an alert, a call, a file that lives
// elsewhere, a video.

import { externalLink, h, safeHref } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { picture } from './image.js';
import { plainText, textObject } from './text.js';

const LEVELS = {
  __proto__: null,
  default: 'bell',
  info: 'info',
  warning: 'warning',
  error: 'warning',
  success: 'check',
};

/** An alert in a modal: a sentence that cannot be overlooked. */
export function alertBlock(block, ctx) {
  const level = block.level in LEVELS ? block.level : 'default';
  return h(
    'div.alert',
    { class: `alert-${level}`, role: level === 'error' || level === 'warning' ? 'alert' : 'note' },
    icon(LEVELS[level], 18),
    h('div.mrkdwn', {}, textObject(block.text, ctx.env)),
  );
}

/** A call: its name and the way to join it. */
export function callBlock(block, ctx) {
  const call = block.call?.v1 ?? {};
  const link = safeHref(call.join_url);
  const people = call.active_participants?.length ?? 0;
  return h(
    'div.tile',
    {},
    h('span.tile-icon', {}, icon('phone', 22)),
    h(
      'div.tile-words',
      {},
      h('div.tile-title', {}, call.name || 'Call'),
      h(
        'div.tile-about',
        {},
        [call.display_id, call.has_ended ? 'Ended' : '', people ? `${people} in the call` : '', block.call_id]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    link && !call.has_ended
      ? h('a.button', { href: link, target: '_blank', rel: 'noopener noreferrer', 'data-block': ctx.blockId }, 'Join')
      : null,
  );
}

/** A remote file, which Slack shows when people share one. */
export function fileBlock(block) {
  const file = block.file ?? {};
  return h(
    'div.tile',
    {},
    h('span.tile-icon', {}, icon('file', 22)),
    h(
      'div.tile-words',
      {},
      h('div.tile-title', {}, file.title || file.name || 'Remote file'),
      h('div.tile-about', {}, [block.external_id, block.source].filter(Boolean).join(' · ')),
    ),
  );
}

/** A video: what is told of it and its poster. It is not played here, as nothing is fetched from elsewhere. */
export function videoBlock(block, ctx) {
  const from = [block.provider_name, block.author_name].filter(Boolean).join(' · ');
  const title = plainText(block.title);
  return h(
    'figure.video',
    {},
    from ? h('div.video-from', {}, from) : null,
    h('div.video-title', {}, block.title_url ? externalLink(block.title_url, title) : title),
    block.description ? h('div.video-about', {}, plainText(block.description)) : null,
    h(
      'div.video-poster',
      {},
      picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, 'image-picture', ctx.env),
      externalLink(block.video_url, icon('play', 15), 'Watch the video'),
    ),
  );
}
