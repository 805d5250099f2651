// Numbers that are counted up to a bound, so that no page waits for a large account.
import type { CountPrecision } from '../gql/graphql';
import { number } from './formats';

/** What the API counts. */
export interface Counted {
  count: number;
  precision: CountPrecision;
}

/** `10,000+` where there are more. The count may be older than what is shown, so it is at least that. */
export function countText({ count, precision }: Counted, shown = 0): string {
  return `${number(Math.max(count, shown))}${precision === 'AT_LEAST' ? '+' : ''}`;
}

/** The number with what it counts: "1 user", "10,000+ users". The words take the number for their plural, and its text. */
export function countOf(counted: Counted, words: (count: number, text: string) => string, shown = 0): string {
  return words(Math.max(counted.count, shown), countText(counted, shown));
}
