// The guide: cards that show a newcomer around, one at a time. Each goes on to the
// next by itself when what it asks for is done. How far it is, and whether it was
// dismissed, is kept for this window.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { read } from './api.js';
import { keepPointing } from './pointer.js';
import { coalesced } from './store.js';

const KEPT = 'slackdev.guide';

/** Shows the guide in `root`, if whoever started the workspace has one. */
export function mountGuide(root, app) {
  const { store } = app;
  const pointer = keepPointing();
  const state = { at: 0, since: lastInteraction(store), shut: false, ...kept() };
  let hints = [];
  let drawn = '';

  const keep = (patch) => {
    Object.assign(state, patch);
    keepState(state);
  };
  const next = () => keep({ at: state.at + 1, since: lastInteraction(store), before: hints[state.at].title });
  const shut = () => {
    keep({ shut: true });
    draw();
    document.getElementById('main').focus();
  };
  const skip = () => {
    next();
    keep({ before: '' });
    draw();
  };
  const take = async () => {
    const hint = hints[state.at];
    if (hint.as && hint.as !== store.get('as')) await app.actAs(hint.as);
    await app.open(placeOf(hint) ?? (store.get('place') || app.firstPlace()));
    draw();
    pointer.show();
  };

  const draw = () => {
    const hint = state.shut ? undefined : hints[state.at];
    const over = !state.shut && hints.length > 0 && state.at >= hints.length;
    const there = Boolean(hint) && isThere(hint, store);
    const signature = JSON.stringify([state.at, state.shut, state.before, hint, there]);
    pointer.at(there ? hint : undefined);
    if (signature === drawn) return;
    drawn = signature;
    const held = root.contains(document.activeElement);
    root.hidden = !hint && !over;
    if (over) fill(root, ...ending(shut));
    else if (hint) fill(root, ...card(hint, { state, count: hints.length, there, take, show: pointer.show, skip, shut }));
    else fill(root);
    if (held) root.querySelector('button')?.focus();
  };

  const look = coalesced(async () => {
    try {
      hints = (await read('guide')).hints ?? [];
    } catch {
      return; // the line is down, which the page says elsewhere
    }
    while (hints[state.at] && isDone(hints[state.at], state, store)) next();
    draw();
  });
  let first = true;
  const keys = ['as', 'place', 'messages', 'home', 'stack', 'clock', 'interactions', 'inspector'];
  store.watch(keys, () => {
    if (state.shut || (!first && hints.length === 0)) return;
    look().then(() => {
      first = false;
    });
  });
}

function card(hint, { state, count, there, take, show, skip, shut }) {
  return [
    h(
      'div.guide-words',
      { role: 'status' },
      h(
        'div.guide-head',
        {},
        h('span.guide-count', { 'data-testid': 'guide-count' }, `${state.at + 1} of ${count}`),
        h('h2.guide-title', {}, hint.title),
        state.before ? h('span.guide-before', {}, `✓ ${state.before}`) : null,
      ),
      h('p.guide-text', {}, hint.text),
    ),
    h(
      'div.guide-buttons',
      {},
      !there &&
        h(
          'button.button.primary',
          { type: 'button', 'data-testid': 'guide-take', onclick: take },
          h('span.button-text', {}, 'Take me there'),
        ),
      there && // what it speaks of may be a long way up
        hint.near &&
        h(
          'button.button',
          { type: 'button', 'data-testid': 'guide-show', onclick: show },
          h('span.button-text', {}, 'Show me'),
        ),
      h('button.button', { type: 'button', 'data-testid': 'guide-skip', onclick: skip }, h('span.button-text', {}, 'Skip')),
      dismiss('Dismiss the guide', shut),
    ),
  ];
}

function ending(shut) {
  return [
    h('div.guide-words', { role: 'status' }, h('h2.guide-title', {}, 'That was the guide. Have a look around.')),
    h('div.guide-buttons', {}, dismiss('Close the guide', shut)),
  ];
}

function dismiss(label, shut) {
  return h(
    'button.icon-button',
    { type: 'button', 'aria-label': label, title: label, 'data-testid': 'guide-dismiss', onclick: shut },
    icon('close', 16),
  );
}

function placeOf(hint) {
  if (hint.tab) return { tab: hint.tab };
  return hint.channel ? { channel: hint.channel } : undefined;
}

function isThere(hint, store) {
  const place = store.get('place');
  if (hint.as && hint.as !== store.get('as')) return false;
  if (hint.tab) return place?.tab === hint.tab;
  return !hint.channel || (place?.channel === hint.channel && !place?.tab);
}

function isDone(hint, state, store) {
  if (hint.done) return true;
  if (hint.act) {
    return store
      .get('interactions')
      .some((one) => one.id > state.since && one.kind === hint.act && (!hint.as || one.user === hint.as));
  }
  if (hint.opens === 'inspector') return store.get('inspector');
  return !hint.watched && isThere(hint, store) && store.get('messages') !== null;
}

const lastInteraction = (store) => store.get('interactions').at(-1)?.id ?? 0;

function kept() {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {}; // a browser that keeps nothing shows the guide anew
  }
}

function keepState(state) {
  try {
    window.sessionStorage.setItem(KEPT, JSON.stringify(state));
  } catch {
    // Then it begins anew with the next load.
  }
}
