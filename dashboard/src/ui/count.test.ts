import { plural } from '@lingui/core/macro';
import { expect, test } from 'vitest';
import { countOf, countText } from './count';

const users = (count: number, text: string) => plural(count, { one: `${text} user`, other: `${text} users` });

test('a number that is not exact has a plus', () => {
  expect(countText({ count: 10_000, precision: 'AT_LEAST' })).toBe('10,000+');
  expect(countText({ count: 300, precision: 'EXACT' })).toBe('300');
});

test('a count is never less than what is shown', () => {
  expect(countOf({ count: 1, precision: 'EXACT' }, users)).toBe('1 user');
  expect(countOf({ count: 1, precision: 'EXACT' }, users, 2)).toBe('2 users');
});
