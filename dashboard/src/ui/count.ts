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

/** The number with what it counts: "1 user", "10,000+ users". */
export function countOf(counted: Counted, one: string, many: string, shown = 0): string {
  const isOne = Math.max(counted.count, shown) === 1;
  return `${countText(counted, shown)} ${isOne ? one : many}`;
}
