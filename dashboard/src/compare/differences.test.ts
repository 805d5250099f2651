import { expect, test } from 'vitest';
import { countsOf, differences, factsOf, isSentAgain } from './differences';

const password = { id: 'password', label: 'Email and password' };
const google = { id: 'google', label: 'Google' };
const ada = {
  id: 'ada',
  userId: 'ada',
  email: 'ada@acme.example',
  name: null,
  role: 'VIEWER' as const,
  status: 'PENDING_INVITATION' as const,
  authMethods: [password, google],
  invitation: { sentAt: '2026-03-01T09:30:00Z' },
};

test('what stayed is not shown', () => {
  expect(differences(ada, ada)).toEqual([]);
});

test('everything that is different is shown, before and after', () => {
  const later = { ...ada, name: 'Ada', role: 'ADMIN' as const, status: 'ACTIVE' as const, authMethods: [google] };
  expect(differences(ada, later)).toEqual([
    { label: 'Name', from: '–', to: 'Ada' },
    { label: 'Status', from: 'Pending invitation', to: 'Active' },
    { label: 'User role', from: 'Viewer', to: 'Admin' },
    { label: 'Auth method(s)', from: 'Email and password, Google', to: 'Google' },
  ]);
});

test('an invitation that was sent again is not a difference of the list, but is shown', () => {
  const later = { ...ada, invitation: { sentAt: '2026-03-02T09:30:00Z' } };
  expect(differences(ada, later)).toEqual([]);
  expect(isSentAgain(ada, later)).toBe(true);
  expect(isSentAgain(ada, ada)).toBe(false);
  expect(isSentAgain(ada, { ...ada, invitation: null })).toBe(false);
});

test('facts are shown in one line', () => {
  expect(factsOf(ada)).toBe('Viewer · Pending invitation · Email and password, Google');
});

test('changes are counted by kind, also several', () => {
  const kinds = ['CHANGED', 'CAME', 'CAME', 'CAME_AND_WENT'] as const;
  expect(countsOf(kinds.map((kind) => ({ kind })))).toBe('2 added, 1 changed, 1 added and removed');
  expect(countsOf([{ kind: 'CHANGED' }, { kind: 'CHANGED' }])).toBe('2 changed');
});
