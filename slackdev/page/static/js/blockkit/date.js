// Slack's date tokens: a message carries one moment, every reader sees it in
// their own zone and words. The whole list of tokens is in `token` below.

import { ago, longDate, monthDay, nearDay, timeOfDay, two, wallClock } from '../ui/time.js';

/**
 * Fills a date pattern such as "{date_short_pretty} at {time}" for one reader.
 * `pretty` tokens say today, yesterday or tomorrow where that is true. Unknown
 * tokens stay as written.
 */
export function fillDate(pattern, unix, { zone, now }) {
  const date = new Date(unix * 1000);
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, name) => token(name, date, zone, now) ?? whole);
}

function token(name, date, zone, now) {
  const { year, month, day } = wallClock(date, zone);
  switch (name) {
    case 'date_num':
      return `${year}-${two(month)}-${two(day)}`;
    case 'date_slash':
      return `${year}/${two(month)}/${two(day)}`;
    case 'date':
      return monthDay(date, now, zone);
    case 'date_short':
      return shortDate(date, zone);
    case 'date_long':
      return longDate(date, zone);
    case 'date_long_full':
      return `${monthName(date, zone, 'long')} ${day}, ${year}`;
    case 'date_pretty':
      return near(date, now, zone) || monthDay(date, now, zone);
    case 'date_short_pretty':
      return near(date, now, zone) || shortDate(date, zone);
    case 'date_long_pretty':
      return near(date, now, zone) || longDate(date, zone);
    case 'day_divider_pretty':
      return near(date, now, zone) || `${weekday(date, zone)}, ${monthDay(date, now, zone)}`;
    case 'time':
      return timeOfDay(date, zone);
    case 'time_secs':
      return timeOfDay(date, zone, true);
    case 'ago':
      return ago(date, now);
    default:
      return undefined;
  }
}

function near(date, now, zone) {
  return nearDay(date, now, zone).toLowerCase();
}

function shortDate(date, zone) {
  const { day, year } = wallClock(date, zone);
  return `${monthName(date, zone, 'short')} ${day}, ${year}`;
}

function monthName(date, zone, month) {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone || 'UTC', month }).format(date);
}

function weekday(date, zone) {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone || 'UTC', weekday: 'long' }).format(date);
}
