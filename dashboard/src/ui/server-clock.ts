// What time it is, by the server's clock: that of a browser may be hours off. Everything that is told as "3 hours ago" or "expires in"
// takes its time from here.

// The server tells whole seconds, and an answer is under way for a while: smaller differences mean nothing.
const INEXACT_MILLISECONDS = 2000;

let offset = 0;

/** Learns the server's time from the `Date` of an answer that has just come. */
export function learnTime(date: string | null, now: number = Date.now()): void {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return;
  const difference = told + 500 - now;
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
