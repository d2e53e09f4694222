// What a person at a window looks at and points at, by the words on it. The
// browser test evaluates this in the page and calls it. It looks every frame,
// because the page's policy forbids the eval that a driver's own polling needs.
(() => {
  const folded = (text) => text.replace(/\s+/g, ' ').trim();
  const words = (node) => folded(node?.innerText ?? '');
  const bare = (text) => folded(text).replace(/[.…: ]+$/, '').toLowerCase();
  const named = (node, label) =>
    [node.innerText, node.getAttribute('aria-label')].some((each) => bare(each ?? '') === bare(label));
  const all = (css, root = document) => [...root.querySelectorAll(css)].filter((node) => node.checkVisibility());
  const frame = () => new Promise(requestAnimationFrame);

  // The question on top, else the modal, else what is behind: Home, or the messages, newest first.
  const surfaces = () => {
    const dialogs = all('dialog[open]');
    if (dialogs.length > 0) return [dialogs.at(-1)];
    const home = all('[data-testid="home-view"]');
    return home.length > 0 ? home : all('.message-list [data-testid="message"]').reverse();
  };

  // A button or menu in a block that says the words, or in the row of buttons
  // that follows such a block.
  const control = (label, near = '') => {
    const within = (block) => all('[data-testid="element"]', block).find((node) => named(node, label));
    for (const surface of surfaces()) {
      const blocks = all('[data-testid="block"]', surface);
      const told = blocks.filter((block) => words(block).includes(near));
      const rows = told.map((block) => blocks.slice(blocks.indexOf(block)).find((each) => within(each)));
      const found = told.find(within) ?? rows.find((row) => row?.dataset.blockType === 'actions');
      if (found) return within(found);
    }
    return undefined;
  };

  const testid = (name) => all(`[data-testid="${name}"]`)[0];

  // Which modal is on top, and as what: the bot may make a form of a modal that
  // was a list. Empty for none.
  const modal = () => {
    const top = all('dialog.modal[open]').at(-1);
    return top ? [top.dataset.viewId, top.dataset.callbackId, words(top.querySelector('h2'))].join(' ') : '';
  };

  // Whether the page shows why a modal was not taken.
  const refused = () => all('[data-testid="field-error"], [data-testid="modal-failure"]').length > 0;

  // Whether a press came while the bot redrew what was pressed.
  const outdated = () => all('[data-testid="app-error"]').some((note) => words(note).includes('changed meanwhile'));

  const field = (label) =>
    all('dialog.modal[open] [data-block-type="input"]')
      .find((block) => words(block.querySelector('.input-label')).startsWith(label))
      ?.querySelector('[data-testid="element"]');

  // What the browser's own calendar does, which scripts cannot see.
  const pickDate = (input, value) => {
    input.value = value;
    return input.dispatchEvent(new Event('change', { bubbles: true }));
  };

  // The one of several that is called so, else the first that says so.
  const among = (css, label) =>
    all(css).find((node) => named(node, label)) ?? all(css).find((node) => words(node).includes(label));

  // Where to press: once the thing is there, can be pressed, has stopped moving
  // and has nothing over it. Answers its middle. The bot may redraw the page
  // between this and the press: a press on anything else is caught, and hit()
  // says so.
  const aim = async (find) => {
    for (let before = ''; ; await frame()) {
      const node = find();
      if (!node || node.disabled || node.closest('[aria-busy="true"]')) continue;
      node.scrollIntoView({ block: 'nearest', behavior: 'instant' });
      const { x, y, width, height } = node.getBoundingClientRect();
      const at = { x: x + width / 2, y: y + height / 2 };
      const still = before === JSON.stringify(at);
      before = JSON.stringify(at);
      if (!still || !node.contains(document.elementFromPoint(at.x, at.y))) continue;
      guard(node);
      return at;
    }
  };

  const guard = (node) => {
    const press = { hit: false };
    const watch = new AbortController();
    const check = (event) => {
      if (!node.contains(event.target)) {
        event.stopImmediatePropagation();
        event.preventDefault();
      } else if (event.type === 'click') press.hit = true;
    };
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      window.addEventListener(type, check, { capture: true, signal: watch.signal });
    window.aimed = { press, watch };
  };

  // Whether the press hit what was aimed at.
  const hit = () => {
    window.aimed.watch.abort();
    return window.aimed.press.hit;
  };

  const until = async (holds) => {
    while (!holds()) await frame();
    return true;
  };

  // The messages with a heading that everybody in the channel sees.
  const cards = () =>
    all('.message-list [data-testid="message"]:not(.ephemeral):has([data-block-type="header"])').map(words);

  return {
    aim,
    all,
    among,
    cards,
    control,
    field,
    hit,
    modal,
    outdated,
    pickDate,
    refused,
    surfaces,
    testid,
    until,
    words,
  };
})()
