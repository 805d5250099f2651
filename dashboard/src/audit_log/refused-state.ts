// Which refused attempts are shown, as the address holds it.
import type { RefusedAttemptsQueryVariables } from '../gql/graphql';
import { REASONS } from './attempt-words';
import { type Narrowing, readNarrowing, spanOf, writeNarrowing } from './narrowing';

export interface RefusedState extends Narrowing {
  codes: string[];
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readRefusedState(params: URLSearchParams): RefusedState {
  const codes = (params.get('code') ?? '').split(',');
  return { codes: Object.keys(REASONS).filter((code) => codes.includes(code)), ...readNarrowing(params) };
}

/** Writes the state into an address, without what goes without saying. */
export function writeRefusedState(state: RefusedState): URLSearchParams {
  const entries: [string, string][] = [
    ['view', 'refused'],
    ['code', state.codes.join(',')],
  ];
  return writeNarrowing(entries, state);
}

/** Whether anything narrows the list. */
export function isNarrowed({ codes, from, to, subject, actor }: RefusedState): boolean {
  return codes.length > 0 || [from, to, subject, actor].some((value) => value !== '');
}

/** What the state asks of the API. */
export function toRefusedVariables(state: RefusedState): RefusedAttemptsQueryVariables {
  const { codes, subject, actor, after } = state;
  return {
    after,
    filter: {
      codes: codes.length > 0 ? codes : null,
      at: spanOf(state),
      user: subject || null,
      actor: actor || null,
    },
  };
}
