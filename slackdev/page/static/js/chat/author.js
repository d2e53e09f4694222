// Who a message is by: a person, or the app, which may give a message another
// name and an emoji for a picture. Pictures of other servers are never fetched.

import { emoji } from '../blockkit/emoji.js';

// Who a tombstone is by, which stands where a parent was deleted.
const SLACKBOT = { id: 'USLACKBOT', name: 'Slackbot', kind: 'bot' };

/** The author as {id, name, real_name?, kind, face?}; one who is disguised has no profile. */
export function authorOf(message, env) {
  if (message.user === SLACKBOT.id) return SLACKBOT;
  if (message.username) {
    const face = emoji(message.icons?.emoji?.replaceAll(':', ''));
    return { id: message.username, name: message.username, kind: 'app', face, disguised: true };
  }
  return (
    env.directory.user(message.user) ?? {
      id: message.user ?? '',
      name: message.user || 'unknown',
      kind: message.bot ? 'bot' : 'member',
    }
  );
}

/** The name that stands over a message. */
export function authorWords(message, env) {
  const author = authorOf(message, env);
  return author.real_name || author.name;
}
