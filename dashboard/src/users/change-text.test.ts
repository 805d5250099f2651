import { expect, test } from 'vitest';
import { changeText, nameOf } from './change-text';

const password = { id: 'password', kind: 'PASSWORD' as const, label: 'Email and password' };
const google = { id: 'google', kind: 'OPEN_ID_CONNECT' as const, label: 'Google' };
const offered = [password, google];
const seen = {
  name: 'Ada',
  email: 'ada@acme.example',
  role: 'VIEWER' as const,
  authMethods: [password],
  status: 'ACTIVE' as const,
};
const form = { role: 'VIEWER' as const, methods: ['password'], active: true };

test.each([
  [{ ...form, role: 'EDITOR' as const }, 'Ada is now Editor.'],
  [{ ...form, methods: ['password', 'google'] }, 'Ada can sign in with Email and password and Google.'],
  [{ ...form, active: false }, 'Ada is deactivated, and signed out everywhere.'],
  [{ ...form, role: 'ADMIN' as const, methods: ['google'] }, 'Ada is now Admin. Ada can sign in with Google.'],
  [form, 'Nothing was changed for Ada.'],
])('%j', (changed, text) => {
  expect(changeText(seen, changed, offered)).toBe(text);
});

test('someone without a name is called by the address', () => {
  expect(nameOf({ email: 'ada@acme.example', name: null })).toBe('ada@acme.example');
});
