// The thread panel: one message and its replies, beside the conversation.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { createComposer } from './composer.js';
import { createList } from './list.js';

/** Fills the thread panel and keeps it true. */
export function mountThread(root, app) {
  const { store } = app;
  const where = h('span.panel-where');
  const messages = h('div.message-list', {
    'data-testid': 'thread-list',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Thread',
  });
  const foot = h('div.conversation-foot');
  root.append(
    h(
      'div.panel-head',
      {},
      h('h2.panel-title', {}, 'Thread'),
      where,
      h(
        'button.icon-button',
        {
          type: 'button',
          'aria-label': 'Close the thread',
          'data-testid': 'thread-close',
          onclick: () => app.openThread(''),
        },
        icon('close'),
      ),
    ),
    messages,
    foot,
  );
  const also = h('input', { type: 'checkbox', 'data-testid': 'thread-broadcast' });
  const alsoWords = h('span');
  const list = createList(messages, app, { inThread: true });
  const composer = createComposer(app, {
    testid: 'thread-composer',
    sendTestid: 'thread-send',
    thread: () => store.get('thread')?.ts ?? '',
    also,
  });
  fill(foot, composer.node, h('label.thread-also', {}, also, alsoWords));
  let open = '';

  store.watch(['thread', 'replies', 'notes', 'directory', 'clock', 'reveal'], () => {
    const thread = store.get('thread');
    root.hidden = !thread;
    document.body.classList.toggle('thread-open', Boolean(thread));
    if (!thread) {
      open = '';
      return;
    }
    const loaded = store.get('replies');
    const ready = loaded?.ts === thread.ts && loaded.channel === thread.channel ? loaded.list : [];
    const key = `${store.get('as')} ${thread.channel} ${thread.ts}`;
    where.textContent = store.get('directory').label(thread.channel);
    alsoWords.textContent = `Also send to ${where.textContent}`;
    list.show({
      channel: thread.channel,
      key,
      messages: ready,
      notes: store.get('notes').filter((note) => note.thread === thread.ts),
      begin: { signature: '', build: () => h('div') },
      divide: true,
    });
    composer.aim({ channel: thread.channel, label: 'Reply' });
    if (open !== key) {
      also.checked = false;
      composer.focus();
    }
    open = key;
  });
}
