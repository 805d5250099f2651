// How moments are shown: in the reader's time zone, with UTC for exactness.
import { absoluteFormat, calendarDayFormat, dayFormat, exactFormat, relativeFormat, timeFormat, weekdayFormat } from './formats';
import { clockAt, instantAt } from './time-zone';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// The smallest distance for each unit, the largest first.
const UNITS: [number, Intl.RelativeTimeFormatUnit, number][] = [
  [365 * DAY, 'year', 365 * DAY],
  [60 * DAY, 'month', 30 * DAY],
  [2 * DAY, 'day', DAY],
  [90 * MINUTE, 'hour', HOUR],
  [MINUTE, 'minute', MINUTE],
];

/** Such as "24 Nov 2026, 10:30", in the reader's time zone. */
export function absolute(instant: string): string {
  return absoluteFormat().format(new Date(instant));
}

/** Such as "24 Nov 2026", in the reader's time zone. */
export function day(instant: string): string {
  return dayFormat().format(new Date(instant));
}

/** Such as "24 Nov 2026", for a day of the reader's calendar (`2026-11-24`). */
export function calendarDay(day: string): string {
  return calendarDayFormat().format(new Date(`${day}T00:00Z`));
}

/** Such as "24 Nov 2026, 10:30:05 CET", in the reader's time zone. */
export function exact(instant: string): string {
  return exactFormat().format(new Date(instant));
}

/** Such as "2026-11-24 09:30:00 UTC". */
export function utc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Such as "10:30:05", in the reader's time zone. */
export function timeOfDay(instant: string): string {
  return timeFormat().format(new Date(instant));
}

/** The day of the reader's calendar that a moment is in, such as `2026-11-24`. */
export function dayOf(instant: string): string {
  return minuteOf(new Date(instant)).slice(0, 10);
}

/** Such as "Tuesday 24 November 2026", for a day of the reader's calendar. */
export function weekday(day: string): string {
  return weekdayFormat().format(new Date(`${day}T00:00Z`));
}

/** Such as "in 5 hours" or "3 days ago", seen from `now` (milliseconds since 1970). */
export function relative(instant: string, now: number): string {
  const distance = new Date(instant).getTime() - now;
  for (const [from, unit, length] of UNITS) {
    if (Math.abs(distance) >= from) return relativeFormat().format(Math.round(distance / length), unit);
  }
  return relativeFormat().format(0, 'second');
}

/** The instant of a minute of the reader's clock (`2026-11-24T09:30`), as the API takes it; null if the text is not one. */
export function instantOf(text: string): string | null {
  const clock = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isNaN(clock) ? null : new Date(instantAt(clock)).toISOString();
}

/** The minute of the reader's clock that a moment is in, such as `2026-11-24T09:30`. */
export function minuteOf(moment: Date): string {
  return new Date(clockAt(moment.getTime())).toISOString().slice(0, 16);
}

/** The first instant of a day of the reader's calendar (`2026-11-24`), as the API takes it; null where the text is no day. */
export function startOfDay(text: string): string | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOf(`${text}T00:00`) : null;
}

/** The first instant after such a day; null where the text is no day. */
export function endOfDay(text: string): string | null {
  return startOfDay(text) && startOfDay(addDays(text, 1));
}

/** So many days after a day, in any calendar: `2026-12-31` and 1 make `2027-01-01`. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
