// The parts of the panel of faults look alike: a title and what is under it, and
// buttons that order one thing.

import { h } from '../ui/dom.js';

/** A part of the panel under a title of its own. */
export function part(title, ...content) {
  return h('section.faults-part', { 'aria-label': title }, h('h3.faults-title', {}, title), content);
}

/** A button that orders one thing; `id` tells it from the others. */
export function press(order, { id, label, path = 'faults', body, done, title }) {
  return h(
    'button.button',
    {
      type: 'button',
      title,
      'data-testid': 'fault-press',
      'data-fault': id,
      onclick: () => order(path, body, done),
    },
    label,
  );
}

/** "once", "the next 3" or "until taken back", and how often it has happened. */
export function howOften({ standing, left, happened }) {
  const more = standing ? 'until taken back' : left === 1 ? 'once' : `the next ${left}`;
  if (!happened) return more;
  return `${more}, happened ${happened === 1 ? 'once' : `${happened} times`} so far`;
}

/** What a method is called in a sentence. */
export function methodWords(method) {
  const words = { '*': 'any call', envelope: 'envelope', response_url: 'response URL', trigger_id: 'trigger' };
  return words[method] ?? method;
}
