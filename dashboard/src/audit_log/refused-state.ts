// Which refused attempts are shown, as it stands in the address.
import type { RefusedAttemptsQueryVariables } from '../gql/graphql';
import { endOfDay, startOfDay } from '../ui/dates';
import { REASONS } from './attempt-words';

export interface RefusedState {
  codes: string[];
  /** Days of the reader's calendar, such as `2026-11-24`; empty where nothing is said. Both ends belong to the span. */
  from: string;
  to: string;
  /** The id of whom it was about, and of who tried it; empty where nothing is said. */
  subject: string;
  actor: string;
  after: string | null;
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readRefusedState(params: URLSearchParams): RefusedState {
  const day = (key: string) => (startOfDay(params.get(key) ?? '') ? (params.get(key) ?? '') : '');
  const codes = (params.get('code') ?? '').split(',');
  return {
    codes: Object.keys(REASONS).filter((code) => codes.includes(code)),
    from: day('from'),
    to: day('to'),
    subject: params.get('subject') ?? '',
    actor: params.get('actor') ?? '',
    after: params.get('after'),
  };
}

/** Writes the state into an address, without what goes without saying. */
export function writeRefusedState(state: RefusedState): URLSearchParams {
  const entries: [string, string][] = [
    ['view', 'refused'],
    ['code', state.codes.join(',')],
    ['from', state.from],
    ['to', state.to],
    ['subject', state.subject],
    ['actor', state.actor],
    ['after', state.after ?? ''],
  ];
  return new URLSearchParams(entries.filter(([, value]) => value !== ''));
}

/** Whether anything narrows the list. */
export function isNarrowed({ codes, from, to, subject, actor }: RefusedState): boolean {
  return codes.length > 0 || [from, to, subject, actor].some((value) => value !== '');
}

/** What the state asks of the API. */
export function toRefusedVariables({ codes, from, to, subject, actor, after }: RefusedState): RefusedAttemptsQueryVariables {
  return {
    after,
    filter: {
      codes: codes.length > 0 ? codes : null,
      at: from || to ? { from: startOfDay(from), before: endOfDay(to) } : null,
      user: subject || null,
      actor: actor || null,
    },
  };
}
