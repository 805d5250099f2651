// What time it is, by the server's clock: that of a browser may be hours off. Everything that is shown as "3 hours ago" or "expires in"
// takes its time from here.

// The server sends whole seconds, and an answer takes a while: smaller differences mean nothing.
const INEXACT_MILLISECONDS = 2000;

let offset = 0;

/** Learns the server's time from the `Date` of an answer that has just come. */
export function learnTime(date: string | null, now: number = Date.now()): void {
  const sent = Date.parse(date ?? '');
  if (Number.isNaN(sent)) return;
  const difference = sent + 500 - now;
  offset = Math.abs(difference) < INEXACT_MILLISECONDS ? 0 : difference;
}

/** The current time, in milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** The current time. */
export function serverDate(): Date {
  return new Date(serverNow());
}
