import { expect, test } from 'vitest';
import { positionText } from './pager';

const exactly = (count: number) => ({ count, precision: 'EXACT' as const });

test.each([
  [26, 25, exactly(5137), '26–50 of 5,137'],
  [1, 1, exactly(1), '1 of 1'],
  [5126, 12, exactly(5137), '5,126–5,137 of 5,137'],
  [51, 25, { count: 10_000, precision: 'AT_LEAST' as const }, '51–75 of 10,000+'],
  [null, 25, exactly(40), '25 of 40'],
  [1, 25, undefined, '1–25 of …'],
  [1, 0, exactly(0), '0 of 0'],
  [26, 25, 'unknown' as const, '26–50'],
  [null, 25, 'unknown' as const, '25'],
  // The count may be older than what is shown.
  [1, 2, exactly(1), '1–2 of 2'],
])('from %s, %s shown', (from, shown, total, text) => {
  expect(positionText(from, shown, total)).toBe(text);
});
