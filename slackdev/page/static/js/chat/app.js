// The page's centre: what it knows (the store), how it reads it anew when the
// server says that something changed, and who is acting.

import { listen, post, read } from './api.js';
import { createDirectory } from './directory.js';
import { coalesced, createStore } from './store.js';
import { createSurfaces } from './surfaces.js';

const KEPT = 200;

/** Makes the app. Components get it and use its store, env(), readers (app.read) and acts. */
export function createApp() {
  const store = createStore({
    as: '',
    workspace: null,
    conversations: [],
    directory: createDirectory(null, []),
    place: null,
    messages: null,
    thread: null,
    replies: null,
    pins: null,
    reveal: null,
    home: undefined,
    stack: [],
    notes: [],
    interactions: [],
    budget: 3000, // milliseconds for an ack
    actions: [],
    faults: null,
    limits: null,
    clock: { now: new Date(), read: performance.now(), frozen: false },
    online: true,
    failure: '',
    inspector: false,
    drawer: false,
  });
  let hangUp = () => {};

  const app = {
    store,
    post,
    /** The workspace's present moment. */
    now() {
      const { now, read: at, frozen } = store.get('clock');
      return frozen ? now : new Date(now.getTime() + performance.now() - at);
    },
    me: () => store.get('directory').user(store.get('as')),
    /** The reader: everything a renderer must know of who looks and when. */
    env: () => ({
      directory: store.get('directory'),
      me: store.get('as'),
      zone: app.me()?.tz || 'UTC',
      now: app.now(),
      place: store.get('place')?.channel,
      openConversation: (id) => app.open({ channel: id }),
    }),
    /** The direct message between the person and the app, once it exists. */
    appConversation() {
      const id = store.get('workspace')?.app.user_id;
      return store.get('conversations').find((one) => one.kind === 'im' && one.user === id);
    },
    /** The app's tabs, as its manifest has them. */
    tabs() {
      const { home_tab: home, messages_tab: messages } = store.get('workspace').app;
      return [home === false ? '' : 'home', messages === false ? '' : 'messages'].filter(Boolean);
    },
    /** Where a person begins: the first channel they are in, else the app's Home. */
    firstPlace() {
      const joined = store.get('conversations').filter((one) => one.kind !== 'im' && one.is_member && !one.is_archived);
      return joined.length > 0 ? { channel: joined[0].id } : { tab: 'home' };
    },
    /** Goes to {channel} or to the app: {tab: 'home' | 'messages'}; the promise ends when that was read. */
    open: (place) => goTo(app, place),
    openThread(ts) {
      // On most screens there is room for one panel beside the conversation: the one asked for last.
      if (ts && !window.matchMedia('(min-width: 1501px)').matches) store.set({ inspector: false });
      store.set({ thread: ts ? { channel: store.get('place')?.channel, ts } : null, replies: null });
      if (ts) app.read.replies();
    },
    /** Shows a failure in a conversation, to this person only: under the message `at`, else at the end. */
    note(text, { channel = store.get('place')?.channel, thread = '', at = lastTs(store, app) } = {}) {
      const note = { id: `note-${Date.now()}-${store.get('notes').length}`, text, channel, thread, at: Number(at) };
      store.set({ notes: [...store.get('notes'), note] });
    },
    dismiss: (id) => store.set({ notes: store.get('notes').filter((note) => note.id !== id) }),
    /** Changes who is acting, without loading the page again. */
    actAs(id) {
      store.set({
        as: id,
        place: null,
        conversations: [],
        messages: null,
        thread: null,
        replies: null,
        pins: null,
        reveal: null,
        home: undefined,
        stack: [],
        notes: [],
      });
      app.surfaces.clear();
      hangUp();
      hangUp = listen(id, events(app), (online, missed) => {
        if (online && (missed || !store.get('online'))) app.read.everything();
        store.set({ online });
      });
      return app.read.everything();
    },
  };
  app.surfaces = createSurfaces(app);
  app.read = readers(app);
  return app;
}

function events(app) {
  const { read: again, store } = app;
  return {
    workspace: again.workspace,
    conversations: again.conversations,
    messages: ({ channel }) => {
      again.conversations();
      if (channel === store.get('place')?.channel) {
        again.messages();
        again.pins();
      }
      if (channel === store.get('thread')?.channel) again.replies();
    },
    home: again.home,
    modals: again.modals,
    interactions: () => {
      again.interactions();
      // An envelope may be what a fault was waiting for.
      if (store.get('faults')?.armed?.some((one) => one.method === 'envelope')) again.faults();
    },
    actions: again.actions,
    faults: again.faults,
    clock: ({ now, frozen }) => {
      again.actions(); // what is offered may depend on the time
      if (now) store.set({ clock: { now: new Date(now), read: performance.now(), frozen: Boolean(frozen) } });
    },
  };
}

