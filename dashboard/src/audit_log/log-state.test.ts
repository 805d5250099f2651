import { expect, test } from 'vitest';
import { historyExportPath, type LogState, readLogState, toLogVariables, writeLogState } from './log-state';

const nothing = readLogState(new URLSearchParams());
const everything: LogState = {
  types: ['INVITED', 'DELETED'],
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
  expect(toLogVariables(nothing).filter).toEqual({ types: null, recorded: null, subject: null, actor: null });
});

test('an export has the filters of the page, but all pages', () => {
  const path = historyExportPath(everything, 'csv');
  expect(path).toMatch(/^\/history\/export\?format=csv&bom=true&separator=comma&from=/);
  expect(path).toContain('type=INVITED&type=DELETED');
  expect(path).not.toContain('a-cursor');
});
