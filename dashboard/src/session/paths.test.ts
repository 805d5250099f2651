import { expect, test } from 'vitest';
import { nextPath, toSignIn, withNext } from './paths';

const origin = 'https://roster.example';
const back = (next: string) => nextPath(`?next=${encodeURIComponent(next)}`, origin);

test('signing in leads back with filters and all', () => {
  const here = '/users?status=ACTIVE&q=ada';
  expect(nextPath(toSignIn(here).replace('/sign-in', ''), origin)).toBe(here);
});

test('signing in leads to another site only by way of the server', () => {
  for (const next of ['//evil.example/', '/\\evil.example', 'javascript:alert(1)', 'evil']) {
    expect(back(next)).toBe('/');
  }
  const page = 'https://app.example/reports?year=2026&all';
  expect(back(page)).toBe('/sign-in/return?to=https%3A%2F%2Fapp.example%2Freports%3Fyear%3D2026%26all');
});

test('a provider leads back to the same page', () => {
  const search = toSignIn('/users?q=ada').replace('/sign-in', '');
  expect(withNext('/sign-in/company?account=acme', search)).toBe('/sign-in/company?account=acme&next=%2Fusers%3Fq%3Dada');
  expect(withNext('/sign-in/company', '')).toBe('/sign-in/company');
});

test('without a wish it leads to the start', () => {
  expect(nextPath('', origin)).toBe('/');
});
