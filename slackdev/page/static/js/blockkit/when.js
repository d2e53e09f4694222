// Date and time pickers: the browser's own, which every platform has made
// usable with a keyboard and on a phone.

import { h } from '../ui/dom.js';
import { fromLocalInput, toLocalInput } from '../ui/time.js';
import { choose, elementAttributes, valueOf } from './act.js';
import { textString } from './text.js';

/** A date, "YYYY-MM-DD" or null. */
export function datepicker(element, ctx) {
  return picker(element, ctx, 'date', {
    read: (input) => ({ selected_date: input.value || null }),
    show: () => valueOf(element, ctx).selected_date ?? '',
    complete: (text) => text === '' || Number(text.slice(0, 4)) >= 1970,
  });
}

/** A time of day, "HH:mm" or null. */
export function timepicker(element, ctx) {
  const input = picker(element, ctx, 'time', {
    read: (input) => ({ selected_time: input.value ? input.value.slice(0, 5) : null }),
    show: () => valueOf(element, ctx).selected_time ?? '',
    complete: () => true,
  });
  if (!element.timezone) return input;
  return h('span.zoned', {}, input, h('span.zone', { title: 'The time zone of this time' }, element.timezone));
}

/** A moment, unix seconds or null, chosen in the reader's own zone. */
export function datetimepicker(element, ctx) {
  const { zone } = ctx.env;
  return picker(element, ctx, 'datetime-local', {
    read: (input) => {
      const moment = fromLocalInput(input.value, zone);
      return { selected_date_time: moment ? Math.floor(moment.getTime() / 1000) : null };
    },
    show: () => {
      const unix = valueOf(element, ctx).selected_date_time;
      return unix ? toLocalInput(new Date(unix * 1000), zone) : '';
    },
    complete: (text) => text === '' || Number(text.slice(0, 4)) >= 1970,
  });
}

const WORDS = { date: 'Date', time: 'Time', 'datetime-local': 'Date and time' };

// While a year is typed the browser reports 0002, 0020, 0202, 2025: `complete`
// says which of these a person can have meant.
function picker(element, ctx, type, { read, show, complete }) {
  const label = element.placeholder ? textString(element.placeholder, ctx.env) : undefined;
  const input = h('input.text-input.when', {
    ...elementAttributes(element, ctx),
    type,
    value: show(),
    title: label,
    'aria-label': ctx.labelId ? undefined : (label ?? WORDS[type]),
    autofocus: element.focus_on_load,
  });
  const redraw = () => {
    const value = show();
    if (input.value !== value) input.value = value;
  };
  input.addEventListener('change', () => {
    if (complete(input.value)) choose(element, ctx, read(input), input, redraw);
  });
  return input;
}
