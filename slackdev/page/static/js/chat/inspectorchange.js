// What a call or an ack changed on people's screens: a sentence for each change,
// and, of what was there before, the lines of JSON that are different.

import { h } from '../ui/dom.js';
import { diffLines, folded } from '../ui/diff.js';
import { icon } from '../ui/icons.js';
import { pretty, raw } from './inspectorcopy.js';

const SENTENCES = {
  __proto__: null,
  message_posted: (one, where) => `${one.thread_ts ? 'reply' : 'message'} posted in ${where}`,
  message_updated: (one, where) => `message updated in ${where}`,
  message_deleted: (one, where) => `message deleted in ${where}`,
  ephemeral_posted: (one, where, who) => `message for ${who} alone in ${where}`,
  ephemeral_updated: (one, where, who) => `message for ${who} alone updated in ${where}`,
  ephemeral_deleted: (one, where, who) => `message for ${who} alone deleted in ${where}`,
  modal_opened: (one, where, who) => `modal opened for ${who}`,
  modal_pushed: (one, where, who) => `modal pushed for ${who}`,
  modal_updated: (one, where, who) => `modal of ${who} updated`,
  modal_closed: (one, where, who) => `modal of ${who} closed`,
  modal_errors: (one, where, who) => `errors shown in the modal of ${who}`,
  home_published: (one, where, who) => `Home published for ${who}`,
  file_shared: (one, where) => `file shared in ${where}`,
  pinned: (one, where) => `message pinned in ${where}`,
  unpinned: (one, where) => `message unpinned in ${where}`,
  bookmark_added: (one, where) => `bookmark added to ${where}`,
  bookmark_edited: (one, where) => `bookmark of ${where} changed`,
  bookmark_removed: (one, where) => `bookmark removed from ${where}`,
  reaction_added: (one, where) => `reaction added in ${where}`,
  reaction_removed: (one, where) => `reaction removed in ${where}`,
  joined: (one, where) => `joined ${where}`,
  left: (one, where) => `left ${where}`,
  channel_created: (one, where) => `${where} made`,
  channel_archived: (one, where) => `${where} archived`,
  channel_renamed: (one, where) => `${where} renamed`,
  topic_set: (one, where) => `topic of ${where} set`,
  purpose_set: (one, where) => `description of ${where} set`,
};

/** What happened, in words: "message posted in #general". */
export function changeWords(one, directory) {
  const where = one.channel ? directory.label(one.channel) : '';
  const who = one.user ? directory.label(one.user) : '';
  return SENTENCES[one.kind]?.(one, where, who) ?? `${one.kind.replaceAll('_', ' ')} ${where}${who}`;
}

/** A change as the opened line shows it. */
export function changeNode(one, directory) {
  return h(
    'div.change',
    { 'data-testid': 'change', 'data-kind': one.kind },
    h(
      'p.change-line',
      { title: one.ts ?? one.view_id ?? '' },
      icon('eye', 14),
      h('span.change-words', {}, changeWords(one, directory)),
      one.text ? h('q.change-text', {}, one.text) : null,
    ),
    one.before && one.after ? difference(one) : raw('As JSON', one.after ?? one.before ?? without(one)),
  );
}

function without(one) {
  const { at_ms: _at, call: _call, ...rest } = one;
  return rest;
}

function difference(one) {
  const lines = h('div.json.diff', { tabindex: '0', role: 'group', 'aria-label': 'Lines that are different' });
  const details = h(
    'details.raw',
    { 'data-testid': 'difference', ontoggle: write },
    h('summary', {}, 'What is different'),
    lines,
    raw('Before', one.before),
    raw('After', one.after),
  );
  function write() {
    if (!details.open || lines.firstChild) return;
    const found = folded(diffLines(pretty(one.before).split('\n'), pretty(one.after).split('\n')));
    if (!found.some(({ mark }) => mark === '+' || mark === '-')) {
      lines.append('Nothing: what is there now is what was there before.');
      return;
    }
    lines.append(...found.map(({ mark, text }) => h('div.diff-line', { 'data-mark': mark }, mark === ' ' ? '  ' : `${mark} `, text)));
  }
  return details;
}
