// Acting: what happens between a click on an element and the bot hearing of it.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { confirmDialog } from '../ui/dialog.js';
import { textObject } from './text.js';

/**
 * Sends a block_actions for an element: asks its confirm first, marks `node` as
 * busy while the app has not acknowledged, and as failed when it did not.
 * Answers false when the person declined.
 */
export async function act(element, ctx, action, node) {
  if (element.confirm && !(await confirmed(element.confirm, ctx.env))) return false;
  const around = node.matches('input, textarea') ? node.parentElement : node; // inputs hold no nodes
  node.setAttribute('aria-busy', 'true');
  around?.querySelector(':scope > .failed')?.remove();
  try {
    const outcome = await ctx.surface.act(ctx.blockId, element.action_id, { type: element.type, ...action });
    if (!outcome.ok)
      around?.append(
        h('span.failed', { title: outcome.error, role: 'img', 'aria-label': outcome.error }, icon('warning', 15)),
      );
  } finally {
    node.removeAttribute('aria-busy');
  }
  return true;
}

/**
 * Keeps a new value of a stateful element and, where the element speaks at once
 * (everywhere but in an input block without dispatch_action), tells the bot.
 * `redraw` shows the value in force: it runs again when a confirm was declined.
 */
export async function choose(element, ctx, change, node, redraw) {
  const { values } = ctx.surface;
  const { type, ...before } = values.get(ctx.blockId, element.action_id) ?? {};
  values.set(ctx.blockId, element, change);
  redraw();
  if (!ctx.dispatches || (await act(element, ctx, change, node))) return;
  values.set(ctx.blockId, element, before);
  redraw();
}

/** The present value of an element, without its type. */
export function valueOf(element, ctx) {
  return ctx.surface.values.get(ctx.blockId, element.action_id) ?? {};
}

/** Attributes that every element carries: hooks for browsers that are driven, words for assistive technology. */
export function elementAttributes(element, ctx) {
  return {
    'data-testid': 'element',
    'data-action-id': element.action_id ?? '',
    'data-element-type': element.type,
    'data-focus-key': `${ctx.blockId}/${element.action_id}`,
    'aria-labelledby': ctx.labelId,
    'aria-describedby': ctx.describedBy,
    'aria-invalid': ctx.error ? 'true' : undefined,
    'aria-required': ctx.required ? 'true' : undefined,
  };
}

function confirmed(confirm, env) {
  return confirmDialog({
    title: h('span', {}, textObject(confirm.title, env) || 'Are you sure?'),
    text: h('div.mrkdwn', {}, textObject(confirm.text, env)),
    yes: textObject(confirm.confirm, env) || 'Yes',
    no: textObject(confirm.deny, env) || 'Cancel',
    danger: confirm.style === 'danger',
  });
}
