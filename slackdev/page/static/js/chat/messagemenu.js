// What can be done with one message: the app's shortcuts, links and copies, and
// what its developer wants to know of it.

import { copyText } from '../ui/dom.js';
import { showJSON } from '../ui/dialog.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toast.js';
import { plainWords } from '../blockkit/mrkdwn.js';
import { showNotification } from './notification.js';
import { permalink } from './permalink.js';

/** The items of a message's menu. */
export function messageMenu(app, message, { channel, inThread, env }) {
  return [
    ...(inThread || message.ephemeral
      ? []
      : [
          {
            label: 'Reply in thread',
            icon: icon('reply', 16),
            onselect: () => app.openThread(message.thread_ts || message.ts),
          },
        ]),
    ...(message.ephemeral
      ? []
      : [
          {
            label: 'Copy link',
            icon: icon('link', 16),
            testid: 'copy-link',
            onselect: () => copy(permalink(app, channel, message), 'Link copied'),
          },
        ]),
    ...messageShortcuts(app, message, channel),
    { heading: 'For developers' },
    {
      label: 'View JSON',
      icon: icon('code', 16),
      testid: 'view-json',
      onselect: () => showJSON('Message', message, spoken(message, env)),
    },
    {
      label: 'Copy JSON',
      icon: icon('copy', 16),
      testid: 'copy-json',
      onselect: () => copy(JSON.stringify(message, null, 2), 'JSON copied'),
    },
    {
      label: 'What a notification says',
      icon: icon('bell', 16),
      testid: 'view-notification',
      onselect: () => showNotification(message, channel, env),
    },
  ];
}

/** Copies text and says so. */
export async function copy(text, done) {
  toast((await copyText(text)) ? done : 'The browser did not allow copying.');
}

function spoken(message, env) {
  return `Notifications and screen readers say: ${plainWords(message.text, env) || 'nothing, because text is empty.'}`;
}

function messageShortcuts(app, message, channel) {
  const { name, shortcuts } = app.store.get('workspace').app;
  const mine = message.ephemeral ? [] : (shortcuts ?? []).filter((one) => one.type === 'message');
  if (mine.length === 0) return [];
  return [
    { heading: `Shortcuts of ${name}` },
    ...mine.map((one) => ({
      label: one.name,
      description: one.description,
      icon: icon('bolt', 16),
      testid: 'message-shortcut',
      data: { callbackId: one.callback_id },
      onselect: async () => {
        const outcome = await app.post('message_action', {
          as: app.store.get('as'),
          callback_id: one.callback_id,
          channel,
          ts: message.ts,
        });
        if (!outcome.ok) app.note(outcome.error, { channel });
        app.read.modals();
      },
    })),
  ];
}
