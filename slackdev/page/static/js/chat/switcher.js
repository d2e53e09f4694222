// Acting as: everyone who can sit before this page, one of whom does. Another
// window can be another person; the address says who.

import { h, fill } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { menuButton } from '../ui/menu.js';
import { canAct, kindName } from './directory.js';

/** The button that says who acts and opens the list of people. */
export function switcher(app) {
  const { store } = app;
  const button = h('button.user-switch', { type: 'button', 'data-testid': 'user-switch' });
  store.watch(['as', 'workspace'], () => {
    const me = app.me();
    button.setAttribute('aria-label', `Acting as ${me?.real_name ?? 'nobody'}. Change person`);
    fill(
      button,
      avatar(me, 26),
      h(
        'span.user-switch-words',
        {},
        h('span.user-switch-small', {}, 'Acting as'),
        h('span.user-switch-name', {}, me?.real_name ?? ''),
      ),
      icon('down', 14),
    );
  });
  return menuButton(button, () => people(app), { className: 'people-menu', label: 'People of this workspace' });
}

function people(app) {
  const users = app.store.get('workspace').users.filter((user) => user.id !== app.store.get('workspace').app.user_id);
  const row = (user) => ({
    label: h(
      'span.person-name',
      {},
      user.real_name || user.name,
      kindName(user.kind) ? h('span.kind', { class: `kind-${user.kind}` }, kindName(user.kind)) : null,
    ),
    description: [`@${user.name}`, user.title, zoneName(user.tz)].filter(Boolean).join(' · '),
    icon: avatar(user, 32),
    checked: user.id === app.store.get('as'),
    disabled: !canAct(user),
    testid: 'user-option',
    data: { user: user.id },
    onselect: () => actAs(app, user.id),
    aside: canAct(user)
      ? {
          label: `Open a new window as ${user.real_name || user.name}`,
          icon: icon('window', 16),
          onselect: () => window.open(address(user.id), '_blank', 'noopener'),
        }
      : undefined,
  });
  return [
    { heading: 'Act as' },
    ...users.filter(canAct).map(row),
    { heading: 'Cannot act' },
    ...users.filter((user) => !canAct(user)).map(row),
  ];
}

function zoneName(tz) {
  return (tz ?? '').split('/').at(-1).replaceAll('_', ' ');
}

/** The page's address for a person. */
export function address(id) {
  return `/?${new URLSearchParams({ as: id })}`;
}

/** Has another person act in this window, in the same place where they can see it. */
export async function actAs(app, id) {
  if (id === app.store.get('as')) return;
  const place = app.store.get('place');
  await app.actAs(id);
  if (app.store.get('as') !== id || app.store.get('place')) return; // they have gone elsewhere meanwhile
  const stays = place?.tab || app.store.get('conversations').some((one) => one.id === place?.channel);
  app.open(stays ? { ...place } : app.firstPlace());
}
