import { expect, test } from 'vitest';
import { avatarColorOf, initialsOf } from './initials';

test.each([
  ['Grace Hopper', 'grace@acme.example', 'GH'],
  ['Grace Brewster Murray Hopper', null, 'GH'],
  ['Åsa', 'asa@acme.example', 'Å'],
  ['  ', 'tomas.herrera@acme.example', 'TH'],
  [null, 'info@acme.example', 'I'],
  [null, 'info+test@acme.example', 'IT'],
  ['“Quoted” (Name)', null, 'QN'],
  ['山田 太郎', null, '山太'],
  [null, '42@acme.example', ''],
  [null, null, ''],
])('%s <%s> is %s', (name, email, initials) => {
  expect(initialsOf(name, email)).toBe(initials);
});

test('a person keeps their color', () => {
  expect(avatarColorOf('019a')).toBe(avatarColorOf('019a'));
});
