import { useEffect, useRef } from 'react';

/** Calls `onAsk` again and again while `isOn` and somebody can see the page: for what does not tell when it changes. */
export function usePolling(isOn: boolean, milliseconds: number, onAsk: () => void): void {
  const latest = useRef(onAsk);
  latest.current = onAsk;
  useEffect(() => {
    if (!isOn) return;
    const asking = setInterval(() => document.visibilityState === 'visible' && latest.current(), milliseconds);
    return () => clearInterval(asking);
  }, [isOn, milliseconds]);
}
