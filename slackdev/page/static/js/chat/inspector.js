// The inspector: what went to the app and what came of it, one line of time for
// each interaction, the newest on top. It follows live and keeps the place
// where somebody reads. Beside the timeline there is a section for the limits.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { reconcile } from '../ui/reconcile.js';
import { entry } from './inspectorentry.js';
import { KINDS, figures, filtered } from './inspectorfilter.js';
import { limitsTable } from './limits.js';

/** Fills the inspector and keeps it true. */
export function mountInspector(root, app) {
  const { store } = app;
  const list = h('ol.interactions', { 'data-testid': 'interactions', tabindex: '-1' });
  const newer = h('button.inspector-newer', { type: 'button', hidden: true, 'data-testid': 'inspector-newer', onclick: toTop });
  const state = { paused: null, cleared: 0, seen: 0 };
  const bar = filterBar(() => draw());
  const timeline = h(
    'section.inspector-section',
    { id: 'inspector-timeline', 'data-testid': 'inspector-timeline', 'aria-label': 'Timeline' },
    bar.node,
    newer,
    list,
  );
  const limits = h(
    'section.inspector-section',
    { id: 'inspector-limits', 'data-testid': 'inspector-limits', 'aria-label': 'Limits', hidden: true },
    limitsTable(app),
  );
  const chosen = (section) => section === limits && app.read.limits();
  root.append(head(close, [timeline, limits], chosen), timeline, limits);

  function draw() {
    root.hidden = !store.get('inspector');
    document.body.classList.toggle('inspector-open', !root.hidden);
    if (root.hidden) return;
    const all = (state.paused ?? store.get('interactions')).filter((item) => item.id > state.cleared);
    const shown = filtered(all, bar.values(), store.get('directory')).reverse();
    const waiting = state.paused ? store.get('interactions').filter((item) => item.id > (state.paused.at(-1)?.id ?? 0)).length : 0;
    bar.tell(figures(all), state.paused ? `Paused, ${waiting} more since` : '');
    const hold = anchor(list);
    reconcile(
      list,
      shown.map((item) => ({
        key: String(item.id),
        signature: String(item.rev ?? JSON.stringify(item)),
        build: () => entry(app, item, go),
        update: (node) => node.dispatchEvent(new CustomEvent('redraw', { detail: item })),
      })),
    );
    hold();
    if (list.scrollTop < 4) state.seen = shown[0]?.id ?? 0;
    const unseen = shown.filter((item) => item.id > state.seen).length;
    newer.hidden = unseen === 0;
    fill(newer, icon('back', 13), `${unseen} newer`);
  }

  function toTop() {
    list.scrollTop = 0;
    draw();
  }

  function close() {
    store.set({ inspector: false });
    document.querySelector('[data-testid="inspector-toggle"]')?.focus();
  }

  // Goes to another interaction, showing it even when the filter would not.
  function go(id) {
    const found = () => list.querySelector(`[data-id="${Number(id)}"]`);
    if (!found()) {
      state.cleared = Math.min(state.cleared, id - 1);
      bar.reset();
    }
    found()?.scrollIntoView({ block: 'start' });
    found()?.focus({ preventScroll: true });
  }

  bar.pause.addEventListener('click', () => {
    state.paused = state.paused ? null : store.get('interactions');
    bar.pause.setAttribute('aria-pressed', String(Boolean(state.paused)));
    draw();
  });
  bar.clear.addEventListener('click', () => {
    state.cleared = store.get('interactions').at(-1)?.id ?? 0;
    draw();
  });
  list.addEventListener('scroll', () => list.scrollTop < 4 && !newer.hidden && draw(), { passive: true });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || bar.hasWords(event.target)) return;
    event.preventDefault();
    close();
  });
  store.watch(['inspector', 'interactions', 'directory', 'budget'], draw);
}

// Keeps what somebody looks at where it is while lines are added above it. At
// the top, with nothing opened, new lines push the others down: that is live.
function anchor(list) {
  const top = list.getBoundingClientRect().top;
  const first = [...list.children].find((node) => node.getBoundingClientRect().bottom > top + 1);
  const reading = list.scrollTop >= 4 || list.querySelector('details[open]');
  if (!first || !reading) return () => {};
  const before = first.getBoundingClientRect().top;
  return () => {
    if (first.isConnected) list.scrollTop += first.getBoundingClientRect().top - before;
  };
}

function head(close, sections, chosen) {
  const tabs = sections.map((section) =>
    h(
      'button.tab',
      {
        type: 'button',
        role: 'tab',
        'aria-controls': section.id,
        'data-testid': `${section.id}-tab`,
        onclick: () => {
          choose(section);
          chosen(section);
        },
      },
      section.getAttribute('aria-label'),
    ),
  );
  const row = h('div.tabs.inspector-tabs', { role: 'tablist', 'aria-label': 'Parts of the inspector' }, tabs);
  function choose(wanted) {
    sections.forEach((section, at) => {
      section.hidden = section !== wanted;
      tabs[at].setAttribute('aria-selected', String(section === wanted));
    });
  }
  // A part that nobody fills has no tab, and one part alone needs none.
  const settle = () => {
    tabs[1].hidden = sections[1].childElementCount === 0;
    row.hidden = tabs[1].hidden;
    if (tabs[1].hidden) choose(sections[0]);
  };
  new MutationObserver(settle).observe(sections[1], { childList: true });
  choose(sections[0]);
  settle();
  return h(
    'div.panel-head',
    {},
    h('h2.panel-title', {}, 'Inspector'),
    h('div.panel-where', {}, row),
    h('button.icon-button', { type: 'button', 'aria-label': 'Close the inspector', onclick: close }, icon('close')),
  );
}

function filterBar(changed) {
  const words = h('input.text-input', {
    type: 'search',
    placeholder: 'Filter by words: name, person, method, channel',
    'aria-label': 'Filter the interactions by words',
    'data-testid': 'inspector-filter',
    oninput: changed,
  });
  const kind = h(
    'select.inspector-kind',
    { 'aria-label': 'Filter by kind', 'data-testid': 'inspector-kind', onchange: changed },
    KINDS.map(([value, title]) => h('option', { value }, title)),
  );
  const failed = h('input', { type: 'checkbox', 'data-testid': 'inspector-failed', onchange: changed });
  const pause = tool('Pause', 'inspector-pause', { 'aria-pressed': 'false' });
  const clear = tool('Clear', 'inspector-clear');
  const summary = h('p.inspector-summary');
  const paused = h('p.inspector-paused', { role: 'status' });
  return {
    node: h(
      'div.inspector-bar',
      {},
      words,
      h('div.inspector-tools', {}, kind, h('label.inspector-failed', {}, failed, 'failed only'), pause, clear),
      summary,
      paused,
    ),
    pause,
    clear,
    values: () => ({ words: words.value, kind: kind.value, failed: failed.checked }),
    hasWords: (node) => node === words && words.value !== '',
    tell: (figures, held) => {
      summary.textContent = figures;
      if (paused.textContent !== held) paused.textContent = held;
    },
    reset: () => {
      words.value = '';
      kind.value = '';
      failed.checked = false;
      changed();
    },
  };
}

function tool(words, testid, more = {}) {
  return h('button.inspector-tool', { type: 'button', 'data-testid': testid, ...more }, words);
}
