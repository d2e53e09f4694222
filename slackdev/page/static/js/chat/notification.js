// What a notification of a message says. Slack makes it of the top-level text
// alone; blocks are never read aloud and never reach a lock screen.

import { h } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { showDialog } from '../ui/dialog.js';
import { icon } from '../ui/icons.js';
import { authorOf, authorWords } from './author.js';
import { plainWords } from '../blockkit/mrkdwn.js';

// About what a lock screen has room for.
const ROOM = 178;

/** The words of a notification: {title, body}; the body is '' when the app sent no text. */
export function notificationOf(message, channel, env) {
  const author = authorWords(message, env);
  const place = env.directory.conversation(channel);
  const words = plainWords(message.text, env).replace(/\s+/g, ' ').trim();
  return {
    title: place && place.kind !== 'im' ? `${author} in ${env.directory.label(channel)}` : author,
    body: words.length > ROOM ? `${words.slice(0, ROOM - 1).trimEnd()}…` : words,
  };
}

/** Shows the notification of a message as a phone would. */
export function showNotification(message, channel, env) {
  const { title, body } = notificationOf(message, channel, env);
  const node = h('dialog.dialog', { 'aria-label': 'What a notification says', 'data-testid': 'notification' });
  node.append(
    h(
      'div.dialog-head',
      {},
      h('h2.dialog-title', {}, 'What a notification says'),
      h('button.icon-button', { type: 'button', 'aria-label': 'Close', onclick: () => node.close('') }, icon('close')),
    ),
    h(
      'div.notification',
      { class: body ? '' : 'empty-words' },
      avatar(authorOf(message, env), 38),
      h(
        'div.notification-words',
        {},
        h('strong', {}, title),
        h('span', {}, body || 'Nothing: this message has blocks and no text.'),
      ),
    ),
    h(
      'p.dialog-note',
      {},
      'Phones, desktops and screen readers get the top-level text of the message, not its blocks.',
      message.ephemeral ? ' Of an ephemeral message Slack sends no notification at all.' : '',
    ),
  );
  return showDialog(node);
}
