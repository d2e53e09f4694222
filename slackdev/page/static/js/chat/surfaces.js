// Surfaces: a message, a modal or the Home tab, as something a person acts on.
// Each keeps what was typed and chosen on it, across redraws and visits.

import { Values } from '../blockkit/values.js';

/** The surfaces of one page; clear() forgets them when the person changes. */
export function createSurfaces(app) {
  const kept = new Map();

  const surface = (key, kind, where) => {
    if (!kept.has(key)) kept.set(key, makeSurface(app, kind, where));
    return kept.get(key);
  };

  return {
    message: (channel, ts) => surface(`message ${channel} ${ts}`, 'message', { channel, ts }),
    modal: (view) => withView(surface(`view ${view.id}`, 'modal', { view_id: view.id }), view),
    home: (view) => withView(surface(`view ${view.id}`, 'home', { view_id: view.id }), view),
    clear: () => kept.clear(),
  };
}

function withView(surface, view) {
  surface.serverState = view.state;
  surface.errors = new Map(Object.entries(view.errors ?? {}));
  return surface;
}

function makeSurface(app, kind, where) {
  const surface = {
    kind,
    where,
    values: new Values(),
    errors: new Map(), // block_id -> sentence, after a refused submit
    serverState: undefined,
    /** Sends a block_actions; the outcome says whether the app acknowledged it. */
    async act(blockId, actionId, action) {
      const outcome = await app.post('action', {
        as: app.store.get('as'),
        ...where,
        block_id: blockId,
        action_id: actionId,
        action,
        state: surface.values.payload(),
      });
      if (!outcome.ok) surface.failed(outcome.error);
      if (outcome.warnings?.length) surface.failed(outcome.warnings.join(' '));
      app.read.modals();
      return outcome;
    },
    /** Uploads a file and puts it into a file input; the outcome has what is in it then. */
    attach: (blockId, actionId, file) =>
      app.post('upload', { as: app.store.get('as'), ...where, block_id: blockId, action_id: actionId, ...file }),
    /** Asks the app for options while somebody types. */
    suggest: (blockId, actionId, value) =>
      app.post('suggest', {
        as: app.store.get('as'),
        ...where,
        block_id: blockId,
        action_id: actionId,
        value,
      }),
    /** Shows a failure where the person is looking. */
    failed(sentence) {
      if (kind === 'message')
        app.note(sentence, { channel: where.channel, thread: threadOf(app, where), at: where.ts });
      else surface.onfailure?.(sentence);
    },
  };
  return surface;
}

// A failure on a reply is told in the thread it stands in.
function threadOf(app, { ts }) {
  const replies = app.store.get('replies');
  return replies?.list.some((message) => message.ts === ts && message.ts !== replies.ts) ? replies.ts : '';
}
