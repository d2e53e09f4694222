// What whoever started the workspace offers to do in the world around it. There
// is no button for it where nothing is offered.

import { h, fill, uniqueId } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openPopup, popupToggle } from '../ui/popup.js';
import { reconcile } from '../ui/reconcile.js';

/** The button in the top bar that opens the panel of actions. */
export function actionsButton(app) {
  const { store } = app;
  const panel = actionsPanel(app);
  const button = h(
    'button.actions-button',
    {
      type: 'button',
      'data-testid': 'actions',
      'aria-haspopup': 'dialog',
      'aria-label': 'Actions',
      title: 'What can be made to happen around here',
    },
    icon('play', 16),
    h('span.actions-word', {}, 'Actions'),
  );
  store.watch(['actions'], () => {
    const any = store.get('actions').length > 0;
    if (any) button.hidden = false;
    else if (!panel.node.isConnected) button.hidden = true;
  });
  popupToggle(button, () => {
    panel.begin();
    return openPopup(button, panel.node, {
      className: 'actions-panel',
      label: 'Actions',
      onclose: () => {
        button.hidden = store.get('actions').length === 0;
      },
    });
  });
  return button;
}

// The panel is one for the life of the page: what was pressed in it goes on while
// it is closed.
function actionsPanel(app) {
  const { store } = app;
  const list = h('div.actions-list');
  const status = h('p.actions-status', { role: 'status', 'data-testid': 'acts-status' });
  const node = h('div', {}, list, status);
  const pressed = new Set();

  const say = (text, failed = false) => {
    fill(status, text);
    status.classList.toggle('error', failed);
  };
  const act = async ({ id, label }) => {
    pressed.add(id);
    draw();
    say(`${label}…`);
    const outcome = await app.post('act', { id });
    await app.read.actions();
    pressed.delete(id);
    draw();
    say(outcome.ok ? `Done: ${label}.` : outcome.error, !outcome.ok);
    if (!node.isConnected && !outcome.ok) app.note(outcome.error);
    // A button that was disabled has lost the focus.
    if (node.isConnected && document.activeElement === document.body) list.querySelector('button:enabled')?.focus();
  };
  const draw = () =>
    reconcile(
      list,
      store.get('actions').map((action) => {
        const busy = action.running || pressed.has(action.id);
        return {
          key: action.id,
          signature: JSON.stringify([action, busy]),
          build: () => entry(action, busy, () => act(action)),
        };
      }),
    );
  store.watch(['actions'], draw);
  return {
    node,
    /** Forgets what was said of an action that is over. */
    begin() {
      if (pressed.size === 0) say(store.get('actions').length > 0 ? '' : 'There is nothing to do any more.');
    },
  };
}

function entry(action, busy, onclick) {
  const noteId = uniqueId('note');
  return h(
    'div',
    {},
    h(
      'button.button',
      {
        type: 'button',
        disabled: busy,
        'aria-busy': busy ? 'true' : undefined,
        'aria-describedby': action.note ? noteId : undefined,
        'data-testid': 'act',
        'data-action': action.id,
        onclick,
      },
      action.label,
    ),
    action.note ? h('p.actions-note', { id: noteId }, action.note) : null,
  );
}
