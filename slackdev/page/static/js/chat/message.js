// One message: who, when, what, and what can be done with it. A message that
// changes keeps its node, and its blocks keep theirs, so nobody loses what they
// are typing in it.

import { h, fill } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { menuButton } from '../ui/menu.js';
import { ago, dayNumber, monthDay, nearDay, preciseTime, timeOfDay, tsDate } from '../ui/time.js';
import { authorOf } from './author.js';
import { fileCard } from './file.js';
import { messageMenu } from './messagemenu.js';
import { profileButton } from './profile.js';
import { reactionRow } from './reactions.js';
import { attachedBlocks, renderAttachments } from '../blockkit/attachment.js';
import { mrkdwn, plainWords } from '../blockkit/mrkdwn.js';
import { renderBlocks } from '../blockkit/blocks.js';

/** Whether a message tells what became of the channel, and nobody wrote it. */
export function isNotice(message) {
  return Boolean(message.subtype?.startsWith('channel_'));
}

/** Makes the view of one message in a list of `channel`; show(message, grouped) draws it. */
export function createMessage(app, { channel, inThread }) {
  const gutter = h('div.message-gutter');
  const head = h('div.message-head');
  const marks = h('div.message-marks');
  const words = h('div.message-text.mrkdwn');
  const blocks = h('div.blocks');
  const extras = h('div.message-extras');
  const attached = h('div.message-attachments');
  const problems = h('div.message-problems');
  const reacted = h('div.message-reactions');
  const foot = h('div.message-foot');
  const tools = h('div.message-tools');
  const node = h(
    'article.message',
    { 'data-testid': 'message', tabindex: '-1' },
    gutter,
    h('div.message-body', {}, head, marks, words, blocks, extras, attached, problems, reacted, foot),
    tools,
  );

  return {
    node,
    show(message, { grouped = false } = {}) {
      const env = app.env();
      const author = authorOf(message, env);
      const ephemeral = Boolean(message.ephemeral);
      node.dataset.ts = message.ts;
      node.dataset.user = message.user ?? '';
      node.className = [
        'message',
        grouped ? 'grouped' : '',
        ephemeral ? 'ephemeral' : '',
        message.pinned ? 'pinned' : '',
        isNotice(message) ? 'notice' : '',
        message.subtype === 'me_message' ? 'me' : '',
      ]
        .join(' ')
        .trim();
      node.setAttribute('aria-label', `${author.real_name || author.name}, ${timeOfDay(tsDate(message.ts), env.zone)}`);
      fill(gutter, grouped ? timeStamp(message, env, 'gutter-time') : avatar(author, 36));
      fill(
        head,
        grouped
          ? null
          : [
              authorName(app, author),
              author.kind === 'bot' || author.disguised ? h('span.app-badge', {}, 'APP') : null,
              timeStamp(message, env, 'message-time', inThread),
            ],
      );
      fill(
        marks,
        message.broadcast && !inThread ? broadcastMark(app, message, env) : null,
        ephemeral ? h('span.mark', { 'data-testid': 'ephemeral' }, icon('eye', 14), 'Only visible to you') : null,
        message.pinned ? h('span.mark', {}, icon('pin', 14), 'Pinned') : null,
      );
      const hasBlocks = message.blocks?.length > 0;
      fill(
        words,
        hasBlocks ? null : mrkdwn(message.text, env),
        !hasBlocks && message.edited ? editedMark(message, env) : null,
      );
      const surface = app.surfaces.message(channel, message.ts);
      const attachments = [message.attachments ?? []].flat();
      renderBlocks(blocks, hasBlocks ? message.blocks : [], surface, env, attachedBlocks(attachments));
      fill(
        extras,
        hasBlocks && message.edited ? editedMark(message, env) : null,
        (message.files ?? []).map((file) => fileCard(file, env)),
      );
      renderAttachments(attached, attachments, surface, env);
      fill(problems, errorBox(message));
      fill(reacted, reactionRow(app, message, channel, env));
      fill(foot, !inThread && message.reply_count > 0 ? repliesButton(app, message, env) : null);
      fill(tools, toolbar(app, message, { channel, inThread, env }));
      return node;
    },
  };
}

