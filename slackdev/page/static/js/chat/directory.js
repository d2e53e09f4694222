// Who is who: names for ids, from the workspace and the conversations that the
// present person sees.

/** A directory over the workspace's people and groups and a person's conversations. */
export function createDirectory(workspace, conversations) {
  const users = new Map((workspace?.users ?? []).map((user) => [user.id, user]));
  const groups = new Map((workspace?.usergroups ?? []).map((group) => [group.id, group]));
  const places = new Map((conversations ?? []).map((one) => [one.id, one]));
  return {
    /** A number that changes with anything this directory would say, and with nothing else. */
    version: checksum(JSON.stringify([[...users.values()], [...groups.values()], [...places.values()].map(named)])),
    user: (id) => users.get(id),
    users: () => [...users.values()],
    group: (id) => groups.get(id),
    groups: () => [...groups.values()],
    conversation: (id) => places.get(id),
    conversations: () => [...places.values()],
    /** The name of any id, with its mark: @ana, #general, or a person's name for a direct message. */
    label(id) {
      if (users.has(id)) return `@${users.get(id).name}`;
      if (groups.has(id)) return `@${groups.get(id).handle}`;
      const place = places.get(id);
      if (!place) return id;
      return place.kind === 'im' ? (users.get(place.user)?.real_name ?? 'Direct message') : `#${place.name}`;
    },
    /** A person's name as it stands over their messages. */
    name: (id) => users.get(id)?.real_name || users.get(id)?.name || id,
  };
}

// Unread counts change all the time and are no part of a name.
function named({ id, name, kind, topic, purpose, user }) {
  return [id, name, kind, topic, purpose, user];
}

function checksum(text) {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return sum;
}

/** What a kind of account is called, '' for an ordinary member. */
export function kindName(kind) {
  return (
    {
      admin: 'Admin',
      guest: 'Guest',
      single_channel_guest: 'Single-channel guest',
      bot: 'App',
      deleted: 'Deactivated',
      stranger: 'External',
    }[kind] ?? ''
  );
}

/** Whether a person of this kind can sit before this page. */
export function canAct(user) {
  return user.kind !== 'bot' && user.kind !== 'deleted';
}
