// What stands until it is undone: a slow network, a plan without user groups, a
// scope that is withdrawn, a token that is revoked, limits that are enforced.

import { h, fill, uniqueId } from '../ui/dom.js';
import { part } from './faultpart.js';

const SLOW = '800ms';
const MODES = [
  ['off', 'Off', 'Calls are counted, and all go through'],
  ['warn', 'Warn', 'Too many calls are written to the log'],
  ['enforce', 'Enforce', 'Too many calls are answered 429'],
];

/** The part of the panel with the switches. */
export function faultSwitches(app, order) {
  return part(
    'Until it is undone',
    h('div.fault-presses', {}, slow(app, order), plan(app, order), token(app, order)),
    scope(app, order),
    rates(app, order),
  );
}

function toggle(app, { id, label, isOn, on, off }) {
  const button = h(
    'button.button.toggle',
    { type: 'button', 'data-testid': 'fault-switch', 'data-fault': id, onclick: () => (isOn(faultsOf(app)) ? off() : on()) },
    label,
  );
  app.store.watch(['faults'], () => button.setAttribute('aria-pressed', String(Boolean(isOn(faultsOf(app))))));
  return button;
}

const faultsOf = (app) => app.store.get('faults') ?? {};

function slow(app, order) {
  const isSlow = (one) => one.method === '*' && one.standing && one.what === `${SLOW} slower`;
  const armed = (faults) => (faults.armed ?? []).find(isSlow);
  return toggle(app, {
    id: 'slow',
    label: 'Slow network, 800 ms',
    isOn: armed,
    on: () => order('faults', { standing: true, latency: SLOW }, 'Every call takes 800 ms longer.'),
    off: () => order('faults/clear', { id: armed(faultsOf(app)).id }, 'The network is as quick as ever.'),
  });
}

function plan(app, order) {
  return toggle(app, {
    id: 'plan',
    label: 'Plan without user groups',
    isOn: (faults) => faults.plan?.user_groups === false,
    on: () => order('plan', { user_groups: false }, 'The plan has no user groups.'),
    off: () => order('plan', { user_groups: true }, 'The plan has user groups.'),
  });
}

function token(app, order) {
  return toggle(app, {
    id: 'token',
    label: 'Token revoked',
    isOn: (faults) => faults.token && faults.token !== 'valid',
    on: () => order('token', { state: 'revoked' }, 'The bot token is revoked.'),
    off: () => order('token', { state: 'valid' }, 'The bot token is good again.'),
  });
}

function scope(app, order) {
  const id = uniqueId('scope');
  const select = h('select.text-input', { id, 'data-testid': 'fault-scope' });
  const button = h(
    'button.button',
    {
      type: 'button',
      'data-testid': 'fault-scope-withdraw',
      onclick: () => order('scopes', { revoke: select.value }, `${select.value} is withdrawn.`),
    },
    'Withdraw',
  );
  let shown = '';
  app.store.watch(['faults'], () => {
    const granted = faultsOf(app).scopes?.granted ?? [];
    button.disabled = granted.length === 0;
    if (shown === granted.join()) return;
    shown = granted.join();
    const chosen = select.value;
    fill(select, [...granted].sort().map((name) => h('option', { value: name, selected: name === chosen }, name)));
  });
  return h('div.fault-row', {}, h('label.fault-label', { for: id }, 'Missing scope'), select, button);
}

function rates(app, order) {
  const group = uniqueId('rates');
  const inputs = MODES.map(([mode, , title]) =>
    h('input', {
      type: 'radio',
      name: group,
      value: mode,
      title,
      'data-testid': 'fault-rates',
      onchange: () => order('rates', { mode }, `Limits: ${title.toLowerCase()}.`),
    }),
  );
  app.store.watch(['faults'], () => {
    for (const input of inputs) input.checked = input.value === (faultsOf(app).rates ?? 'off');
  });
  return h(
    'fieldset.fault-row',
    {},
    h('legend.fault-label', {}, "Slack's limits"),
    MODES.map(([, label, title], index) => h('label.fault-mode', { title }, inputs[index], label)),
  );
}
