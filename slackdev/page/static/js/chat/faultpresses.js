// The faults that are wanted most, each one press away.

import { h } from '../ui/dom.js';
import { part, press } from './faultpart.js';

const CALLS = [
  { id: '429', label: '429, wait 30 s', body: { retry_after: 30 }, done: 'The next call is answered 429.' },
  { id: '500', label: '500', body: { status: 500 }, done: 'The next call is answered 500.' },
  {
    id: 'stored-500',
    label: 'Posted, yet 500',
    title: 'The next message is posted and its call answered 500',
    body: { method: 'chat.postMessage', stored_then_status: 500 },
    done: 'The next message is posted and answered 500.',
  },
  {
    id: 'lost',
    label: 'Answer lost',
    title: 'The next call is done, and the connection is cut without an answer',
    body: { lose_answer: true },
    done: 'The answer to the next call is lost.',
  },
  {
    id: 'update-timeout',
    label: 'Update times out',
    title: 'The next chat.update waits 30 seconds and is never answered',
    body: { method: 'chat.update', timeout: '30s' },
    done: 'The next chat.update times out.',
  },
  {
    id: 'hang',
    label: 'Hang',
    title: 'The next call waits until it is released here',
    body: { hang: true },
    done: 'The next call hangs until it is released.',
  },
  {
    id: 'hash',
    label: 'Hash conflict',
    title: 'The next views.update is told that the view has changed',
    body: { method: 'views.update', code: 'hash_conflict' },
    done: 'The next views.update conflicts.',
  },
  {
    id: 'trigger',
    label: 'Expired trigger',
    title: 'The next trigger is expired when the app gets it',
    body: { method: 'trigger_id', code: 'expired_trigger_id' },
    done: 'The next trigger is expired.',
  },
];

const ENVELOPES = [
  { id: 'drop', label: 'Drop', body: { envelope: 'drop' }, done: 'The next envelope is dropped.' },
  { id: 'double', label: 'Double', body: { envelope: 'duplicate' }, done: 'The next envelope is sent twice.' },
  {
    id: 'reorder',
    label: 'Reorder',
    title: 'The next envelope waits for the one after it',
    body: { envelope: 'reorder' },
    done: 'The next envelope waits for the one after it.',
  },
  {
    id: 'redeliver',
    label: 'Send the last again',
    body: { envelope: 'redeliver' },
    done: 'The last envelope was sent again.',
  },
];

const REASONS = ['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'];

/** Three parts of the panel: the next call, the next envelope, the sockets. */
export function faultPresses(order) {
  const row = (...presses) => h('div.fault-presses', {}, presses);
  return [
    part('The next call', row(CALLS.map((one) => press(order, one)))),
    part('The next envelope', row(ENVELOPES.map((one) => press(order, one)))),
    part(
      'Disconnect every socket',
      row(
        REASONS.map((reason) =>
          press(order, {
            id: reason,
            label: reason,
            path: 'disconnect',
            body: { reason },
            done: `Every socket was told ${reason}.`,
          }),
        ),
      ),
    ),
  ];
}
