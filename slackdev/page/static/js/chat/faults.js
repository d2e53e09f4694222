// What goes wrong on purpose: the button in the top bar, which shows whether
// anything is, and the panel behind it. The panel is one for the life of the
// page; its parts are in modules of their own.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openPopup, popupToggle } from '../ui/popup.js';
import { faultForm } from './faultform.js';
import { faultList, standing } from './faultlist.js';
import { faultPresses } from './faultpresses.js';
import { faultSwitches } from './faultswitches.js';

/** The button in the top bar that opens the panel of faults. */
export function faultsButton(app) {
  const { store } = app;
  const panel = faultsPanel(app);
  const mark = h('span.fault-mark', { 'aria-hidden': 'true', 'data-testid': 'faults-mark', hidden: true });
  const button = h(
    'button.icon-button.faults-button',
    { type: 'button', 'data-testid': 'faults', 'aria-haspopup': 'dialog' },
    icon('warning'),
    mark,
  );
  store.watch(['faults'], () => {
    const faults = store.get('faults');
    const count = faults ? standing(faults).length : 0;
    const limited = faults?.rates === 'enforce';
    const wrong = count > 0 || limited;
    mark.hidden = !wrong;
    mark.textContent = count > 0 ? String(count) : '';
    button.classList.toggle('armed', wrong);
    const words = [
      count === 1 ? '1 is armed or stands' : count > 1 ? `${count} are armed or stand` : '',
      limited ? 'limits are enforced' : '',
    ].filter(Boolean);
    button.setAttribute('aria-label', `Faults: ${words.join(', ') || 'none'}`);
    button.title = wrong ? `Faults: ${words.join(', ')}` : 'Faults: make things go wrong on purpose';
  });
  popupToggle(button, () => {
    panel.begin();
    return openPopup(button, panel.node, { className: 'faults-panel', label: 'Faults' });
  });
  return button;
}

function faultsPanel(app) {
  const status = h('p.faults-status', { role: 'status', 'data-testid': 'faults-status' });
  const say = (text, failed = false) => {
    fill(status, text);
    status.classList.toggle('error', failed);
  };
  // Posts and says what came of it; answers whether it was done.
  const order = async (path, body, done) => {
    const outcome = await app.post(path, body);
    await app.read.faults();
    say(outcome.ok ? done : outcome.error, !outcome.ok);
    // What was pressed may be gone, and the focus with it.
    if (node.isConnected && document.activeElement === document.body) node.focus();
    return outcome.ok;
  };
  const calm = h(
    'button.button',
    {
      type: 'button',
      'data-testid': 'faults-calm',
      onclick: () => order('faults/calm', {}, 'All is as it was at the start.'),
    },
    icon('check', 16),
    'Calm everything',
  );
  app.store.watch(['faults'], () => {
    calm.disabled = app.store.get('faults')?.calm !== false;
  });
  const node = h(
    'div.faults',
    { tabindex: '-1' },
    h(
      'div.faults-head',
      {},
      h('div.faults-top', {}, h('p.faults-about', {}, 'What goes wrong on purpose. A fault waits for its call.'), calm),
      status,
    ),
    faultList(app, order),
    faultPresses(order),
    faultSwitches(app, order),
    faultForm(app, order),
  );
  return { node, begin: () => say('') };
}
