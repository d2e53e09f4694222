// Input blocks: an element with its label, hint and error, tied together for
// people who do not see them side by side.

import { h, uniqueId } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { element } from './elements.js';
import { plainText } from './text.js';

/** One input block. Its error, when the submit was refused, stands under the field. */
export function inputBlock(block, ctx) {
  const labelId = uniqueId('label');
  const hintId = uniqueId('hint');
  const errorId = uniqueId('error');
  const error = ctx.surface.errors.get(block.block_id);
  const describedBy = [block.hint && hintId, error && errorId].filter(Boolean).join(' ') || undefined;
  const field = element(block.element, {
    ...ctx,
    dispatches: Boolean(block.dispatch_action),
    labelId,
    describedBy,
    error,
    required: !block.optional,
    optional: Boolean(block.optional),
  });
  const label = h(
    'label.input-label',
    { id: labelId },
    plainText(block.label),
    block.optional ? h('span.optional', {}, ' (optional)') : null,
  );
  const target = field.matches('input, textarea, button') ? field : field.querySelector('.text-input, .select');
  if (target) {
    target.id ||= uniqueId('field');
    label.htmlFor = target.id;
  }
  return h(
    'div.input-field',
    { class: error ? 'has-error' : '' },
    label,
    field,
    error
      ? h('p.input-error', { id: errorId, role: 'alert', 'data-testid': 'field-error' }, icon('warning', 15), error)
      : null,
    block.hint ? h('p.input-hint', { id: hintId }, plainText(block.hint)) : null,
  );
}
