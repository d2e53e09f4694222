// Modals: the person's stack of views, of which the top one is shown. The
// server owns the stack; this page shows it, submits and closes.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { forget } from '../ui/reconcile.js';
import { renderBlocks } from '../blockkit/blocks.js';
import { plainText, textString } from '../blockkit/text.js';

// What gets the focus of a new modal: what the app asks for, else the first
// input, else the first thing that can be used at all.
const FIELDS = [
  '[autofocus]',
  '[data-block-type="input"] :is(input:not([type=hidden]), textarea, select, button:not(.rich-tool))',
  '.block :is(input, textarea, select, button:not(.rich-tool), a)',
];

/** Keeps the dialog true to the stack of views. */
export function mountModals(app) {
  const { store } = app;
  const title = h('h2.modal-title', { id: 'modal-title' });
  const depth = h('span.modal-depth');
  const failure = h('div.banner', { role: 'alert', hidden: true, 'data-testid': 'modal-failure' });
  const blocks = h('div.blocks.modal-blocks');
  const foot = h('div.modal-foot');
  const dialog = h(
    'dialog.modal',
    { 'aria-labelledby': 'modal-title', 'data-testid': 'modal' },
    h(
      'div.modal-head',
      {},
      title,
      depth,
      h(
        'button.icon-button',
        {
          type: 'button',
          'aria-label': 'Close all',
          'data-testid': 'modal-dismiss',
          onclick: () => close(true),
        },
        icon('close'),
      ),
    ),
    failure,
    blocks,
    foot,
  );
  document.body.append(dialog);
  let shown = { id: '', hash: '' };
  let busy = false;
  let opener = '';

  const top = () => store.get('stack').at(-1);
  const fail = (sentence) => {
    failure.hidden = false;
    fill(failure, icon('warning', 17), sentence);
  };
  const close = async (all) => {
    const view = top();
    if (!view) return;
    const outcome = await app.post('close', { as: store.get('as'), view_id: view.id, all: all || undefined });
    if (!outcome.ok) fail(outcome.error);
    app.read.modals();
  };
  const submit = async () => {
    const view = top();
    if (busy || !view) return;
    busy = true;
    failure.hidden = true;
    drawFoot(view);
    const surface = app.surfaces.modal(view);
    const outcome = await app.post('submit', {
      as: store.get('as'),
      view_id: view.id,
      state: surface.values.payload(),
    });
    await app.read.modals();
    busy = false;
    const now = top();
    if (now) drawFoot(now);
    if (!outcome.ok && now?.id === view.id && Object.keys(now.errors ?? {}).length === 0) fail(outcome.error);
    blocks.querySelector('.has-error :is(input, textarea, button:not(.rich-tool))')?.focus();
  };
  let footDrawn = '';
  const drawFoot = (view) => {
    // News of the view come while somebody presses: the same view keeps its buttons.
    const signature = JSON.stringify([view.id, view.close, view.submit]);
    if (signature !== footDrawn) {
      footDrawn = signature;
      const before = document.activeElement?.dataset?.testid;
      fill(foot, buttonsOf(view, { close: () => close(false), submit }));
      if (before?.startsWith('modal-')) foot.querySelector(`[data-testid="${before}"]`)?.focus();
    }
    const button = foot.querySelector('[data-testid="modal-submit"]');
    if (!button) return;
    button.disabled = busy;
    button.ariaBusy = busy ? 'true' : null;
  };
  const hide = () => {
    shown = { id: '', hash: '' };
    forget(blocks);
    dialog.close();
    const restored = document.activeElement === document.body ? null : document.activeElement;
    const back = opener ? `[data-focus-key="${CSS.escape(opener)}"]` : '[data-testid="composer"]';
    // Chromium gives the focus back without the caret, and then swallows what is typed.
    restored?.blur();
    (restored ?? document.querySelector(back))?.focus();
  };
  const show = (view) => {
    const another = view.id !== shown.id;
    if (another) {
      forget(blocks);
      blocks.scrollTop = 0;
    }
    if (another || view.hash !== shown.hash) failure.hidden = true;
    const firstTime = !dialog.open;
    if (firstTime) opener = document.activeElement?.closest?.('[data-focus-key]')?.dataset.focusKey ?? '';
    shown = { id: view.id, hash: view.hash };
    dialog.dataset.viewId = view.id;
    dialog.dataset.callbackId = view.callback_id ?? '';
    fill(title, view.title ? plainText(view.title) : '');
    title.title = textString(view.title);
    const count = store.get('stack').length;
    depth.textContent = count > 1 ? `${count} of 3` : '';
    const surface = app.surfaces.modal(view);
    surface.onfailure = fail;
    renderBlocks(blocks, view.blocks, surface, app.env());
    drawFoot(view);
    if (firstTime) dialog.showModal();
    if (another) focusFirst();
  };
  const focusFirst = () => {
    const field = FIELDS.flatMap((one) => [...blocks.querySelectorAll(one)]).find((each) => each.offsetParent !== null);
    (
      field ??
      dialog.querySelector('[data-testid="modal-submit"]') ??
      dialog.querySelector('[data-testid="modal-close"]')
    )?.focus({ preventScroll: true });
  };

  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return; // a file input that was cancelled
    event.preventDefault();
    close(false);
  });
  // A browser may close a dialog that refused Escape twice: then it is closed for the app, too.
  dialog.addEventListener('close', (event) => {
    if (event.target === dialog && shown.id && top()) {
      shown = { id: '', hash: '' };
      close(false);
    }
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !top()?.submit) return;
    event.preventDefault();
    submit();
  });
  store.watch(['stack', 'directory', 'clock'], () => {
    const view = top();
    if (view) show(view);
    else if (dialog.open) hide();
  });
}

function buttonsOf(view, { close, submit }) {
  const label = (text, otherwise) => (text ? plainText(text) : otherwise);
  return [
    h(
      'button.button',
      { type: 'button', 'data-testid': 'modal-close', onclick: close },
      label(view.close, view.submit ? 'Cancel' : 'Close'),
    ),
    view.submit
      ? h(
          'button.button.primary',
          { type: 'button', 'data-testid': 'modal-submit', onclick: submit },
          label(view.submit, 'Submit'),
        )
      : null,
  ];
}
