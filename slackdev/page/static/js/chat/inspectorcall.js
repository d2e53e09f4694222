// One call of the Web API on the time axis of its interaction: a row that opens
// to its arguments, its answer and, when Slack refused its blocks, these with
// each problem under its block.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { asCurl, copyButton, pretty, raw } from './inspectorcopy.js';
import { callStretch, callTimes } from './inspectoraxis.js';
import { changeNode } from './inspectorchange.js';
import { refusedBlocks } from './refused.js';

const TIES = {
  __proto__: null,
  trigger_id: 'by its trigger',
  response_url: 'by its response URL',
  view_id: 'by its view',
  message: 'by its message',
};

/** A call with what it changed. */
export function callNode(app, call, changes, budget) {
  const env = app.env();
  return h(
    'li.row',
    { 'data-testid': 'call', 'data-method': call.method, 'data-state': call.ok ? 'ok' : 'failed' },
    h(
      'details.row-details',
      { open: !call.ok },
      h(
        'summary.row-line',
        {},
        icon(call.ok ? 'check' : 'close', 13),
        h('span.row-name', {}, call.method),
        callStretch(call, budget),
        h('span.row-times', {}, callTimes(call)),
        notes(call),
      ),
      h(
        'div.row-inside',
        {},
        refusedBlocks(withProblems(call), env),
        raw('Arguments', call.args),
        raw('Answer', call.result ?? { status: call.status, error: call.error }),
        h(
          'p.row-tools',
          {},
          copyButton('Copy as curl', `${call.method} as curl`, () => asCurl(call, window.location.origin), 'curl'),
          copyButton('Copy as JSON', `${call.method} as JSON`, () => pretty(call)),
        ),
      ),
    ),
    changes.map((one) => changeNode(one, env.directory)),
  );
}

function notes(call) {
  const words = [
    call.error ? h('span.call-error', {}, call.error) : null,
    call.fault ? h('span.call-fault', {}, icon('bolt', 12), call.fault) : null,
    call.likely
      ? h('span.likely', { title: 'Nothing in the call names its interaction; this was the latest.' }, 'likely')
      : TIES[call.by]
        ? h('span.tie', {}, TIES[call.by])
        : null,
  ].filter(Boolean);
  return words.length > 0 ? h('span.row-notes', {}, words) : null;
}

// An answer to a response URL has its blocks and problems in places of its own.
function withProblems(call) {
  if (!call.problems) return call;
  try {
    const { blocks } = JSON.parse(call.args.body);
    return { ...call, args: { blocks: JSON.stringify(blocks) }, result: { response_metadata: { messages: call.problems } } };
  } catch {
    return call;
  }
}
