import { expect, test } from 'vitest';
import { comparePath, readCompareState, toChangesVariables, writeCompareState } from './compare-state';

const read = (text: string) => readCompareState(new URLSearchParams(text));
const start = '2026-03-01T09:30';
const end = '2026-04-01T00:00';

test('an address keeps both moments and the page', () => {
  const state = { from: start, to: end, upTo: null, after: 'a-cursor' };
  expect(readCompareState(writeCompareState(state))).toEqual(state);
});

test('what makes no sense in an address is left out', () => {
  expect(read('from=once&to=later')).toEqual({ from: '', to: '', upTo: null, after: null });
});

test('without a later moment it is compared with now', () => {
  expect(toChangesVariables(read(`from=${start}`))).toEqual({
    after: null,
    from: { at: new Date(start).toISOString() },
    to: null,
  });
});

test('further pages end with the event that the first one ended with', () => {
  expect(toChangesVariables(read(`from=${start}&after=c&up-to=e`)).to).toEqual({ event: 'e' });
});

test('a later moment counts more than an event', () => {
  expect(toChangesVariables(read(`from=${start}&to=${end}&up-to=e`)).to).toEqual({ at: new Date(end).toISOString() });
});

test('a moment leads to being compared with now', () => {
  const [path, search] = comparePath(start).split('?');
  expect(path).toBe('/audit-log');
  expect(read(search ?? '').from).toBe(start);
});
