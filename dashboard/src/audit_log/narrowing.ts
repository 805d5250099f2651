// What narrows a log besides its types, as the address holds it: the subject, the actor and the time; and the cursor of the page.
import { endOfDay, startOfDay } from '../ui/dates';

export interface Narrowing {
  /** Days of the reader's calendar, such as `2026-11-24`; empty where nothing is said. Both ends belong to the span. */
  from: string;
  to: string;
  /** The id of whom it is about, and of who did it; empty where nothing is said. */
  subject: string;
  actor: string;
  after: string | null;
}

/** Reads it from an address. What makes no sense there is left out. */
export function readNarrowing(params: URLSearchParams): Narrowing {
  const day = (key: string) => (startOfDay(params.get(key) ?? '') ? (params.get(key) ?? '') : '');
  return {
    from: day('from'),
    to: day('to'),
    subject: params.get('subject') ?? '',
    actor: params.get('actor') ?? '',
    after: params.get('after'),
  };
}

/** An address with these entries and with what narrows, without what goes without saying. */
export function writeNarrowing(entries: [string, string][], { from, to, subject, actor, after }: Narrowing): URLSearchParams {
  const all = [...entries, ['from', from], ['to', to], ['subject', subject], ['actor', actor], ['after', after ?? '']];
  return new URLSearchParams(all.filter(([, value]) => value !== ''));
}

/** The span of time, as the API takes it. */
export function spanOf({ from, to }: Narrowing) {
  return from || to ? { from: startOfDay(from), before: endOfDay(to) } : null;
}
