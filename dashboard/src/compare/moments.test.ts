import { expect, test } from 'vitest';
import { quickMoments, weekAgo } from './moments';

const now = new Date(2026, 2, 5, 9, 7, 41);
const minuteOf = (label: string) => quickMoments(now).find((moment) => moment.label === label)?.minute;

test('days are those of the calendar', () => {
  expect(minuteOf('A day ago')).toBe('2026-03-04T09:07');
  expect(minuteOf('A week ago')).toBe('2026-02-26T09:07');
  expect(weekAgo(now)).toBe('2026-02-26T09:07');
  expect(minuteOf('30 days ago')).toBe('2026-02-03T09:07');
});

test('a month and a year begin at midnight', () => {
  expect(minuteOf('Start of the month')).toBe('2026-03-01T00:00');
  expect(minuteOf('Start of the year')).toBe('2026-01-01T00:00');
});
