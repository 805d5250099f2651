// Live updates for a page: a call soon after events that concern it, so that many events cost a few calls only.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type LiveEvent, type LiveState, live } from './live';

/** How long events are gathered before a page asks again, in milliseconds: for lists, and for what is costly to count. */
const WAITS = { soon: 300, later: 2500 };
/** After a call the next one waits longer: a flood of events costs one call in about so many milliseconds. */
const BUSY_MILLISECONDS = 1000;

/** Whether an event concerns a page. */
export type Concerns = (event: LiveEvent) => boolean;

/** Whether events arrive. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(live.watch, () => live.state);
}

/**
 * Calls `onChange` soon after events that concern the page, and after events that may have been missed. A page that cannot be seen is
 * called when it is seen again. Answers whether it is time to load what is shown: once the server knows from which event on it sends, so
 * that none falls between both.
 */
export function useLive(concerns: Concerns, onChange: () => void, when: keyof typeof WAITS = 'soon'): boolean {
  const latest = useRef({ concerns, onChange });
  latest.current = { concerns, onChange };
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let isPending = false;
    let calledAt = Number.NEGATIVE_INFINITY;
    const call = () => {
      waiting = undefined;
      if (!isPending || document.visibilityState !== 'visible') return;
      isPending = false;
      calledAt = performance.now();
      latest.current.onChange();
    };
    const stop = live.listen((event) => {
      if (event !== null && !latest.current.concerns(event)) return;
      isPending = true;
      if (waiting !== undefined) return;
      const isBusy = performance.now() - calledAt < 2 * BUSY_MILLISECONDS;
      // A little by chance: not all pages ask at the same moment.
      waiting = setTimeout(call, Math.max(WAITS[when], isBusy ? BUSY_MILLISECONDS : 0) * (0.75 + Math.random() / 2));
    });
    const onVisible = () => waiting === undefined && call();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stop();
      clearTimeout(waiting);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [when]);
  return useLiveState() !== 'starting';
}
