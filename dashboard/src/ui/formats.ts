// How numbers and moments are written: in the language of the texts, in the reader's time zone. All of `Intl` that the pages use is here.

/** The language of the texts of the dashboard. A browser in another language does not mix its words into English sentences. */
export const LANGUAGE = 'en';

// The region decides the order of a date: a reader in Britain reads 24 Nov 2026, one in the United States Nov 24, 2026.
const region = typeof navigator === 'undefined' ? undefined : navigator.languages?.find((tag) => tag.split('-')[0] === LANGUAGE);
const LOCALE = region ?? `${LANGUAGE}-GB`;

export const numberFormat = new Intl.NumberFormat(LOCALE);
export const absoluteFormat = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
export const exactFormat = new Intl.DateTimeFormat(LOCALE, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
export const dayFormat = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
export const weekdayFormat = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full' });
export const timeFormat = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });
export const relativeFormat = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
export const listFormat = new Intl.ListFormat(LANGUAGE, { type: 'conjunction' });

/** Such as "5,137". */
export function number(value: number): string {
  return numberFormat.format(value);
}

/** Such as "Active, Inactive and Deleted". */
export function list(words: readonly string[]): string {
  return listFormat.format(words);
}
