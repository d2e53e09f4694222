// The heading of the middle column: which conversation this is, who is in it,
// and for the app its two tabs.

import { h, fill } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { menuButton } from '../ui/menu.js';
import { narrow, openPicker } from '../ui/picker.js';
import { popupToggle } from '../ui/popup.js';
import { kindName } from './directory.js';
import { bookmarksBar, pinsButton } from './pins.js';
import { profileButton } from './profile.js';

/** Fills the heading and keeps it true. */
export function mountHeading(root, app) {
  const pins = pinsButton(app);
  const bar = bookmarksBar();
  let drawn = '';
  app.store.watch(['place', 'pins'], () => {
    const held = app.store.get('pins');
    const ours = held?.channel === app.store.get('place')?.channel && !app.store.get('place')?.tab ? held : null;
    pins.show(ours?.pins ?? []);
    bar.show(ours?.bookmarks ?? []);
  });
  app.store.watch(['place', 'conversations', 'workspace', 'directory'], () => {
    const place = app.store.get('place');
    if (!place || !app.store.get('workspace')) return;
    // Unread counts change all the time; a menu that hangs on this heading must not lose its button.
    const { unread, mentions, latest, ...one } = app.store.get('directory').conversation(place.channel) ?? {};
    const signature = JSON.stringify([app.store.get('as'), place, one, app.store.get('directory').version, app.tabs()]);
    if (signature === drawn) return;
    drawn = signature;
    const active = document.activeElement?.closest?.('[data-testid]')?.dataset.testid;
    fill(
      root,
      place.tab
        ? appHeading(app, place)
        : conversationHeading(app, app.store.get('directory').conversation(place.channel), pins.node),
      bar.node,
    );
    if (active?.endsWith('-tab')) root.querySelector(`[data-testid="${active}"]`)?.focus();
  });
}

function appHeading(app, place) {
  const workspace = app.store.get('workspace');
  const user = app.store.get('directory').user(workspace.app.user_id);
  const tab = (name, label) =>
    h(
      'button.tab',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-selected': String(place.tab === name),
        'aria-controls': name === 'home' ? 'home' : 'conversation',
        tabindex: place.tab === name ? '0' : '-1',
        'data-testid': `${name}-tab`,
        onclick: () => app.open({ tab: name }),
        onkeydown: (event) => {
          const other = app.tabs().find((each) => each !== name);
          if (other && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) app.open({ tab: other });
        },
      },
      label,
    );
  return [
    h(
      'div.heading-row',
      {},
      avatar(user, 24),
      h('h2.heading-name', {}, profileButton(h('button', { type: 'button' }, workspace.app.name), app, () => user)),
      h('span.app-badge', {}, 'APP'),
    ),
    h(
      'div.tabs',
      { role: 'tablist', 'aria-label': `Tabs of ${workspace.app.name}` },
      app.tabs().map((name) => tab(name, { home: 'Home', messages: 'Messages' }[name])),
    ),
  ];
}

function conversationHeading(app, one, pins) {
  if (!one) return [h('div.heading-row', {}, h('h2.heading-name', {}, 'Unknown conversation'))];
  const isPerson = one.kind === 'im';
  const user = app.store.get('directory').user(one.user);
  const glyph = isPerson ? avatar(user, 24) : icon(one.kind === 'private' ? 'lock' : 'hash');
  return [
    h(
      'div.heading-row',
      {},
      glyph,
      h('h2.heading-name', {}, isPerson ? (user?.real_name ?? one.user) : one.name),
      one.is_ext_shared ? h('span.kind', { title: 'Shared with another organisation' }, 'Shared') : null,
      one.is_archived ? h('span.kind', {}, 'Archived') : null,
      h('span.heading-topic', { title: about(one) }, isPerson ? user?.title : one.topic || one.purpose),
      pins,
      isPerson ? null : membersButton(app, one),
      isPerson || one.is_archived ? null : joinButton(app, one),
    ),
  ];
}

// The description has no room of its own: it stands where there is no topic.
function about(one) {
  return [one.topic, one.purpose].filter(Boolean).join('\n');
}

function membersButton(app, one) {
  const members = (one.members ?? []).map((id) => app.store.get('directory').user(id)).filter(Boolean);
  const button = h(
    'button.heading-button',
    { type: 'button', 'data-testid': 'members', 'aria-label': `${members.length} members` },
    icon('users', 16),
    String(members.length),
  );
  return menuButton(
    button,
    () => [
      { heading: `Members of #${one.name}` },
      ...members.map((user) => ({
        label: h(
          'span.person-name',
          {},
          user.real_name || user.name,
          kindName(user.kind) ? h('span.kind', {}, kindName(user.kind)) : null,
        ),
        description: [`@${user.name}`, user.title].filter(Boolean).join(' · '),
        icon: avatar(user, 28),
      })),
      ...(one.is_member && !one.is_archived
        ? [
            {
              label: 'Leave this channel',
              icon: icon('close', 16),
              danger: true,
              onselect: () => change(app, 'leave', { channel: one.id }),
            },
          ]
        : []),
    ],
    { className: 'people-menu' },
  );
}

function joinButton(app, one) {
  if (!one.is_member) {
    return h(
      'button.heading-button',
      { type: 'button', 'data-testid': 'join', onclick: () => change(app, 'join', { channel: one.id }) },
      'Join',
    );
  }
  const button = h(
    'button.heading-button',
    { type: 'button', 'data-testid': 'invite', 'aria-label': 'Add people', title: 'Add people or the app' },
    icon('plus', 16),
  );
  popupToggle(button, () =>
    openPicker(button, {
      label: `Add to #${one.name}`,
      load: (query) => narrow([{ options: outsiders(app, one) }], query),
      isChosen: () => false,
      onpick: (option) => change(app, 'invite', { channel: one.id, user: option.key }),
    }),
  );
  return button;
}

function outsiders(app, one) {
  return app.store
    .get('directory')
    .users()
    .filter((user) => user.kind !== 'deleted' && !one.members?.includes(user.id))
    .map((user) => ({
      key: user.id,
      label: user.real_name || user.name,
      description: [`@${user.name}`, kindName(user.kind)].filter(Boolean).join(' · '),
      node: avatar(user, 24),
    }));
}

async function change(app, act, body) {
  const outcome = await app.post(act, { as: app.store.get('as'), ...body });
  if (!outcome.ok) app.note(outcome.error, { channel: body.channel });
  app.read.conversations();
}
