// What the audit log shows, as the address holds it, and the exports of the same.
import type { AuditLogQueryVariables, EventType } from '../gql/graphql';
import { endOfDay, startOfDay } from '../ui/dates';
import { spreadsheetParameters } from '../ui/spreadsheet';
import { EVENT_TYPES } from './event-types';
import { type Narrowing, readNarrowing, spanOf, writeNarrowing } from './narrowing';

export interface LogState extends Narrowing {
  types: EventType[];
  /** Whether mails are shown among other events: they would outnumber them. */
  mails: boolean;
}

const MAILS: EventType[] = ['MAIL_SENT', 'MAIL_FAILED'];
const WITHOUT_MAILS = EVENT_TYPES.filter((type) => !MAILS.includes(type));

/** The types that are asked for; none for all. */
function typesOf({ types, mails }: LogState): EventType[] {
  if (types.length > 0) return types;
  return mails ? [] : WITHOUT_MAILS;
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readLogState(params: URLSearchParams): LogState {
  const types = (params.get('type') ?? '').split(',');
  return {
    types: EVENT_TYPES.filter((type) => types.includes(type)),
    mails: params.get('mails') === 'true',
    ...readNarrowing(params),
  };
}

/** Writes the state into an address, without what goes without saying. */
export function writeLogState(state: LogState): URLSearchParams {
  const entries: [string, string][] = [
    ['type', state.types.join(',')],
    ['mails', state.mails ? 'true' : ''],
  ];
  return writeNarrowing(entries, state);
}

/** What the state asks of the API. */
export function toLogVariables(state: LogState): AuditLogQueryVariables {
  const { subject, actor, after } = state;
  const types = typesOf(state);
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
    ...typesOf(state).map((type): [string, string] => ['type', type]),
  ];
  return `/history/export?${new URLSearchParams(entries.filter(([, value]) => value !== ''))}`;
}
