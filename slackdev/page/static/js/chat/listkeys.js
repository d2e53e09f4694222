// The keyboard in a list of messages: arrows go from message to message, letters
// do something with the one that has the focus.

/** Adds the keys to a list. */
export function attachListKeys(root, app) {
  root.addEventListener('keydown', (event) => {
    const at = event.target.matches('.message') ? event.target : null;
    if (event.target !== root && !at) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...root.querySelectorAll('.message')];
    const index = all.indexOf(at);
    const to = {
      ArrowUp: index < 0 ? all.length - 1 : Math.max(0, index - 1),
      ArrowDown: index < 0 ? all.length - 1 : Math.min(all.length - 1, index + 1),
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to !== undefined) goTo(all[to]);
    else if (at && event.key.toLowerCase() === 't') at.querySelector('[data-testid="reply"]')?.click();
    else if (at && event.key.toLowerCase() === 'm') at.querySelector('[data-testid="message-more"]')?.click();
    else return;
    event.preventDefault();
  });
}

function goTo(message) {
  message?.focus({ preventScroll: true });
  message?.scrollIntoView({ block: 'nearest' });
}
