// How often the app calls each method, against how often Slack lets it: a bar for
// the last minute and the counts since the start.

import { h } from '../ui/dom.js';
import { reconcile } from '../ui/reconcile.js';

const AGAIN = 5000; // a minute passes although nothing happens

/** The table of limits. It keeps itself true while it is seen. */
export function limitsTable(app) {
  const { store } = app;
  const about = h('p.limits-about');
  const rows = h('tbody');
  const table = h(
    'table.limits-table',
    { 'aria-label': 'Calls of each method against the limits of Slack' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Method'),
        h('th', { scope: 'col' }, 'Last minute'),
        ['Total', 'Failed', 'Over'].map((title) => h('th.number', { scope: 'col' }, title)),
      ),
    ),
    rows,
  );
  const node = h('div.limits', { 'data-testid': 'limits' }, about, table);
  const seen = () => node.isConnected && node.checkVisibility();
  const draw = () => {
    const { methods = [], mode = 'off' } = store.get('limits') ?? {};
    about.textContent = methods.length === 0 ? 'The app has not called anything yet.' : modeWords(mode);
    table.hidden = methods.length === 0;
    reconcile(
      rows,
      methods.map((one) => ({ key: one.method, signature: JSON.stringify(one), build: () => row(one) })),
    );
  };
  store.watch(['limits'], draw);
  store.watch(['interactions', 'inspector', 'faults'], () => seen() && app.read.limits());
  setInterval(() => seen() && app.read.limits(), AGAIN);
  return node;
}

function modeWords(mode) {
  const words = {
    off: 'They are counted, and nothing comes of it.',
    warn: 'Too many are written to the log.',
    enforce: 'Too many are answered 429.',
  };
  return `Calls against Slack's limits. ${words[mode] ?? ''}`;
}

function row(one) {
  return h(
    'tr',
    { 'data-testid': 'limit', 'data-method': one.method },
    h(
      'th.limits-method',
      { scope: 'row' },
      h('span.limits-name', {}, one.method),
      h('span.limits-tier', { title: one.words }, one.tier === 'none' ? one.words : one.tier),
    ),
    h('td.limits-minute', {}, bar(one)),
    h('td.number', {}, one.total),
    h('td.number', { class: one.failed > 0 ? 'bad' : '' }, one.failed),
    h(
      'td.number',
      { class: one.over > 0 ? 'bad' : '', title: one.limited > 0 ? `${one.limited} of them were answered 429` : undefined },
      one.over,
    ),
  );
}

function bar({ minute, highest, per_minute: limit }) {
  if (!limit) return h('span.limits-words', {}, minute);
  const share = Math.min(1, minute / limit);
  const level = minute > limit ? 'failed' : share > 0.8 ? 'high' : share > 0.5 ? 'middle' : 'low';
  const filled = h('span.ack-filled', { class: level });
  filled.style.width = `${minute === 0 ? 0 : Math.max(share * 100, 2)}%`;
  const words = `${minute} of ${limit} in the last minute, at most ${highest}`;
  return h(
    'span.limits-use',
    { title: words },
    h('span.ack-bar', { role: 'img', 'aria-label': words }, filled),
    h('span.limits-words', {}, `${minute} / ${limit}`),
  );
}
