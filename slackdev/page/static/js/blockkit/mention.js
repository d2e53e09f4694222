// Mentions: references by id to people, channels, groups and everyone. What a
// reader sees comes from the workspace's directory; a label in the message is
// used only for an id the directory does not know.

import { h } from '../ui/dom.js';

/** A person. The reader's own name stands out. */
export function userMention(id, label, env) {
  const user = env.directory.user(id);
  const mine = id === env.me ? 'me' : '';
  return h(
    'span.mention',
    { class: mine, 'data-user': id, title: user ? personTitle(user) : id },
    `@${user?.name ?? (label || id)}`,
  );
}

/** A channel: a way to go there when the reader can see it. */
export function channelMention(id, label, env) {
  const channel = env.directory.conversation(id);
  const name = channel?.name ?? (label || 'private-channel');
  if (!channel || channel.kind === 'im')
    return h('span.mention', { 'data-mention-channel': id, title: id }, `#${name}`);
  return h(
    'button.mention',
    {
      type: 'button',
      'data-mention-channel': id,
      title: channel.topic || id,
      onclick: () => env.openConversation?.(id),
    },
    `#${name}`,
  );
}

/** A user group. It stands out for its members. */
export function groupMention(id, label, env) {
  const group = env.directory.group(id);
  const mine = group?.users?.includes(env.me) ? 'me' : '';
  const handle = group?.handle ?? (label || id).replace(/^@/, '');
  const names = (group?.users ?? []).map((member) => env.directory.user(member)?.name ?? member).join(', ');
  return h(
    'span.mention',
    { class: mine, 'data-group': id, title: names ? `${group.name}: ${names}` : id },
    `@${handle}`,
  );
}

/** @here, @channel or @everyone. */
export function broadcastMention(range) {
  return h('span.mention.me', { title: 'Everyone who is in this conversation' }, `@${range}`);
}

function personTitle(user) {
  return [user.real_name, user.title].filter(Boolean).join(', ');
}
