// Points at a control or a message by its words: a ring around it, which stays while
// the bot redraws what is under it.

// A modal that an act opens comes while its trigger lives, in ms: what it covers is
// scrolled to again when it is closed.
const OPENS_WITHIN = 3000;

const CONTROLS = 'button, [role="button"], [data-testid="element"]';

/** Makes a pointer: at({point, near}) rings it, at(undefined) nothing; show() scrolls to it. */
export function keepPointing() {
  let wanted;
  let ringed;
  let waiting = 0;
  let scroll = false;
  let since = 0;

  const aim = () => {
    waiting = 0;
    const found = wanted ? find(wanted) : undefined;
    if (found !== ringed) ringed?.classList.remove('pointed');
    ringed = found;
    if (!found) return;
    found.classList.add('pointed');
    if (!scroll || document.querySelector('dialog[open]')) return; // one that closes scrolls back to what opened it
    scroll = false;
    found.dispatchEvent(new CustomEvent('pointed', { bubbles: true })); // a list that keeps to its end lets go
    found.scrollIntoView({ block: 'end' }); // what it belongs to stands above it, mostly
  };
  const soon = () => {
    waiting ||= requestAnimationFrame(aim);
  };
  const isOpening = (change) => change.type === 'attributes' && change.target.open;
  new MutationObserver((changes) => {
    if (!wanted) return;
    if (performance.now() - since < OPENS_WITHIN && changes.some(isOpening)) scroll = true;
    soon();
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['open'] });

  return {
    at(hint) {
      const next = hint && (hint.point || hint.near) ? hint : undefined;
      if (next?.point !== wanted?.point || next?.near !== wanted?.near) {
        scroll = Boolean(next);
        since = performance.now();
      }
      wanted = next;
      soon();
    },
    show() {
      scroll = true;
      soon();
    },
  };
}

function find({ point, near }) {
  const messages = near ? all('[data-testid="message"]').filter((node) => node.innerText.includes(near)) : [];
  if (!point) return messages.at(-1);
  const named = (root) => all(CONTROLS, root).find((node) => nameOf(node).startsWith(bare(point)));
  if (!near) return named(document);
  for (const message of messages.reverse()) {
    const control = named(message);
    if (control) return control;
  }
  return undefined;
}

const all = (css, root = document) => [...root.querySelectorAll(css)].filter((node) => node.checkVisibility());
const bare = (text) => text.replace(/[.…: ]+$/, '').trim().toLowerCase();
const nameOf = (node) => bare(node.getAttribute('aria-label') || node.innerText || '');
