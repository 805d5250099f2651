import { expect, test } from 'vitest';
import { deadLinkOf } from './dead-links';
import { slugOf } from './slugs';
import { tokenOf } from './tokens';

test('a short name holds small letters, digits and hyphens only', () => {
  expect(slugOf('Müller & Söhne GmbH')).toBe('muller-sohne-gmbh');
  expect(slugOf('  --  ')).toBe('');
});

test('each dead invitation says something of its own', () => {
  const codes = [
    'INVALID_INVITATION_LINK',
    'INVITATION_ALREADY_ACCEPTED',
    'INVITATION_EXPIRED',
    'INVITATION_REPLACED',
    'INVITATION_REVOKED',
  ];
  const titles = codes.map((code) => deadLinkOf(code)?.title.id);
  expect(new Set(titles).size).toBe(codes.length);
  expect(titles).not.toContain(undefined);
});

test('a weak password does not make a link dead', () => {
  expect(deadLinkOf('WEAK_PASSWORD')).toBeNull();
});

test('what follows a link in a text is not part of its token', () => {
  for (const added of ['', '.', ')', '>', '"', ').', ' ', '…', '”']) expect(tokenOf(`abc-_.DEF${added}`)).toBe('abc-_.DEF');
});
