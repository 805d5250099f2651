import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { relative } from './dates';
import { learnTime, serverDate, serverNow } from './server-clock';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-24T12:00:00Z');

afterEach(() => vi.useRealTimers());

test('a browser whose clock is off shows the time of the server', () => {
  vi.useFakeTimers();
  for (const off of [0, 3 * HOUR, -3 * HOUR, 26 * HOUR]) {
    vi.setSystemTime(NOW + off);
    learnTime('Tue, 24 Nov 2026 12:00:00 GMT');
    expect(Math.abs(serverNow() - NOW)).toBeLessThan(1000);
    expect(relative('2026-11-24T11:59:50Z', serverNow())).toBe('now');
    vi.setSystemTime(NOW + off + HOUR);
    expect(relative('2026-11-24T11:59:50Z', serverDate().getTime())).toBe('60 minutes ago');
  }
});

test('an answer without a date, or with a wrong one, changes nothing', () => {
  learnTime('Tue, 24 Nov 2026 12:00:00 GMT', NOW);
  learnTime(null, NOW + HOUR);
  learnTime('yesterday', NOW + HOUR);
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(1000);
});

test('nothing asks the clock of the browser but what compares it with the server', () => {
  const source = path.resolve(import.meta.dirname, '..');
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const own = names.filter((name) => !/\.test\.ts$|server-clock\.ts$|^gql/.test(name));
  expect(own.length).toBeGreaterThan(50);
  const asking = own.filter((name) =>
    /\bDate\.now\b|new Date\(\)|\bDate\(\)/.test(readFileSync(path.join(source, name), 'utf8')),
  );
  expect(asking).toEqual([]);
});
