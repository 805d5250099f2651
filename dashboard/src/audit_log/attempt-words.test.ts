import { expect, test } from 'vitest';
import { operationWord, reasonWord } from './attempt-words';

test('what was tried is told in words', () => {
  expect(operationWord('signIn')).toBe('Sign in with a password');
  expect(operationWord('revealInvitationLink')).toBe('Reveal invitation link');
});

test('a reason that is new is told by its code', () => {
  expect(reasonWord('FORBIDDEN')).toBe('Not permitted');
  expect(reasonWord('OF_TOMORROW')).toBe('Of tomorrow');
});
