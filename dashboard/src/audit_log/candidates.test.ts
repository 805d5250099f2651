import { expect, test } from 'vitest';
import { choicesOf } from './candidates';

const ada = { id: 'ada', email: 'ada@acme.example', name: 'Ada' };
const grace = { id: 'grace', email: 'grace@acme.example', name: null };

test('people are called by name and address, as far as they are known', () => {
  expect(choicesOf([ada, grace, { id: 'x', email: null }], '', null, false).map(({ label }) => label)).toEqual([
    'Ada (ada@acme.example)',
    'grace@acme.example',
    'an erased user',
  ]);
});

test('who is chosen is always a choice, and once only', () => {
  expect(choicesOf([ada, grace], 'ada', ada, false).map(({ value }) => value)).toEqual(['grace', 'ada']);
  expect(choicesOf([], 'ada', ada, false)).toEqual([{ value: 'ada', label: 'Ada (ada@acme.example)' }]);
});

test('an id without a user is shown as such, once that is known', () => {
  expect(choicesOf([], 'nonsense', null, true)[0]?.label).toBe('…');
  expect(choicesOf([], 'nonsense', null, false)[0]?.label).toBe('unknown user');
});
