// The emoji under a message, how many people chose each, and who. A press
// chooses the same one, or takes one's own away again.

import { h } from '../ui/dom.js';
import { emojiNode } from '../blockkit/mrkdwn.js';

/** The reactions to a message, or null when it has none. */
export function reactionRow(app, message, channel, env) {
  if (!message.reactions?.length) return null;
  return h(
    'div.reactions',
    {},
    message.reactions.map((one) => reaction(app, message, channel, env, one)),
  );
}

function reaction(app, message, channel, env, { name, users, count }) {
  const mine = users.includes(env.me);
  const who = users.map((id) => env.directory.user(id)?.real_name ?? id).join(', ');
  const [base, tone] = name.split('::');
  return h(
    'button.reaction',
    {
      type: 'button',
      title: `${who} reacted with :${name}:`,
      'aria-label': `${name.replaceAll('_', ' ')}: ${who}`,
      'aria-pressed': String(mine),
      'data-testid': 'reaction',
      'data-focus-key': `reaction ${message.ts} ${name}`,
      onclick: async () => {
        const outcome = await app.post(mine ? 'unreact' : 'react', {
          as: app.store.get('as'),
          channel,
          ts: message.ts,
          emoji: name,
        });
        if (!outcome.ok) app.note(outcome.error, { channel });
      },
    },
    emojiNode(base, tone) ?? `:${name}:`,
    h('span.reaction-count', {}, String(count)),
  );
}
