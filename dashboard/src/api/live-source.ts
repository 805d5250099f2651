// The events of the server, for `live.ts`.
import type { Client, CombinedError } from 'urql';
import { graphql } from '../gql';
import type { Role } from '../gql/graphql';
import { checkSession } from '../session/check';
import { isOn, whenBack } from '../session/session-state';
import { whenSocketOpens } from './client';
import type { End, LiveSource } from './live';

const MAX_WAIT_MILLISECONDS = 20_000;

const EventCursor = graphql(`
  query EventCursor { eventCursor }
`);

const AccountEvents = graphql(`
  subscription AccountEvents($after: String!) {
    userEvents(after: $after) { cursor storedType user { userId } }
  }
`);

/** Whether a role may follow the events of the account. */
export function mayFollow(role: Role): boolean {
  return role !== 'VIEWER';
}

export function liveSource(client: Client): LiveSource {
  return {
    newest: async () => {
      const { data } = await client.query(EventCursor, {}, { requestPolicy: 'network-only' }).toPromise();
      return data?.eventCursor ?? null;
    },
    follow: (after, onOpen, onEvent) =>
      new Promise((resolve) => {
        let end: End | null = null;
        const stopWaiting = whenSocketOpens(onOpen);
        const finish = (reason: End) => {
          if (end !== null) return;
          end = reason;
          stopWaiting();
          // Not while the subscription calls.
          setTimeout(() => following.unsubscribe());
          resolve(reason);
        };
        const following = client.subscription(AccountEvents, { after }).subscribe(({ data, error }) => {
          if (error) finish(endOf(error));
          else if (data && end === null) {
            const { cursor, storedType, user } = data.userEvents;
            onEvent(cursor, { kind: storedType.split('.', 1)[0] ?? '', userId: user?.userId ?? null });
          }
        });
      }),
    session: async () => {
      const viewer = await checkSession(client);
      if (!isOn()) await new Promise<void>((resolve) => whenBack(resolve));
      // The role was taken away: this page follows again when it is loaded again.
      else if (viewer && !mayFollow(viewer.user.role)) await new Promise(() => undefined);
    },
    pause,
  };
}

function endOf({ graphQLErrors, networkError }: CombinedError): End {
  const codes = graphQLErrors.map((error) => error.extensions?.code);
  if (codes.includes('UNKNOWN_CURSOR')) return 'unknown-cursor';
  const isRefused = codes.includes('FORBIDDEN') || codes.includes('UNAUTHENTICATED');
  return isRefused || isClosedWith(networkError, 4403) ? 'refused' : 'broken';
}

function isClosedWith(event: unknown, code: number): boolean {
  return event instanceof CloseEvent && event.code === code;
}

/**
 * Waits 1, 2, 4 … seconds, at most 20, and a little by chance: a server that comes back is not asked by all at once. It ends sooner when
 * the browser gets its connection back.
 */
function pause(failures: number): Promise<void> {
  const wait = Math.min(1000 * 2 ** (failures - 1), MAX_WAIT_MILLISECONDS) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => {
    setTimeout(resolve, wait);
    addEventListener('online', () => resolve(), { once: true });
  });
}
