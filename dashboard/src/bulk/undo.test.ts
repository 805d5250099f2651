import { expect, test } from 'vitest';
import type { Row } from './run';
import { notUndoneText } from './undo';

const refused = (id: string): Row => ({ id, outcome: 'REFUSED', name: id, reason: 'Someone has changed this.' });
const changed: Row = { id: 'ada', outcome: 'CHANGED', name: 'ada', reason: null };

test('nothing is said where all are as before', () => {
  expect(notUndoneText({ rows: [changed], problems: [] })).toBeNull();
});

test('who is not as before is named once, with the reason', () => {
  expect(notUndoneText({ rows: [changed, refused('bob'), refused('bob')], problems: [] })).toBe(
    'bob was not changed back. Someone has changed this.',
  );
  expect(notUndoneText({ rows: [refused('bob'), refused('eve')], problems: [] })).toBe(
    'bob and 1 more were not changed back. Someone has changed this.',
  );
});

test('a broken connection is told', () => {
  const problems = [{ code: 'UNREACHABLE', text: 'The server cannot be reached.', field: null }];
  expect(notUndoneText({ rows: [changed], problems })).toMatch(/^Not everything could be undone/);
});
