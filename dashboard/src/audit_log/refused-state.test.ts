import { expect, test } from 'vitest';
import { isNarrowed, type RefusedState, readRefusedState, toRefusedVariables, writeRefusedState } from './refused-state';

const read = (text: string) => readRefusedState(new URLSearchParams(text));
const everything: RefusedState = {
  codes: ['FORBIDDEN', 'TOO_MANY_ATTEMPTS'],
  from: '2026-01-01',
  to: '2026-01-31',
  subject: 'ada',
  actor: 'grace',
  after: 'a-cursor',
};

test('an address keeps everything', () => {
  expect(readRefusedState(writeRefusedState(everything))).toEqual(everything);
});

test('what makes no sense in an address is left out', () => {
  expect(read('code=SNEEZED,FORBIDDEN&from=once')).toEqual({ ...read(''), codes: ['FORBIDDEN'] });
});

test('a page further on narrows nothing', () => {
  expect(isNarrowed(read('after=a-cursor'))).toBe(false);
  expect(isNarrowed(read('actor=grace'))).toBe(true);
});

test('a filter that is not set is not asked for', () => {
  expect(toRefusedVariables(read('')).filter).toEqual({ codes: null, at: null, user: null, actor: null });
});

test('a day counts until its end', () => {
  const { filter } = toRefusedVariables(read('from=2026-01-01&to=2026-01-01'));
  const [from, before] = [filter?.at?.from, filter?.at?.before].map((text) => Date.parse(text ?? ''));
  expect((before ?? 0) - (from ?? 0)).toBe(24 * 60 * 60 * 1000);
});
