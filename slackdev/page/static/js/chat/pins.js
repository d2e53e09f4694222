// What a channel holds besides its messages: what is pinned, behind a button in
// its heading, and the bar of its bookmarks.

import { h, fill, externalLink } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openPopup, popupToggle } from '../ui/popup.js';
import { fullTime, tsDate } from '../ui/time.js';
import { emojiNode, plainWords } from '../blockkit/mrkdwn.js';
import { authorWords } from './author.js';
import { reveal } from './permalink.js';

/** The button that opens what is pinned; hidden where nothing is. */
export function pinsButton(app) {
  const count = h('span');
  const button = h(
    'button.heading-button',
    { type: 'button', 'data-testid': 'pins', 'aria-haspopup': 'dialog', hidden: true },
    icon('pin', 16),
    count,
  );
  popupToggle(button, () => openPins(button, app));
  return {
    node: button,
    show(pins) {
      button.hidden = pins.length === 0;
      count.textContent = String(pins.length);
      button.setAttribute('aria-label', `${pins.length} pinned`);
    },
  };
}

function openPins(button, app) {
  const { channel, pins } = app.store.get('pins');
  const list = h('ul.pins', {});
  const title = h('h3.pins-title', {}, 'Pinned');
  const popup = openPopup(button, [title, list], { className: 'pins-panel', label: 'Pinned' });
  const env = app.env();
  for (const message of pins) {
    list.append(
      h(
        'li',
        {},
        h(
          'button.pin',
          {
            type: 'button',
            'data-testid': 'pin',
            'data-ts': message.ts,
            onclick: () => {
              popup.close();
              reveal(app, { channel, ts: message.ts, thread: message.broadcast ? '' : message.thread_ts });
            },
          },
          h(
            'span.pin-head',
            {},
            h('strong', {}, authorWords(message, env)),
            h('span.pin-time', {}, fullTime(tsDate(message.ts), env.zone)),
          ),
          h('span.pin-words', {}, plainWords(message.text, env) || 'A message without text'),
        ),
      ),
    );
  }
  popup.place();
  list.querySelector('button')?.focus();
  return popup;
}

/** The bar of bookmarks; hidden where there are none. */
export function bookmarksBar() {
  const bar = h('nav.bookmarks', { 'aria-label': 'Bookmarks', 'data-testid': 'bookmarks', hidden: true });
  return {
    node: bar,
    show(bookmarks) {
      bar.hidden = bookmarks.length === 0;
      fill(
        bar,
        bookmarks.map((one) => {
          const name = /^:([^:]+):$/.exec(one.emoji ?? '')?.[1];
          const link = externalLink(one.link, name ? emojiNode(name) : icon('link', 14), one.title);
          link.classList.add('bookmark');
          link.dataset.testid = 'bookmark';
          link.title = one.link;
          return link;
        }),
      );
    },
  };
}
