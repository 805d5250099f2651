// How numbers and moments are written: in the language of the texts, in the reader's time zone. All of `Intl` that the pages use is here and in time-zone.ts.
import { formatLocale } from '../language/language';
import { timeZone } from './time-zone';

const MOMENTS = {
  absolute: { dateStyle: 'medium', timeStyle: 'short' },
  exact: {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
  day: { dateStyle: 'medium' },
  // Of a day, which has no zone.
  calendarDay: { dateStyle: 'medium', timeZone: 'UTC' },
  weekday: { dateStyle: 'full', timeZone: 'UTC' },
  time: { timeStyle: 'medium' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Makes a format when it is first used: the language is known then. */
function once<T>(make: (locale: string) => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make(formatLocale());
    return made;
  };
}

const moment = (kind: keyof typeof MOMENTS) =>
  once((locale) => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), ...MOMENTS[kind] }));
export const absoluteFormat = moment('absolute');
export const exactFormat = moment('exact');
export const dayFormat = moment('day');
export const calendarDayFormat = moment('calendarDay');
export const weekdayFormat = moment('weekday');
export const timeFormat = moment('time');
export const relativeFormat = once((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const numberFormat = once((locale) => new Intl.NumberFormat(locale));
const listFormat = once((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

/** Such as "5,137". */
export function number(value: number): string {
  return numberFormat().format(value);
}

/** Such as "Active, Inactive and Deleted". */
export function list(words: readonly string[]): string {
  return listFormat().format(words);
}
