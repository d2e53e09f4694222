// What was drawn as what: from the JSON of a block or element to its node. Who
// knows a place in the JSON, such as a validator's pointer, finds it on the page.

const nodes = new WeakMap();

/** Remembers that `value` was drawn as `node`; answers the node. */
export function drawn(value, node) {
  if (value && typeof value === 'object') nodes.set(value, node);
  return node;
}

/** The node that this very value was last drawn as, if it was. */
export function drawnAs(value) {
  return value && typeof value === 'object' ? nodes.get(value) : undefined;
}
