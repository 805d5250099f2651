import { expect, test } from 'vitest';
import { wayTo } from './jump';

const exactly = (count: number) => ({ count, precision: 'EXACT' as const });

test('a page is reached from the nearer end', () => {
  expect(wayTo(1, 25, exactly(5137))).toEqual({ end: 'start', past: 0 });
  expect(wayTo(100, 25, exactly(5137))).toEqual({ end: 'start', past: 2475 });
  expect(wayTo(200, 25, exactly(5137))).toEqual({ end: 'end', past: 137 });
  expect(wayTo(206, 25, exactly(5137))).toEqual({ end: 'end', past: 0 });
});

test('a list that was not counted to its end is walked from its start', () => {
  expect(wayTo(400, 25, { count: 10_000, precision: 'AT_LEAST' })).toEqual({ end: 'start', past: 9975 });
});
