import { expect, test } from 'vitest';
import { endOfDay, instantOf, minuteOf, relative, startOfDay, utc } from './dates';
import { clockAt, instantAt } from './time-zone';

const now = Date.parse('2026-11-24T12:00:00Z');

test('what is under a minute away is now', () => {
  expect(relative('2026-11-24T12:00:30Z', now)).toBe('now');
});

test('times are shown in the largest unit that fits', () => {
  expect(relative('2026-11-24T17:29:00Z', now)).toBe('in 5 hours');
  expect(relative('2026-11-24T11:15:00Z', now)).toBe('45 minutes ago');
  expect(relative('2026-11-20T12:00:00Z', now)).toBe('4 days ago');
  expect(relative('2026-06-01T12:00:00Z', now)).toBe('6 months ago');
  expect(relative('2024-11-01T12:00:00Z', now)).toBe('2 years ago');
});

test('a whole day that has just started is shown as a whole day', () => {
  expect(relative('2026-11-25T11:59:58Z', now)).toBe('in 24 hours');
});

test('UTC is exact to the second', () => {
  expect(utc('2026-11-24T09:30:00.123456+00:00')).toBe('2026-11-24 09:30:00 UTC');
});

test('a day ends where the next begins', () => {
  expect(endOfDay('2026-12-31')).toBe(startOfDay('2027-01-01'));
});

test('a text that is not a day is rejected', () => {
  for (const text of ['', 'tomorrow', '2026-13-01', '2026-1-1']) expect(startOfDay(text)).toBeNull();
});

test('a minute of the clock is the same moment again', () => {
  const moment = new Date(2026, 2, 5, 9, 7);
  expect(minuteOf(moment)).toBe('2026-03-05T09:07');
  expect(instantOf(minuteOf(moment))).toBe(moment.toISOString());
});

test('a clock of a chosen zone shows its own time, also where it is changed', () => {
  const clock = (text: string) => Date.parse(`${text}Z`);
  const at = (text: string, zone: string) => new Date(instantAt(clock(text), zone)).toISOString();
  expect(at('2026-11-24T09:30', 'Europe/Berlin')).toBe('2026-11-24T08:30:00.000Z');
  expect(at('2026-07-24T09:30', 'America/New_York')).toBe('2026-07-24T13:30:00.000Z');
  // Shown twice: the first. Skipped: as if it were not.
  expect(at('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  expect(at('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(new Date(clockAt(Date.parse('2026-11-24T18:30:00Z'), 'Asia/Kolkata')).toISOString()).toBe('2026-11-25T00:00:00.000Z');
});
