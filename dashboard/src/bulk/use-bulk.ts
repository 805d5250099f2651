// Asks the server to do something to many users: to see what would come of it, and to do it.
import { useMemo, useState } from 'react';
import { type Client, useClient } from 'urql';
import { explain, type Problem } from '../api/problems';
import { randomKey } from '../api/use-api-mutation';
import type { UserFilter, UserSelection } from '../gql/graphql';
import type { BulkAction } from './actions';
import { type Answer, answerOf, type BulkRow } from './answer';
import { DeleteUsers, ResendInvitations, UpdateUsers, UserIds } from './documents';

/** How many the server takes at once. */
export const MAX_AT_ONCE = 1000;
const IDS_A_PAGE = 100;

/** What is selected, as the page knows it. */
export type Selected = { ids: readonly string[] } | { filter: UserFilter; count: number; isExact: boolean };

interface Request {
  action: BulkAction;
  users: UserSelection;
  count: number;
  dryRun: boolean;
  idempotencyKey: string | null;
}

export interface Bulk {
  problems: Problem[];
  /** What would come of it; null if it was refused as a whole, or the connection broke. */
  look: (action: BulkAction, selected: Selected) => Promise<readonly BulkRow[] | null>;
  /** Does it to some. Asked again for the same, it does nothing twice. */
  change: (action: BulkAction, ids: readonly string[]) => Promise<readonly BulkRow[] | null>;
}

export function useBulk(): Bulk {
  const client = useClient();
  const [problems, setProblems] = useState<Problem[]>([]);
  // The same for the same input for as long as the dialog is open: asked again, nothing is done twice.
  const [keys] = useState(() => new Map<string, string>());
  const does = useMemo(() => {
    const shown = ({ rows, problems }: Answer) => {
      setProblems(problems);
      return problems.length > 0 ? null : rows;
    };
    const ask = async (request: Request) => shown(await send(client, request));
    const keyOf = (text: string) => {
      const key = keys.get(text) ?? randomKey();
      keys.set(text, key);
      return key;
    };
    const look = async (action: BulkAction, selected: Selected) => {
      if (!('ids' in selected) && selected.isExact && selected.count <= MAX_AT_ONCE) {
        const { filter, count } = selected;
        const users = { matching: { filter, expectedCount: count } };
        return ask({ action, users, count, dryRun: true, idempotencyKey: null });
      }
      const ids = 'ids' in selected ? selected.ids : await idsOf(client, selected.filter);
      if (!ids) {
        setProblems([broken()]);
        return null;
      }
      const rows: BulkRow[] = [];
      for (let start = 0; start < ids.length; start += MAX_AT_ONCE) {
        const part = ids.slice(start, start + MAX_AT_ONCE);
        const found = await ask({ action, users: { ids: part }, count: part.length, dryRun: true, idempotencyKey: null });
        if (!found) return null;
        rows.push(...found);
      }
      return rows;
    };
    const change = (action: BulkAction, ids: readonly string[]) => {
      const idempotencyKey = keyOf(JSON.stringify([action, ids]));
      return ask({ action, users: { ids: [...ids] }, count: ids.length, dryRun: false, idempotencyKey });
    };
    return { look, change };
  }, [client, keys]);
  return { problems, ...does };
}

const broken = (): Problem => ({ code: 'UNREACHABLE', text: explain('UNREACHABLE', null), field: null });

/** The ids of all who match; null if the connection broke. */
async function idsOf(client: Client, filter: UserFilter): Promise<string[] | null> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const variables: { first: number; after: string | null; filter: UserFilter } = { first: IDS_A_PAGE, after, filter };
    const { data } = await client.query(UserIds, variables, { requestPolicy: 'network-only' }).toPromise();
    if (!data?.users) return null;
    ids.push(...data.users.nodes.map(({ id }) => id));
    after = data.users.pageInfo.endCursor ?? null;
    if (!data.users.pageInfo.hasNextPage) return ids;
  }
}

async function send(client: Client, { action, users, count, dryRun, idempotencyKey }: Request) {
  const common = { users, dryRun, idempotencyKey };
  return answerOf(await request(client, action, common, count));
}

type Common = { users: UserSelection; dryRun: boolean; idempotencyKey: string | null };

function request(client: Client, action: BulkAction, common: Common, confirmCount: number) {
  switch (action.kind) {
    case 'role':
      return client.mutation(UpdateUsers, { input: { ...common, role: action.role } }).toPromise();
    case 'methods':
      return client.mutation(UpdateUsers, { input: { ...common, authMethods: action.methods } }).toPromise();
    case 'active':
      return client.mutation(UpdateUsers, { input: { ...common, active: action.active } }).toPromise();
    case 'resend':
      return client.mutation(ResendInvitations, { input: common }).toPromise();
    case 'delete':
      return client.mutation(DeleteUsers, { input: { ...common, confirmCount } }).toPromise();
  }
}
