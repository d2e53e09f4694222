// The beginning: theme, who acts (from the address), the first reading of
// everything, and the parts of the page, each of which keeps itself true.

import { createApp, firstRead } from './chat/app.js';
import { mountConversation } from './chat/conversation.js';
import { mountGuide } from './chat/guide.js';
import { mountHeading } from './chat/heading.js';
import { mountHome } from './chat/home.js';
import { mountInspector } from './chat/inspector.js';
import { mountModals } from './chat/modals.js';
import { mountSidebar } from './chat/sidebar.js';
import { mountThread } from './chat/thread.js';
import { mountTopbar } from './chat/topbar.js';
import { canAct } from './chat/directory.js';
import { listenForKeys } from './chat/keys.js';
import { followPermalinks } from './chat/permalink.js';
import { fill, h } from './ui/dom.js';
import { icon } from './ui/icons.js';
import { watchPresses } from './ui/press.js';
import { applyTheme } from './ui/theme.js';

const byId = (id) => document.getElementById(id);

applyTheme();
start().catch((error) => {
  byId('failure').hidden = false;
  fill(byId('failure'), icon('warning', 17), `The page could not start: ${error.message}`);
});

async function start() {
  const app = createApp();
  await firstRead(app);
  const address = new URLSearchParams(window.location.search);
  const as = whoActs(app, address.get('as'));
  // Ephemeral messages and modals live until the page is loaded again, as in
  // Slack. A further window of the same person takes nothing from the first.
  if (isReload()) await app.post('reload', { as });
  await app.actAs(as);
  await app.open(placeFrom(app, address));

  mountTopbar(byId('topbar'), app);
  mountSidebar(byId('sidebar'), app);
  mountHeading(byId('heading'), app);
  mountConversation(byId('conversation'), app);
  mountHome(byId('home'), app);
  mountThread(byId('thread'), app);
  mountInspector(byId('inspector'), app);
  mountModals(app);
  mountGuide(byId('guide'), app);
  keepAddress(app);
  showTrouble(app);
  followAppConversation(app);
  followPermalinks(app);
  listenForKeys(app);
  watchPresses(app.store.hold, app.store.letGo);
  byId('scrim').addEventListener('click', () => app.store.set({ drawer: false }));
  document.documentElement.dataset.ready = 'true';
}

function isReload() {
  return performance.getEntriesByType('navigation')[0]?.type === 'reload';
}

function whoActs(app, wanted) {
  const people = app.store.get('workspace').users.filter(canAct);
  return (people.find((user) => user.id === wanted || user.name === wanted) ?? people[0])?.id ?? '';
}

function placeFrom(app, address) {
  if (address.get('tab')) return { tab: address.get('tab') === 'messages' ? 'messages' : 'home' };
  const wanted = app.store.get('conversations').find((one) => one.id === address.get('channel'));
  return wanted ? { channel: wanted.id } : app.firstPlace();
}

// The address names person and place, so that a window can be kept, shared and
// walked back through.
function keepAddress(app) {
  let entered = false;
  app.store.watch(['as', 'place'], () => {
    const as = app.store.get('as');
    const place = app.store.get('place');
    if (!place) return; // one person has gone, the other has not arrived
    const address = new URLSearchParams({ as });
    if (place.tab) address.set('tab', place.tab);
    else if (place.channel) address.set('channel', place.channel);
    if (!entered) window.history.replaceState(null, '', `/?${address}`);
    else if (window.location.search !== `?${address}`) window.history.pushState(null, '', `/?${address}`);
    entered = true;
    document.documentElement.dataset.as = as;
    const where = place.tab ? app.store.get('workspace').app.name : app.store.get('directory').label(place.channel);
    document.title = `${where} | ${app.me()?.real_name ?? ''} | ${app.store.get('workspace').team.name}`;
  });
  window.addEventListener('popstate', async () => {
    const { search } = window.location;
    const address = new URLSearchParams(search);
    const as = whoActs(app, address.get('as'));
    if (as !== app.store.get('as')) await app.actAs(as);
    if (search === window.location.search) app.open(placeFrom(app, address));
  });
}

function showTrouble(app) {
  app.store.watch(['online', 'failure'], () => {
    const sentence =
      app.store.get('failure') || (app.store.get('online') ? '' : 'The line to the workspace is down; trying again.');
    byId('failure').hidden = sentence === '';
    fill(byId('failure'), h('span', {}, icon('warning', 17)), sentence);
  });
}

// The direct message with the app begins with its first message: the Messages
// tab that was open before then follows it.
function followAppConversation(app) {
  app.store.watch(['conversations'], () => {
    const place = app.store.get('place');
    const im = app.appConversation();
    if (!place?.tab || !im || place.channel === im.id) return;
    app.store.set({ place: { ...place, channel: im.id } });
    app.read.messages();
  });
}
