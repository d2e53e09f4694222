// Cards: a picture, a few words and buttons in a frame; a carousel is a row of
// them that is moved sideways.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { element } from './elements.js';
import { imageElement, picture } from './image.js';
import { textObject } from './text.js';

/** One card, as a block or in a carousel. */
export function cardBlock(block, ctx) {
  const words = (name) => (block[name] ? h(`div.card-${name}.mrkdwn`, {}, textObject(block[name], ctx.env)) : null);
  return h(
    'article.card',
    {},
    block.hero_image ? h('div.card-hero', {}, picture(block.hero_image, 'card-picture', ctx.env)) : null,
    block.icon || block.slack_icon || block.title || block.subtitle
      ? h(
          'div.card-head',
          {},
          block.icon ? imageElement(block.icon, ctx) : null,
          block.slack_icon ? slackIcon(block.slack_icon) : null,
          h('div.card-titles', {}, words('title'), words('subtitle')),
        )
      : null,
    words('body'),
    words('subtext'),
    block.actions ? h('div.actions-row', {}, block.actions.map((each) => element(each, ctx))) : null,
  );
}

// Slack's own icons are many; here one stands for all, and says which was meant.
function slackIcon({ name }) {
  return h(
    'span.slack-icon',
    { role: 'img', 'aria-label': `Icon: ${name}`, title: `Slack's icon "${name}"` },
    icon('package', 22),
  );
}

/** A carousel: cards side by side, moved by its arrows, by touch or with the arrow keys. */
export function carouselBlock(block, ctx) {
  const cards = (block.elements ?? []).map(ctx.drawBlock);
  const track = h('div.carousel-track', { tabindex: '0', role: 'group', 'aria-label': `${cards.length} cards` }, cards);
  const step = (towards) => track.scrollBy({ left: towards * Math.max(200, track.clientWidth * 0.8) });
  const arrow = (name, label, towards) =>
    h(
      'button.carousel-arrow',
      { type: 'button', 'aria-label': label, title: label, class: name, onclick: () => step(towards) },
      icon(name, 18),
    );
  const [before, after] = [arrow('back', 'Cards before', -1), arrow('right', 'Cards after', 1)];
  const show = () => {
    before.disabled = track.scrollLeft <= 1;
    after.disabled = track.scrollLeft + track.clientWidth >= track.scrollWidth - 1;
  };
  track.addEventListener('scroll', show);
  new ResizeObserver(show).observe(track);
  return h(
    'div.carousel',
    { role: 'region', 'aria-roledescription': 'carousel', 'aria-label': 'Cards' },
    before,
    track,
    after,
  );
}
