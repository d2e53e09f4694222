// Raw JSON and how to take it along: as it is, as curl, as a fixture.

import { h, fill, copyText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

/** A folded value as JSON, with a button that copies it. */
export function raw(title, value, open = false) {
  const pre = h('pre.json', { tabindex: '0' });
  const details = h('details.raw', { ontoggle: write }, h('summary', {}, title), copyButton('', title, () => pretty(value)), pre);
  // Long values are written out when somebody looks, and only then.
  function write() {
    if (details.open && !pre.firstChild) pre.append(pretty(value));
  }
  details.open = open;
  if (open) write();
  return details;
}

/** JSON that people can read. */
export function pretty(value) {
  return JSON.stringify(value, null, 2) ?? '';
}

/** A button that copies what `text()` gives; `words` are on it, `title` says of what; `as` names the format. */
export function copyButton(words, title, text, as = 'json') {
  const label = `Copy ${title}`;
  const button = h('button.copy', { type: 'button', 'aria-label': label, title: label, 'data-testid': 'copy', 'data-as': as });
  const show = (said) => fill(button, icon(said === 'Copied' ? 'check' : 'copy', 14), said);
  button.addEventListener('click', async () => {
    const done = await copyText(text());
    button.classList.toggle('done', done);
    show(done ? 'Copied' : 'The browser forbids it');
    setTimeout(() => {
      button.classList.remove('done');
      show(words);
    }, 1500);
  });
  show(words);
  return button;
}

/** A call as a curl command; the token is taken from the environment. */
export function asCurl(call, origin) {
  if (call.method === 'response_url') {
    return `curl -X POST ${quoted(call.args?.response_url ?? '')} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(call.args?.body ?? '')}`;
  }
  const token = call.method === 'apps.connections.open' ? '$SLACK_APP_TOKEN' : '$SLACK_BOT_TOKEN';
  const lines = [`curl -X POST ${quoted(`${origin}/api/${call.method}`)}`, `-H "Authorization: Bearer ${token}"`];
  for (const [key, value] of Object.entries(call.args ?? {})) {
    if (key !== 'token') lines.push(`--data-urlencode ${quoted(`${key}=${value}`)}`);
  }
  return lines.join(' \\\n  ');
}

// For a POSIX shell: nothing inside single quotes means anything but a single quote.
function quoted(text) {
  return `'${String(text).replaceAll("'", String.raw`'\''`)}'`;
}
