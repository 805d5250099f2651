// The one way to the server: GraphQL over HTTP, and over a WebSocket for what happens meanwhile. Both bring the session's cookie.
import { createClient as createSocket } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';
import { actingFor, actingForHeader } from '../session/acting-for';
import { learnTime } from '../ui/server-clock';
import { sessionExchange } from './session-exchange';

const MAX_WAIT_MILLISECONDS = 20_000;

interface Listeners {
  /** An answer says that the session is over. */
  onSessionOver: () => void;
  /** An answer says that somebody else is signed in than the page shows. */
  onSessionChanged: () => void;
  /** The socket was closed because the session is over, has changed, or has other rights. */
  onSocketRefused: () => void;
}

/** How requests are sent; with other headers than those of the page, where a request acts for somebody else. */
export function fetchOptions(headers = actingForHeader()): RequestInit {
  return {
    credentials: 'same-origin',
    headers: { accept: 'application/graphql-response+json, application/json', ...headers },
  };
}

/** A client that tells what it hears about the session. */
export function createClient({ onSessionOver, onSessionChanged, onSocketRefused }: Listeners): Client {
  const socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ actingFor: actingFor() }),
    on: { closed: (event) => isRefused(event) && onSocketRefused() },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: waitBeforeRetry,
    // A server that restarts is found again; one that refuses the session is asked again when the page is loaded anew.
    shouldRetry: (event) => !isClosedForGood(event),
  });
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: () => fetchOptions(),
    fetch: fetchAndLearnTime,
    exchanges: [
      sessionExchange({ onSessionOver, onSessionChanged }),
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

async function fetchAndLearnTime(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  learnTime(response.headers.get('date'));
  return response;
}

/** Waits 1, 2, 4 … seconds, at most 20, and a little by chance: a server that comes back is not asked by all at once. */
function waitBeforeRetry(retries: number): Promise<void> {
  const wait = Math.min(1000 * 2 ** retries, MAX_WAIT_MILLISECONDS) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, wait));
}

/** Whether the server closed the socket with a code of the protocol that says why, such as 4401: trying again changes nothing. */
function isClosedForGood(event: unknown): boolean {
  return event instanceof CloseEvent && event.code >= 4400 && event.code < 4500;
}

/** Whether the server closed the socket because of who is signed in. */
function isRefused(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 4403;
}
