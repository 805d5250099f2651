// Events that belong together are shown as one: those of one operation, and those that repeat, as in "Ada invited 200 people". The latter need
// not follow each other directly, if they happen about at once.
import type { EventType } from '../gql/graphql';
import { dayOf } from '../ui/dates';
import type { LogEvent } from './shown-event';

/** The types that are folded: a sentence in `sentences.tsx` counts them. */
export const FOLDED: readonly EventType[] = [
  'INVITED',
  'INVITATION_RESENT',
  'ROLE_CHANGED',
  'AUTH_METHODS_CHANGED',
  'DEACTIVATED',
  'ACTIVATED',
  'DELETED',
  'ERASED',
  'SESSION_STARTED',
  'SESSION_ENDED',
  'API_KEY_REVOKED',
  'MAIL_SENT',
  'MAIL_FAILED',
];
const MIN_EVENTS = 3;
// What one call did is one thing, however small.
const MIN_EVENTS_OF_OPERATION = 2;
const MAX_GAP_MILLISECONDS = 2 * 60_000;

type Facts = Pick<LogEvent, 'id' | 'type' | 'at' | 'actor' | 'operationId'>;

/** What users are changed in: the other events of an operation follow from these. */
const CHANGES: readonly EventType[] = [
  'DELETED',
  'DEACTIVATED',
  'ACTIVATED',
  'ROLE_CHANGED',
  'AUTH_METHODS_CHANGED',
  'NAME_CHANGED',
  'INVITATION_RESENT',
];

/** One line: an event, or several of the same kind, the newest first. */
export interface Line<E> {
  /** It stays the same when newer events come. */
  id: string;
  events: [E, ...E[]];
}

/** A day of the reader's calendar with its lines, the newest first. */
export interface LogDay<E> {
  /** Such as `2026-11-24`. */
  day: string;
  lines: Line<E>[];
}

/** Events, the newest first, by day, those that repeat as one line. */
export function linesByDay<E extends Facts>(events: readonly E[]): LogDay<E>[] {
  const days: LogDay<E>[] = [];
  for (const line of folded(events)) {
    const day = dayOf(line.events[0].at);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return days;
}

function folded<E extends Facts>(events: readonly E[]): Line<E>[] {
  const open = new Map<string, Line<E>>();
  const lineOf = new Map<string, Line<E>>();
  for (const event of events) {
    const key = keyOf(event);
    const line = key === null ? undefined : open.get(key);
    const last = line?.events.at(-1);
    if (line && last && (event.operationId || Date.parse(last.at) - Date.parse(event.at) <= MAX_GAP_MILLISECONDS)) {
      line.events.push(event);
      lineOf.set(event.id, line);
      continue;
    }
    const next: Line<E> = { id: event.id, events: [event] };
    lineOf.set(event.id, next);
    if (key !== null) open.set(key, next);
  }
  // A few stay as they are, each at its own moment.
  const lines = events.flatMap((event): Line<E>[] => {
    const line = lineOf.get(event.id);
    if (!line || line.events.length < (event.operationId ? MIN_EVENTS_OF_OPERATION : MIN_EVENTS))
      return [{ id: event.id, events: [event] }];
    return line.id === event.id ? [line] : [];
  });
  return named(lines);
}

/** Lines of several events, named by what they have in common and how many of the kind are older. */
function named<E extends Facts>(lines: Line<E>[]): Line<E>[] {
  const older = new Map<string, number>();
  return lines
    .toReversed()
    .map((line) => {
      if (line.events.length === 1) return line;
      const key = keyOf(line.events[0]) ?? '';
      const count = older.get(key) ?? 0;
      older.set(key, count + 1);
      return { ...line, id: `${key} ${count}` };
    })
    .toReversed();
}

/** What events have in common that are folded; null for those that stand alone. */
function keyOf({ type, at, actor, operationId }: Facts): string | null {
  if (operationId) return ['operation', dayOf(at), operationId].join(' ');
  if (!FOLDED.includes(type)) return null;
  return [type, dayOf(at), actor.kind, actor.user?.id ?? '', actor.serviceKeyName ?? ''].join(' ');
}

/** The events of an operation that say what it did: those of one type where there is one, else of all that change users. */
export function mainEvents<E extends Facts>(events: readonly [E, ...E[]]): [E, ...E[]] {
  const [first, ...others] = events.filter(({ type }) => CHANGES.includes(type));
  return first ? [first, ...others] : [...events];
}

/** Whether all events have one type. */
export function isOfOneType(events: readonly Facts[]): boolean {
  return events.every(({ type }) => type === events[0]?.type);
}
