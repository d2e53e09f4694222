// The list of what is armed or stands, each with a button that takes it back.

import { h } from '../ui/dom.js';
import { reconcile } from '../ui/reconcile.js';
import { howOften, methodWords, part } from './faultpart.js';

/**
 * Everything that is not as it was at the start:
 * {id, where, what, often, back: {label, path, body, done}}.
 */
export function standing(faults) {
  const list = (faults.armed ?? []).map((fault) => ({
    id: fault.id,
    where: methodWords(fault.method),
    what: fault.what,
    often: howOften(fault),
    back: { label: 'Take back', path: 'faults/clear', body: { id: fault.id }, done: 'Taken back.' },
  }));
  const add = (id, where, what, back) => list.push({ id, where, what, often: '', back });
  if (faults.hung > 0) {
    const what = faults.hung === 1 ? '1 waits for its answer' : `${faults.hung} wait for their answers`;
    add('hung', 'hanging calls', what, { label: 'Release', path: 'faults/release', body: {}, done: 'Released.' });
  }
  if (faults.socket_mode === false) {
    const back = { label: 'Switch on', path: 'socket_mode', body: { enabled: true }, done: 'Socket Mode is on.' };
    add('socket_mode', 'Socket Mode', 'switched off: no socket can be opened', back);
  }
  if (faults.token && faults.token !== 'valid') {
    const back = { label: 'Install again', path: 'token', body: { state: 'valid' }, done: 'The bot token is good again.' };
    add('token', 'bot token', faults.token === 'revoked' ? 'revoked' : 'worthless: the app was removed', back);
  }
  for (const scope of faults.scopes?.withdrawn ?? []) {
    const back = { label: 'Grant', path: 'scopes', body: { grant: scope }, done: `${scope} is granted again.` };
    add(`scope ${scope}`, scope, 'scope withdrawn', back);
  }
  for (const scope of faults.scopes?.added ?? []) {
    const back = { label: 'Withdraw', path: 'scopes', body: { revoke: scope }, done: `${scope} is withdrawn again.` };
    add(`scope ${scope}`, scope, 'scope granted beyond the manifest', back);
  }
  if (faults.plan?.user_groups === false) {
    const back = { label: 'Upgrade', path: 'plan', body: { user_groups: true }, done: 'The plan has user groups.' };
    add('plan', 'plan', 'without user groups', back);
  }
  return list;
}

/** The part of the panel with the list. It is not there while there is nothing. */
export function faultList(app, order) {
  const list = h('ul.fault-list', { 'data-testid': 'fault-list' });
  const node = part('Armed and standing', list);
  app.store.watch(['faults'], () => {
    const items = standing(app.store.get('faults') ?? {});
    node.hidden = items.length === 0;
    reconcile(
      list,
      items.map((item) => ({
        key: item.id,
        signature: JSON.stringify(item),
        build: () => entry(item, order),
      })),
    );
  });
  return node;
}

function entry({ id, where, what, often, back }, order) {
  return h(
    'li.fault-entry',
    { 'data-testid': 'fault', 'data-id': id, 'data-focus-key': id },
    h(
      'span.fault-words',
      {},
      h('span.fault-where', {}, where),
      h('span.fault-what', {}, what),
      often ? h('span.fault-often', {}, often) : null,
    ),
    h(
      'button.button',
      {
        type: 'button',
        'data-testid': 'fault-back',
        'aria-label': `${back.label}: ${where}, ${what}`,
        onclick: () => order(back.path, back.body, back.done),
      },
      back.label,
    ),
  );
}
