// What happens meanwhile: a call for each event that others cause, gathered so that a flood costs a few calls only.
import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { graphql } from '../gql';

const GATHER_MILLISECONDS = 300;

const UserEvents = graphql(`
  subscription UserEvents($filter: UserEventFilter) {
    userEvents(filter: $filter) { cursor type }
  }
`);

/** Calls `onChange` soon after users change; with `users`, only these. */
export function useLive(onChange: () => void, users?: string[]): void {
  const latest = useRef(onChange);
  latest.current = onChange;
  const [{ data }] = useSubscription({ query: UserEvents, variables: { filter: users ? { users } : null } });
  const cursor = data?.userEvents.cursor;
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (cursor === undefined || waiting.current !== undefined) return;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      latest.current();
    }, GATHER_MILLISECONDS);
  }, [cursor]);
  useEffect(
    () => () => {
      clearTimeout(waiting.current);
      waiting.current = undefined;
    },
    [],
  );
  // What happened while the socket was away is not told again: look once the connection is back, or the page is looked at.
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && latest.current();
    addEventListener('online', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('online', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
}
