import { expect, test } from 'vitest';
import { formOf, isChanged, updateOf } from './user-update';

const method = (id: string) => ({ id, kind: 'PASSWORD' as const, label: id });
const ada = {
  id: 'ada',
  role: 'EDITOR' as const,
  status: 'ACTIVE' as const,
  version: 7,
  authMethods: [method('password'), method('google')],
};

test('what is unchanged is not asked for', () => {
  expect(updateOf(ada, formOf(ada))).toEqual({ id: 'ada', expectedVersion: 7 });
});

test('the order of login methods is no change', () => {
  expect(updateOf(ada, { ...formOf(ada), methods: ['google', 'password'] }).authMethods).toBeUndefined();
});

test('every change is asked for together', () => {
  expect(updateOf(ada, { role: 'ADMIN', methods: ['google'], active: false })).toEqual({
    id: 'ada',
    expectedVersion: 7,
    role: 'ADMIN',
    authMethods: ['google'],
    active: false,
  });
});

test('who is inactive can be given access back', () => {
  const inactive = { ...ada, status: 'INACTIVE' as const };
  expect(updateOf(inactive, { ...formOf(inactive), active: true }).active).toBe(true);
});

test('a form that is put back as it was asks for nothing', () => {
  expect(isChanged(ada, { ...formOf(ada), role: 'ADMIN' })).toBe(true);
  expect(isChanged(ada, { ...formOf(ada), methods: ['google', 'password'] })).toBe(false);
});
