// What the audit log shows, as the address holds it, and the exports of the same.
import type { AuditLogQueryVariables, EventType } from '../gql/graphql';
import { endOfDay, startOfDay } from '../ui/dates';
import { spreadsheetParameters } from '../ui/spreadsheet';
import { EVENT_TYPES } from './event-types';
import { type Narrowing, readNarrowing, spanOf, writeNarrowing } from './narrowing';

export interface LogState extends Narrowing {
  types: EventType[];
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readLogState(params: URLSearchParams): LogState {
  const types = (params.get('type') ?? '').split(',');
  return { types: EVENT_TYPES.filter((type) => types.includes(type)), ...readNarrowing(params) };
}

/** Writes the state into an address, without what goes without saying. */
export function writeLogState(state: LogState): URLSearchParams {
  return writeNarrowing([['type', state.types.join(',')]], state);
}

/** What the state asks of the API. */
export function toLogVariables(state: LogState): AuditLogQueryVariables {
  const { types, subject, actor, after } = state;
  return {
    after,
    filter: {
      types: types.length > 0 ? types : null,
      recorded: spanOf(state),
      subject: subject || null,
      actor: actor || null,
    },
  };
}

/** The file with everything that is shown, on all pages. */
export function historyExportPath(state: LogState, format: 'csv' | 'ndjson'): string {
  const entries: [string, string][] = [
    ['format', format],
    ...(format === 'csv' ? spreadsheetParameters() : []),
    ['from', startOfDay(state.from) ?? ''],
    ['before', endOfDay(state.to) ?? ''],
    ['subject', state.subject],
    ['actor', state.actor],
    ...state.types.map((type): [string, string] => ['type', type]),
  ];
  return `/history/export?${new URLSearchParams(entries.filter(([, value]) => value !== ''))}`;
}
