// The bar over everything: whose workspace, what time it is there, what can be
// made to happen in it, what the app offers everywhere, and who is acting.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { menuButton } from '../ui/menu.js';
import { currentTheme, toggleTheme } from '../ui/theme.js';
import { actionsButton } from './actions.js';
import { clockButton } from './clock.js';
import { faultsButton } from './faults.js';
import { isEnvelope } from './inspectorfilter.js';
import { switcher } from './switcher.js';

/** Fills the top bar. */
export function mountTopbar(root, app) {
  const { store } = app;
  root.append(
    drawerButton(app),
    h('div.brand', {}, h('span.brand-mark', {}, icon('package', 18)), h('span.brand-name', {}, 'slackdev')),
    h('div.topbar-space'),
    clockButton(app),
    actionsButton(app),
    h('div.topbar-space'),
    faultsButton(app),
    shortcutsButton(app),
    inspectorButton(store),
    themeButton(),
    switcher(app),
  );
}

function drawerButton({ store }) {
  const button = h(
    'button.icon-button.drawer-button',
    {
      type: 'button',
      'aria-controls': 'sidebar',
      'data-testid': 'drawer',
      onclick: () => store.set({ drawer: !store.get('drawer') }),
    },
    icon('menu'),
  );
  const dot = h('span.drawer-dot', { 'aria-hidden': 'true', hidden: true });
  button.append(dot);
  store.watch(['conversations', 'place'], () => {
    const here = store.get('place')?.channel;
    dot.hidden = !store.get('conversations').some((one) => one.unread > 0 && one.id !== here);
  });
  store.watch(['drawer'], () => {
    button.setAttribute('aria-expanded', String(store.get('drawer')));
    button.setAttribute('aria-label', store.get('drawer') ? 'Hide the conversations' : 'Show the conversations');
    document.body.classList.toggle('drawer-open', store.get('drawer'));
  });
  return button;
}

function shortcutsButton(app) {
  const button = h(
    'button.icon-button',
    { type: 'button', 'aria-label': 'Shortcuts', title: 'Shortcuts', 'data-testid': 'shortcuts' },
    icon('bolt'),
  );
  menuButton(button, () => {
    const { name, shortcuts } = app.store.get('workspace').app;
    const global = (shortcuts ?? []).filter((one) => one.type === 'global');
    if (global.length === 0) return [{ heading: `${name} has no global shortcuts.` }];
    return [
      { heading: `Shortcuts of ${name}` },
      ...global.map((one) => ({
        label: one.name,
        description: one.description,
        icon: icon('bolt', 16),
        testid: 'shortcut',
        data: { callbackId: one.callback_id },
        onselect: async () => {
          const outcome = await app.post('shortcut', { as: app.store.get('as'), callback_id: one.callback_id });
          if (!outcome.ok) app.note(outcome.error);
          app.read.modals();
        },
      })),
    ];
  });
  return button;
}

function inspectorButton(store) {
  const ack = h('span.last-ack');
  const button = h(
    'button.icon-button.inspector-button',
    {
      type: 'button',
      'aria-controls': 'inspector',
      'aria-label': 'Inspector',
      title: 'Inspector: what went to the app and came back',
      'data-testid': 'inspector-toggle',
      onclick: () => store.set({ inspector: !store.get('inspector') }),
    },
    icon('pulse'),
    ack,
  );
  store.watch(['inspector'], () => button.setAttribute('aria-expanded', String(store.get('inspector'))));
  store.watch(['interactions'], () => {
    const last = store.get('interactions').findLast(isEnvelope);
    ack.textContent = last
      ? last.outcome === 'ok'
        ? `${Math.round(last.ack_ms)} ms`
        : last.outcome === 'waiting'
          ? '…'
          : 'failed'
      : '';
    ack.classList.toggle('bad', Boolean(last) && !['ok', 'waiting'].includes(last.outcome));
  });
  return button;
}

function themeButton() {
  const button = h('button.icon-button', { type: 'button', 'data-testid': 'theme' });
  const show = (theme) => {
    fill(button, icon(theme === 'dark' ? 'sun' : 'moon'));
    const words = theme === 'dark' ? 'Light theme' : 'Dark theme';
    button.setAttribute('aria-label', words);
    button.title = words;
  };
  button.addEventListener('click', () => show(toggleTheme()));
  show(currentTheme());
  return button;
}
