// What is compared, as the address holds it: two moments, and the page.
import type { ChangesQueryVariables } from '../gql/graphql';
import { instantOf } from '../ui/dates';

export interface CompareState {
  /** Minutes of the reader's clock, such as `2026-11-24T09:30`; `to` is empty for now. */
  from: string;
  to: string;
  /** The event up to which "now" reached when the first page was shown, so that every page compares the same. */
  upTo: string | null;
  after: string | null;
}

/** Reads the state from an address. What makes no sense there is left out. */
export function readCompareState(params: URLSearchParams): CompareState {
  const minute = (key: string) => (instantOf(params.get(key) ?? '') ? (params.get(key) ?? '') : '');
  const to = minute('to');
  return { from: minute('from'), to, upTo: to === '' ? params.get('up-to') : null, after: params.get('after') };
}

/** Writes the state into an address, without what goes without saying. */
export function writeCompareState({ from, to, upTo, after }: CompareState): URLSearchParams {
  const entries: [string, string][] = [
    ['view', 'compare'],
    ['from', from],
    ['to', to],
    ['up-to', upTo ?? ''],
    ['after', after ?? ''],
  ];
  return new URLSearchParams(entries.filter(([, value]) => value !== ''));
}

/** The way to comparing a minute of the reader's clock with now. */
export function comparePath(from: string): string {
  return `/audit-log?${writeCompareState({ from, to: '', upTo: null, after: null })}`;
}

/** What the state asks of the API; its earlier moment is chosen. */
export function toChangesVariables({ from, to, upTo, after }: CompareState): ChangesQueryVariables {
  const end = instantOf(to);
  return { after, from: { at: instantOf(from) ?? '' }, to: end ? { at: end } : upTo ? { event: upTo } : null };
}
