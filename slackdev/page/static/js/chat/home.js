// The app's Home tab: a view that is drawn for one person.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { forget } from '../ui/reconcile.js';
import { renderBlocks } from '../blockkit/blocks.js';

/** Fills the Home tab and keeps it true. */
export function mountHome(root, app) {
  const { store } = app;
  const failure = h('div.banner', { role: 'alert', hidden: true });
  const blocks = h('div.blocks.home-blocks', { 'data-testid': 'home-view' });
  const empty = h('div.empty', { hidden: true }, icon('home', 30), h('p'));
  root.append(failure, empty, blocks);
  let shown;

  store.watch(['home', 'place', 'directory', 'clock'], () => {
    root.hidden = store.get('place')?.tab !== 'home';
    const view = store.get('home');
    if (root.hidden || view === undefined) return;
    empty.hidden = Boolean(view);
    if (!view) {
      forget(blocks);
      shown = undefined;
      const { name } = store.get('workspace').app;
      empty.lastElementChild.textContent = `${name} has not published a Home for ${app.me()?.real_name ?? 'you'} yet.`;
      return;
    }
    const surface = app.surfaces.home(view);
    surface.onfailure = (sentence) => {
      failure.hidden = false;
      fill(failure, icon('warning', 17), sentence);
    };
    if (shown !== view.hash) failure.hidden = true;
    shown = view.hash;
    renderBlocks(blocks, view.blocks, surface, app.env());
  });
}
