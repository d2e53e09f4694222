// New messages, said aloud by screen readers: the notification text, not the
// blocks, exactly as Slack does it. So a message without text is heard as silence.

import { plainWords } from '../blockkit/mrkdwn.js';
import { authorWords } from './author.js';

const SAID_AT_ONCE = 3;

/** Makes a function that announces what was added to a list since it was last called. */
export function announceNew(app) {
  const region = document.getElementById('announcer');
  let shown = { key: '', seen: new Set() };
  return (key, messages) => {
    const fresh = messages.filter((message) => !shown.seen.has(message.ts) && message.user !== app.store.get('as'));
    const first = shown.key !== key || shown.seen.size === 0;
    shown = { key, seen: new Set(messages.map((message) => message.ts)) };
    if (first || fresh.length === 0) return;
    const env = app.env();
    region.textContent = fresh
      .slice(-SAID_AT_ONCE)
      .map((message) => `${authorWords(message, env)}: ${plainWords(message.text, env)}`)
      .join('. ');
  };
}
