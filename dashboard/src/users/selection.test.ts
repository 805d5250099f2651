import { expect, test } from 'vitest';
import { all, between, changedBy, isSelected, NOTHING, type Selection, sizeOf } from './selection';

const PAGE = ['a', 'b', 'c', 'd'];
const some = (...ids: string[]): Selection => ({ kind: 'some', ids: new Set(ids) });

test('rows are added and taken away', () => {
  const two = changedBy(NOTHING, PAGE, ['b', 'c'], true);
  expect(two).toEqual(some('b', 'c'));
  expect(changedBy(two, PAGE, ['b'], false)).toEqual(some('c'));
  expect(sizeOf(two)).toBe(2);
});

test('rows of other pages stay selected', () => {
  expect(changedBy(some('z'), PAGE, ['a'], true)).toEqual(some('z', 'a'));
});

test('all that are found are selected, on every page', () => {
  expect(sizeOf(all(189))).toBe(189);
  expect(isSelected(all(189), 'z')).toBe(true);
});

test('from all that are found, those of the page remain', () => {
  expect(changedBy(all(189), PAGE, ['b'], false)).toEqual(some('a', 'c', 'd'));
});

test.each([
  ['b', 'd', ['b', 'c', 'd']],
  ['d', 'b', ['b', 'c', 'd']],
  ['c', 'c', ['c']],
  ['z', 'c', ['c']],
  [null, 'c', ['c']],
])('from %s to %s are %j', (from, to, ids) => {
  expect(between(PAGE, from, to)).toEqual(ids);
});
