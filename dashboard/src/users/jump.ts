// Finds a page of the list by its number. Lists have cursors: the server skips to the one before the page.
import type { Client } from 'urql';
import { graphql } from '../gql';
import type { Counted } from '../ui/count';
import { changed, type ListState, toVariables } from './list-state';

const Place = graphql(`
  query Place(
    $first: Int, $after: String, $last: Int, $before: String, $skip: Int, $filter: UserFilter, $orderBy: UserOrder, $asOf: AsOf
  ) {
    users(
      first: $first, after: $after, last: $last, before: $before, skip: $skip, filter: $filter, orderBy: $orderBy, asOf: $asOf
    ) {
      pageInfo { startCursor endCursor }
    }
  }
`);

/** How many users the server skips at once. */
const MAX_SKIP = 10_000;

/** How to get to a page: from which end, and past how many users; null for the page at that end itself. */
export interface Way {
  end: 'start' | 'end';
  past: number;
}

/** The shorter way to a page. Only an exact count has an end to start from. */
export function wayTo(page: number, size: number, total: Counted): Way {
  const before = (page - 1) * size;
  const after = total.precision === 'EXACT' ? Math.max(total.count - page * size, 0) : Number.POSITIVE_INFINITY;
  return before <= after ? { end: 'start', past: before } : { end: 'end', past: after };
}

/** What shows a page by its number; null if the connection broke. */
export async function jump(client: Client, state: ListState, page: number, total: Counted): Promise<ListState | null> {
  const from = (page - 1) * state.size + 1;
  const { end, past } = wayTo(page, state.size, total);
  if (past === 0) {
    return end === 'start'
      ? changed(state, {})
      : changed(state, { isLast: true, from: Math.max(total.count - state.size + 1, 1) });
  }
  const { filter, orderBy, asOf } = toVariables(state);
  let cursor: string | null = null;
  for (let left = past; left > 0; ) {
    const skip = Math.min(left - 1, MAX_SKIP);
    const place: Record<string, unknown> = end === 'start' ? { first: 1, after: cursor } : { last: 1, before: cursor };
    const variables = { ...place, skip, filter: filter ?? null, orderBy: orderBy ?? null, asOf: asOf ?? null };
    const { data } = await client.query(Place, variables, { requestPolicy: 'network-only' }).toPromise();
    if (!data?.users) return null;
    const { startCursor, endCursor } = data.users.pageInfo;
    cursor = (end === 'start' ? endCursor : startCursor) ?? null;
    // The list has become shorter.
    if (cursor === null) return changed(state, { isLast: true, from: null });
    left -= skip + 1;
  }
  return changed(state, end === 'start' ? { after: cursor, from } : { before: cursor, from });
}
