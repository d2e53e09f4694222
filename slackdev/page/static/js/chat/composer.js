// The composer: where a person writes. Enter sends, Shift+Enter breaks the
// line, a line that begins with / is a command to the app.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { BUILTIN, builtin } from './builtin.js';
import { attachCompletion } from './complete.js';
import { formatBar } from './format.js';
import { keyName } from './keys.js';

/**
 * Makes a composer. aim({channel, label}) says where it writes; `thread()` is
 * the ts of the thread it replies to, or ''; `also`, where there is one, is the
 * box that sends a reply to the channel, too. What is typed is kept per place.
 */
export function createComposer(app, { testid, sendTestid, thread, also }) {
  const drafts = new Map();
  let target = { channel: '', label: '' };
  let key = '';
  const hint = h('div.composer-hint', { id: `${testid}-hint` });
  const box = h('textarea.composer-box', {
    rows: '1',
    'data-testid': testid,
    'data-focus-key': testid,
    'aria-describedby': `${testid}-hint`,
  });
  const button = h(
    'button.send',
    { type: 'button', 'aria-label': 'Send', title: 'Send (Enter)', 'data-testid': sendTestid },
    icon('send', 18),
  );
  const node = h('div.composer', {}, h('div.composer-frame', {}, box, formatBar(box), button), hint);
  const completion = attachCompletion(box, app, { slash: () => thread() === '' });

  const changed = () => {
    box.style.height = 'auto';
    if (box.scrollHeight > 0) box.style.height = `${box.scrollHeight}px`;
    button.disabled = box.value.trim() === '';
    drafts.set(key, box.value);
    showHint(hint, box.value, app, thread());
  };
  const send = async () => {
    const text = box.value.trim();
    if (text === '') return;
    const place = { channel: target.channel, thread: thread() };
    const broadcast = Boolean(also?.checked);
    if (also) also.checked = false;
    box.value = '';
    changed();
    completion.close();
    const outcome = await deliver(app, text, { ...place, broadcast });
    if (outcome.ok) return;
    app.note(outcome.error, place);
    if (box.value === '' && outcome.keep) {
      box.value = text;
      changed();
    }
  };
  box.addEventListener('input', changed);
  let breaking = false;
  box.addEventListener('keydown', (event) => {
    breaking = event.key === 'Enter' && event.shiftKey;
    if (event.defaultPrevented || event.key !== 'Enter' || breaking || event.isComposing) return;
    event.preventDefault();
    send();
  });
  // Some drivers of browsers send the character of a key apart from the key.
  box.addEventListener('beforeinput', (event) => {
    if (event.inputType === 'insertLineBreak' && !breaking) event.preventDefault();
  });
  button.addEventListener('click', () => {
    send();
    box.focus();
  });

  return {
    node,
    focus: () => box.focus(),
    aim(next) {
      const nextKey = `${app.store.get('as')} ${next.channel} ${thread()}`;
      target = next;
      box.placeholder = next.label;
      box.setAttribute('aria-label', next.label);
      if (nextKey === key) return;
      key = nextKey;
      box.value = drafts.get(key) ?? '';
      changed();
    },
  };
}

const COMMAND = /^\/[a-z0-9][\w-]*/i;

async function deliver(app, text, { channel, thread, broadcast }) {
  const as = app.store.get('as');
  const command = COMMAND.exec(text)?.[0];
  if (command && thread)
    return {
      ok: false,
      keep: true,
      error: `${command} is not supported in threads. Sorry! Slack runs commands in the conversation itself.`,
    };
  if (!command)
    return app.post('message', {
      as,
      channel,
      text,
      thread_ts: thread || undefined,
      reply_broadcast: broadcast || undefined,
    });
  const own = await builtin(app, text, channel);
  if (own) return own;
  const outcome = await app.post('slash', { as, channel, text });
  app.read.modals();
  return outcome;
}

function showHint(hint, text, app, thread) {
  const command = COMMAND.exec(text)?.[0];
  const all = [...(app.store.get('workspace')?.app.commands ?? []), ...BUILTIN];
  const known = command && all.find((one) => one.command === command);
  if (thread && command) return fill(hint, 'Commands do not work in threads.');
  if (!known)
    return fill(
      hint,
      h(
        'span.hint-keys',
        {},
        'Enter sends, Shift+Enter starts a new line',
        thread ? '' : `, / opens the commands, ${keyName('/')} shows all keys`,
      ),
    );
  return fill(hint, h('code', {}, `${known.command} ${known.usage_hint ?? ''}`.trim()), ' ', known.description ?? '');
}
