// The time of one interaction: the budget bar on its line, and, opened, an axis
// that is as long as what happened, with a row for the ack and for each call.
// The rows know their start and length, the axis its span; CSS does the rest.

import { h } from '../ui/dom.js';
import { milliseconds, stateOf } from './inspectorfilter.js';

const SPANS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 3000];

/** How long the axis of an interaction is, in milliseconds. What begins after the budget stands at its end. */
export function spanOf(item, budget) {
  const ends = (item.calls ?? []).filter((call) => startOf(call) <= budget).map((call) => startOf(call) + call.ms);
  if (stateOf(item) === 'failed' && !item.ack_ms && item.envelope_id) ends.push(budget);
  const longest = Math.max(item.ack_ms ?? 0, ...ends, 1);
  return SPANS.find((span) => span >= longest) ?? Math.ceil(longest / 1000) * 1000;
}

const startOf = (call) => Math.max(0, call.start_ms ?? 0);

/** The numbers over an axis, and where the budget ends when it is that long. */
export function scale(span, budget) {
  const node = h(
    'div.axis-scale',
    { 'aria-hidden': 'true' },
    h('span', {}, '0'),
    h('span', {}, milliseconds(span / 2)),
    h('span', {}, milliseconds(span)),
  );
  node.classList.toggle('reaches-budget', span >= budget);
  return node;
}

/** A stretch of time on an axis of any span. */
export function stretch(start, length, budget, kind) {
  const bar = h('span.axis-bar', { class: kind });
  bar.classList.toggle('late', start > budget);
  bar.style.setProperty('--start', String(start));
  bar.style.setProperty('--length', String(length));
  return h('span.axis-track', { 'aria-hidden': 'true' }, bar);
}

/** Where a call stands on an axis. */
export function callStretch(call, budget) {
  return stretch(startOf(call), call.ms, budget, call.ok ? 'call-ok' : 'call-failed');
}

/** When a call began and how long it took, in words. */
export function callTimes(call) {
  return call.start_ms === undefined
    ? milliseconds(call.ms)
    : `at ${milliseconds(startOf(call))}, took ${milliseconds(call.ms)}`;
}

/** The ack against its budget, with a mark where each call began. */
export function budgetBar(item, budget) {
  const state = stateOf(item);
  const share = state === 'failed' && !item.ack_ms ? 1 : Math.min(1, (item.ack_ms ?? 0) / budget);
  const level = state !== 'ok' ? state : share > 0.66 ? 'high' : share > 0.33 ? 'middle' : 'low';
  const filled = h('span.ack-filled', { class: level });
  filled.style.width = `${Math.max(share * 100, 1)}%`;
  const marks = (item.calls ?? []).slice(0, 40).map((call) => {
    const mark = h('span.ack-call', { class: call.ok ? 'ok' : 'failed' });
    mark.style.left = `${Math.min(1, startOf(call) / budget) * 100}%`;
    return mark;
  });
  const limit = milliseconds(budget);
  const words =
    state === 'waiting' ? 'waiting' : item.ack_ms || state === 'ok' ? `ack ${milliseconds(item.ack_ms)}` : 'no ack';
  return h(
    'span.ack',
    { title: `Ack: ${words.replace('ack ', '')} of ${limit}. The marks are calls.` },
    h('span.ack-bar', { role: 'img', 'aria-label': `${words} of ${limit}` }, filled, marks),
    h('span.ack-words', {}, words),
  );
}