// Each reader fetches one thing for the present person and place, and drops the
// answer when person or place have changed meanwhile.
function readers(app) {
  const { store } = app;
  const reader = (fetchIt, stamp = () => store.get('as')) =>
    coalesced(async () => {
      const before = stamp();
      if (!before) return;
      try {
        const patch = await fetchIt();
        if (stamp() === before) store.set({ ...patch, failure: '' });
      } catch (error) {
        if (stamp() === before) store.set({ failure: error.message });
      }
    });
  const as = () => store.get('as');
  const placeStamp = () => store.get('place')?.channel && `${as()} ${store.get('place').channel}`;
  const threadStamp = () => store.get('thread') && `${as()} ${store.get('thread').channel} ${store.get('thread').ts}`;

  let revision = 0; // of the interactions that were read: only what is newer is asked for
  const again = {
    workspace: reader(async () => workspacePatch(store, await read('workspace'))),
    conversations: reader(async () => {
      const { conversations } = await read('conversations', { as: as() });
      return { conversations, directory: createDirectory(store.get('workspace'), conversations) };
    }),
    messages: reader(async () => {
      const { channel } = store.get('place');
      const { messages } = await read('messages', { as: as(), channel });
      return { messages: { channel, list: messages ?? [] } };
    }, placeStamp),
    pins: reader(async () => {
      const { channel } = store.get('place');
      const { pins, bookmarks } = await read('pins', { as: as(), channel });
      return { pins: { channel, pins: pins ?? [], bookmarks: bookmarks ?? [] } };
    }, placeStamp),
    replies: reader(async () => {
      const { channel, ts } = store.get('thread');
      const { messages } = await read('messages', { as: as(), channel, thread_ts: ts });
      return { replies: { channel, ts, list: messages ?? [] } };
    }, threadStamp),
    home: reader(async () => ({ home: (await read('home', { as: as() })).view ?? null })),
    modals: reader(async () => ({ stack: (await read('modals', { as: as() })).stack ?? [] })),
    actions: reader(async () => ({ actions: (await read('actions')).actions ?? [] })),
    faults: reader(async () => ({ faults: await read('faults') })),
    limits: reader(async () => ({ limits: await read('limits') })),
    interactions: reader(async () => {
      const { items, rev, budget_ms: budget = 3000 } = await read('interactions', { rev: revision });
      const list = new Map(revision ? store.get('interactions').map((item) => [item.id, item]) : []);
      for (const item of items ?? []) list.set(item.id, item);
      revision = rev ?? 0;
      return { budget, interactions: [...list.values()].sort((a, b) => a.id - b.id).slice(-KEPT) };
    }),
    async everything() {
      revision = 0; // the workspace may be another one
      await again.workspace();
      await again.conversations();
      await Promise.all([
        again.messages(),
        again.pins(),
        again.replies(),
        again.home(),
        again.modals(),
        again.interactions(),
        again.actions(),
        again.faults(),
      ]);
    },
  };
  return again;
}

/** Reads the workspace before anybody acts. Throws when it cannot. */
export async function firstRead(app) {
  app.store.set(workspacePatch(app.store, await read('workspace')));
}

function workspacePatch(store, workspace) {
  return {
    workspace,
    directory: createDirectory(workspace, store.get('conversations')),
    clock: { now: new Date(workspace.now), read: performance.now(), frozen: Boolean(workspace.frozen) },
  };
}

function goTo(app, place) {
  const { store } = app;
  const next = { ...place };
  if (next.tab) next.channel = app.appConversation()?.id;
  const same = store.get('place')?.channel === next.channel && store.get('place')?.tab === next.tab;
  store.set({ place: next, drawer: false });
  if (same) return Promise.resolve();
  store.set({ messages: null, thread: null, replies: null, pins: null, reveal: null });
  if (next.tab)
    app.post('home_opened', { as: store.get('as'), tab: next.tab }).then((outcome) => tellFailure(app, outcome));
  return Promise.all([app.read.messages(), app.read.pins(), next.tab === 'home' ? app.read.home() : null]);
}

function tellFailure(app, outcome) {
  if (!outcome.ok) app.store.set({ failure: outcome.error });
}

// Notes stand where they happened: after the last message there was.
function lastTs(store, app) {
  const last = store.get('messages')?.list.at(-1)?.ts;
  return Math.max(Number(last ?? 0), app.now().getTime() / 1000);
}
