import { Tooltip } from '@mantine/core';
import { type ReactElement, useSyncExternalStore } from 'react';
import { absolute, day, exact, relative, timeOfDay, utc } from './dates';
import { serverNow } from './server-clock';

const TICK_MILLISECONDS = 30_000;

// One clock for all that shows how far away a moment is.
let now = serverNow();
let ticking: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function tick(): void {
  now = serverNow();
  for (const watcher of [...watchers]) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  ticking ??= setInterval(tick, TICK_MILLISECONDS);
  // The server's clock may have become known meanwhile.
  if (Math.abs(serverNow() - now) > TICK_MILLISECONDS) queueMicrotask(tick);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The current time by the server's clock, in milliseconds since 1970, updated every half minute. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

interface Props {
  at: string;
  /** Where many moments are shown, as in a table, the tooltip is the browser's own: it costs nothing. */
  isPlain?: boolean;
}

/** A moment in the reader's time zone; with seconds, zone and UTC on hover. */
export function Moment({ at, isPlain = false }: Props) {
  return exactly(at, isPlain, absolute(at));
}

/** The day of a moment in the reader's time zone; the moment on hover. */
export function Day({ at, isPlain = false }: Props) {
  return exactly(at, isPlain, day(at));
}

/** The time of a moment with seconds, in the reader's time zone; the moment on hover. */
export function TimeOfDay({ at }: { at: string }) {
  return exactly(at, true, timeOfDay(at));
}

/** How far away a moment is; exact on hover. */
export function Ago({ at, isPlain = false }: Props) {
  return exactly(at, isPlain, relative(at, useNow()));
}

function exactly(at: string, isPlain: boolean, text: string): ReactElement {
  const label = `${exact(at)} · ${utc(at)}`;
  if (isPlain) {
    return (
      <time dateTime={at} title={label}>
        {text}
      </time>
    );
  }
  return (
    <Tooltip label={label}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  );
}
