// One interaction in the inspector: a line that tells it in short, and under it
// the ack and every call on one time axis, what each changed on screen, and the
// raw JSON. What has not changed keeps its node, so that nothing that somebody
// opened falls shut when a call is added.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { fullTime, timeOfDay } from '../ui/time.js';
import { budgetBar, scale, spanOf, stretch } from './inspectoraxis.js';
import { callNode } from './inspectorcall.js';
import { changeNode, changeWords } from './inspectorchange.js';
import { copyButton, pretty, raw } from './inspectorcopy.js';
import { isEnvelope, milliseconds, stateOf } from './inspectorfilter.js';
import { refusedBlocks } from './refused.js';

const IN_SHORT = 5; // calls and changes on the closed line

/** Builds an interaction; `redraw` events with a newer item as detail keep it true. `go` shows another one by its id. */
export function entry(app, first, go) {
  let item = first;
  const line = h('summary.interaction-line');
  const inside = h('div.interaction-inside');
  const details = h('details', { ontoggle: () => details.open && fillInside(app, inside, item, go) }, line, inside);
  const node = h('li.interaction', { 'data-testid': 'interaction', 'data-id': first.id, tabindex: '-1' }, details);
  const show = () => {
    node.dataset.state = stateOf(item);
    node.dataset.kind = item.kind;
    fill(line, lineParts(app, item));
    if (details.open) fillInside(app, inside, item, go);
  };
  node.addEventListener('redraw', (event) => {
    item = event.detail;
    show();
  });
  show();
  return node;
}

function lineParts(app, item) {
  const { directory, zone } = app.env();
  const calls = item.calls ?? [];
  const changes = item.changes ?? [];
  return [
    h(
      'span.interaction-top',
      {},
      h('span.interaction-kind', {}, item.kind),
      h('span.interaction-name', { title: item.name }, item.name || titleOf(item)),
      h('span.interaction-who', {}, item.user ? directory.label(item.user) : ''),
      h('time', { datetime: item.at }, timeOfDay(new Date(item.at), zone, true)),
    ),
    isEnvelope(item) ? budgetBar(item, app.store.get('budget')) : null,
    stateOf(item) === 'failed' ? h('span.interaction-failure', {}, item.outcome) : null,
    notes(item, zone).map((words) => h('span.interaction-note', {}, words)),
    calls.slice(0, IN_SHORT).map(shortCall),
    more(calls.length - IN_SHORT + (item.calls_left_out ?? 0), 'call'),
    changes
      .slice(0, IN_SHORT)
      .map((one) => h('span.change-short', {}, icon('eye', 13), h('span', {}, changeWords(one, directory)))),
    more(changes.length - IN_SHORT, 'change'),
  ];
}

// A modal without a callback id is known by its title.
function titleOf(item) {
  return item.payload?.payload?.view?.title?.text ?? '';
}

function more(n, what) {
  return n > 0 ? h('span.interaction-note.more', {}, `and ${n} more ${what}${n === 1 ? '' : 's'}`) : null;
}

function notes(item, zone) {
  const words = [];
  if (item.kind === 'clock' && item.until)
    words.push(`from ${fullTime(new Date(item.at), zone)} to ${fullTime(new Date(item.until), zone)}`);
  if (item.fault) words.push(item.fault);
  if (item.first_id) words.push(`delivery ${item.attempt + 1} of the event of #${item.first_id}`);
  if (item.kind === 'fault' && item.because) words.push(`in #${item.because}`);
  return words;
}

function shortCall(call) {
  return h(
    'span.call',
    { class: call.ok ? 'ok' : 'failed' },
    icon(call.ok ? 'check' : 'close', 13),
    h('span.call-method', {}, call.method),
    call.error ? h('span.call-error', {}, call.error) : null,
    call.likely ? h('span.likely', {}, 'likely') : null,
    h('span.call-ms', {}, milliseconds(call.ms)),
  );
}

