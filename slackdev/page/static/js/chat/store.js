// What the page knows, in one place. Parts of the page read it and are told
// when what they read has changed; nobody else keeps a copy.

/** Makes a store with these first values. */
export function createStore(values) {
  const state = { ...values };
  const listeners = []; // {keys, run}
  let changed = new Set();
  let held = false;

  const tell = () => {
    if (held) return;
    const keys = changed;
    changed = new Set();
    for (const { keys: wanted, run } of listeners) {
      if (!wanted.some((key) => keys.has(key))) continue;
      try {
        run();
      } catch (error) {
        reportError(error); // one part that fails must not stop the others
      }
    }
  };

  return {
    get: (key) => state[key],
    /** Sets values; those who read them run once, after the present task. */
    set(patch) {
      for (const [key, value] of Object.entries(patch)) {
        if (state[key] === value) continue;
        state[key] = value;
        if (changed.size === 0) queueMicrotask(tell);
        changed.add(key);
      }
    },
    /** Holds back what is to be told until it is let go. */
    hold() {
      held = true;
    },
    letGo() {
      held = false;
      tell();
    },
    /** Runs `run` now and whenever one of the keys has changed. */
    watch(keys, run) {
      listeners.push({ keys, run });
      run();
    },
  };
}

/**
 * Makes an async function that never runs twice at once: calls during a run
 * lead to one more run after it, so the last answer is never an old one.
 */
export function coalesced(work) {
  let running = null;
  let again = false;
  return () => {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      try {
        do {
          again = false;
          await work();
        } while (again);
      } finally {
        running = null;
      }
    })();
    return running;
  };
}
