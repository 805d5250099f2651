import { expect, test } from 'vitest';
import type { EventType } from '../gql/graphql';
import { isOfOneType, linesByDay, mainEvents } from './fold';

const ADA = { kind: 'USER' as const, serviceKeyName: null, user: { id: 'ada', email: 'ada@acme.example' } };
const EVE = { ...ADA, user: { id: 'eve', email: 'eve@acme.example' } };
let count = 0;
const event = (type: EventType, second: number, actor = ADA, operationId: string | null = null) => {
  count += 1;
  return { id: `${type} ${count}`, type, actor, operationId, at: new Date(2026, 10, 24, 12, 0, second).toISOString() };
};
const brief = (events: ReturnType<typeof event>[]) =>
  linesByDay(events).flatMap(({ lines }) => lines.map((line) => `${line.events.length} ${line.events[0].type}`));

test('events that repeat are one line, also with others between', () => {
  const events = [59, 50, 40, 30].flatMap((second) => [event('MAIL_SENT', second), event('INVITED', second - 1)]);
  expect(brief(events)).toEqual(['4 MAIL_SENT', '4 INVITED']);
});

test('two of a kind, and what is no repetition, stay as they are', () => {
  expect(brief([event('INVITED', 9), event('NAME_CHANGED', 8), event('INVITED', 7)])).toEqual([
    '1 INVITED',
    '1 NAME_CHANGED',
    '1 INVITED',
  ]);
  expect(brief([event('NAME_CHANGED', 3), event('NAME_CHANGED', 2), event('NAME_CHANGED', 1)])).toHaveLength(3);
});

test('what others do is another line, and so is what happened much later', () => {
  const events = [event('DELETED', 3), event('DELETED', 3, EVE), event('DELETED', 2), event('DELETED', 1)];
  expect(brief(events)).toEqual(['3 DELETED', '1 DELETED']);
  expect(brief([event('DELETED', 900), event('DELETED', 300), event('DELETED', 0)])).toHaveLength(3);
});

test('a line keeps its name when newer events come', () => {
  const old = [event('DELETED', 3), event('DELETED', 2), event('DELETED', 1)];
  const ids = (events: ReturnType<typeof event>[]) => linesByDay(events).flatMap(({ lines }) => lines.map(({ id }) => id));
  const [name] = ids(old);
  expect(ids([event('DELETED', 9), ...old])).toEqual([name]);
  const later = [event('DELETED', 603), event('DELETED', 602), event('DELETED', 601)];
  expect(ids([...later, ...old]).at(-1)).toBe(name);
});

test('what one operation did is one line, and no other event is part of it', () => {
  const of = (type: EventType, second: number, operation: string) => event(type, second, ADA, operation);
  const events = [
    of('ROLE_CHANGED', 50, 'b'),
    of('SESSION_ENDED', 9, 'a'),
    of('DEACTIVATED', 9, 'a'),
    event('DEACTIVATED', 8),
    of('ROLE_CHANGED', 7, 'b'),
    of('DEACTIVATED', 6, 'a'),
    of('ROLE_CHANGED', 5, 'c'),
  ];
  expect(brief(events)).toEqual(['2 ROLE_CHANGED', '3 SESSION_ENDED', '1 DEACTIVATED', '1 ROLE_CHANGED']);
});

test('what follows from a change is not what an operation did', () => {
  const main = mainEvents([event('SESSION_ENDED', 3), event('DEACTIVATED', 2), event('DEACTIVATED', 1)]);
  expect(main.map(({ type }) => type)).toEqual(['DEACTIVATED', 'DEACTIVATED']);
  expect(isOfOneType(main)).toBe(true);
  expect(isOfOneType(mainEvents([event('ROLE_CHANGED', 2), event('NAME_CHANGED', 1)]))).toBe(false);
  expect(mainEvents([event('SESSION_ENDED', 1)])).toHaveLength(1);
});

test('each day has its lines', () => {
  const yesterday = { ...event('INVITED', 0), at: new Date(2026, 10, 23, 23, 59, 59).toISOString() };
  const days = linesByDay([event('INVITED', 1), yesterday]);
  expect(days.map(({ day, lines }) => `${day} ${lines.length}`)).toEqual(['2026-11-24 1', '2026-11-23 1']);
});
