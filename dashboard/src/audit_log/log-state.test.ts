import { expect, test } from 'vitest';
import { historyExportPath, type LogState, readLogState, toLogVariables, writeLogState } from './log-state';

const nothing = readLogState(new URLSearchParams());
const everything: LogState = {
  types: ['INVITED', 'DELETED'],
  mails: true,
  from: '2026-01-01',
  to: '2026-01-31',
  subject: 'ada',
  actor: 'grace',
  after: 'a-cursor',
};

test('an address keeps everything', () => {
  expect(readLogState(writeLogState(everything))).toEqual(everything);
  expect(writeLogState(nothing).toString()).toBe('');
});

test('what makes no sense in an address is left out', () => {
  expect(readLogState(new URLSearchParams('type=SNEEZED,INVITED&from=once'))).toEqual({ ...nothing, types: ['INVITED'] });
});

test('a filter that is not set is not asked for', () => {
  expect(toLogVariables({ ...nothing, mails: true }).filter).toEqual({ types: null, recorded: null, subject: null, actor: null });
});

test('mails are left out unless they are wanted', () => {
  const types = toLogVariables(nothing).filter?.types ?? [];
  expect([types.includes('INVITED'), types.includes('UNREADABLE'), types.includes('MAIL_SENT')]).toEqual([true, true, false]);
  expect(toLogVariables({ ...nothing, types: ['MAIL_SENT'] }).filter?.types).toEqual(['MAIL_SENT']);
});

test('an export has the filters of the page, but all pages', () => {
  const path = historyExportPath(everything, 'csv');
  expect(path).toMatch(/^\/history\/export\?format=csv&bom=true&separator=comma&from=/);
  expect(path).toContain('type=INVITED&type=DELETED');
  expect(path).not.toContain('a-cursor');
});