function fillInside(app, inside, item, go) {
  const budget = app.store.get('budget');
  const span = spanOf(item, budget);
  const timed = isEnvelope(item) || item.calls?.length > 0;
  if (!inside.firstChild) inside.append(h('div.entry-scale'), h('ol.rows'), h('div.entry-foot'));
  const [over, rows, foot] = inside.children;
  fill(over, timed ? scale(span, budget) : null);
  rows.style.setProperty('--span', String(span));
  const ack = isEnvelope(item) ? [ackEntry(app, item, budget)] : [];
  const calls = (item.calls ?? []).map((call, at) => ({
    key: `call-${call.seq ?? at}`,
    signature: '',
    build: () => callNode(app, call, changesOf(item, call.seq), budget),
  }));
  reconcile(rows, [...ack, ...calls]);
  reconcile(foot, [
    { key: 'links', signature: `${item.first_id} ${item.because}`, build: () => links(item, go) },
    ...warnings(item),
    item.payload
      ? { key: 'payload', signature: '', build: () => raw('Envelope', item.payload) }
      : { key: 'none', signature: '', build: () => h('span') },
    { key: 'tools', signature: String(item.rev), build: () => tools(item) },
  ]);
}

function changesOf(item, seq) {
  return (item.changes ?? []).filter((one) => (one.call ?? 0) === (seq ?? -1));
}

function ackEntry(app, item, budget) {
  const changes = changesOf(item, 0);
  return {
    key: 'ack',
    signature: `${item.outcome} ${changes.length} ${item.problems?.length ?? 0}`,
    build: () => ackNode(app, item, changes, budget),
  };
}

function ackNode(app, item, changes, budget) {
  const state = stateOf(item);
  const words = state === 'waiting' ? 'waiting' : item.ack_ms ? `at ${milliseconds(item.ack_ms)} of ${milliseconds(budget)}` : state === 'ok' ? 'at once' : 'none';
  const parts = [
    h('span.row-name.row-ack', {}, 'ack'),
    stretch(0, state === 'failed' && !item.ack_ms ? budget : (item.ack_ms ?? 0), budget, `ack-${state}`),
    h('span.row-times', {}, words),
  ];
  const refused = refusedAck(item, app.env());
  return h(
    'li.row',
    { 'data-testid': 'ack', 'data-state': state },
    item.response
      ? h(
          'details.row-details',
          { open: Boolean(refused) },
          h('summary.row-line', {}, icon('reply', 13), parts),
          h('div.row-inside', {}, refused, raw('Ack payload', item.response, true)),
        )
      : h('div.row-line', {}, icon('reply', 13), parts),
    changes.map((one) => changeNode(one, app.env().directory)),
  );
}

// The view or the message of an ack is drawn like the arguments of a refused call.
function refusedAck(item, env) {
  if (!item.problems?.length) return null;
  const { view, blocks } = item.response ?? {};
  const args = view ? { view: JSON.stringify(view) } : { blocks: JSON.stringify(blocks ?? null) };
  return refusedBlocks({ ok: false, args, result: { response_metadata: { messages: item.problems } } }, env);
}

function warnings(item) {
  return (item.warnings ?? []).map((words, at) => ({
    key: `warning-${at}`,
    signature: words,
    build: () => h('p.entry-warning', {}, icon('warning', 14), h('span', {}, words)),
  }));
}

function links(item, go) {
  const link = (id, words) =>
    id ? h('button.entry-link', { type: 'button', 'data-testid': 'entry-link', onclick: () => go(id) }, words) : null;
  return h(
    'p.entry-links',
    {},
    link(item.first_id, `First delivery: #${item.first_id}`),
    link(item.because, item.kind === 'fault' ? `What it happened to: #${item.because}` : `After: #${item.because}`),
  );
}

function tools(item) {
  return h(
    'p.row-tools',
    {},
    h('span.entry-number', {}, `#${item.id}`),
    copyButton('Copy as JSON', 'the interaction as JSON', () => pretty(item)),
    isEnvelope(item)
      ? copyButton('Copy as fixture', 'the envelope as a fixture', () => `${pretty(item.payload)}\n`, 'fixture')
      : null,
  );
}
