// The one way to the server: GraphQL over HTTP, and over a WebSocket for what happens meanwhile. Both bring the session's cookie.
import { createClient as createSocket } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';
import { actingFor, actingForHeader } from '../session/acting-for';
import { learnTime } from '../ui/server-clock';
import { isAnswer, reportAnswer, reportNoAnswer } from './connection';
import { recoveryExchange } from './recovery-exchange';
import { sessionExchange } from './session-exchange';

const PING_MILLISECONDS = 30_000;
const MAX_PONG_MILLISECONDS = 10_000;

interface Listeners {
  /** An answer says that the session is over. */
  onSessionOver: () => void;
  /** An answer says that another person is signed in than the page shows. */
  onSessionChanged: () => void;
}

/** How requests are sent; with other headers than those of the page, if a request acts for another person. */
export function fetchOptions(headers = actingForHeader()): RequestInit {
  return {
    credentials: 'same-origin',
    headers: { accept: 'application/graphql-response+json, application/json', ...headers },
  };
}

const openListeners = new Set<() => void>();

/** Calls the listener whenever the server has accepted the socket, until the answer is called. */
export function whenSocketOpens(listener: () => void): () => void {
  openListeners.add(listener);
  return () => openListeners.delete(listener);
}

function reportOpen(): void {
  reportAnswer();
  for (const listener of [...openListeners]) listener();
}

/** A client that reports what answers say about the session. */
export function createClient({ onSessionOver, onSessionChanged }: Listeners): Client {
  const socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ actingFor: actingFor() }),
    // `live.ts` tries again itself, from the last event on.
    retryAttempts: 0,
    keepAlive: PING_MILLISECONDS,
    on: { connected: reportOpen, ...closeWhenSilent() },
  });
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: () => fetchOptions(),
    fetch: fetchAndLearnTime,
    exchanges: [
      sessionExchange({ onSessionOver, onSessionChanged }),
      recoveryExchange,
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: ({ next, error }) => {
            // A subscription to events has no end: if the server completes it, it was cut off.
            const complete = () => error(new Error('the subscription was completed'));
            return { unsubscribe: socket.subscribe({ query: query ?? '', variables }, { next, error, complete }) };
          },
        }),
      }),
    ],
  });
}

async function fetchAndLearnTime(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    if (isAnswer(response)) reportAnswer();
    else reportNoAnswer();
    learnTime(response.headers.get('date'));
    return response;
  } catch (error) {
    if (!init?.signal?.aborted) reportNoAnswer();
    throw error;
  }
}

/** Closes a socket whose server does not answer a ping: no error would show that the connection is gone. */
function closeWhenSilent() {
  let socket: WebSocket | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return {
    opened: (opened: unknown) => {
      socket = opened as WebSocket;
    },
    ping: (isReceived: boolean) => {
      if (!isReceived) waiting = setTimeout(() => socket?.close(4408, 'no answer to a ping'), MAX_PONG_MILLISECONDS);
    },
    pong: (isReceived: boolean) => {
      if (isReceived) clearTimeout(waiting);
    },
    closed: () => clearTimeout(waiting),
  };
}
