import { expect, test } from 'vitest';
import type { User } from '../users/queries';
import { invitationGroups } from './invitation-groups';

const list = (...ids: string[]) => ({
  count: { count: ids.length + 10, precision: 'EXACT' as const },
  nodes: ids.map((id) => ({ id }) as User),
});

test('a user who fits several groups is in the first one, and empty groups are left out', () => {
  const groups = invitationGroups({ failed: list('a', 'b'), expired: list('b'), pending: list('a', 'c') });
  expect(groups.map(({ title, users, total }) => [title.message, users.map(({ id }) => id), total.count])).toEqual([
    ['The mail did not arrive', ['a', 'b'], 12],
    ['Not accepted yet', ['c'], 12],
  ]);
});

test('a list that could not be read shows no users', () => {
  expect(invitationGroups({ failed: null, expired: null, pending: list() })).toEqual([]);
});
