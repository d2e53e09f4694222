// Time as a person in the workspace reads it: in their own zone, by the
// workspace's clock (which the developer may have moved), never the machine's.

const DAY = 24 * 60 * 60 * 1000;

const formats = new Map();
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat('en-US', { timeZone: zone || 'UTC', ...options }));
    } catch {
      formats.set(key, new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }));
    }
  }
  return formats.get(key);
}

/** The moment of a message: Slack's ts is seconds with a sequence number behind the point. */
export function tsDate(ts) {
  return new Date(Math.floor(Number.parseFloat(ts) * 1000));
}

/** "9:30 AM" in the zone. */
export function timeOfDay(date, zone, seconds = false) {
  return format(zone, { hour: 'numeric', minute: '2-digit', second: seconds ? '2-digit' : undefined }).format(date);
}

/** "Tue, Nov 25, 9:30 AM" in the zone. */
export function fullTime(date, zone) {
  return format(zone, { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(
    date,
  );
}

/** "Tuesday, November 25th, 2025 at 9:30:15 AM": what a tooltip says. */
export function preciseTime(date, zone) {
  return `${longDate(date, zone)} at ${timeOfDay(date, zone, true)}`;
}

/** Year, month, day, hour, minute, weekday (0 is Sunday) of a moment in a zone. */
export function wallClock(date, zone) {
  const parts = {};
  const named = format(zone, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(date);
  for (const { type, value } of named) parts[type] = Number(value);
  const { year, month, day, hour, minute, second } = parts;
  return { year, month, day, hour, minute, second, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** The moment at which a zone's clocks show the given wall time. Times that a DST change skips come out an hour later. */
function atWallClock({ year, month, day, hour = 0, minute = 0 }, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = wallClock(new Date(guess), zone);
    guess += wanted - Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute);
  }
  return new Date(guess);
}

/** The next Monday to Friday 09:30 in the zone, strictly after now. Holidays are the bot's business, not the clock's. */
export function nextWorkingMorning(now, zone) {
  for (let ahead = 0; ahead < 5; ahead += 1) {
    const { year, month, day, weekday } = wallClock(new Date(now.getTime() + ahead * DAY), zone);
    const morning = atWallClock({ year, month, day, hour: 9, minute: 30 }, zone);
    if (weekday !== 0 && weekday !== 6 && morning > now) return morning;
  }
  return new Date(now.getTime() + DAY);
}

/** "YYYY-MM-DDTHH:mm" as the wall clock of the zone shows it: the value of a datetime-local input. */
export function toLocalInput(date, zone) {
  const { year, month, day, hour, minute } = wallClock(date, zone);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The moment a datetime-local value names in the zone, or null. */
export function fromLocalInput(value, zone) {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  return atWallClock({ year, month, day, hour, minute }, zone);
}

/** A number that is the same for all moments of one calendar day in the zone. */
export function dayNumber(date, zone) {
  const { year, month, day } = wallClock(date, zone);
  return Date.UTC(year, month - 1, day) / DAY;
}

/** "Today", "Yesterday", "Tomorrow", or '' when the day is further off. */
export function nearDay(date, now, zone) {
  return { 0: 'Today', '-1': 'Yesterday', 1: 'Tomorrow' }[dayNumber(date, zone) - dayNumber(now, zone)] ?? '';
}

/** What divides the days of a conversation: "Today" or "Tuesday, November 25th". */
export function dayTitle(date, now, zone) {
  return (
    nearDay(date, now, zone) ||
    `${format(zone, { weekday: 'long' }).format(date)}, ${monthDay(date, now, zone, 'long')}`
  );
}

/** "November 25th", with the year when it is not this year. */
export function monthDay(date, now, zone, month = 'long') {
  const wall = wallClock(date, zone);
  const year = wall.year === wallClock(now, zone).year ? '' : `, ${wall.year}`;
  return `${format(zone, { month }).format(date)} ${ordinal(wall.day)}${year}`;
}

/** "Tuesday, November 25th, 2025". */
export function longDate(date, zone) {
  const { day, year } = wallClock(date, zone);
  return `${format(zone, { weekday: 'long' }).format(date)}, ${format(zone, { month: 'long' }).format(date)} ${ordinal(day)}, ${year}`;
}

/** "3 minutes ago" or "in 2 days". */
export function ago(date, now) {
  const seconds = Math.round((date - now) / 1000);
  const size = Math.abs(seconds);
  const [unit, length] =
    size < 60 ? ['second', 1] : size < 3600 ? ['minute', 60] : size < 86400 ? ['hour', 3600] : ['day', 86400];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(seconds / length), unit);
}

/** 25 becomes "25th". */
export function ordinal(n) {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th');
  return `${n}${suffix}`;
}

export function two(n) {
  return String(n).padStart(2, '0');
}
