import { expect, test } from 'vitest';
import { readRows } from './invite-rows';

const defaults = { role: 'VIEWER' as const, authMethods: ['password', 'google'] };
const rows = (text: string) => readRows(text, defaults).map(({ row }) => row);

test('an address alone takes the defaults', () => {
  expect(rows('ada@acme.example\n\n  grace@acme.example  \r\n')).toEqual([
    { email: 'ada@acme.example', ...defaults },
    { email: 'grace@acme.example', ...defaults },
  ]);
});

test('a row may say a role and login methods', () => {
  expect(rows('ada@acme.example;Admin;password')).toEqual([
    { email: 'ada@acme.example', role: 'ADMIN', authMethods: ['password'] },
  ]);
  expect(rows('ada@acme.example\teditor\tpassword google')[0]?.authMethods).toEqual(['password', 'google']);
});

test('headings are skipped in the first line only', () => {
  expect(rows('Email,Role\nada@acme.example,viewer')).toHaveLength(1);
  expect(rows('ada@acme.example\nemail')).toHaveLength(2);
});

test('several addresses in a line are several people', () => {
  expect(rows('ada@acme.example, grace@acme.example; alan@acme.example').map((row) => row?.email)).toEqual([
    'ada@acme.example',
    'grace@acme.example',
    'alan@acme.example',
  ]);
});

test('a quoted cell may hold separators', () => {
  expect(rows('"ada@acme.example","editor","password google"')[0]).toEqual({
    email: 'ada@acme.example',
    role: 'EDITOR',
    authMethods: ['password', 'google'],
  });
});

test('an unknown role is reported with its line, and affects no other row', () => {
  const read = readRows('ada@acme.example,king\ngrace@acme.example', defaults);
  expect(read[0]).toMatchObject({ line: 1, row: null });
  expect(read[0]?.problem).toContain('king');
  expect(read[1]?.row?.email).toBe('grace@acme.example');
});

test('what is no address is left to the server to refuse', () => {
  expect(rows('no address')[0]?.email).toBe('no address');
});
