// Going somewhere by its name: every conversation, the app, and the people one
// can act as, behind one box.

import { h } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { narrow, openPicker } from '../ui/picker.js';
import { popupToggle } from '../ui/popup.js';
import { canAct, kindName } from './directory.js';
import { keyName } from './keys.js';
import { actAs } from './switcher.js';

/** The button that opens the box. */
export function jumpButton(app) {
  const button = h(
    'button.jump',
    { type: 'button', 'data-testid': 'jump', 'aria-haspopup': 'dialog', 'aria-keyshortcuts': 'Control+K Meta+K' },
    icon('search', 15),
    h('span.jump-words', {}, 'Jump to…'),
    h('kbd', { 'aria-hidden': 'true' }, keyName('K')),
  );
  popupToggle(button, () =>
    openPicker(button, {
      label: 'Jump to',
      load: (query) => narrow(places(app), query),
      isChosen: () => false,
      onpick: (option) => option.go(),
    }),
  );
  return button;
}

function places(app) {
  const { store } = app;
  const all = store.get('conversations').filter((one) => one.kind !== 'im');
  const here = store.get('place');
  const elsewhere = all.filter((one) => here?.tab || one.id !== here?.channel);
  const unread = elsewhere.filter((one) => one.unread > 0);
  const rest = [...elsewhere, ...all.filter((one) => !elsewhere.includes(one))].filter((one) => !unread.includes(one));
  const { app: bot, users } = store.get('workspace');
  return [
    { label: 'Unread', options: unread.map((one) => channelOption(app, one)) },
    { label: 'Channels', options: rest.map((one) => channelOption(app, one)) },
    {
      label: 'Apps',
      options: app.tabs().map((tab) => ({
        key: `tab ${tab}`,
        label: `${bot.name}: ${tab === 'home' ? 'Home' : 'Messages'}`,
        node: icon(tab === 'home' ? 'home' : 'reply', 17),
        go: () => app.open({ tab }),
      })),
    },
    {
      label: 'Act as',
      options: users
        .filter((user) => canAct(user) && user.id !== store.get('as'))
        .map((user) => personOption(app, user)),
    },
  ];
}

function channelOption(app, one) {
  return {
    key: one.id,
    label: one.name,
    description: [one.is_archived ? 'archived' : '', one.is_member ? '' : 'not joined', one.topic]
      .filter(Boolean)
      .join(' · '),
    node: icon(one.kind === 'private' ? 'lock' : one.is_ext_shared ? 'globe' : 'hash', 17),
    go: async () => {
      app.open({ channel: one.id });
      // Once it is drawn: when all of it was read, the person may be elsewhere with the caret.
      await new Promise(requestAnimationFrame);
      document.querySelector('[data-testid="composer"]')?.focus();
    },
  };
}

function personOption(app, user) {
  return {
    key: user.id,
    label: user.real_name || user.name,
    description: [`@${user.name}`, kindName(user.kind), user.title].filter(Boolean).join(' · '),
    node: avatar(user, 24),
    go: () => actAs(app, user.id),
  };
}
