// Which interactions the inspector shows: by words, by kind, the failed ones;
// and what can be said of all of them in one line.

/** What happened without an envelope. */
const WITHOUT_ENVELOPE = new Set(['app', 'clock', 'fault']);

/** Whether the app was told anything: moves of the clock, faults and what the app did by itself are no envelopes. */
export const isEnvelope = (item) => !WITHOUT_ENVELOPE.has(item.kind);

/** The choices of the kind filter: value, words, and the kinds they stand for. */
export const KINDS = [
  ['', 'Everything', () => true],
  ['commands', 'Commands and shortcuts', (kind) => ['slash_command', 'shortcut', 'message_action'].includes(kind)],
  ['actions', 'Actions', (kind) => kind === 'block_actions'],
  ['modals', 'Modals', (kind) => kind.startsWith('view_')],
  ['typeahead', 'Typeahead', (kind) => kind === 'block_suggestion'],
  ['events', 'Events', (kind) => kind === 'event'],
  ['own', 'The app on its own', (kind) => kind === 'app'],
  ['story', 'Clock and faults', (kind) => kind === 'clock' || kind === 'fault'],
];

/** How it went: 'ok', 'waiting' or 'failed'. */
export function stateOf(item) {
  return item.outcome === 'ok' || item.outcome === 'waiting' ? item.outcome : 'failed';
}

/** Whether anything about it went wrong: the ack, a call, or on purpose. */
export function hasFailed(item) {
  return (
    stateOf(item) === 'failed' || item.kind === 'fault' || Boolean(item.fault) || (item.calls ?? []).some((call) => !call.ok)
  );
}

/** The items that fit {words, kind, failed}. */
export function filtered(items, { words, kind, failed }, directory) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const ofKind = (KINDS.find(([value]) => value === kind) ?? KINDS[0])[2];
  return items.filter(
    (item) =>
      ofKind(item.kind) &&
      (!failed || hasFailed(item)) &&
      (wanted.length === 0 || fits(haystack(item, directory), wanted)),
  );
}

function fits(text, words) {
  return words.every((word) => text.includes(word));
}

function haystack(item, directory) {
  return [
    item.kind,
    item.name,
    item.user ? directory.label(item.user) : '',
    item.outcome,
    item.fault,
    ...(item.calls ?? []).flatMap((call) => [call.method, call.error, call.fault]),
    ...(item.changes ?? []).flatMap((one) => [one.kind, one.channel ? directory.label(one.channel) : '', one.text]),
  ]
    .join(' ')
    .toLowerCase();
}

/** "12 interactions, ack median 4 ms, slowest 31 ms, 2 failed". */
export function figures(items) {
  const told = items.filter(isEnvelope);
  if (items.length === 0) return 'Nothing has gone to the app yet.';
  const acked = told
    .filter((item) => item.outcome === 'ok')
    .map((item) => item.ack_ms)
    .sort((a, b) => a - b);
  const failed = items.filter(hasFailed).length;
  const middle = acked.length
    ? `, ack median ${milliseconds(acked[Math.floor(acked.length / 2)])}, slowest ${milliseconds(acked.at(-1))}`
    : '';
  return `${told.length} interaction${told.length === 1 ? '' : 's'}${middle}${failed ? `, ${failed} failed` : ''}`;
}

// Made once: a formatter costs more than all that it formats here.
const count = new Intl.NumberFormat('en');

/** "4.2 ms", "310 ms", "3.4 s" or "12 min". */
export function milliseconds(ms) {
  if (ms === undefined || ms === null) return '';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 10_000) return `${count.format(Math.round(ms))} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
