// The server's HTTP API, as the page uses it. Every answer is JSON; what goes
// wrong comes back as {ok: false, error} with a sentence a person can read.

const HEADERS = { 'X-Slackdev': '1' };

/** Reads /dev/api/<path>. Throws an Error with a readable message. */
export async function read(path, query = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
  const response = await fetch(`/dev/api/${path}?${search}`, { headers: HEADERS });
  const answer = await bodyOf(response);
  if (!response.ok) throw new Error(answer.error || `The workspace answered ${response.status} to ${path}.`);
  return answer;
}

/** Posts to /dev/api/<path>; answers the outcome, whatever it is. Never throws. */
export async function post(path, body) {
  try {
    const response = await fetch(`/dev/api/${path}`, {
      method: 'POST',
      headers: { ...HEADERS, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await bodyOf(response);
    if (response.ok) return { ok: true, ...answer };
    return { ...answer, ok: false, error: answer.error || `The workspace answered ${response.status} to ${path}.` };
  } catch {
    return { ok: false, error: 'The workspace cannot be reached. Is the program that serves this page still running?' };
  }
}

async function bodyOf(response) {
  try {
    return (await response.json()) ?? {};
  } catch {
    return {};
  }
}

/**
 * Listens to what changes for one person. `on` has a function per event name,
 * called with the event's data; onstate(true|false, missed) tells when the line is up,
 * and whether something may have been missed. A browser has six connections to one
 * address, and a window that nobody sees leaves its own to the others. Answers a
 * function that hangs up. The browser reconnects by itself.
 */
export function listen(as, on, onstate) {
  let source = null;
  let missed = false;
  const hangUp = () => {
    source?.close();
    source = null;
  };
  const call = () => {
    source = new EventSource(`/dev/api/events?${new URLSearchParams({ as })}`);
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, (event) => handle(parse(event.data)));
    }
    source.addEventListener('open', () => {
      onstate(true, missed);
      missed = false;
    });
    source.addEventListener('error', () => onstate(false, missed));
  };
  const look = () => {
    if (document.hidden) {
      missed = true;
      hangUp();
    } else if (!source) call();
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    hangUp();
  };
}

function parse(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}
