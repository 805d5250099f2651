// What the page of users asks for: a page of the list, how many there are, and the login methods. It follows what happens.
import { useQuery } from 'urql';
import { useLive } from '../api/use-live';
import type { ListState } from './list-state';
import { toVariables } from './list-state';
import { OfferedMethods, UserCount, Users } from './queries';

const CONTEXT = { additionalTypenames: ['User'] };

export function useUsers(state: ListState) {
  const variables = toVariables(state);
  const { filter, asOf } = variables;
  const isTime = useLive(
    ({ kind, userId }) => isShown(kind, userId),
    () => refresh(),
  );
  useLive(
    ({ kind }) => !state.asOf && isOfUsers(kind),
    () => count({ requestPolicy: 'network-only' }),
    'later',
  );
  useLive(
    ({ kind }) => kind === 'account',
    () => askMethods({ requestPolicy: 'network-only' }),
  );
  const [{ data, error, fetching }, ask] = useQuery({ query: Users, variables, context: CONTEXT, pause: !isTime });
  const [counted, count] = useQuery({ query: UserCount, variables: { filter, asOf }, context: CONTEXT, pause: !isTime });
  const [methods, askMethods] = useQuery({ query: OfferedMethods });
  const connection = data?.users ?? null;
  const refresh = () => ask({ requestPolicy: 'network-only' });
  // A change of any user can bring a row or take one away. A sign-in changes a row that is shown.
  const isShown = (kind: string, userId: string | null) =>
    !state.asOf && (isOfUsers(kind) || (kind === 'session' && connection?.nodes.some((user) => user.userId === userId) === true));
  return {
    connection,
    error,
    fetching,
    isTime,
    total: counted.data?.users?.count,
    offered: methods.data?.viewer?.account.authMethods ?? [],
    refresh,
  };
}

/** Whether an event changes users, or what is shown of their mails. */
function isOfUsers(kind: string): boolean {
  return kind === 'user' || kind === 'delivery';
}
