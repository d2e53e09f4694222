// The middle column: the messages of the present conversation, read as they
// are seen, and the composer below them.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { announceNew } from './announce.js';
import { createComposer } from './composer.js';
import { createList } from './list.js';
import { isNotice } from './message.js';

/** Fills the conversation column and keeps it true. */
export function mountConversation(root, app) {
  const { store } = app;
  const messages = h('div.message-list', { 'data-testid': 'message-list', tabindex: '0', role: 'region' });
  const foot = h('div.conversation-foot');
  const newer = h(
    'button.newer',
    { type: 'button', hidden: true, 'data-testid': 'newer', onclick: () => list.toEnd() },
    icon('down', 15),
    'New messages',
  );
  root.append(messages, h('div.newer-place', {}, newer), foot);
  let away = false;
  let newest = '';
  const list = createList(messages, app, {
    onmove: (atEnd) => {
      away = !atEnd;
      if (atEnd) newer.hidden = true;
    },
  });
  const composer = createComposer(app, { testid: 'composer', sendTestid: 'send', thread: () => '' });
  const announce = announceNew(app);
  let newFrom = { key: '', ts: undefined };

  store.watch(['messages', 'notes', 'place', 'directory', 'clock', 'reveal'], () => {
    const place = store.get('place');
    const loaded = store.get('messages');
    root.hidden = !place || place.tab === 'home';
    if (root.hidden) return;
    const isLoaded = Boolean(loaded) && loaded.channel === place.channel;
    const ready = isLoaded ? loaded.list : [];
    const key = `${store.get('as')} ${place.channel}`;
    const one = store.get('directory').conversation(place.channel);
    if (newFrom.key !== key && isLoaded) newFrom = { key, ts: firstUnread(ready, one, store.get('as')) };
    messages.setAttribute('aria-label', `Messages in ${store.get('directory').label(place.channel)}`);
    list.show({
      channel: place.channel,
      key,
      messages: ready,
      notes: store.get('notes').filter((note) => note.channel === place.channel && !note.thread),
      newFrom: newFrom.key === key ? newFrom.ts : undefined,
      begin: beginning(app, one, place),
    });
    announce(key, ready);
    const last = `${key} ${ready.at(-1)?.ts}`;
    if (!newest.startsWith(`${key} `)) newer.hidden = true;
    else if (away && last !== newest && ready.at(-1)?.user !== store.get('as')) newer.hidden = false;
    newest = last;
    markRead(app, one);
  });
  store.watch(['place', 'directory', 'as'], () => drawFoot(foot, composer, app));
  document.addEventListener('visibilitychange', () =>
    markRead(app, store.get('directory').conversation(store.get('place')?.channel)),
  );
}

// The first of as many messages as were unread when the person came here.
function firstUnread(list, one, me) {
  if (!one?.unread) return undefined;
  const others = list.filter((message) => message.user !== me && !message.ephemeral && !isNotice(message));
  return others.at(-Math.min(one.unread, others.length))?.ts;
}

let marking = '';
function markRead(app, one) {
  const { store } = app;
  if (
    !(one?.unread || one?.mentions) ||
    document.hidden ||
    store.get('place')?.tab === 'home' ||
    store.get('messages')?.channel !== one.id
  )
    return;
  const mark = `${store.get('as')} ${one.id} ${one.latest} ${one.unread} ${one.mentions}`;
  if (marking === mark) return;
  marking = mark;
  app.post('mark', { as: store.get('as'), channel: one.id }).then(() => app.read.conversations());
}

function beginning(app, one, place) {
  const directory = app.store.get('directory');
  const appName = app.store.get('workspace')?.app.name;
  const label = one ? directory.label(one.id) : appName;
  const isApp = Boolean(place.tab);
  const words =
    isApp || one?.kind === 'im'
      ? `This is the beginning of your direct messages with ${isApp ? appName : label}.`
      : [`This is the beginning of ${label}.`, one?.purpose || one?.topic].filter(Boolean).join(' ');
  return {
    signature: words,
    build: () => h('div.beginning', {}, h('h3', {}, isApp ? appName : label), h('p', {}, words)),
  };
}

function drawFoot(foot, composer, app) {
  const { store } = app;
  const place = store.get('place');
  const one = store.get('directory').conversation(place?.channel);
  if (one?.is_archived) return fill(foot, h('p.foot-note', {}, 'This channel is archived. Nobody can write here.'));
  if (place?.tab && store.get('workspace')?.app.messages_read_only) {
    return fill(foot, h('p.foot-note', {}, 'Sending messages to this app has been turned off.'));
  }
  if (one && one.kind !== 'im' && !one.is_member) {
    return fill(
      foot,
      h(
        'p.foot-note',
        {},
        `You are looking at #${one.name} without being a member. `,
        h(
          'button.button',
          {
            type: 'button',
            onclick: async () => {
              const outcome = await app.post('join', { as: store.get('as'), channel: one.id });
              if (!outcome.ok) app.note(outcome.error);
              app.read.conversations();
            },
          },
          'Join',
        ),
      ),
    );
  }
  const name =
    one && one.kind !== 'im'
      ? `#${one.name}`
      : place?.tab
        ? store.get('workspace')?.app.name
        : store.get('directory').label(place?.channel);
  composer.aim({ channel: place?.channel ?? '', label: `Message ${name ?? ''}` });
  if (composer.node.parentNode !== foot) fill(foot, composer.node);
  return undefined;
}
