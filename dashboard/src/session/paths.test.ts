import { expect, test } from 'vitest';
import { nextPath, toSignIn } from './paths';

const origin = 'https://roster.example';
const back = (next: string) => nextPath(`?next=${encodeURIComponent(next)}`, origin);

test('signing in leads back with filters and all', () => {
  const here = '/users?status=ACTIVE&q=ada';
  expect(nextPath(toSignIn(here).replace('/sign-in', ''), origin)).toBe(here);
});

test('signing in never leads to another site', () => {
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', 'evil']) {
    expect(back(next)).toBe('/');
  }
});

test('without a wish it leads to the start', () => {
  expect(nextPath('', origin)).toBe('/');
});
