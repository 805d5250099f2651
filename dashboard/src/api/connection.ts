// Whether the server can be reached. While it cannot, it is asked again and again, less often each time; once it answers, everyone who
// waits for it is told.
import { useSyncExternalStore } from 'react';

const FIRST_WAIT_MILLISECONDS = 1000;
const MAX_WAIT_MILLISECONDS = 20_000;
/** The smallest question to the API: a file might come from a cache, or from another server. */
const PROBE: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ __typename }' }),
};

/** `offline`: the browser has no network. `down`: it has one, but the server does not answer. */
export type Connection = 'up' | 'offline' | 'down';

let isDown = false;
let wait = FIRST_WAIT_MILLISECONDS;
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();
const waiting = new Set<() => void>();

function publish(): void {
  for (const watcher of [...watchers]) watcher();
}

/** The server has answered. */
export function reportAnswer(): void {
  if (!isDown) return;
  isDown = false;
  wait = FIRST_WAIT_MILLISECONDS;
  clearTimeout(timer);
  publish();
  for (const listener of [...waiting]) listener();
}

/** A request got no answer. */
export function reportNoAnswer(): void {
  if (isDown) return;
  isDown = true;
  publish();
  probeLater();
}

function probeLater(): void {
  clearTimeout(timer);
  timer = setTimeout(probe, wait * (0.75 + Math.random() / 2));
  wait = Math.min(2 * wait, MAX_WAIT_MILLISECONDS);
}

async function probe(): Promise<void> {
  if (!isDown) return;
  if (navigator.onLine) {
    const isThere = await fetch('/graphql', PROBE).then(isAnswer, () => false);
    if (isThere) return reportAnswer();
  }
  if (isDown) probeLater();
}

/** Whether it is the server that answers, and no proxy in its place. */
export function isAnswer({ status }: Response): boolean {
  return status < 502 || status > 504;
}

addEventListener('online', () => {
  wait = FIRST_WAIT_MILLISECONDS;
  publish();
  probe();
});
addEventListener('offline', publish);

/** Calls whenever the server can be reached again. */
export function whenReachable(listener: () => void): () => void {
  waiting.add(listener);
  return () => waiting.delete(listener);
}

function connection(): Connection {
  if (!navigator.onLine) return 'offline';
  return isDown ? 'down' : 'up';
}

export function useConnection(): Connection {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, connection);
}
