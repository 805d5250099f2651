import { useEffect, useState } from 'react';
import { absolute, relative, utc } from './dates';
import { serverNow } from './server-clock';

const TICK_MILLISECONDS = 30_000;

/** The current time by the server's clock, in milliseconds since 1970, updated every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = setInterval(() => setNow(serverNow()), TICK_MILLISECONDS);
    return () => clearInterval(tick);
  }, []);
  return now;
}

/** A moment in the reader's time zone; UTC on hover. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={utc(at)}>
      {absolute(at)}
    </time>
  );
}

/** How far away a moment is; exact on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={`${absolute(at)} (${utc(at)})`}>
      {relative(at, now)}
    </time>
  );
}
