// The one way to the server: GraphQL over HTTP, and over a WebSocket for what happens meanwhile. Both bring the session's cookie.
import { createClient as createSocket } from 'graphql-ws';
import { Client, type CombinedError, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { codeOf } from './problems';

const MOST_WAIT_MILLISECONDS = 20_000;

/** A client that tells when an answer says that the session is over. */
export function createClient(onSessionOver: () => void): Client {
  const socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: waitBeforeRetry,
    // A server that restarts is found again; one that refuses the session is asked again when the page is loaded anew.
    shouldRetry: (event) => !isClosedForGood(event),
  });
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin', headers: { accept: 'application/graphql-response+json, application/json' } },
    exchanges: [
      mapExchange({ onError: (error: CombinedError) => codeOf(error) === 'UNAUTHENTICATED' && onSessionOver() }),
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink) }),
        }),
      }),
    ],
  });
}

/** Waits 1, 2, 4 … seconds, at most 20, and a little by chance: a server that comes back is not asked by all at once. */
function waitBeforeRetry(retries: number): Promise<void> {
  const wait = Math.min(1000 * 2 ** retries, MOST_WAIT_MILLISECONDS) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, wait));
}

/** Whether the server closed the socket with a code of the protocol that says why, such as 4401: trying again changes nothing. */
function isClosedForGood(event: unknown): boolean {
  return event instanceof CloseEvent && event.code >= 4400 && event.code < 4500;
}