function authorName(app, author) {
  if (author.disguised || !app.store.get('directory').user(author.id))
    return h('span.message-author', {}, author.real_name || author.name);
  const button = h('button.message-author', { type: 'button' }, author.real_name || author.name);
  return profileButton(button, app, () => author);
}

// In a thread nothing divides the days: there the time says which it was.
function timeStamp(message, env, className, inThread) {
  const date = tsDate(message.ts);
  const time = timeOfDay(date, env.zone);
  const today = dayNumber(date, env.zone) === dayNumber(env.now, env.zone);
  const day = nearDay(date, env.now, env.zone) || monthDay(date, env.now, env.zone, 'short');
  return h(
    'time',
    { class: className, datetime: date.toISOString(), title: preciseTime(date, env.zone) },
    inThread && !today ? `${day} at ${time}` : time,
  );
}

function editedMark(message, env) {
  const when = message.edited?.ts ?? message.edited;
  const date = tsDate(when);
  return h('span.edited', { title: Number.isNaN(date.getTime()) ? '' : preciseTime(date, env.zone) }, '(edited)');
}

// What Slack would have refused in this message, in its own words.
function errorBox(message) {
  if (!message.errors?.length) return null;
  return h(
    'div.message-errors',
    { role: 'note' },
    h('strong', {}, 'Slack would refuse this message:'),
    h(
      'ul',
      {},
      message.errors.map((error) => h('li', {}, typeof error === 'string' ? error : JSON.stringify(error))),
    ),
  );
}

// A reply that was sent to the channel, too, says which thread it is of, and leads there.
function broadcastMark(app, message, env) {
  const parent = app.store.get('messages')?.list.find((one) => one.ts === message.thread_ts);
  const words = parent ? plainWords(parent.text, env) : '';
  return h(
    'button.mark.broadcast',
    {
      type: 'button',
      'data-testid': 'broadcast',
      'data-focus-key': `broadcast ${message.ts}`,
      onclick: () => app.openThread(message.thread_ts),
    },
    icon('reply', 14),
    h('span', {}, words ? 'Replied to a thread: ' : 'Replied to a thread', words && h('b', {}, words)),
  );
}

const FACES = 4;

function repliesButton(app, message, env) {
  const words = `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`;
  return h(
    'button.replies',
    {
      type: 'button',
      'data-testid': 'replies',
      'data-focus-key': `replies ${message.ts}`,
      onclick: () => app.openThread(message.ts),
    },
    message.reply_users?.length
      ? h(
          'span.faces',
          {},
          message.reply_users.slice(0, FACES).map((id) => avatar(env.directory.user(id) ?? { id, name: id }, 22)),
        )
      : icon('reply', 15),
    h('span.replies-count', {}, words),
    message.latest_reply ? h('span.replies-last', {}, lastReply(message, env)) : null,
  );
}

function lastReply({ latest_reply: ts }, env) {
  const date = tsDate(ts);
  return `Last reply ${env.now - date < 60_000 ? 'just now' : ago(date, env.now)}`;
}

function toolbar(app, message, { channel, inThread, env }) {
  const reply =
    inThread || message.ephemeral
      ? null
      : h(
          'button.tool',
          {
            type: 'button',
            'aria-label': 'Reply in thread',
            title: 'Reply in thread',
            'data-testid': 'reply',
            'data-focus-key': `reply ${message.ts}`,
            onclick: () => app.openThread(message.thread_ts || message.ts),
          },
          icon('reply', 17),
        );
  const more = h(
    'button.tool',
    {
      type: 'button',
      'aria-label': 'More actions for this message',
      title: 'More actions',
      'data-testid': 'message-more',
      'data-focus-key': `more ${message.ts}`,
    },
    icon('more', 17),
  );
  menuButton(more, () => messageMenu(app, message, { channel, inThread, env }));
  return [reply, more];
}
