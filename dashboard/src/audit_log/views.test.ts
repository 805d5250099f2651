import { expect, test } from 'vitest';
import { viewOf, viewsOf } from './views';

const at = (path: string) => new URL(path, 'https://roster.example').searchParams;

test('every view is found at its own address', () => {
  for (const view of viewsOf('ADMIN')) expect(viewOf(at(view.href), 'ADMIN')).toBe(view.id);
});

test('comparing is for admins only, as the users are', () => {
  expect(viewOf(at('/audit-log?view=compare'), 'EDITOR')).toBeNull();
  expect(viewOf(at('/audit-log?view=refused'), 'EDITOR')).toBe('refused');
});
