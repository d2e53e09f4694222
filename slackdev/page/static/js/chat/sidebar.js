// The sidebar: the workspace, and the conversations one person has in it.

import { h } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { jumpButton } from './jump.js';

/** Fills the sidebar and keeps it true. */
export function mountSidebar(root, app) {
  const { store } = app;
  const name = h('h1.workspace-name');
  const domain = h('p.workspace-domain');
  const status = h('p.workspace-status', { role: 'status', 'data-testid': 'connection' });
  const lists = h('div.sidebar-lists');
  root.append(h('div.workspace-head', {}, name, domain, status, jumpButton(app)), lists);

  store.watch(['workspace'], () => {
    const workspace = store.get('workspace');
    if (!workspace) return;
    name.textContent = workspace.team.name;
    domain.textContent = `${workspace.team.domain}.slack.com, on this machine`;
    const sockets = workspace.app.connected ?? 0;
    status.textContent =
      sockets > 0 ? `App connected, ${sockets} socket${sockets === 1 ? '' : 's'}` : 'The app is not connected';
    status.classList.toggle('off', sockets === 0);
  });
  store.watch(['workspace', 'conversations', 'directory', 'place', 'as'], () => draw(lists, app));
}

function draw(lists, app) {
  const { store } = app;
  const workspace = store.get('workspace');
  if (!workspace) return;
  const all = store.get('conversations');
  const channels = all.filter((one) => one.kind !== 'im').sort((a, b) => a.name.localeCompare(b.name));
  const joined = channels.filter((one) => one.is_member && !one.is_archived);
  const others = channels.filter((one) => !one.is_member || one.is_archived);
  const people = all.filter((one) => one.kind === 'im' && one.user !== workspace.app.user_id);
  const sections = [
    { key: 'apps', title: 'Apps', entries: [appEntry(app, workspace)] },
    { key: 'channels', title: 'Channels', entries: joined.map((one) => channelEntry(app, one)) },
    { key: 'others', title: 'Other channels', entries: others.map((one) => channelEntry(app, one)), faint: true },
    { key: 'people', title: 'Direct messages', entries: people.map((one) => personEntry(app, one)) },
  ];
  reconcile(
    lists,
    sections
      .filter((section) => section.entries.length > 0)
      .map((section) => ({
        key: section.key,
        signature: JSON.stringify(section.entries.map((entry) => entry.signature)),
        build: () =>
          fillSection(
            h(
              'section.sidebar-section',
              { class: section.faint ? 'faint' : '' },
              h('h2.sidebar-title', { id: `sidebar-${section.key}` }, section.title),
              h('ul', { 'aria-labelledby': `sidebar-${section.key}` }),
            ),
            section,
          ),
        update: (node) => fillSection(node, section),
      })),
  );
}

function fillSection(node, section) {
  reconcile(node.querySelector('ul'), section.entries);
  return node;
}

function entry(app, { key, place, current, glyph, label, spoken, unread = 0, mentions = 0, channel, testid, muted }) {
  return {
    key,
    signature: JSON.stringify([label, current, unread, mentions, muted, channel, place]),
    build: () =>
      h(
        'li',
        {},
        h(
          'button.sidebar-entry',
          {
            type: 'button',
            class: [current ? 'current' : '', unread > 0 ? 'unread' : '', muted ? 'muted' : ''].join(' '),
            'aria-current': current ? 'page' : undefined,
            'aria-label': [
              spoken ?? label,
              unread > 0 ? `${unread} unread` : '',
              mentions > 0 ? `${mentions} mentions` : '',
            ]
              .filter(Boolean)
              .join(', '),
            'data-testid': testid,
            'data-channel': channel ?? '',
            'data-focus-key': `sidebar ${key}`,
            onclick: () => app.open(place),
          },
          h('span.sidebar-glyph', {}, glyph()),
          h('span.sidebar-label', {}, label),
          mentions > 0 ? h('span.badge', { 'aria-hidden': 'true' }, String(mentions)) : null,
        ),
      ),
  };
}

function channelEntry(app, one) {
  const marks = [
    one.kind === 'private' ? 'private' : '',
    one.is_ext_shared ? 'shared with another organisation' : '',
    one.is_archived ? 'archived' : '',
  ];
  return entry(app, {
    key: one.id,
    place: { channel: one.id },
    current: isPlace(app, one.id),
    glyph: () => icon(one.kind === 'private' ? 'lock' : one.is_ext_shared ? 'globe' : 'hash', 16),
    label: one.name,
    spoken: [`Channel ${one.name}`, ...marks].filter(Boolean).join(', '),
    unread: one.unread,
    mentions: one.mentions,
    channel: one.id,
    testid: 'sidebar-entry',
    muted: one.is_archived,
  });
}

function personEntry(app, one) {
  const user = app.store.get('directory').user(one.user);
  return entry(app, {
    key: one.id,
    place: { channel: one.id },
    current: isPlace(app, one.id),
    glyph: () => avatar(user, 20),
    label: user?.real_name ?? one.user,
    spoken: `Direct message with ${user?.real_name ?? one.user}`,
    unread: one.unread,
    mentions: one.unread,
    channel: one.id,
    testid: 'sidebar-entry',
  });
}

function appEntry(app, workspace) {
  const im = app.appConversation();
  const tabs = app.tabs();
  const user = app.store.get('directory').user(workspace.app.user_id);
  return entry(app, {
    key: 'app',
    place: { tab: im?.unread > 0 && tabs.includes('messages') ? 'messages' : (tabs[0] ?? 'home') },
    current: Boolean(app.store.get('place')?.tab),
    glyph: () => avatar(user ?? { id: workspace.app.user_id, kind: 'bot' }, 20),
    label: workspace.app.name,
    spoken: `App ${workspace.app.name}`,
    unread: im?.unread,
    mentions: im?.unread,
    channel: im?.id ?? workspace.app.user_id,
    testid: 'sidebar-app',
  });
}

function isPlace(app, channel) {
  const place = app.store.get('place');
  return !place?.tab && place?.channel === channel;
}
