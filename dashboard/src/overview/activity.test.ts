import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { ACTIVITY, activityVariables, DAYS, dayStarts, seriesOf } from './activity';

test('the days are those of the calendar, today last', () => {
  const starts = dayStarts(new Date(2026, 2, 31, 15));
  expect(starts).toHaveLength(DAYS + 1);
  expect(starts.map((start) => start.getHours())).toEqual(starts.map(() => 0));
  expect([starts.at(-2)?.getDate(), starts.at(-1)?.getDate(), starts[0]?.getDate()]).toEqual([31, 1, 18]);
});

test('the question is one document with a variable for each start', () => {
  expect(() => parse(ACTIVITY)).not.toThrow();
  expect(Object.keys(activityVariables(dayStarts(new Date())))).toHaveLength(DAYS + 1);
});

test('what is not answered counts as nothing', () => {
  const data = { signIns0: { count: { count: 3 } }, signIns1: null };
  expect(seriesOf('signIns', data, ['2026-11-23', '2026-11-24'])).toEqual([
    { day: '2026-11-23', count: 3 },
    { day: '2026-11-24', count: 0 },
  ]);
});
