import { expect, test } from 'vitest';
import { isClosed, placesOf, startPath } from './places';

test('everybody starts at a place that they see', () => {
  for (const role of ['ADMIN', 'EDITOR', 'VIEWER'] as const) {
    expect(placesOf(role).map((place) => place.path)).toContain(startPath(role));
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

test('a path that is no place is closed to nobody', () => {
  expect(isClosed('/elsewhere', 'VIEWER')).toBe(false);
});
