import { expect, test } from 'vitest';
import { isClosed, PROFILE, routesOf, startPath } from './routes';

test('every role starts at a route that it sees', () => {
  for (const role of ['ADMIN', 'EDITOR', 'VIEWER'] as const) {
    expect([...routesOf(role), PROFILE].map((route) => route.path)).toContain(startPath(role));
  }
});

test('users are for admins only, the audit log for editors too', () => {
  expect(isClosed('/users', 'EDITOR')).toBe(true);
  expect(isClosed('/audit-log', 'EDITOR')).toBe(false);
  expect(isClosed('/audit-log', 'VIEWER')).toBe(true);
  expect(isClosed('/users', 'ADMIN')).toBe(false);
});

test('service keys are for admins only', () => {
  expect(isClosed('/service-keys', 'EDITOR')).toBe(true);
  expect(isClosed('/service-keys', 'VIEWER')).toBe(true);
  expect(isClosed('/service-keys', 'ADMIN')).toBe(false);
});

test('an unknown path is not closed', () => {
  expect(isClosed('/elsewhere', 'VIEWER')).toBe(false);
});
