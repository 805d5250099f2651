import { expect, test } from 'vitest';
import { type Entry, matching, moved } from './entries';

const entry = (label: string, group = 'Pages'): Entry => ({ id: label, group, label, run: () => undefined });
const ENTRIES = [entry('Audit log'), entry('API keys'), entry('Invite user', 'Actions'), entry('Äußere Stelle')];

test.each([
  ['', ['Audit log', 'API keys', 'Invite user', 'Äußere Stelle']],
  ['log aud', ['Audit log']],
  ['KEYS', ['API keys']],
  ['action', ['Invite user']],
  ['aussere', []],
  ['äuß', ['Äußere Stelle']],
  ['auß', ['Äußere Stelle']],
  ['audit keys', []],
])('%s finds %j', (typed, labels) => {
  expect(matching(ENTRIES, typed).map(({ label }) => label)).toEqual(labels);
});

test('the keys move round the ends', () => {
  expect(moved(0, 'ArrowUp', 3)).toBe(2);
  expect(moved(2, 'ArrowDown', 3)).toBe(0);
  expect(moved(1, 'Home', 3)).toBe(0);
  expect(moved(1, 'End', 3)).toBe(2);
  expect(moved(0, 'ArrowDown', 0)).toBe(0);
});
