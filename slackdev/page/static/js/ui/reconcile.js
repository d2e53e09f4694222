// Redraws lists without throwing away what has not changed. People type into
// inputs inside messages while the bot redraws the message around them, so a
// node whose data is the same must stay the same node.

const memory = new WeakMap(); // container -> Map(key -> {signature, node})

/**
 * Makes the children of `container` match `entries`, in order.
 * Each entry is {key, signature, build(), update?(node)}:
 * same signature keeps the node; a changed one calls update(node) if given,
 * else build() makes a new node in its place.
 */
export function reconcile(container, entries) {
  const before = memory.get(container) ?? new Map();
  const after = new Map();
  const focus = rememberFocus(container);
  entries.forEach((entry) => {
    const old = before.get(entry.key);
    let node = old?.node;
    if (!node || (old.signature !== entry.signature && !entry.update)) node = entry.build();
    else if (old.signature !== entry.signature) entry.update(node);
    after.set(entry.key, { signature: entry.signature, node });
  });
  for (const [key, { node }] of before) {
    if (after.get(key)?.node !== node) node.remove();
  }
  let at = container.firstChild;
  for (const { node } of after.values()) {
    if (node === at) at = at.nextSibling;
    else container.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
  memory.set(container, after);
  restoreFocus(container, focus);
}

/** Forgets the container, so that the next reconcile draws everything anew. */
export function forget(container) {
  memory.delete(container);
  container.replaceChildren();
}

function rememberFocus(container) {
  const active = document.activeElement;
  if (!active || active === container || !container.contains(active)) return null;
  const owner = active.closest('[data-focus-key]');
  if (!owner) return null;
  const focus = { key: owner.dataset.focusKey, active };
  if (typeof active.selectionStart === 'number') focus.range = [active.selectionStart, active.selectionEnd];
  return focus;
}

function restoreFocus(container, focus) {
  if (!focus || focus.active === document.activeElement) return;
  const owner = container.querySelector(`[data-focus-key="${CSS.escape(focus.key)}"]`);
  if (!owner) return;
  const target = owner.matches('input, textarea, button, a')
    ? owner
    : owner.querySelector('input, textarea, button, a');
  target?.focus({ preventScroll: true });
  if (!focus.range || !target?.setSelectionRange) return;
  try {
    target.setSelectionRange(...focus.range);
  } catch {
    // Inputs of type email and number have no selection to restore.
  }
}
