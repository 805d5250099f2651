import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type End, Live, type LiveEvent, type LiveSource } from './live';

const renamed: LiveEvent = { kind: 'user', userId: 'ada' };

interface Step {
  /** What the server answers for the newest cursor, if it is asked. */
  newest?: string | null;
  /** The events of the subscription; null when it does not open. */
  events?: string[] | null;
  end?: End;
}

/** Plays the steps. Answers what was asked for, what listeners heard, and the states in between. */
async function play(steps: Step[]) {
  const log: string[] = [];
  const live = new Live();
  live.watch(() => log.push(live.state));
  live.listen((event) => log.push(event ? `heard ${event.kind}` : 'heard that events were missed'));
  let at = 0;
  await new Promise<void>((done) => {
    const source: LiveSource = {
      newest: async () => {
        log.push('newest');
        return steps[at]?.newest ?? null;
      },
      follow: async (after, onOpen, onEvent) => {
        log.push(`follow ${after}`);
        const { events, end } = steps[at] ?? {};
        if (events) onOpen();
        for (const cursor of events ?? []) onEvent(cursor, renamed);
        return end ?? 'broken';
      },
      session: async () => {
        log.push('session');
      },
      pause: (failures) => {
        log.push(`pause ${failures}`);
        at += 1;
        if (at < steps.length) return Promise.resolve();
        done();
        return new Promise(() => undefined);
      },
    };
    live.start(source);
  });
  return log;
}

test('it goes on from the last event after a broken connection', async () => {
  const log = await play([{ newest: '0', events: ['1', '2'] }, { events: ['3'] }]);
  expect(log).toEqual(['newest', 'live', 'follow 0', 'heard user', 'heard user', 'pause 1', 'follow 2', 'heard user', 'pause 1']);
});

test('it says that it is interrupted when a second try fails, and goes on without a gap', async () => {
  const log = await play([{ newest: '0', events: [] }, { events: null }, { events: ['1'] }]);
  expect(log).toEqual([
    'newest',
    'live',
    'follow 0',
    'pause 1',
    'follow 0',
    'interrupted',
    'pause 2',
    'follow 0',
    'live',
    'heard user',
    'pause 1',
  ]);
});

test('a server that does not answer at first is asked again, and pages load again', async () => {
  const log = await play([{ newest: null }, { newest: '5', events: [] }]);
  expect(log).toEqual([
    'newest',
    'interrupted',
    'pause 1',
    'newest',
    'heard that events were missed',
    'follow 5',
    'live',
    'pause 1',
  ]);
});

test('after a restore it begins again, and pages load again', async () => {
  const log = await play([
    { newest: '9', events: ['10'], end: 'unknown-cursor' },
    { newest: '4', events: [] },
  ]);
  expect(log.slice(3)).toEqual([
    'heard user',
    'interrupted',
    'pause 1',
    'newest',
    'heard that events were missed',
    'follow 4',
    'live',
    'pause 1',
  ]);
});

test('a socket that is refused asks for the session, and follows again', async () => {
  const log = await play([{ newest: '0', events: [], end: 'refused' }, { events: ['1'] }]);
  expect(log).toEqual(['newest', 'live', 'follow 0', 'session', 'pause 1', 'follow 0', 'heard user', 'pause 1']);
});

test('no page polls: only the clock of relative times ticks', () => {
  const source = path.resolve(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const ticking = files.filter((name) => /setInterval\(|pollInterval/.test(readFileSync(path.join(source, name), 'utf8')));
  expect(ticking.filter((name) => !name.endsWith('live.test.ts'))).toEqual([path.join('ui', 'time.tsx')]);
});
