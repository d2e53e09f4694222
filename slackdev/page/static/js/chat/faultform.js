// Any fault of any method, as often as one likes.

import { h, uniqueId } from '../ui/dom.js';
import { part } from './faultpart.js';

// What can happen: the field of the order, what its value is, and a first value.
const KINDS = {
  __proto__: null,
  code: { label: 'Error code', value: 'Code', first: 'internal_error', list: true },
  retry_after: { label: '429, Retry-After', value: 'Seconds', first: '30', number: [1, 3600] },
  status: { label: 'HTTP status', value: 'Status', first: '503', number: [500, 599] },
  stored_then_status: { label: 'Done, then HTTP status', value: 'Status', first: '500', number: [500, 599] },
  lose_answer: { label: 'Done, answer lost' },
  timeout: { label: 'Times out after', value: 'Duration', first: '30s' },
  hang: { label: 'Hangs until released' },
  latency: { label: 'Slower by', value: 'Duration', first: '800ms' },
};

const CODES = [
  'channel_not_found',
  'fatal_error',
  'hash_conflict',
  'internal_error',
  'is_archived',
  'message_not_found',
  'missing_scope',
  'not_in_channel',
  'plan_upgrade_required',
  'ratelimited',
  'request_timeout',
  'restricted_action',
  'service_unavailable',
  'token_revoked',
  'user_not_found',
];

/** The part of the panel with the form. */
export function faultForm(app, order) {
  const ids = { methods: uniqueId('methods'), codes: uniqueId('codes') };
  const methods = h('datalist', { id: ids.methods });
  app.store.watch(['faults'], () => {
    const names = ['*', 'response_url', ...(app.store.get('faults')?.methods ?? [])];
    if (methods.childElementCount === names.length) return;
    methods.replaceChildren(...names.map((name) => h('option', { value: name })));
  });
  const method = h('input.text-input', {
    required: true,
    list: ids.methods,
    value: '*',
    'data-testid': 'fault-method',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const kind = h(
    'select.text-input',
    { 'data-testid': 'fault-kind' },
    Object.entries(KINDS).map(([name, { label }]) => h('option', { value: name }, label)),
  );
  const value = h('input.text-input', { 'data-testid': 'fault-value', spellcheck: 'false', autocomplete: 'off' });
  const valueLabel = h('span.fault-label');
  const valueField = h('label.fault-field', {}, valueLabel, value);
  const times = h('input.text-input', { type: 'number', min: '1', max: '1000', required: true, value: '1', 'data-testid': 'fault-times' });
  const stands = h('input', { type: 'checkbox', 'data-testid': 'fault-standing' });

  const chooseKind = () => {
    const chosen = KINDS[kind.value];
    valueField.hidden = !chosen.value;
    valueLabel.textContent = chosen.value ?? '';
    value.type = chosen.number ? 'number' : 'text';
    [value.min, value.max] = chosen.number ?? ['', ''];
    value.required = Boolean(chosen.value);
    value.value = chosen.first ?? '';
    if (chosen.list) value.setAttribute('list', ids.codes);
    else value.removeAttribute('list');
  };
  kind.addEventListener('change', chooseKind);
  chooseKind();
  stands.addEventListener('change', () => {
    times.disabled = stands.checked;
  });

  const form = h(
    'form.fault-form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        const body = { method: method.value.trim(), [kind.value]: valueOf(kind.value, value.value.trim()) };
        if (stands.checked) body.standing = true;
        else body.times = Number(times.value);
        order('faults', body, 'Armed.');
      },
    },
    field('Method', method),
    field('What happens', kind),
    valueField,
    field('How often', times),
    h('label.fault-mode', {}, stands, 'Until taken back'),
    h('button.button.primary', { type: 'submit', 'data-testid': 'fault-arm' }, 'Arm'),
    methods,
    h('datalist', { id: ids.codes }, CODES.map((code) => h('option', { value: code }))),
  );
  return part('Any other', form);
}

function field(label, control) {
  return h('label.fault-field', {}, h('span.fault-label', {}, label), control);
}

function valueOf(kind, text) {
  const { value, number } = KINDS[kind];
  if (!value) return true;
  return number ? Number(text) : text;
}
