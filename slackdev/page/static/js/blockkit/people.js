// Options that Slack itself supplies: the people, channels and conversations
// of the workspace, for the selects that ask for them.

import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { narrow } from '../ui/picker.js';

/** People who can be chosen: everyone but the deactivated. */
export function userOptions(_element, ctx, query) {
  const people = ctx.env.directory.users().filter((user) => user.kind !== 'deleted');
  return narrow([{ options: people.map(personRow) }], query);
}

/** Public channels. */
export function channelOptions(_element, ctx, query) {
  const channels = ctx.env.directory.conversations().filter((one) => one.kind === 'channel' && !one.is_archived);
  return narrow([{ options: channels.map((one) => conversationRow(one, ctx.env)) }], query);
}

/** Conversations the person is in or may see, narrowed by the element's own filter. */
export function conversationOptions(element, ctx, query) {
  const { include, exclude_external_shared_channels: noShared, exclude_bot_users: noBots } = element.filter ?? {};
  const names = { channel: 'public', private: 'private', im: 'im' };
  const fits = (one) =>
    !one.is_archived &&
    (!include || include.includes(names[one.kind])) &&
    !(noShared && one.is_ext_shared) &&
    !(noBots && one.kind === 'im' && ctx.env.directory.user(one.user)?.kind === 'bot');
  const rows = ctx.env.directory
    .conversations()
    .filter(fits)
    .map((one) => conversationRow(one, ctx.env));
  return narrow([{ options: rows }], query);
}

function personRow(user) {
  return {
    key: user.id,
    item: user.id,
    label: user.real_name || user.name,
    description: [`@${user.name}`, user.title].filter(Boolean).join(' · '),
    node: avatar(user, 24),
  };
}

function conversationRow(conversation, env) {
  return {
    key: conversation.id,
    item: conversation.id,
    label: env.directory.label(conversation.id).replace(/^#/, ''),
    description: conversation.topic,
    node: icon({ channel: 'hash', private: 'lock', im: 'reply' }[conversation.kind] ?? 'hash', 16),
  };
}
