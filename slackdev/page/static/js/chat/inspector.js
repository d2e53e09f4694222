// The inspector: what went to the app and what came of it. One line for each
// interaction: how much of the 3 seconds the ack took, and which Web API calls
// the app made; the raw JSON opens under it.

import { h, fill, copyText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { timeOfDay } from '../ui/time.js';
import { limitsTable } from './limits.js';
import { refusedBlocks } from './refused.js';

/** How long Slack waits for an ack, in milliseconds. */
const BUDGET = 3000;

/** Fills the inspector and keeps it true. */
export function mountInspector(root, app) {
  const { store } = app;
  const summary = h('p.inspector-summary', { role: 'status' });
  const list = h('ol.interactions', { 'data-testid': 'interactions' });
  const filter = h('input.text-input', {
    type: 'search',
    placeholder: 'Filter by kind, name, person or method',
    'aria-label': 'Filter the interactions',
  });
  root.append(
    h(
      'div.panel-head',
      {},
      h('h2.panel-title', {}, 'Inspector'),
      h('span.panel-where', {}, 'budget 3,000 ms'),
      h(
        'button.icon-button',
        {
          type: 'button',
          'aria-label': 'Close the inspector',
          onclick: () => store.set({ inspector: false }),
        },
        icon('close'),
      ),
    ),
    h('div.inspector-bar', {}, filter, summary),
    h('details.limits-fold', { ontoggle: () => app.read.limits() }, h('summary', {}, 'Limits'), limitsTable(app)),
    list,
  );
  const draw = () => {
    root.hidden = !store.get('inspector');
    document.body.classList.toggle('inspector-open', !root.hidden);
    if (root.hidden) return;
    const all = store.get('interactions');
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = all.filter((item) => words.every((word) => haystack(item, store).includes(word))).reverse();
    summary.textContent = all.length === 0 ? 'Nothing has gone to the app yet.' : figures(all);
    reconcile(
      list,
      shown.map((item) => {
        const entry = { key: String(item.id), signature: JSON.stringify(item) };
        return {
          ...entry,
          build: () => interaction(app, item).node,
          update: (node) => node.dispatchEvent(new CustomEvent('redraw', { detail: item })),
        };
      }),
    );
  };
  filter.addEventListener('input', draw);
  store.watch(['inspector', 'interactions', 'directory'], draw);
}

function haystack(item, store) {
  return [
    item.kind,
    item.name,
    store.get('directory').label(item.user),
    item.outcome,
    ...(item.calls ?? []).map((call) => call.method),
  ]
    .join(' ')
    .toLowerCase();
}

function figures(all) {
  const acked = all
    .filter((item) => item.outcome === 'ok')
    .map((item) => item.ack_ms)
    .sort((a, b) => a - b);
  const failed = all.filter((item) => !['ok', 'waiting'].includes(item.outcome)).length;
  const middle = acked.length
    ? `, ack median ${milliseconds(acked[Math.floor(acked.length / 2)])}, slowest ${milliseconds(acked.at(-1))}`
    : '';
  return `${all.length} interaction${all.length === 1 ? '' : 's'}${middle}${failed ? `, ${failed} failed` : ''}`;
}

function interaction(app, first) {
  let item = first;
  const line = h('summary.interaction-line');
  const inside = h('div.interaction-inside');
  const details = h('details', { ontoggle: () => details.open && fillInside(app, inside, item) }, line, inside);
  const node = h('li.interaction', { 'data-testid': 'interaction', 'data-id': first.id }, details);
  const show = () => {
    const state = item.outcome === 'ok' ? 'ok' : item.outcome === 'waiting' ? 'waiting' : 'failed';
    node.dataset.state = state;
    node.dataset.kind = item.kind;
    fill(line, lineParts(app, item, state));
    if (details.open) fillInside(app, inside, item);
  };
  node.addEventListener('redraw', (event) => {
    item = event.detail;
    show();
  });
  show();
  return { node };
}

function lineParts(app, item, state) {
  const { directory, zone } = app.env();
  return [
    h(
      'span.interaction-top',
      {},
      h('span.interaction-kind', {}, item.kind),
      h('span.interaction-name', { title: item.name }, item.name),
      h('span.interaction-who', {}, item.user ? directory.label(item.user) : ''),
      h('time', { datetime: item.at }, timeOfDay(new Date(item.at), zone, true)),
    ),
    ackBar(item, state),
    state === 'failed' ? h('span.interaction-failure', {}, item.outcome) : null,
    (item.calls ?? []).map((call) =>
      h(
        'span.call',
        { class: call.ok ? 'ok' : 'failed' },
        icon(call.ok ? 'check' : 'close', 13),
        h('span.call-method', {}, call.method),
        call.error ? h('span.call-error', {}, call.error) : null,
        h('span.call-ms', {}, milliseconds(call.ms)),
      ),
    ),
  ];
}

function ackBar(item, state) {
  const share = state === 'failed' ? 1 : Math.min(1, (item.ack_ms ?? 0) / BUDGET);
  const level = state !== 'ok' ? state : share > 0.66 ? 'high' : share > 0.33 ? 'middle' : 'low';
  const filled = h('span.ack-filled', { class: level });
  filled.style.width = `${Math.max(share * 100, 1)}%`;
  const words = state === 'waiting' ? 'waiting' : state === 'failed' ? 'no ack' : milliseconds(item.ack_ms);
  return h(
    'span.ack',
    {},
    h('span.ack-bar', { role: 'img', 'aria-label': `Ack: ${words} of 3,000 ms` }, filled),
    h('span.ack-words', {}, words),
  );
}

function milliseconds(ms) {
  if (ms === undefined || ms === null) return '';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function fillInside(app, inside, item) {
  fill(
    inside,
    raw('Payload', item.payload, true),
    item.response ? raw('Ack payload', item.response) : null,
    (item.calls ?? []).flatMap((call) => [
      refusedBlocks(call, app.env()),
      raw(`${call.method}: arguments`, call.args),
      raw(`${call.method}: answer`, call.result),
    ]),
  );
}

function raw(title, value, open = false) {
  const text = JSON.stringify(value, null, 2) ?? '';
  const copy = h(
    'button.copy',
    {
      type: 'button',
      'aria-label': `Copy ${title}`,
      onclick: async () => copy.classList.toggle('done', await copyText(text)),
    },
    icon('copy', 14),
  );
  return h('details.raw', { open }, h('summary', {}, title), copy, h('pre.json', { tabindex: '0' }, text));
}
