// What the audit log shows, as it stands in the address, and the exports of the same.
import type { AuditLogQueryVariables, EventType } from '../gql/graphql';
import { endOfDay, startOfDay } from '../ui/dates';
import { EVENT_TYPES } from './event-types';

export interface LogState {
  types: EventType[];
  /** Days of the reader's calendar, such as `2026-11-24`; empty where nothing is said. Both ends belong to the span. */
  from: string;
  to: string;
  /** The id of whom it is about, and of who did it; empty where nothing is said. */
  subject: string;
  actor: string;
  after: string | null;
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readLogState(params: URLSearchParams): LogState {
  const day = (key: string) => (startOfDay(params.get(key) ?? '') ? (params.get(key) ?? '') : '');
  const types = (params.get('type') ?? '').split(',');
  return {
    types: EVENT_TYPES.filter((type) => types.includes(type)),
    from: day('from'),
    to: day('to'),
    subject: params.get('subject') ?? '',
    actor: params.get('actor') ?? '',
    after: params.get('after'),
  };
}

/** Writes the state into an address, without what goes without saying. */
export function writeLogState(state: LogState): URLSearchParams {
  const entries: [string, string][] = [
    ['type', state.types.join(',')],
    ['from', state.from],
    ['to', state.to],
    ['subject', state.subject],
    ['actor', state.actor],
    ['after', state.after ?? ''],
  ];
  return new URLSearchParams(entries.filter(([, value]) => value !== ''));
}

/** What the state asks of the API. */
export function toLogVariables(state: LogState): AuditLogQueryVariables {
  const { types, from, to, subject, actor, after } = state;
  return {
    after,
    filter: {
      types: types.length > 0 ? types : null,
      recorded: from || to ? { from: startOfDay(from), before: endOfDay(to) } : null,
      subject: subject || null,
      actor: actor || null,
    },
  };
}

/** The file with everything that is shown, on all pages. */
export function historyExportPath(state: LogState, format: 'csv' | 'ndjson'): string {
  const entries: [string, string][] = [
    ['format', format],
    ['from', startOfDay(state.from) ?? ''],
    ['before', endOfDay(state.to) ?? ''],
    ['subject', state.subject],
    ['actor', state.actor],
    ...state.types.map((type): [string, string] => ['type', type]),
  ];
  return `/history/export?${new URLSearchParams(entries.filter(([, value]) => value !== ''))}`;
}
