// A list of messages: days, groups by author, the line above what is new, and
// the notes this page adds where something failed. Used for the conversation
// and for a thread.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { dayNumber, dayTitle, tsDate } from '../ui/time.js';
import { attachListKeys } from './listkeys.js';
import { createMessage } from './message.js';

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 80;

/**
 * Makes a list in `root` (which scrolls). show() draws; it stays at the bottom
 * when it was there, also when pictures arrive or the window changes. onmove(atBottom)
 * hears where the reader is.
 */
export function createList(root, app, { inThread = false, onmove } = {}) {
  const views = new Map();
  let shownFor = '';
  let stays = true;
  const atEnd = () => root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_BOTTOM;
  const toEnd = () => {
    if (stays) root.scrollTop = root.scrollHeight;
  };
  let top = 0;
  root.addEventListener('scroll', () => {
    // Only who goes up leaves the end: a picture that arrives moves it away from everyone.
    if (atEnd()) stays = true;
    else if (root.scrollTop < top) stays = false;
    top = root.scrollTop;
    onmove?.(stays);
  });
  root.addEventListener('load', toEnd, true); // of a picture; it does not bubble
  root.addEventListener('pointed', () => {
    stays = false; // before anything is drawn again, which a scroll event is too late for
  });
  new ResizeObserver(toEnd).observe(root);
  attachListKeys(root, app);

  const reveal = () => {
    const wanted = app.store.get('reveal');
    const node = wanted?.inThread === inThread ? views.get(wanted.ts)?.node : null;
    if (!node?.isConnected) return;
    app.store.set({ reveal: null });
    stays = false;
    node.scrollIntoView({ block: 'center' });
    node.focus({ preventScroll: true });
    node.classList.add('revealed');
  };

  return {
    show({ channel, key, messages, notes, newFrom, begin, divide }) {
      const env = app.env();
      const fresh = key !== shownFor;
      if (fresh) views.clear();
      shownFor = key;
      if (fresh) stays = true;
      const entries = [{ key: 'begin', signature: begin.signature, build: begin.build }];
      let before;
      for (const item of woven(messages, notes)) {
        if (item.note) {
          entries.push(noteEntry(item.note, app));
          before = undefined;
          continue;
        }
        const { message } = item;
        const day = dayNumber(tsDate(message.ts), env.zone);
        if (!inThread && (!before || dayNumber(tsDate(before.ts), env.zone) !== day)) {
          const title = dayTitle(tsDate(message.ts), env.now, env.zone);
          if (!entries.some((entry) => entry.key === `day ${day}`)) entries.push(dividerEntry(`day ${day}`, title));
        }
        if (newFrom === message.ts) entries.push(dividerEntry('new', 'New', 'new-divider'));
        entries.push(
          messageEntry(app, views, message, {
            channel,
            inThread,
            grouped: belongs(before, message) && newFrom !== message.ts,
            env,
          }),
        );
        before = message;
        if (divide && message === messages[0] && messages.length > 1) {
          entries.push(
            dividerEntry('replies', `${messages.length - 1} ${messages.length === 2 ? 'reply' : 'replies'}`),
          );
          before = undefined;
        }
      }
      reconcile(root, entries);
      toEnd();
      reveal();
    },
    /** Goes to the newest message. */
    toEnd() {
      stays = true;
      toEnd();
    },
  };
}

function messageEntry(app, views, message, { channel, inThread, grouped, env }) {
  const draw = () => views.get(message.ts).show(message, { grouped });
  return {
    key: message.ts,
    signature: JSON.stringify([
      message,
      grouped,
      dayNumber(env.now, env.zone),
      env.zone,
      env.directory.version,
      channel,
    ]),
    build: () => {
      views.set(message.ts, createMessage(app, { channel, inThread }));
      return draw();
    },
    update: draw,
  };
}

function dividerEntry(key, title, className = '') {
  return {
    key,
    signature: title,
    build: () =>
      h('div.day-divider', { class: className, role: 'separator', 'aria-label': title }, h('span', {}, title)),
  };
}

function noteEntry(note, app) {
  return {
    key: note.id,
    signature: note.text,
    build: () =>
      h(
        'div.note',
        { role: 'alert', 'data-testid': 'app-error' },
        icon('warning', 17),
        h('div.note-words', {}, h('span.mark', {}, icon('eye', 14), 'Only visible to you'), h('p', {}, note.text)),
        h(
          'button.icon-button',
          { type: 'button', 'aria-label': 'Dismiss', onclick: () => app.dismiss(note.id) },
          icon('close', 15),
        ),
      ),
  };
}

function belongs(before, message) {
  return (
    Boolean(before) &&
    before.user === message.user &&
    before.username === message.username &&
    before.icons?.emoji === message.icons?.emoji &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    !message.pinned &&
    !message.blocks?.length &&
    !before.blocks?.length &&
    message.ts - before.ts < GROUP_SECONDS
  );
}

// Messages and notes in the order of time.
function woven(messages, notes) {
  const items = [
    ...messages.map((message) => ({ at: Number(message.ts), message })),
    ...notes.map((note) => ({ at: note.at, note })),
  ];
  return items.sort((a, b) => a.at - b.at || Number(Boolean(a.note)) - Number(Boolean(b.note)));
}
