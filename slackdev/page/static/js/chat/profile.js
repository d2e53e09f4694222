// Who somebody is: a card beside their name, with the id that an app knows them
// by and the time where they are.

import { h, fill } from '../ui/dom.js';
import { avatar } from '../ui/avatar.js';
import { icon } from '../ui/icons.js';
import { openPopup, popupToggle } from '../ui/popup.js';
import { timeOfDay } from '../ui/time.js';
import { canAct, kindName } from './directory.js';
import { copy } from './messagemenu.js';
import { actAs } from './switcher.js';

/** Makes a button open the card of the user that `who()` answers. */
export function profileButton(button, app, who) {
  button.setAttribute('aria-haspopup', 'dialog');
  popupToggle(button, () => openCard(button, app, who()));
  return button;
}

function openCard(anchor, app, user) {
  const popup = openPopup(anchor, [], { className: 'profile', label: `About ${user.real_name || user.name}` });
  const me = user.id === app.store.get('as');
  fill(
    popup.node,
    h(
      'div.profile-head',
      {},
      avatar(user, 56),
      h(
        'div.profile-words',
        {},
        h('strong.profile-name', {}, user.real_name || user.name),
        h('span.profile-handle', {}, `@${user.name}`, me ? ' (you)' : ''),
        kindName(user.kind) ? h('span.kind', { class: `kind-${user.kind}` }, kindName(user.kind)) : null,
      ),
    ),
    user.title ? h('p', {}, user.title) : null,
    user.tz && user.kind !== 'bot'
      ? h('p.profile-time', {}, icon('clock', 15), `${timeOfDay(app.now(), user.tz)} in ${user.tz}`)
      : null,
    h(
      'div.profile-buttons',
      {},
      h(
        'button.button',
        { type: 'button', 'data-testid': 'copy-id', onclick: () => copy(user.id, 'ID copied') },
        icon('copy', 15),
        user.id,
      ),
      canAct(user) && !me
        ? h(
            'button.button',
            {
              type: 'button',
              onclick: () => {
                popup.close();
                actAs(app, user.id);
              },
            },
            `Act as ${user.name}`,
          )
        : null,
    ),
  );
  popup.place();
  popup.node.querySelector('button')?.focus();
  return popup;
}
