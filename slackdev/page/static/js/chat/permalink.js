// Links to messages, as Slack writes them. One that leads to this workspace is
// followed on this page and never leaves the machine.

const PATH = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{7,}))?\/?$/;

/** Slack's permalink of a message, the same that chat.getPermalink answers. */
export function permalink(app, channel, { ts, thread_ts: thread }) {
  const { domain } = app.store.get('workspace').team;
  const search = thread && thread !== ts ? `?${new URLSearchParams({ thread_ts: thread, cid: channel })}` : '';
  return `https://${domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}${search}`;
}

/** What a permalink of this workspace leads to: {channel, ts, thread}; null for any other address. */
export function readPermalink(app, address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  const domain = app.store.get('workspace')?.team.domain;
  const found = url?.host === `${domain}.slack.com` && PATH.exec(url.pathname);
  if (!found) return null;
  const [, channel, digits] = found;
  return {
    channel,
    ts: digits ? `${digits.slice(0, -6)}.${digits.slice(-6)}` : '',
    thread: url.searchParams.get('thread_ts') ?? '',
  };
}

/** Follows permalinks of this workspace wherever they are pressed. */
export function followPermalinks(app) {
  document.addEventListener('click', (event) => {
    const target = readPermalink(app, event.target.closest?.('a[href]')?.href ?? '');
    if (!target) return;
    event.preventDefault();
    if (app.store.get('stack').length === 0) reveal(app, target);
  });
}

/** Goes to a message and shows which one it is; in its thread, when it is a reply. */
export async function reveal(app, { channel, ts, thread = '' }) {
  const one = app.store.get('directory').conversation(channel);
  if (!one) {
    app.note('This link leads to a conversation that you cannot see.');
    return;
  }
  const isApp = one.kind === 'im' && one.user === app.store.get('workspace').app.user_id;
  await app.open(isApp ? { tab: 'messages' } : { channel });
  const inThread = thread !== '' && thread !== ts;
  if (inThread) app.openThread(thread);
  if (ts) app.store.set({ reveal: { ts, inThread } });
}
