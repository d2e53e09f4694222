// The workspace's clock: shown in the person's zone, and moved forward by hand
// to see tomorrow's digest without waiting for tomorrow.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openPopup, popupToggle } from '../ui/popup.js';
import { fromLocalInput, fullTime, nextWorkingMorning, toLocalInput, wallClock } from '../ui/time.js';

const TICK = 5000;

/** The clock in the top bar. */
export function clockButton(app) {
  const time = h('span.clock-time');
  const button = h(
    'button.clock-button',
    {
      type: 'button',
      'data-testid': 'clock',
      'aria-haspopup': 'dialog',
      title: 'Workspace time: press to move it forward',
    },
    icon('clock', 16),
    time,
  );
  const show = () => {
    const words = fullTime(app.now(), app.env().zone);
    if (time.textContent === words) return;
    time.textContent = words;
    button.setAttribute('aria-label', `Workspace time: ${words}. Move it forward`);
  };
  app.store.watch(['clock', 'as', 'workspace'], show);
  setInterval(show, TICK);
  popupToggle(button, () => openPopup(button, panel(app), { className: 'clock-panel', label: 'Move the clock' }));
  return button;
}

function panel(app) {
  const { zone } = app.env();
  const status = h('p.clock-status', { role: 'status' });
  const buttons = [];
  const move = async (way) => {
    buttons.forEach((button) => {
      button.disabled = true;
    });
    fill(status, 'Moving the clock…');
    const outcome = await app.post('clock', { ...way, as: app.store.get('as') });
    buttons.forEach((button) => {
      button.disabled = false;
    });
    fill(status, outcome.ok ? '' : outcome.error);
    status.classList.toggle('error', !outcome.ok);
    await app.read.workspace();
    if (!outcome.ok) return;
    fill(status, `It is now ${fullTime(app.now(), zone)}.`);
    date.value = toLocalInput(app.now(), zone);
    fill(morning, morningName(app.now(), zone));
  };
  const button = (label, testid, body) => {
    const node = h('button.button', { type: 'button', 'data-testid': testid, onclick: () => move(body()) }, label);
    buttons.push(node);
    return node;
  };
  const date = h('input.text-input', {
    type: 'datetime-local',
    'aria-label': 'A date and time',
    value: toLocalInput(app.now(), zone),
    'data-testid': 'clock-date',
  });
  const days = h('input.text-input.clock-days', {
    type: 'number',
    min: '1',
    max: '2600',
    value: '5',
    'aria-label': 'Business days',
    'data-testid': 'clock-days',
  });
  // Whatever is no number of days is as good as the least.
  const businessDays = () => {
    if (!days.checkValidity() || days.value === '') days.value = '1';
    return Math.trunc(Number(days.value));
  };
  const morning = button(morningName(app.now(), zone), 'clock-morning', () => ({
    to: nextWorkingMorning(app.now(), zone).toISOString(),
  }));
  return h(
    'div',
    {},
    h('p.clock-about', {}, `Workspace time in ${zone}. It only moves forward; what falls due on the way happens.`),
    h(
      'div.clock-buttons',
      {},
      button('+1 minute', 'clock-minute', () => ({ advance: '1m' })),
      button('+1 hour', 'clock-hour', () => ({ advance: '1h' })),
      button('+1 day', 'clock-day', () => ({ advance: '24h' })),
      button('Tomorrow 09:30', 'clock-tomorrow', () => ({ to: 'tomorrow 09:30' })),
      morning,
    ),
    h(
      'div.clock-to',
      {},
      days,
      button('business days later', 'clock-business-days', () => ({ business_days: businessDays() })),
    ),
    h(
      'div.clock-to',
      {},
      date,
      button('Go', 'clock-go', () => ({ to: fromLocalInput(date.value, zone)?.toISOString() ?? '' })),
    ),
    status,
  );
}

function morningName(now, zone) {
  const morning = nextWorkingMorning(now, zone);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][wallClock(morning, zone).weekday];
  return `Next working morning (${day} 09:30)`;
}
