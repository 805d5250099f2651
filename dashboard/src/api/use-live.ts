// What happens meanwhile: a call for each event that others cause, gathered so that a flood costs a few calls only.
import { useEffect, useRef } from 'react';
import { useQuery, useSubscription } from 'urql';
import { graphql } from '../gql';
import { useReturns } from '../session/standing';

const GATHER_MILLISECONDS = 300;

const EventCursor = graphql(`
  query EventCursor { eventCursor }
`);

const UserEvents = graphql(`
  subscription UserEvents($after: String, $filter: UserEventFilter) {
    userEvents(after: $after, filter: $filter) { cursor type }
  }
`);

/**
 * Calls `onChange` soon after users change; with `users`, only these. Answers whether it is time to ask for what is shown: only once the
 * place is known from which on changes are told, for otherwise one could fall between both.
 */
export function useLive(onChange: () => void, users?: string[]): boolean {
  const latest = useRef(onChange);
  latest.current = onChange;
  // After a broken connection the socket asks again from the same cursor on: what happened meanwhile is told, too.
  const [start, startAgain] = useQuery({ query: EventCursor, requestPolicy: 'network-only' });
  const [{ data, error }, subscribe] = useSubscription({
    query: UserEvents,
    variables: { after: start.data?.eventCursor ?? null, filter: users ? { users } : null },
    pause: start.data === undefined,
  });
  const cursor = data?.userEvents.cursor;
  // A restore of the server has taken back what this page has seen.
  const isLost = error?.graphQLErrors.some((one) => one.extensions.code === 'UNKNOWN_CURSOR') ?? false;
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (cursor === undefined || waiting.current !== undefined) return;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      latest.current();
    }, GATHER_MILLISECONDS);
  }, [cursor]);
  useEffect(() => {
    if (!isLost) return;
    startAgain({ requestPolicy: 'network-only' });
    latest.current();
  }, [isLost, startAgain]);
  // The socket was closed with the session that is over.
  const returns = useReturns();
  useEffect(() => {
    if (returns === 0) return;
    startAgain({ requestPolicy: 'network-only' });
    subscribe();
    latest.current();
  }, [returns, startAgain, subscribe]);
  useEffect(
    () => () => {
      clearTimeout(waiting.current);
      waiting.current = undefined;
    },
    [],
  );
  return !start.fetching;
}
