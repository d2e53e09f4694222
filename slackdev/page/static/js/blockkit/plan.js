// What an assistant shows of its work: a plan is a list of tasks, a task has a
// state, and opens on its details, its output and where it looked.

import { externalLink, h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { richText } from './richtext.js';

// A state's word for people who do not see its mark.
const STATES = {
  __proto__: null,
  pending: 'Pending',
  in_progress: 'In progress',
  complete: 'Complete',
  error: 'Failed',
};
const MARKS = { __proto__: null, complete: 'check', error: 'close' };

/** A plan: its title and its tasks, which can be folded away. */
export function planBlock(block, ctx) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter(({ status }) => status === 'complete').length;
  return h(
    'details.plan',
    { open: true },
    h(
      'summary.plan-head',
      {},
      h('span.plan-title', {}, words(block.title)),
      tasks.length > 0 ? h('span.plan-count', {}, `${done} of ${tasks.length}`) : null,
      icon('down', 18),
    ),
    h('div.plan-tasks', {}, tasks.map(ctx.drawBlock)),
  );
}

/** One task, alone or in a plan. */
export function taskCard(block, ctx) {
  const state = block.status in STATES ? block.status : 'pending';
  const head = [
    h(
      'span.task-mark',
      { class: `task-${state}`, role: 'img', 'aria-label': STATES[state], title: STATES[state] },
      mark(state),
    ),
    h('span.task-title', { class: block.hide_title ? 'unseen' : '' }, words(block.title)),
  ];
  const inside = [
    block.details ? richText(block.details, ctx.env) : null,
    block.output ? h('div.task-output', {}, richText(block.output, ctx.env)) : null,
    block.sources?.length ? sources(block.sources) : null,
  ].filter(Boolean);
  if (inside.length === 0) return h('div.task', {}, h('div.task-head', {}, head));
  return h(
    'details.task',
    { open: state === 'in_progress' || state === 'error' },
    h('summary.task-head', {}, head, icon('down', 16)),
    h('div.task-inside', {}, inside),
  );
}

function mark(state) {
  return MARKS[state] ? icon(MARKS[state], 13) : null;
}

function sources(list) {
  return h(
    'ul.task-sources',
    { 'aria-label': 'Sources' },
    list.map(({ url, text }) => h('li', {}, externalLink(url, text || url))),
  );
}

// Titles of plans and tasks are strings; a text object is what apps send by mistake.
function words(title) {
  return typeof title === 'object' ? String(title?.text ?? '') : String(title ?? '');
}
