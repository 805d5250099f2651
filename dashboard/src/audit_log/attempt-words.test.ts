import { expect, test } from 'vitest';
import { operationWord, reasonWord } from './attempt-words';

test('what was tried is shown in words', () => {
  expect(operationWord('signIn')).toBe('Sign in with a password');
  expect(operationWord('revealInvitationLink')).toBe('Reveal invitation link');
});

test('an unknown reason is shown by its code', () => {
  expect(reasonWord('FORBIDDEN')).toBe('Not permitted');
  expect(reasonWord('OF_TOMORROW')).toBe('Of tomorrow');
});
